package hub

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/coranto/coranto/storage"
)

// Wake does at once what Run does from time to time.
func (h *Hub) Wake(ctx context.Context) {
	h.mu.Lock()
	h.line.wake(h.now())
	h.dispatch()
	h.mu.Unlock()
	h.keep(ctx)
}

// Delivering reports whether it is this hub's turn.
func (h *Hub) Delivering() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.delivering != nil
}

// Stored are the subscriptions in a store.
func Stored(t testing.TB, store storage.Store) []subscription {
	t.Helper()
	values, err := store.Values(t.Context(), subscriptionsPrefix, "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	var list []subscription
	for _, v := range values {
		sub, err := decodeSubscription(v.Name, v.Data)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, sub)
	}
	return list
}

// Asking is how many callbacks are asked or about to be asked whether they meant it.
func Asking(h *Hub) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.questions.asked + len(h.questions.waiting)
}

// set writes a value, whatever it is.
func set(t testing.TB, store storage.Store, name string, data []byte) {
	t.Helper()
	old, err := (&Hub{store: store}).value(t.Context(), name)
	if err == nil {
		err = store.SetValues(t.Context(), []storage.ValueChange{{Name: name, Old: old, New: data}})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// ForgetPlace has a store forget how far deliveries have come.
func ForgetPlace(t testing.TB, store storage.Store) {
	t.Helper()
	set(t, store, cursorName, nil)
}

// Spoil puts values into a store that no hub wrote.
func Spoil(t testing.TB, store storage.Store) {
	t.Helper()
	set(t, store, subscriptionsPrefix+"x", []byte("{"))
	set(t, store, subscriptionsPrefix+"y", []byte(`{"topic":"t"}`))
	set(t, store, cursorName, []byte("=no cursor"))
}

// Crowd stores subscriptions to the site's feed whose subscribers have what it is now.
func Crowd(t testing.TB, h *Hub, n int, callback func(int) string) []subscription {
	t.Helper()
	doc, err := h.opts.Publisher.Get(t.Context(), "/atom.xml")
	if err != nil {
		t.Fatal(err)
	}
	var subs []subscription
	var changes []storage.ValueChange
	for i := range n {
		sub := subscription{
			Topic: h.opts.Publisher.Site().Absolute("/atom.xml"), Callback: callback(i), Secret: "s",
			Until: h.now().Add(h.opts.Lease), Has: hashOf(doc.Body),
		}
		subs = append(subs, sub)
		changes = append(changes, storage.ValueChange{Name: sub.name(), New: sub.encode()})
	}
	for part := range slices.Chunk(changes, perWrite) {
		if err := h.store.SetValues(t.Context(), part); err != nil {
			t.Fatal(err)
		}
	}
	return subs
}

// EndUnstored ends the only subscription as an answer of 410 does, but leaves storing
// that to whatever comes next.
func EndUnstored(h *Hub) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.table.entries {
		h.table.remove(e)
		h.unsaved[e] = struct{}{}
	}
}

// Troubles tells what keeps subscriptions from their news, each once.
func Troubles(h *Hub) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	seen := make(map[string]struct{})
	for _, e := range h.table.entries {
		if e.state != idle {
			seen[fmt.Sprintf("state %d, %d fails, %q", e.state, e.Fails, e.Error)] = struct{}{}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}
