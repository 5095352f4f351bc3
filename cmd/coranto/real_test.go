package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// opinion is what another program reads in a feed of a real site.
type opinion struct {
	File   string
	Titles []string
	Links  []string
}

// slug is the category and source that the feed is given.
func (c *opinion) slug() string {
	return strings.ToLower(strings.NewReplacer("_", "-", ".", "-").Replace(c.File))
}

// TestRealFeeds publishes feeds as real sites wrote them, and looks for every
// item that a second opinion finds in them.
func TestRealFeeds(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "corpus", "real")
	cases := opinions(t, dir)
	origin := httptest.NewServer(realOrigin(dir))
	t.Cleanup(origin.Close)
	o := newOperator(t, "")
	o.edit("  language: en\n", "  language: en\n  limit: 1000\n")
	var list strings.Builder
	for _, c := range cases {
		fmt.Fprintf(&list, "  - {id: %s, url: %q, categories: [%s]}\n",
			c.slug(), origin.URL+"/"+c.File, c.slug())
	}
	o.edit("sources:\n", "sources:\n"+list.String())

	fetched := o.fetch(exitOK)
	o.build("site")
	for _, c := range cases {
		for _, file := range feedFiles() {
			o.checkOpinion(&c, file, origin.URL)
		}
	}
	o.checkLint("site", time.Time{})
	o.checkPages(cases, sources(t, dir, cases))
	t.Logf("%d feeds, %d items", len(cases), fetched.New)
}

func opinions(t *testing.T, dir string) []opinion {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "cases.jsonl"))
	if err != nil {
		t.Skipf("the corpus of real feeds is not here: %v", err)
	}
	defer f.Close()
	var cases []opinion
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c opinion
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return cases
}

// sources are the bytes of all feeds, with their references resolved as often as
// a title may be escaped.
func sources(t *testing.T, dir string, cases []opinion) string {
	t.Helper()
	var all strings.Builder
	for _, c := range cases {
		body, err := os.ReadFile(filepath.Join(dir, c.File))
		if err != nil {
			t.Fatal(err)
		}
		all.Write(body)
	}
	once := html.UnescapeString(all.String())
	return once + html.UnescapeString(once)
}

// realOrigin serves a folder with the content types that sites use.
func realOrigin(dir string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := filepath.Base(r.URL.Path)
		kind := "text/xml; charset=utf-8"
		switch {
		case strings.HasSuffix(name, ".json"):
			kind = "application/json"
		case strings.Contains(strings.ToLower(name), "atom"):
			kind = "application/atom+xml"
		case strings.Contains(strings.ToLower(name), "itunes"):
			kind = "application/rss+xml"
		}
		w.Header().Set("Content-Type", kind)
		http.ServeFile(w, r, filepath.Join(dir, name))
	})
}

// betterLinks are the feeds in which our links differ from those of the second
// opinion, with the reason why ours serve a reader better. Item is "" for all
// items of a feed.
func betterLinks() []difference {
	return []difference{
		{"CRE.xml", "", "http://cre.fm/",
			"feedburner:origLink is the page itself, link a detour that counts readers"},
		{"TechCrunch.xml", "", "http://techcrunch.com/", "feedburner:origLink, as above"},
		{"AtomEscapedHTMLInPreTag.xml", "Test entry", siteURL + "item/",
			"the entry links to no page, and no item is published without a link: it gets our own page"},
		{"Permalinks.xml", "Item 1", "http://example.com/1",
			"there is no link and the guid is an address all the same, though it is not promised to last"},
	}
}

// difference is where our links begin in another way.
type difference struct{ file, item, prefix, reason string }

// linkIsRight compares a link with the second opinion.
func linkIsRight(file string, got published, want string) bool {
	for _, d := range betterLinks() {
		if d.file == file && (d.item == "" || d.item == got.Title) {
			return got.Link != want && strings.HasPrefix(got.Link, d.prefix)
		}
	}
	return got.Link == want
}

// checkOpinion looks for each item of a second opinion in the category's feed.
func (o *operator) checkOpinion(c *opinion, file, origin string) {
	o.Helper()
	items := readFeed(o.T, o.path("site/category/"+c.slug()+"/"+file))
	for k, title := range c.Titles {
		link := strings.Replace(c.Links[k], "http://feed.example", origin, 1)
		found := func(it published) bool {
			return fold(it.Title) == fold(title) && linkIsRight(c.File, it, link)
		}
		if !slices.ContainsFunc(items, found) {
			o.Errorf("%s %s: lacks %q %s", c.File, file, title, link)
		}
	}
}

// garbled finds text that was read in the wrong encoding.
var garbled = regexp.MustCompile("\uFFFD|Ã[\u0080-¿]|â€|Â[\u0080-¿]")

// checkPages checks every page: its markup, and that it says what the sources do.
func (o *operator) checkPages(cases []opinion, source string) {
	o.Helper()
	texts := map[string]string{}
	for name := range o.tree("site") {
		body, err := os.ReadFile(o.path("site" + name))
		if err != nil {
			o.Fatal(err)
		}
		for _, bad := range garbled.FindAllString(string(body), -1) {
			if !strings.Contains(source, bad) {
				o.Errorf("%s has %q, which no source has", name, bad)
			}
		}
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		text, problem := readPage(string(body))
		if problem != "" {
			o.Errorf("%s: %s", name, problem)
		}
		texts[name] = text
	}
	for _, c := range cases {
		page := texts["/category/"+c.slug()+"/index.html"]
		for _, title := range c.Titles {
			if !strings.Contains(page, strings.Join(strings.Fields(title), "")) {
				o.Errorf("the page of %s lacks the title %q", c.slug(), title)
			}
		}
	}
}

// readPage reads a page strictly: every element is closed, and nothing in it
// could run. It returns its text without white space.
func readPage(page string) (text, problem string) {
	var open []string
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := z.Next()
		token := z.Token()
		switch kind {
		case html.ErrorToken:
			if len(open) > 0 {
				return "", fmt.Sprintf("%q are not closed", open)
			}
			return strings.Join(strings.Fields(b.String()), ""), ""
		case html.TextToken:
			b.WriteString(token.Data)
		case html.StartTagToken:
			if problem := dangerous(token); problem != "" {
				return "", problem
			}
			if !isVoid(token.Data) {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			last := len(open) - 1
			if last < 0 || open[last] != token.Data {
				return "", fmt.Sprintf("</%s> ends %q", token.Data, open)
			}
			open = open[:last]
		}
	}
}

func dangerous(tag html.Token) string {
	if slices.Contains([]string{"script", "object", "embed", "form"}, tag.Data) {
		return "has an element " + tag.Data
	}
	if tag.Data == "iframe" && !isPlayer(tag) {
		return "has a frame that is no player in a sandbox: " + tag.String()
	}
	for _, a := range tag.Attr {
		if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(a.Val), "javascript:") {
			return fmt.Sprintf("has the attribute %s=%q", a.Key, a.Val)
		}
	}
	return ""
}

// isPlayer reports whether a frame is the player of a known site in a sandbox.
func isPlayer(frame html.Token) bool {
	known, sandbox := false, false
	for _, a := range frame.Attr {
		for _, site := range []string{"https://www.youtube-nocookie.com/", "https://player.vimeo.com/"} {
			known = known || a.Key == "src" && strings.HasPrefix(a.Val, site)
		}
		sandbox = sandbox || a.Key == "sandbox" && !strings.Contains(a.Val, "allow-top-navigation")
	}
	return known && sandbox
}

func isVoid(tag string) bool {
	switch tag {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
		"track", "wbr":
		return true
	}
	return false
}
