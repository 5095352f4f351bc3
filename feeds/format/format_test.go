package format_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/format"
	"github.com/coranto/coranto/feeds/format/lint"
)

var update = flag.Bool("update", false, "rewrite the golden files with what the code writes now")

// S55 Every document has nothing that a validator objects to.
func TestS55Formats(t *testing.T) {
	for _, f := range format.All() {
		for name, feed := range samples() {
			t.Run(f.Name+"/"+name, func(t *testing.T) {
				got := generate(t, f, feed)
				golden(t, name+"."+f.File, readable(got))
				wantClean(t, got, f.MediaType, feed.Self(f.File))
			})
		}
	}
}

func TestSameBytesEveryTime(t *testing.T) {
	for _, f := range format.All() {
		first := generate(t, f, samples()["rich"])
		for range 5 {
			if got := generate(t, f, samples()["rich"]); !bytes.Equal(got, first) {
				t.Fatalf("%s: the same feed gave different bytes", f.Name)
			}
		}
	}
}

func TestOPML(t *testing.T) {
	planet := coranto.Attribution{
		Title: "Planet <Example> & co", Summary: "All of us", Link: "https://planet.example.org/",
		Feed: "https://planet.example.org/atom.xml", Language: "zh_CN",
	}
	tests := []struct {
		name string
		in   format.Outline
	}{
		{"sources", format.Outline{Title: "金融消息", Owner: "The Desk", Groups: []format.Group{
			{Title: "Go", Sources: []coranto.Attribution{goBlog(), planet}},
			{Title: "News & views", Sources: []coranto.Attribution{planet, {Title: "No feed"}}},
			{Title: "Empty"},
			{Sources: []coranto.Attribution{{Feed: "https://bare.example.org/rss"}}},
		}}},
		{"none", format.Outline{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got bytes.Buffer
			if err := format.OPML(&got, tt.in); err != nil {
				t.Fatal(err)
			}
			golden(t, tt.name+".opml", got.Bytes())
			wantClean(t, got.Bytes(), format.OPMLMediaType, "")
		})
	}
}

// FuzzGenerate holds the contract of the package: whatever the strings of an
// entry are, the bytes are well-formed and have no error.
func FuzzGenerate(f *testing.F) {
	f.Add("title", "text", "https://example.org/", "en")
	f.Add("<b>\x00</b>&amp;", "]]>\x0b&nope;", "HTTPS://[::1]:80/a b?%zz#a#b", "zh_CN")
	f.Add("\xed\xa0\x80", "\ufffe", "http://", "x-klingon")
	f.Add("", "", "", "")
	f.Fuzz(func(t *testing.T, title, text, url, language string) {
		e := entry(1, title)
		e.Summary, e.Content, e.CreditHTML = text, text, text
		e.Link, e.EntryID, e.Comments, e.License = url, url, url, url
		e.Language, e.Rights = language, title
		e.Authors = []coranto.Person{{Name: title, Email: text, URI: url, Avatar: url}}
		e.Tags = []coranto.Tag{{Term: title, Scheme: url, Label: text}}
		e.Enclosures = []coranto.Enclosure{{URL: url, Type: text, Title: title}}
		e.Image = coranto.Image{URL: url, Alt: text}
		e.Links = []coranto.Link{
			{Rel: "related", Href: url, Type: text, Title: title, Hreflang: language},
		}
		e.Extensions = []coranto.Extension{
			{Name: "itunes:summary", Value: text}, {Name: "podcast:location", Value: title},
			{Name: "media:player", Attrs: map[string]string{"url": url}},
			{Name: "psc:chapters", Children: []coranto.Extension{
				{Name: "psc:chapter", Attrs: map[string]string{"start": "0", "title": title, "href": url}},
			}},
			{Name: title, Value: text},
		}
		e.Members = map[string]string{"_x": text, title: "1"}
		e.Credit = coranto.Attribution{ID: url, Title: title, Link: url, Feed: url, Language: language}
		e.Via = coranto.Attribution{Title: text, Feed: url}
		feed := sampleFeed(e)
		feed.Title, feed.Subtitle, feed.Language = title, text, language
		for _, form := range format.All() {
			doc := generate(t, form, feed)
			bad := lint.Worst(lint.Check(doc, form.MediaType, feed.Self(form.File)), lint.Error)
			if len(bad) > 0 {
				t.Errorf("%s: %v in\n%s", form.Name, bad, doc)
			}
		}
	})
}

