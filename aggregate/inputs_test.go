package aggregate_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// TestUnchangedDocuments are not parsed again.
func TestUnchangedDocuments(t *testing.T) {
	const body = feedHead + "<item><guid>a</guid><title>A</title></item></channel></rss>"
	tests := []struct {
		name   string
		answer http.HandlerFunc
		second storage.Outcome
	}{
		{"C37 conditional request", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"1"`)
			if r.Header.Get("If-None-Match") == `"1"` {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			fmt.Fprint(w, body)
		}, storage.OutcomeNotModified},
		{"C37 hash of the body", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }, storage.OutcomeUnchanged},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, nil, coranto.Source{ID: "news", URL: origin(t, tt.answer)})
			if r := w.round()["news"]; r.Outcome != storage.OutcomeNew || r.New != 1 {
				t.Errorf("first visit: %s, %d new, want new and 1", r.Outcome, r.New)
			}
			if r := w.round()["news"]; r.Outcome != tt.second || r.New+r.Updated > 0 {
				t.Errorf("second visit: %s, want %s", r.Outcome, tt.second)
			}
		})
	}
}

// TestUnstableIDs follows a source whose ids tell nothing over several visits.
func TestUnstableIDs(t *testing.T) {
	item := "<item><guid>%s</guid><title>%s</title><link>https://news.example/%s</link></item>"
	tests := []struct {
		name string
		guid func(visit int, post string) string
	}{
		{"B25 one id for all", func(int, string) string { return "1" }},
		{"B26 other ids at every visit", func(visit int, post string) string { return fmt.Sprint(visit, "-", post) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			visit := 0
			url := origin(t, func(w http.ResponseWriter, _ *http.Request) {
				visit++
				fmt.Fprint(w, feedHead)
				for _, post := range []string{"a", "b", "c"} {
					fmt.Fprintf(w, item, tt.guid(visit, post), post, post)
				}
				fmt.Fprint(w, "</channel></rss>")
			})
			w := newWorld(t, nil, coranto.Source{ID: "news", URL: url})
			for range 3 {
				w.round()
				if got := w.stats().Items; got != 3 {
					t.Errorf("%d items are stored after visit %d, want 3", got, visit)
				}
			}
		})
	}
}

// TestCutDocument is asked for again as a whole: its validators are not kept.
func TestCutDocument(t *testing.T) {
	t.Run("B03 cut in an item", func(t *testing.T) {
		asked := ""
		url := origin(t, func(w http.ResponseWriter, r *http.Request) {
			asked = r.Header.Get("If-None-Match")
			w.Header().Set("ETag", `"1"`)
			fmt.Fprint(w, feedHead, "<item><guid>a</guid><title>A</title></item><item><guid>b</guid><ti")
		})
		w := newWorld(t, nil, coranto.Source{ID: "news", URL: url})
		if r := w.round()["news"]; r.New != 1 || len(r.Problems) == 0 {
			t.Errorf("%d new, problems %v, want the whole item and a problem", r.New, r.Problems)
		}
		w.round()
		if asked != "" {
			t.Errorf("the second request has the condition %s, want none", asked)
		}
	})
}
