package parse

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
)

var update = flag.Bool("update", false, "rewrite the golden files with what the code reads now")

// golden is what a fixture's golden file holds: the contract of the inspect
// command and the fields that it does not show.
type golden struct {
	Error string `json:"error,omitempty"`
	Inspection
	Format  string   `json:"format"`
	License string   `json:"license,omitempty"`
	Hubs    []string `json:"hubs,omitempty"`
	Hints   Hints    `json:"hints"`
	Partial bool     `json:"truncated,omitempty"`
	More    []more   `json:"more"`
}

type more struct {
	HasGUID, HasTitle       bool
	Published, Updated      string
	Image                   coranto.Image
	License, AuthorsAvatars string `json:",omitempty"`
}

// parts are what stands around gofeed, each with a folder of fixtures.
func parts() []string {
	return []string{
		"guard", "charset", "repair", "delta", "lift", "gofeed", "lift-out", "people", "links",
		"dates", "media", "fallbacks",
	}
}

// TestGolden reads each fixture of each part's folder and compares with the golden
// file of its name. To report a document that is misread, add it there. What was
// read of NAME.before.xml is known when NAME.xml is read.
func TestGolden(t *testing.T) {
	for _, part := range parts() {
		fixtures, err := filepath.Glob("testdata/" + part + "/*.[xj]*[ld]")
		if err != nil || len(fixtures) == 0 {
			t.Errorf("no fixtures of %s: %v", part, err)
		}
		for _, file := range fixtures {
			name := strings.TrimSuffix(file, filepath.Ext(file))
			if strings.HasSuffix(name, ".before") {
				continue
			}
			t.Run(part+"/"+filepath.Base(file), func(t *testing.T) {
				doc := fixture(t, file)
				doc.Known = knownBefore(t, name+".before"+filepath.Ext(file))
				feed, problems, err := Parse(doc)
				compare(t, name+".json", feed, problems, err)
			})
		}
	}
}

// fixture is a document as it comes from a source in China.
func fixture(t *testing.T, file string) Document {
	t.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	zone := time.FixedZone("CST", 8*3600)
	return Document{Body: body, URL: "https://example.org/blog/feed", Zone: zone}
}

// knownBefore knows the items of the document in file, if there is one.
func knownBefore(t *testing.T, file string) func(Mark) bool {
	t.Helper()
	if _, err := os.Stat(file); err != nil {
		return nil
	}
	feed, _, err := Parse(fixture(t, file))
	if err != nil {
		t.Fatal(err)
	}
	return func(m Mark) bool { return slices.Contains(feed.Marks, m) }
}

func compare(t *testing.T, file string, feed *Feed, problems []coranto.Problem, failed error) {
	t.Helper()
	if failed != nil {
		compareJSON(t, file, golden{Error: failed.Error(), Inspection: Inspection{Problems: problems}})
		return
	}
	g := golden{
		Inspection: feed.Inspect(problems), Format: feed.Format, License: feed.License,
		Hubs: feed.Hubs, Hints: feed.Hints, Partial: feed.Truncated,
	}
	for _, it := range feed.Items {
		m := more{HasGUID: it.HasGUID, HasTitle: it.HasTitle, Published: it.PublishedRaw,
			Updated: it.UpdatedRaw, Image: it.Image, License: it.License}
		for _, a := range it.Authors {
			m.AuthorsAvatars += a.Avatar
		}
		g.More = append(g.More, m)
	}
	compareJSON(t, file, g)
}

func compareJSON(t *testing.T, file string, g golden) {
	t.Helper()
	var got bytes.Buffer
	e := json.NewEncoder(&got)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(g); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%s differs; got\n%s", file, got.Bytes())
	}
}

func TestErrors(t *testing.T) {
	tests := []struct {
		name string // the number is that of the protocol checklist
		body string
		want error
	}{
		{"B01 empty body", "", ErrEmpty},
		{"B01 white space", " \n\t", ErrEmpty},
		{"B02 web page", "<!DOCTYPE html><html><body>Log in</body></html>", ErrHTML},
		{"B08 UTF-7", `<?xml version="1.0" encoding="utf-7"?><rss/>`, ErrCharset},
		{"B11 nested elements", "<rss>" + strings.Repeat("<z:a>", 1_300_000), ErrHostile},
		{"X20 elements", "<rss><channel>" + strings.Repeat("<z:a/>", 210_000) + "</channel></rss>", ErrHostile},
		{"text", "Service unavailable", ErrNotFeed},
		{"OPML", `<opml version="2.0"><body/></opml>`, ErrNotFeed},
		{"JSON that is no feed", `{"error": "no"}`, ErrNotFeed},
		{"B41 deep JSON", strings.Repeat(`{"a":`, 20_000), ErrHostile},
		{"JSON list", `[1, 2]`, ErrMalformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			feed, _, err := Parse(Document{Body: []byte(tt.body)})
			if !errors.Is(err, tt.want) || feed != nil {
				t.Errorf("Parse = %v, %v, want an error that wraps %v", feed, err, tt.want)
			}
		})
	}
}

