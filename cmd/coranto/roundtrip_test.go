package main

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/normalize"
	"github.com/coranto/coranto/aggregate/parse"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/format"
)

// carried says of each field of an item, and of what it is made of, which formats carry
// it to a reader: r, RSS; a, Atom; j, JSON Feed; ? where that depends on other fields. A field that is not here fails the test,
// and so does a format that carries more or less.
func carried() map[string]string {
	return map[string]string{
		"Item.ID":           "?",   // the reader's own
		"Item.Source":       "?",   // the reader's own: this feed
		"Item.GUID":         "raj", // verbatim (S20)
		"Item.Link":         "raj",
		"Item.Title":        "raj",
		"Item.Summary":      "raj",
		"Item.Content":      "raj",
		"Item.Authors":      "raj",
		"Item.Contributors": "a", // the others have no word for them
		"Item.Published":    "raj",
		"Item.Updated":      "raj",
		"Item.Language":     "raj",
		"Item.Rights":       "raj",
		"Item.License":      "raj",
		"Item.Tags":         "raj",
		"Item.Categories":   "", // tags to a reader, who files by rules of its own
		"Item.Enclosures":   "raj",
		"Item.Image":        "raj",
		"Item.Links":        "ra", // JSON Feed has no word for them
		"Item.Comments":     "r",  // JSON Feed has no word for them
		"Item.Extensions":   "raj",
		"Item.Members":      "j", // of a JSON Feed
		"Item.Origin":       "raj",

		"Person.Name":   "raj",
		"Person.Email":  "aj", // RSS would show it to everybody; in JSON Feed it is the address of who has no other
		"Person.URI":    "aj",
		"Person.Avatar": "j",

		"Tag.Term":   "raj", // what people read, where there is one word for both
		"Tag.Scheme": "ra",
		"Tag.Label":  "a",

		"Enclosure.URL":      "raj",
		"Enclosure.Type":     "raj",
		"Enclosure.Title":    "raj",
		"Enclosure.Length":   "raj",
		"Enclosure.Duration": "raj",

		"Image.URL":    "raj",
		"Image.Alt":    "",
		"Image.Width":  "ra",
		"Image.Height": "ra",

		"Link.Rel":      "ra",
		"Link.Href":     "ra",
		"Link.Type":     "ra",
		"Link.Hreflang": "ra",
		"Link.Title":    "ra",

		"Extension.Name":     "raj",
		"Extension.Value":    "raj",
		"Extension.Attrs":    "raj",
		"Extension.Children": "raj",

		"Attribution.ID":       "aj",
		"Attribution.Title":    "raj",
		"Attribution.Summary":  "",
		"Attribution.Link":     "aj",
		"Attribution.Feed":     "raj",
		"Attribution.Language": "aj",
		"Attribution.Rights":   "a",
		"Attribution.License":  "?",
		"Attribution.Icon":     "aj",
		"Attribution.Authors":  "a",
	}
}

// TestRoundTrip publishes random items in each format and reads them with our own parser.
func TestRoundTrip(t *testing.T) {
	seeds := uint64(200)
	if testing.Short() {
		seeds = 20
	}
	for seed := range seeds {
		g := &generator{rand.New(rand.NewPCG(seed, 8))}
		feed := g.feed()
		for _, f := range format.All() {
			got := readBack(t, f, feed)
			if len(got) != len(feed.Entries) {
				t.Fatalf("seed %d, %s: %d items, want %d", seed, f.Name, len(got), len(feed.Entries))
			}
			for i := range got {
				for _, diff := range differences(f.Name[:1], want(f.Name[:1], feed.Entries[i]), got[i]) {
					t.Errorf("seed %d, %s, item %d: %s", seed, f.Name, i, diff)
				}
			}
		}
		if t.Failed() {
			return
		}
	}
}

// readBack reads a feed as a subscriber with our parser does.
func readBack(t *testing.T, f feeds.Format, feed *feeds.Feed) []coranto.Item {
	t.Helper()
	var doc bytes.Buffer
	if err := f.Generate(&doc, feed); err != nil {
		t.Fatal(err)
	}
	parsed, _, err := parse.Parse(parse.Document{Body: doc.Bytes(), ContentType: f.MediaType, URL: feed.Self(f.File)})
	if err != nil {
		t.Fatalf("%s: %v\n%s", f.Name, err, doc.Bytes())
	}
	result := normalize.Feed(normalize.Document{
		Source: coranto.Source{ID: "back", URL: feed.Self(f.File)}, Feed: parsed, Now: time.Now(),
	})
	var items []coranto.Item
	for _, post := range result.Posts {
		items = append(items, post.Item)
	}
	return items
}

// differences compares two values field by field as far as a format carries them.
func differences(by string, want, got any) []string {
	return differ(by, "", reflect.ValueOf(want), reflect.ValueOf(got))
}

