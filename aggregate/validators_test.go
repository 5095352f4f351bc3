package aggregate_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/storage"
)

// feedOf is a document with an item of each number.
func feedOf(numbers ...int) string {
	var doc strings.Builder
	doc.WriteString(feedHead)
	for _, n := range numbers {
		doc.WriteString(fmt.Sprintf(`<item><guid isPermaLink="false">%d</guid><title>Item %d</title>`+
			`<link>https://news.example/%d</link></item>`, n, n, n))
	}
	return doc.String() + "</channel></rss>"
}

// What an origin is asked with, and what becomes of its answers, visit by visit.
func TestVisits(t *testing.T) {
	type answer struct {
		status int
		etag   string
		body   string
	}
	tests := []struct {
		name    string
		answers []answer
		edit    func(visit int, src *coranto.Source) // before a visit, from 0
		asked   []string                             // If-None-Match of each visit
		items   int                                  // stored in the end
		outcome storage.Outcome                      // of the last visit
	}{
		{
			name:    "P04 validators follow each answer",
			answers: []answer{{200, `"a"`, feedOf(1)}, {200, `"b"`, feedOf(1)}, {200, "", feedOf(1)}, {200, "", feedOf(1)}},
			asked:   []string{"", `"a"`, `"b"`, ""}, items: 1, outcome: storage.OutcomeUnchanged,
		},
		{
			name:    "P06 a document that is cut off vouches for nothing",
			answers: []answer{{200, `"a"`, feedOf(1)}, {200, `"b"`, feedOf(1, 2)[:len(feedOf(1, 2))-30]}, {200, `"b"`, feedOf(1, 2)}},
			asked:   []string{"", `"a"`, `"a"`}, items: 2, outcome: storage.OutcomeNew,
		},
		{
			name:    "P07 new settings ask anew",
			answers: []answer{{200, `"a"`, feedOf(1)}, {200, `"a"`, feedOf(1)}, {304, `"a"`, ""}},
			edit: func(visit int, src *coranto.Source) {
				if visit == 1 {
					src.Access.Headers = map[string]string{"X-Key": "k"}
				}
			},
			asked: []string{"", "", `"a"`}, items: 1, outcome: storage.OutcomeNotModified,
		},
		{
			name:    "P07 settings of the connection do not",
			answers: []answer{{200, `"a"`, feedOf(1)}, {304, `"a"`, ""}},
			edit:    func(visit int, src *coranto.Source) { src.Access.HTTP1 = visit == 1 },
			asked:   []string{"", `"a"`}, items: 1, outcome: storage.OutcomeNotModified,
		},
		{
			name:    "P12 the same body is not read again",
			answers: []answer{{200, "", feedOf(1)}, {200, "", feedOf(1)}},
			asked:   []string{"", ""}, items: 1, outcome: storage.OutcomeUnchanged,
		},
		{
			name:    "P15 what a 226 leaves out is still there",
			answers: []answer{{200, `"a"`, feedOf(2, 1)}, {226, `"b"`, feedOf(3)}, {304, "", ""}},
			asked:   []string{"", `"a"`, `"b"`}, items: 3, outcome: storage.OutcomeNotModified,
		},
		{
			name:    "B22 304 with a new ETag",
			answers: []answer{{200, `"a"`, feedOf(1)}, {304, `"b"`, ""}, {304, "", ""}},
			asked:   []string{"", `"a"`, `"b"`}, items: 1, outcome: storage.OutcomeNotModified,
		},
		{
			name:    "B22 304 to a visit without condition",
			answers: []answer{{200, "", feedOf(1)}, {304, "", ""}},
			asked:   []string{"", ""}, items: 1, outcome: storage.OutcomeFailed,
		},
		{
			name: "B38 two servers with bodies of their own",
			answers: []answer{{200, `"a"`, feedOf(1, 2)}, {200, `"b"`, feedOf(2, 1)}, {200, `"a"`, feedOf(1, 2)},
				{200, `"b"`, feedOf(2, 1)}},
			asked: []string{"", `"a"`, `"b"`, `"a"`}, items: 2, outcome: storage.OutcomeUnchanged,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var asked []string
			url := origin(t, func(w http.ResponseWriter, r *http.Request) {
				a := tt.answers[min(len(asked), len(tt.answers)-1)]
				asked = append(asked, r.Header.Get("If-None-Match"))
				if a.etag != "" {
					w.Header().Set("ETag", a.etag)
				}
				if a.status == http.StatusIMUsed {
					w.Header().Set("IM", "feed")
				}
				w.WriteHeader(a.status)
				_, _ = w.Write([]byte(a.body))
			})
			src := coranto.Source{ID: "news", URL: url}
			w := newWorld(t, nil, src)
			for visit := range tt.answers {
				if tt.edit != nil {
					tt.edit(visit, &src)
					if err := w.store.UpsertSources(t.Context(), []coranto.Source{src}, nil); err != nil {
						t.Fatal(err)
					}
				}
				w.round("news")
			}
			if fmt.Sprintf("%q", asked) != fmt.Sprintf("%q", tt.asked) {
				t.Errorf("asked with %q, want %q", asked, tt.asked)
			}
			if got := w.stats().Items; got != tt.items {
				t.Errorf("%d items are stored, want %d", got, tt.items)
			}
			if got := w.state("news").Outcome; got != tt.outcome {
				t.Errorf("outcome %s, want %s", got, tt.outcome)
			}
		})
	}
}

// P28: a visit under way is not doubled, and a source of two categories is one.
func TestVisitsAreJoined(t *testing.T) {
	var asked atomic.Int32
	arrived, answer := make(chan struct{}), make(chan struct{})
	url := origin(t, func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		close(arrived)
		<-answer
		_, _ = w.Write([]byte(feedOf(1)))
	})
	w := newWorld(t, nil, coranto.Source{ID: "news", URL: url, Categories: []coranto.Slug{"a", "b"}})
	t.Run("P28 in two categories, asked for twice at once", func(t *testing.T) {
		first := make(chan error, 1)
		go func() { first <- w.agg.Round(t.Context(), aggregate.Call{}, aggregate.Observer{}) }()
		<-arrived
		second := w.round("news")["news"]
		close(answer)
		if err := <-first; err != nil {
			t.Fatal(err)
		}
		if !errors.Is(second.Err, aggregate.ErrElsewhere) {
			t.Errorf("second round: %v, want ErrElsewhere", second.Err)
		}
		if n := asked.Load(); n != 1 {
			t.Errorf("%d requests, want 1", n)
		}
	})
}
