package aggregate_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
)

// TestIsolation has four sources among many that behave as badly as they can.
func TestIsolation(t *testing.T) {
	hold := make(chan struct{}) // until the others are done
	bad := map[string]http.HandlerFunc{
		"trickles": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, feedHead)
			_ = http.NewResponseController(w).Flush()
			select {
			case <-hold:
			case <-r.Context().Done():
			}
		},
		"never-answers": func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-hold:
			case <-r.Context().Done():
			}
		},
		"bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = io.CopyN(z, zeros{}, 64<<20)
			_ = z.Close()
		},
		"deep": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, feedHead, strings.Repeat("<z:a>", 200_000))
		},
	}
	var sources []coranto.Source
	for name, answer := range bad {
		sources = append(sources, coranto.Source{ID: coranto.SourceID("bad-" + name), URL: newDesk(t, answer).url})
	}
	for i := range 100 {
		d := newDesk(t, etagged)
		sources = append(sources, coranto.Source{ID: coranto.SourceID(fmt.Sprint("good-", i)), URL: d.url})
	}
	p := newPlanet(t, sources...)
	p.agg = aggregate.New(aggregate.Options{
		Store: p.store, Clock: p.now, Workers: 4,
		Fetch: fetch.New(fetch.Options{
			AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
			Timeout:       time.Minute, HeaderTimeout: time.Minute, IdleTimeout: time.Minute,
		}),
	})
	t.Run("R11 B17 sources that hang and bombs keep no other waiting", func(t *testing.T) {
		visited, good := 0, 0
		_, err := p.agg.Pass(t.Context(), aggregate.Observer{
			Visited: func() {
				if visited++; visited == len(sources)-2 {
					close(hold) // all but those that hang are done
				}
			},
			Stored: func(r aggregate.Report) {
				if r.Err == nil && r.New == 1 {
					good++
				}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if visited != len(sources) || good < 100 {
			t.Errorf("%d visits, %d of them well, want %d and 100 or more", visited, good, len(sources))
		}
	})
}

// zeros is without end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}
