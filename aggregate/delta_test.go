package aggregate_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/seen"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// corpora are documents that are not part of this repository.
const corpora = "../../shared/corpus"

// forgetful is a store that forgets the marks of items: with it everything is read
// whole.
type forgetful struct{ *bolt.Store }

func (s forgetful) Seen(ctx context.Context, id coranto.SourceID) ([]byte, error) {
	coded, err := s.Store.Seen(ctx, id)
	if err != nil {
		return nil, err
	}
	items, err := seen.Decode(coded)
	if err != nil {
		return nil, err
	}
	for i := range items {
		items[i].Mark = 0
	}
	return seen.Encode(items)
}

// TestDeltaIsTheLongWay is C38: two stores follow the same sources through random
// editions of the documents of all corpora, one by delta and one without, and hold
// the same items and the same states after each.
func TestDeltaIsTheLongWay(t *testing.T) {
	t.Parallel()
	documents := corpusDocuments(t)
	current := make([][]byte, len(documents))
	url := origin(t, func(w http.ResponseWriter, r *http.Request) {
		var i int
		fmt.Sscanf(r.URL.Path, "/%d", &i)
		w.Header().Set("Content-Type", "text/xml")
		w.Write(current[i])
	})
	sources := make([]coranto.Source, len(documents))
	for i := range documents {
		sources[i] = coranto.Source{
			ID: coranto.SourceID(fmt.Sprintf("doc-%03d", i)), URL: fmt.Sprintf("%s/%d", url, i),
			Zone: "Asia/Shanghai", MaxItems: []int{0, 0, 3}[i%3],
		}
	}
	now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	clock := func() time.Time { return now }
	delta, whole := newStore(t, clock, sources), newStore(t, clock, sources)
	roundDelta, roundWhole := newRounds(t, delta, clock), newRounds(t, forgetful{whole}, clock)
	random := rand.New(rand.NewPCG(38, 38))
	for edition := range 6 {
		for i := range documents {
			current[i] = editionOf(documents[i], edition, random)
		}
		roundDelta()
		roundWhole()
		what := func(i int) string { return fmt.Sprintf("edition %d of document %d:\n%s", edition, i, current[i]) }
		sameStores(t, delta, whole, len(sources), what)
		now = now.Add(time.Hour)
	}
}

// TestDeltaOfPairs is C38 where what one item says or where it stands touches others.
func TestDeltaOfPairs(t *testing.T) {
	item := func(attrs, id, more string) string {
		return "<item" + attrs + "><guid isPermaLink='false'>" + id + "</guid><title>" + id + "</title><link>" + id +
			"</link><pubDate>Mon, 02 Feb 2026 10:00:00 GMT</pubDate>" + more + "</item>"
	}
	channel := func(inside, behind string) string {
		return "<rss version='2.0'><channel xml:base='http://a.example/'><title>t</title>" + inside +
			"</channel>" + behind + "</rss>"
	}
	plain := item("", "a", "")
	long := item("", "b", "<foo>"+strings.Repeat("a", 70<<10)+"</foo>")
	undeclared, declared := item("", "b", "<foo:bar>q</foo:bar>"), item(" xmlns:foo='urn:x'", "a", "")
	tests := []struct {
		name     string
		editions []string
	}{
		{"a text that is cut", []string{channel(long, ""), channel(plain+long, "")}},
		{"a prefix that another item declares", []string{
			channel(undeclared, ""), channel(declared+undeclared, ""), channel(undeclared, "")}},
		{"from inside the channel to behind it", []string{channel(plain, ""), channel("", plain)}},
		{"between two statements", []string{
			channel(plain+"<managingEditor>a@b.example</managingEditor>", ""),
			channel("<managingEditor>a@b.example</managingEditor>"+plain, "")}},
		{"a section that is not closed", []string{
			channel(plain+item("", "b", "<description><![CDATA[A]]</description>"), ""),
			channel(item("", "c", "")+plain+item("", "b", "<description><![CDATA[A]]</description>"), "")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { sameThrough(t, tt.editions) })
	}
}

// sameThrough holds that two stores are the same after each edition of a document, of
// which one is filled by delta and one without.
func sameThrough(t *testing.T, editions []string) {
	t.Helper()
	var current string
	url := origin(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, current)
	})
	sources := []coranto.Source{{ID: "doc-000", URL: url + "/dir/feed"}}
	now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	clock := func() time.Time { return now }
	delta, whole := newStore(t, clock, sources), newStore(t, clock, sources)
	roundDelta, roundWhole := newRounds(t, delta, clock), newRounds(t, forgetful{whole}, clock)
	for _, current = range editions {
		roundDelta()
		roundWhole()
		sameStores(t, delta, whole, len(sources), func(int) string { return current })
		now = now.Add(time.Hour)
	}
}

