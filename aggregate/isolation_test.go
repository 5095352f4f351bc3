package aggregate_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/storage"
)

// TestIsolation has four sources among many that behave as badly as they can.
func TestIsolation(t *testing.T) {
	t.Parallel()
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

// TestPanic has 500 sources on 50 hosts, three of them bad.
func TestPanic(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{}) // until the others are done
	var sources []coranto.Source
	for range 50 {
		d := newDesk(t, etagged)
		for range 10 {
			id := coranto.SourceID(fmt.Sprintf("s%03d", len(sources)))
			sources = append(sources, coranto.Source{ID: id, URL: fmt.Sprint(d.url, "/", id)})
		}
	}
	sources[100].URL = newDesk(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, feedHead)
		_ = http.NewResponseController(w).Flush()
		select {
		case <-hold:
		case <-r.Context().Done():
		}
	}).url
	sources[200].URL = newDesk(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.CopyN(z, zeros{}, 64<<20)
		_ = z.Close()
	}).url
	const panics = "s300"
	p := newPlanet(t, sources...)
	var log bytes.Buffer
	p.agg = aggregate.New(aggregate.Options{
		Store: panicking{p.store, panics}, Clock: p.now, Workers: 2, Fetch: p.fetch,
		Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	reports := make(map[coranto.SourceID]aggregate.Report)
	visited := 0
	_, err := p.agg.Pass(t.Context(), aggregate.Observer{
		Stored: func(r aggregate.Report) { reports[r.Source] = r },
		Visited: func() {
			if visited++; visited == len(sources)-1 {
				close(hold) // all but the one that trickles are done
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Run("R11 of 500 sources one trickles, one is a bomb, one panics: 497 on time", func(t *testing.T) {
		good := 0
		for _, r := range reports {
			if r.Err == nil && r.New == 1 {
				good++
			}
		}
		if visited != 500 || good < 497 {
			t.Errorf("%d visits, %d of them well, want 500 and 497", visited, good)
		}
		r := reports[panics]
		if !errors.Is(r.Err, aggregate.ErrPanic) || !strings.Contains(fmt.Sprint(r.Err), "no such luck") {
			t.Errorf("%s: %v, want an error that tells of the panic", panics, r.Err)
		}
		if text := log.String(); !strings.Contains(text, "source="+panics) || !strings.Contains(text, "Seen") {
			t.Errorf("log %q, want the source and a stack", text)
		}
	})
	t.Run("R11 P38 the one that panicked is put off like one that failed", func(t *testing.T) {
		st := p.state(panics)
		if st.Fails != 1 || st.Outcome != storage.OutcomeFailed || p.until(panics) < time.Hour {
			t.Errorf("%d fails, outcome %q, next in %s, want 1, failed, and more than an hour",
				st.Fails, st.Outcome, p.until(panics))
		}
		p.agg = aggregate.New(aggregate.Options{Store: p.store, Clock: p.now, Fetch: p.fetch})
		p.wait(p.until(panics))
		p.pass()
		if r := p.seen[slices.IndexFunc(p.seen, func(r aggregate.Report) bool {
			return r.Source == panics
		})]; r.Err != nil || r.New != 1 {
			t.Errorf("next visit: %+v, want one new item", r)
		}
	})
}

// panicking is a store that panics in the middle of a visit of one source.
type panicking struct {
	storage.Store
	source coranto.SourceID
}

func (s panicking) Seen(ctx context.Context, id coranto.SourceID) ([]byte, error) {
	if id == s.source {
		panic("no such luck")
	}
	return s.Store.Seen(ctx, id)
}

// zeros is without end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}
