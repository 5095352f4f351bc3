package parse

import (
	"bufio"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	nethtml "golang.org/x/net/html"

	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// corpusDir holds documents that are not part of this repository; the tests that
// read them skip where they are missing.
const corpusDir = "../../../shared/corpus"

// Floors of the corpora: a change that makes fewer right answers fails.
const (
	floorParse     = 434
	floorMalformed = 146
	floorDates     = 91
)

// cases decodes the lines of a corpus's cases.jsonl.
func cases[T any](t *testing.T, corpus string) []T {
	t.Helper()
	f, err := os.Open(filepath.Join(corpusDir, corpus, "cases.jsonl"))
	if err != nil {
		t.Skipf("the corpus %q is not here: %v", corpus, err)
	}
	defer f.Close()
	var all []T
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c T
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

func corpusFile(t *testing.T, corpus, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(corpusDir, corpus, name))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func floor(t *testing.T, corpus string, right, all, least int) {
	t.Helper()
	t.Logf("%s: %d of %d right", corpus, right, all)
	if right < least {
		t.Errorf("%s: %d of %d right, want at least %d", corpus, right, all, least)
	}
}

func TestCorpusDates(t *testing.T) {
	type dateCase struct {
		Raw, Zone string
		Want      *time.Time
	}
	all, right := cases[dateCase](t, "dates"), 0
	for _, c := range all {
		zone, err := time.LoadLocation(c.Zone)
		if err != nil {
			t.Skipf("no time zone data: %v", err)
		}
		got, err := ParseDate(c.Raw, zone)
		switch {
		case c.Want == nil && err != nil, c.Want != nil && err == nil && got.Truncate(time.Second).Equal(*c.Want):
			right++
		default:
			t.Logf("ParseDate(%q, %s) = %v, %v, want %v", c.Raw, c.Zone, got, err, c.Want)
		}
	}
	floor(t, "dates", right, len(all), floorDates)
}

func TestCorpusMalformed(t *testing.T) {
	type malformedCase struct {
		File        string
		ContentType string `json:"content_type"`
		Group       string
		Titles      []string
		MinItems    int `json:"min_items"`
	}
	all, right := cases[malformedCase](t, "malformed"), 0
	for _, c := range all {
		body := corpusFile(t, "malformed", c.File)
		feed, problems, err := Parse(Document{Body: body, ContentType: c.ContentType})
		var titles []string
		if err == nil {
			for _, it := range feed.Items {
				titles = append(titles, it.Title)
			}
		}
		if len(titles) < c.MinItems || c.Titles != nil && strings.Join(titles, "\n") != strings.Join(c.Titles, "\n") {
			t.Logf("%s (%s): titles = %q, want %q; err %v, problems %v", c.File, c.Group, titles, c.Titles, err, problems)
			continue
		}
		right++
	}
	floor(t, "malformed", right, len(all), floorMalformed)
}

func TestCorpusParse(t *testing.T) {
	type parseCase struct {
		File, About string
		Headers     map[string]string
		Checks      [][2]any
	}
	all, right := cases[parseCase](t, "parse"), 0
	for _, c := range all {
		doc := Document{
			Body:        corpusFile(t, "parse", c.File),
			ContentType: c.Headers["content-type"],
			URL:         "http://127.0.0.1:8097/tests/" + strings.ReplaceAll(c.File, "__", "/"),
		}
		if location := c.Headers["content-location"]; text.ParseBase(location) != nil {
			doc.URL = location
		}
		feed, problems, err := Parse(doc)
		if err != nil {
			t.Logf("%s: %v %v", c.File, err, problems)
			continue
		}
		tree := jsonTree(t, feed.Inspect(problems))
		good := true
		for _, check := range c.Checks {
			path, want := check[0].(string), fmt.Sprint(check[1])
			got := lookup(tree, path)
			if !sameText(got, want) {
				good = false
				t.Logf("%s (%s): %s = %q, want %q", c.File, c.About, path, got, want)
			}
		}
		if good {
			right++
		}
	}
	floor(t, "parse", right, len(all), floorParse)
}

func TestCorpusReal(t *testing.T) {
	type realCase struct {
		File, Base    string
		Items         int
		Titles, Links []string
	}
	for _, c := range cases[realCase](t, "real") {
		feed, problems, err := Parse(Document{Body: corpusFile(t, "real", c.File), URL: c.Base})
		if err != nil {
			t.Errorf("%s: %v", c.File, err)
			continue
		}
		if len(feed.Items) != c.Items {
			t.Errorf("%s: %d items, want %d; %v", c.File, len(feed.Items), c.Items, problems)
			continue
		}
		for i, it := range feed.Items {
			if i < len(c.Titles) && !sameText(it.Title, c.Titles[i]) {
				t.Logf("%s: title %d = %q, want %q", c.File, i, it.Title, c.Titles[i])
			}
			if i < len(c.Links) && it.Link != c.Links[i] {
				t.Logf("%s: link %d = %q, want %q", c.File, i, it.Link, c.Links[i])
			}
		}
	}
}

func jsonTree(t *testing.T, v any) any {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	return tree
}

// lookup follows a path such as items[0].links[1].href and returns "" where it
// leads nowhere.
func lookup(tree any, path string) string {
	for step := range strings.FieldsFuncSeq(path, func(r rune) bool { return strings.ContainsRune(".[]", r) }) {
		switch node := tree.(type) {
		case map[string]any:
			tree = node[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(node) {
				return ""
			}
			tree = node[i]
		default:
			return ""
		}
	}
	if tree == nil {
		return ""
	}
	return fmt.Sprint(tree)
}

// sameText compares as the corpus's README says: white space folded, a wrapping
// div may be missing, a text may be the plain text of the wanted markup, dates
// are instants.
func sameText(got, want string) bool {
	g, w := normalMarkup(got), normalMarkup(want)
	if g == w || g == strings.TrimSuffix(strings.TrimPrefix(w, "<div>"), "</div>") {
		return true
	}
	if fold(html.UnescapeString(got)) == fold(want) || fold(got) == fold(text.HTMLText(want)) {
		return true
	}
	a, errA := time.Parse(time.RFC3339, got)
	b, errB := time.Parse(time.RFC3339, want)
	return errA == nil && errB == nil && a.Equal(b)
}

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// normalMarkup writes markup with sorted attributes and without namespace
// declarations.
func normalMarkup(s string) string {
	var out strings.Builder
	tokens := nethtml.NewTokenizer(strings.NewReader(s))
	for tokens.Next() != nethtml.ErrorToken {
		t := tokens.Token()
		if t.Type == nethtml.SelfClosingTagToken {
			t.Type = nethtml.StartTagToken
		}
		t.Attr = slices.DeleteFunc(t.Attr, func(a nethtml.Attribute) bool { return strings.HasPrefix(a.Key, "xmlns") })
		slices.SortFunc(t.Attr, func(a, b nethtml.Attribute) int { return strings.Compare(a.Key, b.Key) })
		out.WriteString(t.String())
	}
	return fold(out.String())
}
