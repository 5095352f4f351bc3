package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// words are the texts of the interface in one language, read from
// words/LANGUAGE.json. A language is added by adding its file.
type words struct {
	Skip, Newest, Older, Menu        string
	Categories, Sources, Subscribe   string
	Original, ReadOriginal           string
	Via, Updated, Rights, License    string
	Tags, Media, More                string
	HomePage, Feed, LastItem         string
	AtOrigin, AtOriginWhy, HereToo   string
	Rhythm, Retired, NoItems, NoneAt string
	Made, Owners                     string

	EmptyTitle, EmptyAdd, EmptyThen, EmptyWait, EmptySee string

	NotFoundTitle, NotFoundText, GoneTitle, GoneText   string
	BusyTitle, BusyText, ProblemTitle, ProblemText, Go string

	What, WhatText1, WhatText2, How, Step1, Step2, Step3 string
	Everything, ByCategory, Copy, Outline, OutlineText   string

	OneSource, ManySources, OneItem, ManyItems string // with %d
	OneCategory, ManyCategories, RhythmText    string // with %d
	AboutText                                  string // with %s

	Separator            string // between names
	Day, DayYear, Moment string // with {year} {m} {month} {d} {weekday} {time}
	Weekdays             [7]string
	Months               [12]string
}

// readWords reads the texts for a site's language, or the English ones when
// there are none. The tag is that of the texts: the site's own, or "en".
func readWords(site string) (w *words, tag string, err error) {
	tag = site
	text, err := files.ReadFile("words/" + primary(site) + ".json")
	if err != nil {
		tag = "en"
		if text, err = files.ReadFile("words/en.json"); err != nil {
			return nil, "", fmt.Errorf("read words: %w", err)
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	w = new(words)
	if err := decoder.Decode(w); err != nil {
		return nil, "", fmt.Errorf("read words of %s: %w", tag, err)
	}
	return w, tag, nil
}

// SourceCount says how many sources there are.
func (w *words) SourceCount(n int) string { return count(n, w.OneSource, w.ManySources) }

// ItemCount says how many items there are.
func (w *words) ItemCount(n int) string { return count(n, w.OneItem, w.ManyItems) }

// CategoryCount says how many categories there are.
func (w *words) CategoryCount(n int) string { return count(n, w.OneCategory, w.ManyCategories) }

func count(n int, one, many string) string {
	if n == 1 {
		return fmt.Sprintf(one, n)
	}
	return fmt.Sprintf(many, n)
}

// dayOf names a day: with its year unless that is the given one.
func (w *words) dayOf(t time.Time, year int) string {
	if t.Year() == year {
		return w.date(w.Day, t)
	}
	return w.date(w.DayYear, t)
}

// dateOf names a day with its year.
func (w *words) dateOf(t time.Time) string { return w.date(w.DayYear, t) }

// momentOf names a day and the time.
func (w *words) momentOf(t time.Time) string { return w.date(w.Moment, t) }

func (w *words) date(layout string, t time.Time) string {
	return strings.NewReplacer(
		"{year}", strconv.Itoa(t.Year()),
		"{month}", w.Months[t.Month()-1],
		"{m}", strconv.Itoa(int(t.Month())),
		"{d}", strconv.Itoa(t.Day()),
		"{weekday}", w.Weekdays[t.Weekday()],
		"{time}", t.Format("15:04"),
	).Replace(layout)
}

// primary is the language of a BCP 47 tag without script and region.
func primary(tag string) string {
	language, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	return language
}

// spoken is a language tag that browsers understand; "" for what is none, like
// "english", and for no language at all.
func spoken(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil || parsed.IsRoot() {
		return ""
	}
	return tag
}

// direction is "rtl" for languages written from the right, else "auto": the
// first strong letter decides, since many feeds name no or a wrong language.
func direction(tag string) string {
	rightToLeft := []string{
		"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "syr", "ug", "ur", "yi",
	}
	if slices.Contains(rightToLeft, primary(tag)) {
		return "rtl"
	}
	return "auto"
}
