package main

import (
	"encoding/json"
	"encoding/xml"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// credited is a folder of published files of four papers: one as it is, one cut to
// excerpts under a licence of the operator's, one cut to titles, and a planet that passes
// on what another wrote. Archives hold what no longer fits into feeds of two items.
type credited struct {
	*operator
	serves map[string]string // file by path
}

func newCredited(t *testing.T) *credited {
	t.Helper()
	c := &credited{&operator{t, roomyDir(t)}, map[string]string{}}
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if other := c.serves[name]; other != "" {
			name = other
		}
		text, err := os.ReadFile(filepath.Join("testdata/credit", name))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(text)
	}))
	t.Cleanup(origin.Close)
	c.write(strings.ReplaceAll(`
site: {title: All Papers, url: "https://news.example/", limit: 2}
sources:
  - {id: deep, url: "ORIGIN/deep.xml", categories: [all]}
  - {id: plain, url: "ORIGIN/plain.xml", categories: [all], republish: excerpt, rights: By the file,
     license: "https://creativecommons.org/licenses/by/4.0/"}
  - {id: bare, url: "ORIGIN/bare.json", categories: [all], republish: title}
  - {id: planet, url: "ORIGIN/planet.xml", categories: [all]}
`, "ORIGIN", origin.URL))
	c.refresh()
	return c
}

func (c *credited) refresh() {
	c.Helper()
	c.run(exitOK, "fetch", "--force")
	c.run(exitOK, "build", "--out", c.path("site"))
}

// files are the published files whose names end in something, by path.
func (c *credited) files(end string) map[string]string {
	c.Helper()
	found := make(map[string]string)
	root := os.DirFS(c.path("site"))
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, end) {
			return err
		}
		text, err := fs.ReadFile(root, path)
		found[path] = string(text)
		return err
	})
	if err != nil {
		c.Fatal(err)
	}
	return found
}

// feedsIn are the files of feeds and archives in a format.
func (c *credited) feedsIn(file string) map[string]string {
	c.Helper()
	found := c.files(file)
	if len(found) < 8 {
		c.Fatalf("%d files of %s, want the site's, a category's, two archives, four sources'",
			len(found), file)
	}
	if found["category/all/archive/1/"+file] == "" {
		c.Fatalf("no archive among the files of %s", file)
	}
	return found
}

// S30, S31, S32, S33 Wherever an item is published, in whatever format, it names who wrote
// it, who published it first and where, under its own address and date.
func TestS30S31S32S33CreditEverywhere(t *testing.T) {
	c := newCredited(t)
	type credit struct{ title, home, authors string }
	want := map[string]credit{
		"https://deep.example/signed":   {"Deep Field", "https://deep.example/", "Ann Author"},
		"https://deep.example/unsigned": {"Deep Field", "https://deep.example/", "The Editors"},
		"https://plain.example/1":       {"Plain Paper", "https://plain.example/", "Plain Paper"},
		"https://bare.example/1":        {"Bare Bones", "https://bare.example/", "Bare Bones"},
		"https://first.example/1":       {"First Hand", "https://first.example/", "Fay First"},
	}
	for _, file := range feedFiles() {
		seen := make(map[string]bool)
		for path, text := range c.feedsIn(file) {
			for _, it := range parseFeed(t, path, []byte(text)) {
				got := credit{it.SourceTitle, it.SourceHome, strings.Join(it.Authors, ", ")}
				if file == "rss.xml" {
					got.home = want[it.Link].home
				}
				if got != want[it.Link] || it.SourceFeed == "" {
					t.Errorf("%s: %s is credited to %+v by %q, want %+v", path, it.Link, got,
						it.SourceFeed, want[it.Link])
				}
				if _, line := textOf(it.HTML); !strings.Contains(line, want[it.Link].title) {
					t.Errorf("%s: %s has no visible credit: %s", path, it.Link, it.HTML)
				}
				seen[it.Link] = true
			}
		}
		if len(seen) != len(want) {
			t.Errorf("%s: %d items, want %d", file, len(seen), len(want))
		}
	}
}

