package site

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestClip(t *testing.T) {
	tests := []struct {
		name, in string
		columns  int
		want     string
	}{
		{"short", "A headline", 20, "A headline"},
		{"exact", "0123456789", 10, "0123456789"},
		{"at a space", "one two three four", 12, "one two…"},
		{"comma before the cut", "one two, three", 11, "one two…"},
		{"han counts two", "央行今天上午公布数据", 8, "央行今天…"},
		{"han that fits", "央行今天", 8, "央行今天"},
		{"long word", strings.Repeat("x", 300), 200, strings.Repeat("x", 200) + "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := clip(tt.in, tt.columns); got != tt.want {
				t.Errorf("clip = %q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzClip(f *testing.F) {
	f.Add("one two 央行今天", 5)
	f.Fuzz(func(t *testing.T, s string, columns int) {
		if !utf8.ValidString(s) || columns < 1 {
			return // stored text is valid UTF-8, and every width in use is positive
		}
		got := clip(s, columns)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > columns+1 {
			t.Errorf("clip(%q, %d) = %q: invalid or too long", s, columns, got)
		}
	})
}

func TestWeekly(t *testing.T) {
	monday := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	ago := func(days ...int) []time.Time {
		var times []time.Time
		for _, d := range days {
			times = append(times, monday.AddDate(0, 0, -d))
		}
		return times
	}
	tests := []struct {
		name     string
		times    []time.Time
		complete bool
		weeks    int
		newest   []int // the last counts
	}{
		{"one item", ago(0), true, 26, []int{0, 0, 1}},
		{"Sunday is the week before", ago(0, 1), true, 26, []int{0, 1, 1}},
		{"three weeks", ago(0, 1, 7, 8), true, 26, []int{1, 2, 1}},
		{"older than half a year", ago(0, 400), false, 26, []int{0, 0, 1}},
		{"short of some: the oldest week is left out", ago(0, 1, 8), false, 2, []int{1, 1}},
		{"only one week is known", ago(0, 0), false, 1, []int{2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := weekly(tt.times, tt.complete)
			if len(got) != tt.weeks || !slices.Equal(got[len(got)-len(tt.newest):], tt.newest) {
				t.Errorf("weekly = %v, want %d weeks that end in %v", got, tt.weeks, tt.newest)
			}
		})
	}
}

// TestWeeklyOverClockChange counts by calendar weeks, one of which is an hour
// shorter.
func TestWeeklyOverClockChange(t *testing.T) {
	zone := time.FixedZone("before", 3600)
	after := time.FixedZone("after", 7200)
	times := []time.Time{
		time.Date(2026, 3, 30, 1, 0, 0, 0, after),
		time.Date(2026, 3, 23, 1, 0, 0, 0, zone),
	}
	if got := weekly(times, true); got[25] != 1 || got[24] != 1 {
		t.Errorf("weekly = %v, want one item in each of the last two weeks", got)
	}
}

func TestArrange(t *testing.T) {
	known, unknown := &picture{URL: "k", Width: 800}, &picture{URL: "u"}
	tests := []struct {
		name     string
		first    bool
		in       []story
		brief    bool
		order    string
		pictures string // of the result, in order; "-" for none
	}{
		{"no picture", true, []story{{Title: "a"}, {Title: "b"}}, false, "ab", "--"},
		{"one story", true, []story{{Title: "a"}}, false, "a", "-"},
		{
			"a brief day keeps its order", false,
			[]story{{Title: "a", Image: unknown}, {Title: "b", Image: known, Excerpt: "x"}},
			true, "ab", "uk",
		},
		{
			"picture leads", false,
			[]story{{Title: "a"}, {Title: "b", Image: known, Excerpt: "x"}, {Title: "c"}},
			false, "bac", "k--",
		},
		{
			"picture without a text", true,
			[]story{{Title: "a"}, {Title: "b", Image: known}},
			false, "ab", "-k",
		},
		{
			"unknown size only in front", false,
			[]story{
				{Title: "a", Image: unknown, Excerpt: "x"},
				{Title: "b", Image: unknown},
				{Title: "c", Image: known},
			},
			false, "abc", "u-k",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := day{Stories: tt.in}
			d.arrange(tt.first)
			var order, pictures string
			for i, s := range tt.in {
				order += s.Title
				if s.Image != nil {
					pictures += s.Image.URL
				} else {
					pictures += "-"
				}
				if s.Lead != (i == 0 && !d.Brief) {
					t.Errorf("story %d: Lead = %v", i, s.Lead)
				}
			}
			if d.Brief != tt.brief {
				t.Errorf("Brief = %v, want %v", d.Brief, tt.brief)
			}
			if order != tt.order || pictures != tt.pictures {
				t.Errorf("lead = %s %s, want %s %s", order, pictures, tt.order, tt.pictures)
			}
		})
	}
}

func TestLicenseName(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"https://creativecommons.org/licenses/by-sa/4.0/", "CC BY-SA 4.0"},
		{"http://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"},
		{"https://creativecommons.org/publicdomain/mark/1.0/deed.en", "Public Domain Mark 1.0"},
		{"https://creativecommons.org/", "creativecommons.org"},
		{"https://www.example.org/terms/", "example.org/terms"},
		{"not a url", "not a url"},
	}
	for _, tt := range tests {
		if got := licenseName(tt.in); got != tt.want {
			t.Errorf("licenseName(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestDirection(t *testing.T) {
	for tag, want := range map[string]string{
		"": "auto", "en": "auto", "zh-Hans": "auto",
		"ar": "rtl", "fa-IR": "rtl", "HE": "rtl", "ur_PK": "rtl",
	} {
		if got := direction(tag); got != want {
			t.Errorf("direction(%q) = %q, want %q", tag, got, want)
		}
	}
}

func TestSpoken(t *testing.T) {
	for tag, want := range map[string]string{
		"": "", "en": "en", "zh-Hans-CN": "zh-Hans-CN", "english": "", "und": "", "x": "", "en-": "",
		`"><script>`: "",
	} {
		if got := spoken(tag); got != want {
			t.Errorf("spoken(%q) = %q, want %q", tag, got, want)
		}
	}
}

func TestMediaFacts(t *testing.T) {
	if got, want := lengthOf(3*time.Hour+4*time.Minute+5*time.Second), "3:04:05"; got != want {
		t.Errorf("lengthOf = %q, want %q", got, want)
	}
	if got, want := sizeOf(1500), "1 kB"; got != want {
		t.Errorf("sizeOf = %q, want %q", got, want)
	}
	if got, want := formatName("audio/x-m4a", "x-m4a"), "AAC"; got != want {
		t.Errorf("formatName = %q, want %q", got, want)
	}
	if got, want := fileName("https://x.example/"), "x.example"; got != want {
		t.Errorf("fileName = %q, want %q", got, want)
	}
}

// TestWords wants every text in every language.
func TestWords(t *testing.T) {
	for _, language := range []string{"en", "zh-Hant-TW", "fr"} {
		w, _, err := readWords(language)
		if err != nil {
			t.Fatal(err)
		}
		table := reflect.ValueOf(w).Elem()
		for i := range table.NumField() {
			if table.Field(i).IsZero() {
				t.Errorf("%s: %s is empty", language, table.Type().Field(i).Name)
			}
		}
	}
}
