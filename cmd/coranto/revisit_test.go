package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// trail is a paper that tells which addresses it was asked for.
func trail(t *testing.T) (url string, asked chan string) {
	asked = make(chan string, 10)
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Path
		_, _ = io.WriteString(w, paper)
	}))
	t.Cleanup(origin.Close)
	return origin.URL, asked
}

// remember changes what is stored of a source.
func (o *operator) remember(id coranto.SourceID, change func(*storage.SourceState)) {
	o.Helper()
	store, err := bolt.Open(o.path("data/"+storeName), bolt.Options{})
	if err != nil {
		o.Fatal(err)
	}
	var rec storage.SourceRecord
	for rec, err = range store.Sources(o.Context(), storage.SourceQuery{IDs: []coranto.SourceID{id}}) {
		if err != nil {
			o.Fatal(err)
		}
	}
	visit := storage.Visit{Source: id, State: rec.State}
	change(&visit.State)
	if results, err := store.Commit(o.Context(), []storage.Visit{visit}); err != nil || results[0].Err != nil {
		o.Fatal(err, results)
	}
	if err := store.Close(); err != nil {
		o.Fatal(err)
	}
}

// TestRevisit takes back what keeps a source from being asked, with and without a
// server that holds the store.
func TestRevisit(t *testing.T) {
	since := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	tests := []struct {
		name   string
		change func(state *storage.SourceState, origin string)
		served bool
		says   string
	}{
		{"P40 gone", gone(since), false, "was gone since 2026-03-02 10:00:00 UTC"},
		{"P40 gone, while a server runs", gone(since), true, "was gone since 2026-03-02 10:00:00 UTC"},
		{"P52 moved", moved(since, ""), false, "/new on 2026-03-02 10:00:00 UTC; that is undone"},
		{"P52 moved, while a server runs", moved(since, ""), true, "/new on 2026-03-02 10:00:00 UTC; that is undone"},
		{"P52 merged", moved(since, "other"), false, "was merged into other, which is read at http://127"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			url, asked := trail(t)
			admin, err := freePort()
			if err != nil {
				t.Fatal(err)
			}
			o := reader(t, "listen: 127.0.0.1:0\nadmin: "+admin+"\nsources:\n"+
				"  - {id: paper, url: "+url+"/old}\n  - {id: other, url: "+url+"/other, paused: true}\n")
			o.run(exitOK, "fetch")
			<-asked
			o.remember("paper", func(state *storage.SourceState) { tt.change(state, url) })
			if tt.served {
				_, errOut, stop := o.start("serve")
				defer stop()
				o.hears(errOut, "serving", 1)
				if got := o.run(exitOK, "inspect", "paper"); !strings.Contains(got, "revisit paper") {
					t.Errorf("inspect of a running server does not name the remedy:\n%s", got)
				}
			}
			got := o.run(exitOK, "revisit", "paper")
			if !strings.Contains(got, tt.says) || !strings.Contains(got, url+"/old") {
				t.Errorf("revisit says %q, want %q and the address", got, tt.says)
			}
			if !tt.served {
				o.run(exitOK, "fetch", "paper")
			}
			if path := <-asked; path != "/old" {
				t.Errorf("asked %s, want the address of the file", path)
			}
			o.run(exitFailure, "revisit", "nobody")
		})
	}
	t.Run("P30 one that is visited as usual", func(t *testing.T) {
		url, _ := trail(t)
		o := reader(t, "sources: [{id: paper, url: "+url+"}]\n")
		o.run(exitOK, "fetch")
		o.run(exitFailure, "revisit", "paper")
	})
}

func gone(since time.Time) func(*storage.SourceState, string) {
	return func(state *storage.SourceState, _ string) {
		state.Outcome, state.GoneSince, state.LastError = storage.OutcomeGone, since, "410 Gone"
		state.Next, state.LastVisit, state.Fresh = time.Now().Add(1000*time.Hour), since, time.Time{}
	}
}

func moved(since time.Time, into coranto.SourceID) func(*storage.SourceState, string) {
	return func(state *storage.SourceState, origin string) {
		state.Move = storage.Move{To: origin + "/new", Polls: 3, Since: since, Adopted: since, Into: into}
		state.Next, state.LastVisit, state.Fresh = time.Now().Add(1000*time.Hour), since, time.Time{}
	}
}