// S30 A copied entry carries what RFC 4287 §4.2.11 asks for, and one that was a copy
// already keeps its own, with the planet that passed it on as rel=via.
func TestS30Source(t *testing.T) {
	type link struct {
		Rel   string `xml:"rel,attr"`
		Title string `xml:"title,attr"`
	}
	var doc struct {
		Entries []struct {
			ID     string `xml:"id"`
			Links  []link `xml:"link"`
			Source struct {
				ID      string `xml:"id"`
				Title   string `xml:"title"`
				Updated string `xml:"updated"`
				Links   []link `xml:"link"`
			} `xml:"source"`
		} `xml:"entry"`
	}
	c := newCredited(t)
	for path, text := range c.feedsIn("atom.xml") {
		doc.Entries = nil
		if err := xml.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, e := range doc.Entries {
			src := e.Source
			if src.ID == "" || src.Title == "" || src.Updated == "" || len(src.Links) < 2 {
				t.Errorf("%s: the source of %s is %+v, want id, title, updated and links", path, e.ID, src)
			}
			via := slices.Contains(e.Links, link{"via", "A Planet"})
			if passed := src.ID == "tag:first.example,2020:feed"; via != passed {
				t.Errorf("%s: %s came via the planet: %v, want %v", path, e.ID, via, passed)
			}
		}
	}
}

// S33 The page of an item names the original as canonical and links to it, and shows the
// credit, the date of the original and the feed that it came from.
func TestS33Pages(t *testing.T) {
	c := newCredited(t)
	want := map[string]struct{ credit, date, feed string }{
		"https://deep.example/signed": {"Deep Field · Ann Author", "2026-03-01T10:00:00Z", "/feed.atom"},
		"https://plain.example/1":     {"Plain Paper", "2026-03-01T08:00:00Z", "/plain.xml"},
		"https://bare.example/1":      {"Bare Bones", "2026-03-01T07:00:00Z", "/feed.json"},
		"https://first.example/1":     {"First Hand · via A Planet", "2026-03-01T06:00:00Z", "/feed"},
	}
	pages := c.files("/index.html")
	for link, w := range want {
		page, canonical := "", `<link rel="canonical" href="`+link+`">`
		for path, text := range pages {
			if strings.HasPrefix(path, "item/") && strings.Contains(text, canonical) {
				page = text
			}
		}
		visible := strings.Join(strings.Fields(plainText(page)), " ")
		for _, part := range []string{w.date, w.feed + `" title=`, `class="button" href="` + link + `"`} {
			if !strings.Contains(page, part) {
				t.Errorf("the page of %s lacks %q", link, part)
			}
		}
		if !strings.Contains(visible, w.credit) {
			t.Errorf("the page of %s lacks the credit %q", link, w.credit)
		}
	}
}

// plainText is what a page shows.
func plainText(page string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.Write(z.Text())
		}
	}
}

// S34 Rights and licence go with each item: its own, else those of its feed, unless the
// operator's file has others.
func TestS34Rights(t *testing.T) {
	c := newCredited(t)
	type terms struct{ rights, license string }
	want := map[string]terms{
		"https://deep.example/signed":   {"Ann alone", "https://creativecommons.org/licenses/by-sa/4.0/"},
		"https://deep.example/unsigned": {"© Deep Field", ""},
		"https://plain.example/1":       {"By the file", "https://creativecommons.org/licenses/by/4.0/"},
		"https://bare.example/1":        {"", ""},
		"https://first.example/1":       {"© First Hand", ""},
	}
	for _, file := range feedFiles() {
		for path, text := range c.feedsIn(file) {
			for link, got := range termsOf(t, file, text) {
				if terms(got) != want[link] {
					t.Errorf("%s: %s is under %+v, want %+v", path, link, got, want[link])
				}
			}
		}
	}
}

