package aggregate_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/storage"
)

// TestMoves follows redirects from /old to what the script of a test says, a visit
// each.
func TestMoves(t *testing.T) {
	t.Parallel()
	feed := "/new/feed"
	tests := []struct {
		name   string
		script []string // status and path, or "" for no redirect
		gap    time.Duration
		other  bool // another source is read at the new place
		moved  bool
	}{
		{"P51 B20 301 three times over a day", []string{"301 /new/feed", "301 /new/feed", "301 /new/feed"}, 13 * time.Hour, false, true},
		{"P51 308 and 301", []string{"308 /new/feed", "301 /new/feed", "308 /new/feed"}, 13 * time.Hour, false, true},
		{"P51 three times within a day", []string{"301 /new/feed", "301 /new/feed", "301 /new/feed"}, 11 * time.Hour, false, false},
		{"P51 twice over two days", []string{"301 /new/feed", "301 /new/feed"}, 48 * time.Hour, false, false},
		{"P51 B19 once, then not", []string{"301 /new/feed", "", "301 /new/feed", "301 /new/feed"}, 13 * time.Hour, false, false},
		{"P51 B21 302 every time", []string{"302 /new/feed", "302 /new/feed", "302 /new/feed", "302 /new/feed"}, 13 * time.Hour, false, false},
		{"P51 307 every time", []string{"307 /new/feed", "307 /new/feed", "307 /new/feed"}, 13 * time.Hour, false, false},
		{"P51 one 302 begins anew", []string{"301 /new/feed", "301 /new/feed", "302 /new/feed", "301 /new/feed", "301 /new/feed"}, 13 * time.Hour, false, false},
		{"P51 one 302 in the chain", []string{"301 /via", "301 /via", "301 /via"}, 13 * time.Hour, false, false},
		{"P51 to a page", []string{"301 /page", "301 /page", "301 /page", "301 /page"}, 13 * time.Hour, false, false},
		{"P51 to here and there", []string{"301 /new/feed", "301 /new/other", "301 /new/feed"}, 13 * time.Hour, false, false},
		{"P52 to the front page", []string{"301 /", "301 /", "301 /"}, 13 * time.Hour, false, false},
		{"P52 to where another source is read", []string{"301 /new/feed", "301 /new/feed", "301 /new/feed"}, 13 * time.Hour, true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var step atomic.Int32
			d := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
				redirect := ""
				switch i := int(step.Load()); {
				case r.URL.Path == "/via":
					redirect = "302 " + feed
				case r.URL.Path == "/page":
					fmt.Fprint(w, "<html>We have moved</html>")
					return
				case r.URL.Path == "/old" && i < len(tt.script):
					redirect = tt.script[i]
				}
				status, path, ok := strings.Cut(redirect, " ")
				if !ok {
					etagged(w, r)
					return
				}
				w.Header().Set("Location", path)
				code := 0
				_, _ = fmt.Sscan(status, &code)
				w.WriteHeader(code)
			})
			sources := []coranto.Source{{ID: "a", URL: d.url + "/old"}}
			if tt.other {
				sources = append(sources, coranto.Source{ID: "b", URL: d.url + feed, Paused: true})
			}
			p := newPlanet(t, sources...)
			for range tt.script {
				p.call(aggregate.Call{Force: true})
				step.Add(1)
				p.wait(tt.gap)
			}
			m := p.state("a").Move
			if m.Adopted.IsZero() == tt.moved {
				t.Fatalf("adopted at %s: %+v, want adopted: %v", m.Adopted, m, tt.moved)
			}
			if tt.moved && m.To != d.url+feed {
				t.Errorf("moved to %s, want %s", m.To, feed)
			}
		})
	}
}

func TestLifeAfterMove(t *testing.T) {
	var back atomic.Bool
	d := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/old" && !back.Load():
			w.Header().Set("Location", "/new")
			w.WriteHeader(http.StatusMovedPermanently)
		case r.URL.Path == "/new" && back.Load():
			w.WriteHeader(http.StatusNotFound)
		default:
			etagged(w, r)
		}
	})
	src := coranto.Source{ID: "a", URL: d.url + "/old"}
	p := newPlanet(t, src)
	move := func() {
		for range 3 {
			p.call(aggregate.Call{Force: true})
			p.wait(13 * time.Hour)
		}
	}
	move()
	t.Run("P52 the old address is known and not asked, items keep their ids", func(t *testing.T) {
		before := d.requests()
		p.restart()
		p.call(aggregate.Call{Force: true})
		stats, err := p.store.Stats(t.Context())
		if err != nil || stats.Items != 1 || d.requests() != before+1 {
			t.Errorf("%d items, %d requests, want 1 of both: the new address alone", stats.Items, d.requests()-before)
		}
		for rec, err := range p.store.Sources(t.Context(), storage.SourceQuery{}) {
			if err != nil || rec.URL != src.URL || rec.State.Move.Adopted.IsZero() {
				t.Errorf("source at %s, move %+v, want the file's address and a date", rec.URL, rec.State.Move)
			}
		}
	})
	t.Run("P52 the old address is asked again when the new one fails", func(t *testing.T) {
		back.Store(true)
		for range 4 {
			p.wait(day)
			p.call(aggregate.Call{Force: true})
		}
		if st := p.state("a"); st.Move != (storage.Move{}) || st.Fails != 0 {
			t.Errorf("move %+v, %d fails, want none of both", st.Move, st.Fails)
		}
	})
	t.Run("P52 another address in the file forgets the move", func(t *testing.T) {
		back.Store(false)
		move()
		if p.state("a").Move.Adopted.IsZero() {
			t.Fatal("the source has not moved again")
		}
		src.URL = d.url + "/third"
		if err := p.store.UpsertSources(t.Context(), []coranto.Source{src}, nil); err != nil {
			t.Fatal(err)
		}
		if m := p.state("a").Move; m != (storage.Move{}) {
			t.Errorf("move %+v, want none", m)
		}
	})
}
