package operate_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/decree"
	"github.com/coranto/coranto/cmd/coranto/operate"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/cmd/coranto/socket"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// newDesk is a desk with a store of one source and one item.
func newDesk(t *testing.T) (*operate.Desk, coranto.ItemID) {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "coranto.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	src := coranto.Source{ID: "paper", URL: "https://example.org/feed"}
	if err := store.UpsertSources(t.Context(), []coranto.Source{src}, nil); err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	item := coranto.Item{
		ID: coranto.NewItemID("paper", "a"), Source: "paper", GUID: "a", Link: "https://example.org/a",
		Title: "Hello", Content: "<p>Text</p>", Published: noon,
	}
	visit := storage.Visit{Source: "paper", Items: []coranto.Item{item}}
	visit.State.Outcome, visit.State.LastVisit, visit.State.Next = "ok", noon, noon.Add(time.Hour)
	results, err := store.Commit(t.Context(), []storage.Visit{visit})
	if err != nil || results[0].Err != nil {
		t.Fatal(err, results)
	}
	return &operate.Desk{
		Store: store, Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler),
		Halted: func() string { return "" },
		Backup: func() *show.Backup { return &show.Backup{Dir: "copies", Next: noon} },
	}, item.ID
}

// same has an operation done here and by a server, which must come to the same.
func same[In, Out any](
	t *testing.T, op operate.Operation[In, Out], d *operate.Desk, c socket.Client, in In, says string,
) {
	t.Helper()
	here, hereErr := op.Do(t.Context(), d, in)
	there, thereErr := op.Ask(t.Context(), c, in)
	if diff := cmp.Diff(here, there); diff != "" {
		t.Errorf("%s %v: the server says otherwise (-here +there):\n%s", op.Name, in, diff)
	}
	if says == "" && hereErr == nil && thereErr == nil {
		return
	}
	for _, err := range []error{hereErr, thereErr} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s %v: error = %v, want one that says %q", op.Name, in, err, says)
		}
	}
	if errors.Is(hereErr, storage.ErrNotFound) != errors.Is(thereErr, storage.ErrNotFound) {
		t.Errorf("%s %v: here %v, there %v: not alike", op.Name, in, hereErr, thereErr)
	}
}

func TestSameHereAndThere(t *testing.T) {
	d, item := newDesk(t)
	c := socket.Client{Store: filepath.Join(t.TempDir(), "coranto.db"), Temp: t.TempDir()}
	handler := operate.Handler(func() *operate.Desk { return d })
	server, err := socket.Listen(c.Store, c.Temp, handler, d.Log)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	same(t, operate.Status(), d, c, operate.Nothing{}, "")
	same(t, operate.Inspect(), d, c, "paper", "")
	same(t, operate.Inspect(), d, c, item.String(), "")
	same(t, operate.Inspect(), d, c, "nobody", "no file, no address")
	same(t, operate.Revisit(), d, c, "paper", "neither gone nor moved")
	same(t, operate.Revisit(), d, c, "nobody", "not found")
	same(t, operate.Decree(), d, c, decree.Decree{Verb: "pin", What: "https://example.org/a"}, "")
	same(t, operate.Decree(), d, c, decree.Decree{Verb: "burn", What: "paper"}, "nothing is done by")
	answer, err := c.Ask(t.Context(), "nonsense", nil)
	if err == nil {
		_, err = io.Copy(io.Discard, answer)
		t.Errorf("an operation that is not on the list is answered; error %v", err)
	}
}

// TestQuestion is what no command of ours asks.
func TestQuestion(t *testing.T) {
	d, _ := newDesk(t)
	handler := operate.Handler(func() *operate.Desk { return d })
	for _, tt := range []struct {
		method, path, body string
		want               int
	}{
		{http.MethodPost, "/status", "{}", http.StatusOK},
		{http.MethodPost, "/decree", "{", http.StatusInternalServerError},
		{http.MethodGet, "/decree", "{}", http.StatusMethodNotAllowed},
		{http.MethodPost, "/", "{}", http.StatusNotFound},
	} {
		w := httptest.NewRecorder()
		body := strings.NewReader(tt.body)
		handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), tt.method, tt.path, body))
		if w.Code != tt.want {
			t.Errorf("%s %s %s: %d, want %d", tt.method, tt.path, tt.body, w.Code, tt.want)
		}
	}
}