// termsOf reads the rights and the licence of each item, by its address.
func termsOf(t *testing.T, file, text string) map[string]struct{ rights, license string } {
	t.Helper()
	type item struct {
		Links []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"http://www.w3.org/2005/Atom link"`
		Link   string `xml:"link"`
		Rights string `xml:"rights"`
		URL    string
		Source struct{ Rights, License string } `xml:"-" json:"_source"`
	}
	var doc struct {
		Items   []item `xml:"channel>item"`
		Entries []item `xml:"entry" json:"-"`
	}
	read := xml.Unmarshal
	if file == "feed.json" {
		read = json.Unmarshal
	}
	if err := read([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	found := make(map[string]struct{ rights, license string })
	for _, it := range append(doc.Items, doc.Entries...) {
		rights, license, url := it.Rights+it.Source.Rights, it.Source.License, it.URL+it.Link
		for _, l := range it.Links {
			switch l.Rel {
			case "license":
				license = l.Href
			case "alternate":
				url = l.Href
			}
		}
		found[url] = struct{ rights, license string }{rights, license}
	}
	return found
}

// S35 What a source's mode leaves out is in no file: no feed, no page, no archive.
func TestS35Modes(t *testing.T) {
	c := newCredited(t)
	tests := []struct {
		word string
		mode string
		out  bool
	}{
		{"plainsummary", "excerpt", true},
		{"plainepisode", "excerpt", true},
		{"plaincontent", "excerpt", false},
		{"baresummary", "title", false},
		{"barecontent", "title", false},
		{"barepicture", "title", false},
		{"baremember", "title", false},
	}
	files := c.files("")
	for _, tt := range tests {
		found := []string{}
		for path, text := range files {
			if strings.Contains(text, tt.word) {
				found = append(found, path)
			}
		}
		if (len(found) > 0) != tt.out {
			t.Errorf("republish: %s: %s is in %q, want it out: %v", tt.mode, tt.word, found, tt.out)
		}
	}
}

// S39 Not a word is altered, nor a credit within the text taken out.
func TestS39Wording(t *testing.T) {
	c := newCredited(t)
	const want = "Thewording,asitis:“10%cheaper”,tehtypotoo.（文章来源：深空日报）SponsoredbyExample."
	for _, file := range feedFiles() {
		times := 0
		for path, text := range c.feedsIn(file) {
			for _, it := range parseFeed(t, path, []byte(text)) {
				if it.Title != "Signed" {
					continue
				}
				times++
				if got, _ := textOf(it.HTML); got != want {
					t.Errorf("%s: %q, want %q", path, got, want)
				}
			}
		}
		if times == 0 {
			t.Errorf("%s: the item is nowhere", file)
		}
	}
}

// S38 A correction arrives under the same id and date. That a source stops listing a post,
// or says that it is deleted, takes nothing down here: only the operator does.
func TestS38Corrections(t *testing.T) {
	c := newCredited(t)
	before := c.item("Signed")
	c.serves["deep.xml"] = "deep-later.xml"
	c.refresh()
	after := c.item("Signed")
	if after.ID != before.ID || !after.Published.Equal(before.Published) ||
		!after.Updated.After(before.Updated) || !strings.Contains(after.HTML, "corrected") {
		t.Errorf("corrected item %+v, want %+v with another text", after, before)
	}
	if got := c.item("Unsigned"); got.ID != "tag:deep.example,2020:unsigned" {
		t.Errorf("the post that its source deleted: %+v, want it still there", got)
	}
	for path, text := range c.feedsIn("atom.xml") {
		if strings.Contains(text, "deleted-entry") {
			t.Errorf("%s passes on a deletion", path)
		}
		if strings.Contains(text, "teh typo") {
			t.Errorf("%s has the text as it was before", path)
		}
	}
}

// item is the item of a title in the feed of its source.
func (c *credited) item(title string) published {
	c.Helper()
	for _, it := range readFeed(c.T, c.path("site/source/deep/atom.xml")) {
		if it.Title == title {
			return it
		}
	}
	c.Fatalf("no item %q", title)
	return published{}
}