// corpusDocuments are the project's own and those of the corpora.
func corpusDocuments(t *testing.T) [][]byte {
	t.Helper()
	var documents [][]byte
	for _, pattern := range []string{
		"parse/testdata/*/*.xml", "parse/testdata/*/*.jsonfeed",
		corpora + "/real/*.xml", corpora + "/parse/*.xml", corpora + "/malformed/*.xml",
	} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			documents = append(documents, body)
		}
	}
	if _, err := os.Stat(corpora); err != nil {
		t.Logf("only the project's own documents: %v", err)
	}
	t.Logf("%d documents", len(documents))
	return documents
}

func newStore(t *testing.T, clock func() time.Time, sources []coranto.Source) *bolt.Store {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "coranto.db"), bolt.Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if err := store.UpsertSources(t.Context(), sources, nil); err != nil {
		t.Fatal(err)
	}
	return store
}

func newRounds(t *testing.T, store storage.Store, clock func() time.Time) func() {
	agg := aggregate.New(aggregate.Options{Store: store, Fetch: loopbackClient(0), Clock: clock})
	return func() {
		t.Helper()
		if err := agg.Round(t.Context(), aggregate.Call{Force: true}, aggregate.Observer{}); err != nil {
			t.Fatal(err)
		}
	}
}

// editionOf is a document with some of its items left out, doubled, moved or
// changed, and now and then another head.
func editionOf(document []byte, edition int, random *rand.Rand) []byte {
	item := regexp.MustCompile(`(?is)<(item|entry)[\s>].*?</(item|entry)>`)
	var frame, items [][]byte
	last := 0
	for _, span := range item.FindAllIndex(document, -1) {
		frame = append(frame, document[last:span[0]])
		items = append(items, document[span[0]:span[1]])
		last = span[1]
	}
	if len(items) == 0 {
		return document
	}
	var out bytes.Buffer
	for i := range items {
		text := items[i]
		if i == 0 && edition%3 == 2 {
			frame[i] = bytes.Replace(frame[i], []byte("</title>"), []byte(" again</title>"), 1)
		}
		out.Write(frame[i])
		switch random.IntN(8) {
		case 0:
			continue
		case 1:
			text = append(text[:len(text):len(text)], text...)
		case 2:
			text = items[random.IntN(len(items))]
		case 3:
			text = bytes.Replace(text, []byte("</title>"), fmt.Appendf(nil, " %d</title>", edition), 1)
		case 4:
			text = bytes.Replace(text, []byte("</guid>"), fmt.Appendf(nil, "%d</guid>", edition), 1)
		case 5:
			text = []byte(strings.NewReplacer("2003", "2005", "http:", "https:").Replace(string(text)))
		}
		out.Write(text)
	}
	out.Write(document[last:])
	return out.Bytes()
}

// sameStores compares the items and the states of two stores.
func sameStores(t *testing.T, delta, whole *bolt.Store, sources int, what func(int) string) {
	t.Helper()
	for i := range sources {
		id := coranto.SourceID(fmt.Sprintf("doc-%03d", i))
		d, w := contents(t, delta, id), contents(t, whole, id)
		if diff := cmp.Diff(w, d); diff != "" {
			t.Fatalf("%s (-whole +delta):\n%s\n%s", id, diff, what(i))
		}
	}
}

type sourceContents struct {
	State storage.SourceState
	Items []storage.Record
}

func contents(t *testing.T, store *bolt.Store, id coranto.SourceID) (c sourceContents) {
	t.Helper()
	for rec, err := range store.Sources(t.Context(), storage.SourceQuery{IDs: []coranto.SourceID{id}}) {
		if err != nil {
			t.Fatal(err)
		}
		c.State = rec.State
	}
	page, err := store.Latest(t.Context(), storage.Query{By: storage.BySource, Value: string(id), Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	c.Items = page.Records
	return c
}

// TestUnchangedAllocations holds what a visit allocates whose body is that of the
// last one, beside the exchange itself (C37).
func TestUnchangedAllocations(t *testing.T) {
	body := []byte(feedHead + strings.Repeat("<item><title>t</title></item>", 500) + "</channel></rss>")
	url := origin(t, func(w http.ResponseWriter, _ *http.Request) { w.Write(body) })
	w := newWorld(t, nil, coranto.Source{ID: "news", URL: url})
	w.round()
	rec := storage.SourceRecord{Source: coranto.Source{ID: "news", URL: url}, State: w.state("news")}
	client := loopbackClient(0)
	exchange := testing.AllocsPerRun(50, func() {
		if _, err := client.Get(t.Context(), fetch.Request{URL: url}); err != nil {
			t.Error(err)
		}
	})
	visit := testing.AllocsPerRun(50, func() {
		if _, report, ok := w.agg.Refresh(t.Context(), rec); !ok || report.Outcome != storage.OutcomeUnchanged {
			t.Errorf("outcome = %s, want unchanged", report.Outcome)
		}
	})
	t.Logf("%.0f allocations in the exchange, %.0f in the visit", exchange, visit)
	if more := visit - exchange; more > 60 {
		t.Errorf("a visit of an unchanged feed allocates %.0f times beside the exchange, want at most 60", more)
	}
}
