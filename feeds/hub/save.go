package hub

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/coranto/coranto/storage"
)

// perWrite is how many values are read or written at once.
const perWrite = 500

// soil notes that memory holds something of an entry that the store does not. The
// caller holds h.mu.
func (h *Hub) soil(e *entry) {
	h.unsaved[e] = struct{}{}
	select {
	case h.soiled <- struct{}{}:
	default:
	}
}

// saveSoiled stores outcomes as they come, those together that came while others were
// stored, until ctx ends.
func (h *Hub) saveSoiled(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.soiled:
		}
		if err := h.save(ctx); err != nil && ctx.Err() == nil {
			h.complain(err)
		}
	}
}

// draft is an entry's value before and after it is stored.
type draft struct {
	entry *entry
	storage.ValueChange
}

// save stores the outcomes that are not stored yet. Those that it could not store are
// tried again at the next checkpoint.
func (h *Hub) save(ctx context.Context) error {
	h.writing.Lock()
	defer h.writing.Unlock()
	for {
		drafts := h.drafts()
		if len(drafts) == 0 {
			return nil
		}
		changes := make([]storage.ValueChange, len(drafts))
		for i, d := range drafts {
			changes[i] = d.ValueChange
		}
		err := h.store.SetValues(ctx, changes)
		if errors.Is(err, storage.ErrConflict) {
			// Another process changed some of them.
			for _, d := range drafts {
				if err := h.saveOne(ctx, d); err != nil {
					h.undo(drafts)
					return err
				}
			}
			continue
		}
		if err != nil {
			h.undo(drafts)
			return fmt.Errorf("store what came of deliveries: %w", err)
		}
		h.clean(drafts)
	}
}

// drafts takes some of what is unsaved.
func (h *Hub) drafts() []draft {
	h.mu.Lock()
	defer h.mu.Unlock()
	var drafts []draft
	for e := range h.unsaved {
		if len(drafts) == perWrite {
			break
		}
		delete(h.unsaved, e)
		if e.over && h.table.entries[e.name()] != nil {
			continue // its subscriber has come back; that is stored already
		}
		d := draft{e, storage.ValueChange{Name: e.name(), Old: e.raw}}
		if !e.over {
			d.New = e.encode()
		}
		if !bytes.Equal(d.Old, d.New) {
			drafts = append(drafts, d)
		}
	}
	return drafts
}

func (h *Hub) clean(drafts []draft) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, d := range drafts {
		d.entry.raw = d.New
	}
}

// undo lets drafts be taken again.
func (h *Hub) undo(drafts []draft) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, d := range drafts {
		h.unsaved[d.entry] = struct{}{}
	}
}

// saveOne stores an outcome beside what another process may have stored: the outcome is
// ours to say, the lease and the secret are whoever's confirmed them last. What another
// process removed stays so, and one that ended here but was confirmed there goes on.
func (h *Hub) saveOne(ctx context.Context, d draft) error {
	held, err := h.value(ctx, d.Name)
	if err != nil {
		return err
	}
	h.mu.Lock()
	e := d.entry
	sub := e.subscription
	if was, err := decodeSubscription(d.Name, held); err == nil {
		sub.Until, sub.Secret = was.Until, was.Secret
		e.subscription, e.raw = sub, held
	}
	if held == nil && !e.over {
		h.table.remove(e)
	}
	over := e.over
	h.mu.Unlock()
	if held == nil || over && !bytes.Equal(held, d.Old) {
		return nil
	}
	d.Old, d.New = held, nil
	if !over {
		d.New = sub.encode()
	}
	if bytes.Equal(d.Old, d.New) {
		return nil
	}
	err = h.store.SetValues(ctx, []storage.ValueChange{d.ValueChange})
	switch {
	case err == nil:
		h.clean([]draft{d})
	case errors.Is(err, storage.ErrConflict):
		h.undo([]draft{d})
	default:
		return fmt.Errorf("store what came of a delivery: %w", err)
	}
	return nil
}

// checkpoint stores the place in the log. What was found before it and is still to be
// delivered is marked as owed first, so that nothing is forgotten with it.
func (h *Hub) checkpoint(ctx context.Context) error {
	place := h.mark()
	if place == nil || bytes.Equal(place, h.place) {
		return h.save(ctx)
	}
	if err := h.save(ctx); err != nil {
		return err
	}
	change := storage.ValueChange{Name: cursorName, Old: h.place, New: place}
	err := h.store.SetValues(ctx, []storage.ValueChange{change})
	if errors.Is(err, storage.ErrConflict) {
		if change.Old, err = h.value(ctx, cursorName); err == nil {
			err = h.store.SetValues(ctx, []storage.ValueChange{change})
		}
	}
	if err != nil {
		return fmt.Errorf("store the place in the log: %w", err)
	}
	h.place = place
	return nil
}

// mark marks what is to be delivered, and returns the value of the place in the log;
// nil when nobody subscribes, and so nothing needs to be known of it.
func (h *Hub) mark() []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	for _, e := range h.table.entries {
		if e.state != idle && e.Owed.IsZero() {
			e.Owed = now
			h.soil(e)
		}
	}
	if len(h.table.entries) == 0 {
		return nil
	}
	return []byte(cursorMark + h.cursor)
}

// cursorMark stands before a cursor, so that no value is empty.
const cursorMark = "="

// value reads one value; nil when there is none.
func (h *Hub) value(ctx context.Context, name string) ([]byte, error) {
	list, err := h.store.Values(ctx, name, "", 1)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(list) == 0 || list[0].Name != name {
		return nil, nil
	}
	return list[0].Data, nil
}

// sync reads all subscriptions from the store, and returns the topics of those that were
// not known, sorted.
func (h *Hub) sync(ctx context.Context) (fresh []string, err error) {
	h.writing.Lock()
	defer h.writing.Unlock()
	stored := make(map[string]bool)
	for after := ""; ; {
		page, err := h.store.Values(ctx, subscriptionsPrefix, after, perWrite)
		if err != nil {
			return nil, fmt.Errorf("read subscriptions: %w", err)
		}
		if len(page) == 0 {
			break
		}
		h.mu.Lock()
		for _, v := range page {
			stored[v.Name], after = true, v.Name
			if path, ok := h.learn(v); ok {
				fresh = append(fresh, path)
			}
		}
		h.mu.Unlock()
	}
	h.forget(stored)
	slices.Sort(fresh)
	return slices.Compact(fresh), nil
}

// learn takes in a subscription as it is stored, unless memory knows more of it. It
// returns the path of its topic if it is new. The caller holds h.mu.
func (h *Hub) learn(v storage.Value) (path string, fresh bool) {
	e := h.table.entries[v.Name]
	if _, unsaved := h.unsaved[e]; e != nil && (unsaved || bytes.Equal(e.raw, v.Data)) {
		return "", false
	}
	sub, err := decodeSubscription(v.Name, v.Data)
	if err != nil {
		h.log.Warn("subscription passed over", "err", err)
		return "", false
	}
	path, _ = h.topicPath(sub.Topic)
	known := e != nil
	e = h.table.add(sub, v.Data, path)
	if h.delivering != nil {
		h.resume(e)
		h.dispatch()
	}
	return path, !known && path != ""
}

// forget drops the entries that are not stored any more.
func (h *Hub) forget(stored map[string]bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.loaded = true
	for name, e := range h.table.entries {
		if !stored[name] {
			h.table.remove(e)
		}
	}
}