// TestProblems holds that what was guessed, repaired or left out is reported.
func TestProblems(t *testing.T) {
	item := `<item><title>t</title><link>http://example.org/1</link></item>`
	tests := []struct {
		name, body, code string
		items            int
	}{
		{"B03 truncated", "<rss><channel>" + item + item + "<item><title>cu", "truncated", 2},
		{"C11 junk", "<br/>Warning<rss><channel>" + item + "</channel></rss>", "junk-before-root", 1},
		{"C12 nesting", "<rss><channel><b>" + item + "</channel></rss>", "loose-markup", 1},
		{"C15 misspelt namespace", `<feed xmlns="http://www.w3.org/2005/atom/"><entry><title>t</title></entry></feed>`, "namespace-misspelt", 1},
		{"C15 wrong namespace", `<feed xmlns="urn:x"><entry><title>t</title></entry></feed>`, "namespace-unknown", 1},
		{"C35 date", "<rss><channel><item><title>t</title><pubDate>soon</pubDate></item></channel></rss>", "date-unreadable", 1},
		{"C35 beginning of Unix time", "<rss><channel><item><title>t</title><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate></item></channel></rss>", "date-unreadable", 1},
		{"C36 nothing in the item", "<rss><channel><item><guid isPermaLink='false'>1</guid></item></channel></rss>", "item-without-content", 1},
		{"B13 long text", "<rss><channel>" + item + "<description>" + strings.Repeat("a", 3<<20) + "</description></channel></rss>", "text-cut", 1},
		{"C10 JSON types", `{"version":"https://jsonfeed.org/version/1","author":"a","items":[{"id":"1","title":"t","tags":"a,b"}]}`, "json-people", 1},
		{"C10 truncated JSON", `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1"},{"id":"2"},{"id":`, "truncated", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			feed, problems, err := Parse(Document{Body: []byte(tt.body)})
			if err != nil {
				t.Fatal(err)
			}
			if len(feed.Items) != tt.items {
				t.Errorf("%d items, want %d", len(feed.Items), tt.items)
			}
			if !hasCode(problems, tt.code) {
				t.Errorf("problems = %v, want %q", problems, tt.code)
			}
			if feed.Truncated != (tt.code == "truncated") {
				t.Errorf("truncated = %v", feed.Truncated)
			}
		})
	}
}

func hasCode(problems []coranto.Problem, code string) bool {
	for _, p := range problems {
		if p.Code == code {
			return true
		}
	}
	return false
}

// TestManyItems is B12: of too many items the newest are kept, in document order.
func TestManyItems(t *testing.T) {
	const count = 300_000
	var b bytes.Buffer
	b.WriteString("<rss><channel><title>t</title>")
	for i := range count {
		fmt.Fprintf(&b, "<item><title>%d</title><pubDate>%d</pubDate></item>", i, 1_000_000_000+i)
	}
	b.WriteString("</channel></rss>")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	feed, problems, err := Parse(Document{Body: b.Bytes(), MaxItems: 50})
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(feed.Items); n != 50 || feed.Items[0].Title != "299950" || feed.Items[49].Title != "299999" {
		t.Errorf("%d items, first %q, last %q", n, feed.Items[0].Title, feed.Items[n-1].Title)
	}
	if !hasCode(problems, "too-many-items") {
		t.Errorf("problems = %v, want too-many-items", problems)
	}
	if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 256 {
		t.Errorf("allocated %d MiB", grown)
	}
}