func differ(by, path string, want, got reflect.Value) (list []string) {
	switch {
	case want.Type() == reflect.TypeFor[[]coranto.Extension]():
		return lacking(path, want.Interface().([]coranto.Extension), got.Interface().([]coranto.Extension))
	case want.Type() == reflect.TypeFor[time.Time]():
		if !want.Interface().(time.Time).Equal(got.Interface().(time.Time)) {
			return []string{fmt.Sprintf("%s = %v, want %v", path, got, want)}
		}
		return nil
	case want.Kind() == reflect.Pointer && !want.IsNil() && !got.IsNil():
		return differ(by, path, want.Elem(), got.Elem())
	case want.Kind() == reflect.Slice && want.Len() == got.Len():
		for i := range want.Len() {
			list = append(list, differ(by, fmt.Sprintf("%s[%d]", path, i), want.Index(i), got.Index(i))...)
		}
		return list
	case want.Kind() == reflect.Struct:
		for i := range want.NumField() {
			name := want.Type().Name() + "." + want.Type().Field(i).Name
			w := want.Field(i)
			if how, known := carried()[name]; !known {
				list = append(list, name+" is in no table")
				continue
			} else if how == "?" {
				continue
			} else if !strings.Contains(how, by) {
				w = reflect.Zero(w.Type())
			}
			list = append(list, differ(by, path+"."+want.Type().Field(i).Name, w, got.Field(i))...)
		}
		return list
	}
	// Of RSS nobody knows whether text is HTML: what looks like it is written so.
	asHTML := by == "r" && (path == ".Title" || path == ".Rights")
	if asHTML && html.UnescapeString(got.String()) == want.String() {
		return nil
	}
	if !reflect.DeepEqual(want.Interface(), got.Interface()) {
		return []string{fmt.Sprintf("%s = %+v, want %+v", path, got, want)}
	}
	return nil
}

// lacking tells of elements that are not among those that were read: files and pictures
// are told by elements too, so there are more of these.
func lacking(path string, want, got []coranto.Extension) (list []string) {
	for _, e := range want {
		same := func(o coranto.Extension) bool { return reflect.DeepEqual(o, e) }
		if !slices.ContainsFunc(got, same) {
			list = append(list, fmt.Sprintf("%s = %+v, which lacks %+v", path, got, e))
		}
	}
	return list
}

// want is the item of an entry as a subscriber to a format is to read it.
func want(by string, e feeds.Entry) coranto.Item {
	it := e.Item
	credit := e.Credit
	it.Origin = &credit
	if by != "a" { // one word for a tag: what people read
		it.Tags = slices.Clone(it.Tags)
		for i, tag := range it.Tags {
			it.Tags[i].Term = cmp.Or(tag.Label, tag.Term)
		}
	}
	if by == "j" { // the feed's where the item has none, see feeds/format/JSONFEED.md
		it.Rights, it.License = cmp.Or(it.Rights, credit.Rights), cmp.Or(it.License, credit.License)
		it.Authors = slices.Clone(it.Authors)
		for i := range it.Authors {
			if it.Authors[i].URI != "" {
				it.Authors[i].Email = ""
			}
		}
	}
	if by != "j" && it.License != "" {
		it.Links = append([]coranto.Link{{Rel: "license", Href: it.License}}, it.Links...)
	}
	if by == "a" && it.Comments != "" { // Atom's word for them is a link (RFC 4685 §4)
		it.Links = append(slices.Clone(it.Links), coranto.Link{Rel: "replies", Href: it.Comments})
	}
	return it
}

// generator makes items that have every field, or leave some out.
type generator struct{ *rand.Rand }

func (g *generator) feed() *feeds.Feed {
	f := &feeds.Feed{
		Scope: feeds.CategoryScope("go"), ID: "tag:news.example.org,2024-01-01:feed/category/go",
		Title: "Go", Language: "en", Home: "https://news.example.org/category/go/",
		Contact: "owner@news.example.org",
	}
	at := time.Date(2025, 3, 20, 8, 30, 0, 0, time.UTC)
	for i := range 1 + g.IntN(5) {
		f.Entries = append(f.Entries, g.entry(i, at.Add(-time.Duration(i)*time.Hour)))
	}
	f.Updated, f.Modified = at, at
	return f
}

