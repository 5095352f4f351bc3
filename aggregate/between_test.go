package aggregate_test

import (
	"net/http"
	"testing"

	"github.com/coranto/coranto/storage"
)

// TestFailuresBetween has other failures between the answers that count.
func TestFailuresBetween(t *testing.T) {
	// alternating answers with other after each so many of status.
	alternating := func(t *testing.T, status, each, other int) *desk {
		n := 0
		return newDesk(t, func(w http.ResponseWriter, _ *http.Request) {
			if n++; n%(each+1) == 0 {
				w.WriteHeader(other)
				return
			}
			w.WriteHeader(status)
		})
	}
	t.Run("P40 410 and 503 in turn end it", func(t *testing.T) {
		d := alternating(t, http.StatusGone, 1, http.StatusServiceUnavailable)
		p := newPlanet(t, numbered(1, d.url)...)
		p.live(4 * day)
		if st := p.state("s0"); st.Outcome != storage.OutcomeGone {
			t.Errorf("outcome %q after %d requests, want gone", st.Outcome, d.requests())
		}
	})
	t.Run("P40 a success between two 410s begins anew", func(t *testing.T) {
		n := 0
		d := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
			if n++; n%2 == 0 {
				etagged(w, r)
				return
			}
			w.WriteHeader(http.StatusGone)
		})
		p := newPlanet(t, numbered(1, d.url)...)
		p.live(5 * day)
		if st := p.state("s0"); st.Outcome == storage.OutcomeGone {
			t.Errorf("gone after %d requests, want not", d.requests())
		}
	})
	t.Run("P41 404 with a 502 now and then is asked once a week after a month", func(t *testing.T) {
		d := alternating(t, http.StatusNotFound, 19, http.StatusBadGateway)
		p := newPlanet(t, numbered(1, d.url)...)
		p.live(60 * day)
		before := d.requests()
		p.live(70 * day)
		if got := d.requests() - before; got > 13 {
			t.Errorf("%d requests in ten weeks, want one a week", got)
		}
	})
}