func TestManyJSONItems(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"version":"https://jsonfeed.org/version/1.1","items":[`)
	for i := range 30 {
		fmt.Fprintf(&b, `{"id":"%d","date_published":"2026-02-%02dT00:00:00Z"},`, i, 28-i%28)
	}
	body := strings.TrimSuffix(b.String(), ",") + "]}"
	feed, problems, err := Parse(Document{Body: []byte(body), MaxItems: 3})
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, it := range feed.Items {
		got.WriteString(it.ID + " ")
	}
	if got.String() != "0 1 28 " || !hasCode(problems, "too-many-items") {
		t.Errorf("items %s, problems %v, want items 0 1 28 and too-many-items", got.String(), problems)
	}
}

// FuzzParse holds that no document makes Parse panic, that it returns either a feed or
// an error, and that no token of its own is in a feed.
func FuzzParse(f *testing.F) {
	for _, name := range []string{
		"lift-out/rss.xml", "lift-out/atom.xml", "gofeed/rdf.xml", "lift-out/json.jsonfeed", "repair/broken.xml",
	} {
		body, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body, "text/xml; charset=utf-8", "https://example.org/feed")
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType, url string) {
		feed, problems, err := Parse(Document{Body: body, ContentType: contentType, URL: url})
		if (feed == nil) == (err == nil) {
			t.Errorf("Parse = %v, %v, want a feed or an error", feed, err)
		}
		if feed != nil {
			all := allText(t, feed, problems)
			if strings.Contains(all, "x-lifted:") && !bytes.Contains(body, []byte("lifted")) {
				t.Errorf("a token is in %s", all)
			}
		}
	})
}

// TestUnclosedSections is C12: what follows a CDATA section that is not closed is not
// taken for its text.
func TestUnclosedSections(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"half closed", `<item><title><![CDATA[A]]</title></item>`, "A"},
		{"half closed before others", `<item><title><![CDATA[A]]</title></item><item><title><![CDATA[B]]></title></item>`, "A|B"},
		{"not closed before others", `<item><title><![CDATA[A</title></item> <item><title><![CDATA[B]]></title></item>`, "A|B"},
		{"not closed at the end", `<item><title>A</title></item><item><title><![CDATA[B</title></item>`, "A|B"},
		{"half closed with a blank", `<item><title><![CDATA[A]] </title><link><![CDATA[x]]></link></item>`, "A"},
		{"closed with one bracket", `<item><title><![CDATA[A]></title><link><![CDATA[x]]></link></item>`, "A"},
		{"closed with a blank inside", `<item><title><![CDATA[A] ]></title><link><![CDATA[x]]></link></item>`, "A"},
		{"one bracket of the text", `<item><title><![CDATA[a[0]</title><link><![CDATA[x]]></link></item>`, "a[0]"},
		{"several", strings.Repeat(`<item><title><![CDATA[A]]</title><link>x</link></item>`, 2) + `<item><title><![CDATA[B]]></title></item>`, "A|A|B"},
		{"tags inside", `<item><title><![CDATA[A</b> <item>]]></title></item>`, "A <item>"},
		{"brackets inside", `<item><title><![CDATA[A]] ]]]]><![CDATA[>]]></title></item>`, "A]] ]]>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			feed, _, err := Parse(Document{Body: []byte(rssFeed(tt.body))})
			if err != nil {
				t.Fatal(err)
			}
			var titles []string
			for _, item := range feed.Items {
				titles = append(titles, item.Title)
			}
			if got := strings.Join(titles, "|"); got != tt.want {
				t.Errorf("titles %q, want %q", got, tt.want)
			}
		})
	}
}

// TestWithoutChannel is C11: what an RSS feed says of itself outside a channel is read.
func TestWithoutChannel(t *testing.T) {
	const head, item = "<title>T</title><link>http://h.example/</link>", "<item><title>A</title></item>"
	for _, body := range []string{
		head + item, item + head, "<image><url>http://h.example/u</url></image><channel>" + head + item + "</channel>",
	} {
		feed, problems, err := Parse(Document{Body: []byte("<rss>" + body + "</rss>")})
		if err != nil || feed.Title != "T" || feed.Link != "http://h.example/" || len(feed.Items) != 1 || feed.Truncated ||
			slices.ContainsFunc(problems, func(p coranto.Problem) bool { return p.Code == "channel-missing" }) == strings.Contains(body, "channel") {
			t.Errorf("%s gives %+v, %v, %v", body, feed, problems, err)
		}
	}
}

// TestCutInTheFirstItem holds that a document without a whole item is not thought to be
// in a wrong namespace.
func TestCutInTheFirstItem(t *testing.T) {
	for _, body := range []string{
		"<rss><channel><title>T</title><item><title>A",
		`<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><title>A`,
	} {
		feed, problems, err := Parse(Document{Body: []byte(body)})
		if err != nil || feed.Title != "T" || codes(problems) != "truncated" {
			t.Errorf("%s: problems %v, error %v, want it to be truncated only", body, problems, err)
		}
	}
}

// TestPersonNamedByAddress is C27.
func TestPersonNamedByAddress(t *testing.T) {
	feed, _, err := Parse(Document{Body: []byte(atomEntry(`<author><name>w-nws@noaa.gov</name></author>`))})
	if err != nil {
		t.Fatal(err)
	}
	want := Person{Name: "w-nws@noaa.gov", Email: "w-nws@noaa.gov"}
	if got := feed.Items[0].Authors; len(got) != 1 || got[0] != want {
		t.Errorf("authors %v, want %v", got, want)
	}
}