func (g *generator) entry(i int, at time.Time) feeds.Entry {
	it := coranto.Item{
		GUID:         g.one(fmt.Sprintf("tag:go.dev,2013:%d-%d", i, g.Uint64()), fmt.Sprintf("https://go.dev/%d", i)),
		Link:         fmt.Sprintf("https://go.dev/%d", i),
		Title:        g.text(),
		Summary:      g.text(),
		Content:      "<p>" + g.text2() + "</p>",
		Authors:      g.people(1),
		Contributors: g.people(0),
		Published:    at,
		Updated:      at.Add(time.Duration(g.IntN(3)) * 1234567890),
		Language:     g.one("", "de", "zh-Hans", "ar"),
		Rights:       g.one("", "© "+g.text()),
		License:      g.one("", "https://creativecommons.org/licenses/by/4.0/"),
		Comments:     g.one("", "https://go.dev/comments"),
	}
	for n := range g.IntN(4) {
		it.Tags = append(it.Tags, coranto.Tag{
			Term: fmt.Sprintf("t%d", n), Scheme: g.one("", "https://go.dev/tags/"), Label: g.one("", fmt.Sprint("Label & ", n)),
		})
	}
	for n := range g.IntN(4) {
		it.Enclosures = append(it.Enclosures, coranto.Enclosure{
			URL: fmt.Sprintf("https://cdn.go.dev/%d.mp3?a=1&b=2", n), Type: g.one("audio/mpeg", "video/mp4"),
			Length:   g.Int64N(1 << 40),
			Duration: time.Duration(g.IntN(3)) * 700 * time.Second,
		})
		if n > 0 { // RSS has no place for the title of the file that it encloses
			it.Enclosures[n].Title = g.one("", "Part two – 第二部分")
		}
	}
	if g.IntN(2) == 0 {
		it.Image = coranto.Image{
			URL: "https://go.dev/pic.png", Alt: g.one("", g.text()), Width: g.IntN(2) * 640, Height: g.IntN(2) * 480,
		}
	}
	for _, rel := range []string{"related", "via", "describedby", "payment"} {
		if g.IntN(3) == 0 {
			it.Links = append(it.Links, coranto.Link{
				Rel: rel, Href: "https://go.dev/" + rel, Type: g.one("", "text/html"),
				Hreflang: g.one("", "fr"), Title: g.one("", "A title"),
			})
		}
	}
	it.Extensions = g.extensions()
	if g.IntN(2) == 0 {
		it.Members = map[string]string{"_x": `{"a":[1,null,"<b>"]}`}
	}
	e := feeds.Entry{Item: it, EntryID: it.GUID}
	e.Credit = coranto.Attribution{
		ID: "tag:go.dev,2013:" + g.one("a", "b"), Title: "The Go Blog", Link: "https://go.dev/blog/",
		Feed: "https://go.dev/blog/feed.atom", Language: g.one("", "de"),
		Rights: g.one("", "© Go"), License: g.one("", "https://go.dev/license"),
		Icon: g.one("", "https://go.dev/favicon.ico"), Authors: g.people(0),
	}
	return e
}

func (g *generator) one(list ...string) string { return list[g.IntN(len(list))] }

// text is a line of words that formats have to escape, each in its own way.
func (g *generator) text() string {
	words := []string{
		"plain", "AT&T", "1 < 2 > 0", "<b>bold</b>", "&amp;", "“quotes” \"and\" 'ticks'", "]]>", "金融消息",
		"مرحبا", "👩‍👩‍👧", "&nbsp;", "R&D_x", "—", "C++ & C#", "&#38;", "%20", `a\b`, "naïve",
	}
	list := make([]string, 1+g.IntN(6))
	for i := range list {
		list[i] = g.one(words...)
	}
	return strings.Join(list, " ")
}

// text2 is text as HTML in the spelling of our sanitizer.
func (g *generator) text2() string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(g.text())
}

func (g *generator) people(fewest int) (list []coranto.Person) {
	for n := range fewest + g.IntN(3) {
		list = append(list, coranto.Person{
			Name: fmt.Sprintf("Ann %d Müller", n), Email: g.one("", "ann@go.dev"),
			URI: g.one("", "https://go.dev/ann"), Avatar: g.one("", "https://go.dev/ann.png"),
		})
	}
	return list
}

func (g *generator) extensions() (list []coranto.Extension) {
	type attrs = map[string]string
	for _, e := range []coranto.Extension{
		{Name: "georss:point", Value: "45.256 -71.92"},
		{Name: "itunes:episode", Value: "8"},
		{Name: "itunes:explicit", Value: "false"},
		{Name: "media:credit", Value: "Ann", Attrs: attrs{"role": "author"}},
		{Name: "podcast:person", Value: "Ann Author", Attrs: attrs{"role": "host"}},
		{Name: "podcast:transcript", Attrs: attrs{"url": "https://cdn.go.dev/8.vtt", "type": "text/vtt"}},
		{Name: "psc:chapters", Attrs: attrs{"version": "1.2"}, Children: []coranto.Extension{
			{Name: "psc:chapter", Attrs: attrs{"start": "00:00:00.000", "title": "Intro"}},
		}},
		{Name: "slash:comments", Value: "3"},
		{Name: "thr:total", Value: "3"},
	} {
		if g.IntN(3) == 0 {
			list = append(list, e)
		}
	}
	return list
}