func BenchmarkGenerate(b *testing.B) {
	entries := make([]feeds.Entry, 50)
	for i := range entries {
		entries[i] = entry(i+1, fmt.Sprintf("Post %d & more", i))
		entries[i].Content = longText(20)
		entries[i].Summary = "A summary of two lines, as a reader shows it under the title."
		entries[i].Tags = []coranto.Tag{{Term: "a"}, {Term: "b"}}
	}
	feed := sampleFeed(entries...)
	for _, f := range format.All() {
		b.Run(f.Name, func(b *testing.B) {
			b.ReportAllocs()
			var out bytes.Buffer
			for b.Loop() {
				out.Reset()
				if err := f.Generate(&out, feed); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(out.Len()))
		})
	}
}

// longText is a post of some 200 bytes a paragraph.
func longText(paragraphs int) string {
	var out bytes.Buffer
	for range paragraphs {
		out.WriteString(`<p>Some words of a post, with ` +
			`<a href="https://example.org/?a=1&amp;b=2">a link</a>, ` +
			`<em>some stress</em>, and enough text after it to be a paragraph that someone would read.</p>`)
	}
	return out.String()
}

func generate(t testing.TB, f feeds.Format, feed *feeds.Feed) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := f.Generate(&out, feed); err != nil {
		t.Fatalf("generate %s: %v", f.Name, err)
	}
	return out.Bytes()
}

// wantClean fails on what the W3C validator would complain about.
func wantClean(t *testing.T, doc []byte, mediaType, self string) {
	t.Helper()
	for _, f := range lint.Worst(lint.Check(doc, mediaType, self), lint.Warning) {
		t.Error(f)
	}
}

// readable breaks JSON into lines, so that a change of a golden file can be read.
func readable(doc []byte) []byte {
	var lines bytes.Buffer
	if json.Indent(&lines, doc, "", " ") != nil {
		return doc
	}
	return lines.Bytes()
}

// golden compares with a file in testdata, and writes it when -update is given.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (run with -update and read the diff)\ngot:\n%s\nwant:\n%s", file, got, want)
	}
}

func TestNamesAreDistinct(t *testing.T) {
	names, files := make(map[string]bool), make(map[string]bool)
	for _, f := range format.All() {
		names[f.Name], files[f.File] = true, true
	}
	if n := len(format.All()); len(names) != n || len(files) != n {
		t.Errorf("%d formats have the names %v and files %v", n,
			slices.Sorted(maps.Keys(names)), slices.Sorted(maps.Keys(files)))
	}
}

// S26 Dates have four digits of year, a zone and, in RSS, the right day of the week,
// whatever zone and precision they came with.
func TestS26Dates(t *testing.T) {
	forms := map[string]string{
		`<pubDate>(.*?)</pubDate>`: time.RFC1123Z, `<lastBuildDate>(.*?)</lastBuildDate>`: time.RFC1123Z,
		`<published>(.*?)</published>`: time.RFC3339Nano, `<updated>(.*?)</updated>`: time.RFC3339Nano,
		`"date_published": ?"(.*?)"`: time.RFC3339Nano, `"date_modified": ?"(.*?)"`: time.RFC3339Nano,
	}
	moments := []time.Time{
		time.Date(2026, 3, 1, 23, 59, 59, 999_999_999, time.FixedZone("", -11*3600-1800)),
		time.Date(1999, 12, 31, 23, 0, 0, 0, time.FixedZone("CST", 8*3600)),
		time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC),
	}
	for _, at := range moments {
		feed := samples()["rich"]
		feed.Updated = at
		for i := range feed.Entries {
			feed.Entries[i].Published, feed.Entries[i].Updated = at, at.Add(time.Minute)
		}
		for _, f := range format.All() {
			text := generate(t, f, feed)
			found := 0
			for form, layout := range forms {
				for _, m := range regexp.MustCompile(form).FindAllSubmatch(text, -1) {
					found++
					got, err := time.Parse(layout, string(m[1]))
					if err != nil || got.Format(layout) != string(m[1]) && layout == time.RFC1123Z {
						t.Errorf("%s: %s: %v, want a date that reads back the same", f.Name, m[0], err)
					}
					if off := got.Sub(at); off < -time.Second || off > time.Minute {
						t.Errorf("%s: %s is %v from %v", f.Name, m[0], off, at)
					}
				}
			}
			if found < 2*len(feed.Entries) && f.File != "rss.xml" || found == 0 {
				t.Errorf("%s: %d dates in %d entries", f.Name, found, len(feed.Entries))
			}
		}
	}
}
