package parse

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestDeltaOverCorpora is C38: every document of every corpus, read without any
// part of its items, gives the others as if all had been read.
func TestDeltaOverCorpora(t *testing.T) {
	var files []string
	for _, pattern := range []string{"testdata/*/*.[xj]*[ld]",
		corpusDir + "/parse/*.xml", corpusDir + "/malformed/*.*", corpusDir + "/real/*.*"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if _, err := os.Stat(corpusDir); err != nil {
		t.Logf("only the project's own documents: %v", err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	apart := 0
	for _, file := range files {
		if filepath.Ext(file) == ".jsonl" {
			continue
		}
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		apart += sameByDelta(t, Document{Body: body, URL: "https://example.org/feed"}, file, random)
	}
	t.Logf("%d documents, %d items told apart", len(files), apart)
	if apart == 0 {
		t.Error("no item was told apart")
	}
}

// sameByDelta reads a document whole and then without random parts of its items,
// and returns how many items have a mark.
func sameByDelta(t *testing.T, doc Document, name string, random *rand.Rand) int {
	t.Helper()
	whole, _, err := Parse(doc)
	if err != nil {
		doc.Known = func(Mark) bool { return true }
		if _, _, again := Parse(doc); !errors.Is(again, errors.Unwrap(err)) && fmt.Sprint(again) != fmt.Sprint(err) {
			t.Errorf("%s: %v by delta, %v whole", name, again, err)
		}
		return 0
	}
	for round := range 5 {
		known := map[Mark]bool{}
		for _, m := range whole.Marks {
			if m != 0 && (round == 0 || random.IntN(round+1) > 0) {
				known[m] = true
			}
		}
		doc.Known = func(m Mark) bool { return known[m] }
		part, _, err := Parse(doc)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return 0
		}
		compareDelta(t, name, part, whole, known)
	}
	return len(whole.Marks)
}

func compareDelta(t *testing.T, name string, part, whole *Feed, known map[Mark]bool) {
	t.Helper()
	want := *whole
	want.Items = nil
	for _, item := range whole.Items {
		if whole.Marks == nil || !known[whole.Marks[item.Index]] {
			want.Items = append(want.Items, item)
		}
	}
	got := *part
	got.Items = append([]Item(nil), part.Items...)
	if part.Marks == nil && whole.Marks != nil {
		t.Errorf("%s: without %d of %d items it can't be told apart", name, len(known), len(whole.Items))
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: without %d of %d items\n got %+v\nwant %+v", name, len(known), len(whole.Items), got, want)
	}
}

// FuzzDelta is TestDeltaOverCorpora for whatever bytes there are.
func FuzzDelta(f *testing.F) {
	for _, name := range []string{
		"lift-out/rss.xml", "lift-out/atom.xml", "gofeed/rdf.xml", "lift-out/json.jsonfeed", "links/base.xml", "media/video.xml",
	} {
		body, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body, uint64(1))
	}
	f.Fuzz(func(t *testing.T, body []byte, seed uint64) {
		doc := Document{Body: body, URL: "https://example.org/feed", MaxItems: int(seed % 5)}
		sameByDelta(t, doc, "document", rand.New(rand.NewPCG(seed, 0)))
	})
}

// TestMarks holds what the mark of an item depends on.
func TestMarks(t *testing.T) {
	const item = `<item><guid>1</guid><title>t</title></item>`
	mark := func(head, items string) Mark {
		feed, _, err := Parse(Document{Body: []byte("<rss version='2.0'>" + head + items + "</channel></rss>")})
		if err != nil || len(feed.Marks) == 0 {
			t.Fatalf("marks of %q: %v, %v", head, feed, err)
		}
		return feed.Marks[0]
	}
	before := mark("<channel>", item)
	tests := []struct {
		name        string
		head, items string
		same        bool
	}{
		{"another edition", "<channel><lastBuildDate>Mon, 02 Feb 2026 10:00:00 GMT</lastBuildDate><!-- 2 ms -->", item, true},
		{"another item", "<channel>", item + strings.ReplaceAll(item, "1", "2"), true},
		{"another text", "<channel>", strings.ReplaceAll(item, "t<", "u<"), false},
		{"another author of the feed", "<channel><managingEditor>a@b.example</managingEditor>", item, false},
		{"another base", "<channel xml:base='https://b.example/'>", item, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := mark(tt.head, tt.items); (got == before) != tt.same {
				t.Errorf("mark = %x, before %x, want the same: %v", got, before, tt.same)
			}
		})
	}
	inside := mark("<channel xml:base='http://a.example/'>", item)
	body := "<rss version='2.0'><channel xml:base='http://a.example/'></channel>" + item + "</rss>"
	if feed, _, err := Parse(Document{Body: []byte(body)}); err != nil || feed.Marks[0] == inside {
		t.Errorf("an item behind the channel has the mark %v of one inside, error %v", feed.Marks, err)
	}
	if twins := mark("<channel>", item+item); twins != 0 {
		t.Errorf("mark of twins = %x, want 0", twins)
	}
}

// TestMarksBetween holds that the mark of an item depends on what precedes it, but not
// on how many other items do.
func TestMarksBetween(t *testing.T) {
	item := func(id string) string { return "<item><guid>" + id + "</guid></item>\n" }
	const between = "<managingEditor>a@b.example</managingEditor>"
	marks := func(body string) []Mark {
		feed, _, err := Parse(Document{Body: []byte(rssFeed(body))})
		if err != nil {
			t.Fatal(err)
		}
		return feed.Marks
	}
	before := marks(item("1") + between + item("2"))
	more := marks(item("0") + "<!-- 1 -->" + item("1") + between + item("3") + item("2") + item("4"))
	if more[1] != before[0] || more[3] != before[1] {
		t.Errorf("marks = %x among others, %x before", more, before)
	}
	moved := marks(between + item("1") + item("2"))
	if moved[0] == before[0] || moved[1] == before[1] {
		t.Errorf("marks = %x behind the editor, %x before and behind", moved, before)
	}
	swapped := marks(item("2") + between + item("1"))
	if swapped[0] == before[1] || swapped[1] == before[0] {
		t.Errorf("marks = %x of swapped items, %x before", swapped, before)
	}
}
