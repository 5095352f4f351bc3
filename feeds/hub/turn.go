package hub

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/coranto/coranto/storage"
)

// turnParts is how often a turn is renewed before it would be over.
const turnParts = 3

// turn is which process delivers.
type turn struct {
	Owner string    `json:"owner"`
	Until time.Time `json:"until"`
}

// stands reports whether another process must wait. A turn that ends later than any can
// was written by a clock that has been set back.
func (t turn) stands(now time.Time, longest time.Duration) bool {
	return now.Before(t.Until) && t.Until.Sub(now) <= 2*longest
}

// takeTurn returns a context that ends when ctx does or the turn is lost; nil when it
// is another's. release gives back what was taken.
func (h *Hub) takeTurn(ctx context.Context) (held context.Context, release func()) {
	if h.opts.Sole {
		return ctx, func() {}
	}
	mine, err := h.claim(ctx)
	if err == nil && mine == nil {
		_, err = h.sync(ctx)
	}
	if err != nil && ctx.Err() == nil {
		h.complain(err)
	}
	if mine == nil {
		return nil, func() {}
	}
	held, lose := context.WithCancel(ctx)
	renewed := make(chan []byte, 1)
	go func() {
		defer lose()
		renewed <- h.renew(held, mine)
	}()
	return held, func() {
		lose()
		if last := <-renewed; last != nil {
			h.release(ctx, last)
		}
	}
}

// claim takes the turn if nobody has it, and returns its value; nil when somebody has.
func (h *Hub) claim(ctx context.Context) ([]byte, error) {
	old, err := h.value(ctx, turnName)
	if err != nil {
		return nil, err
	}
	var other turn
	if json.Unmarshal(old, &other) == nil && other.stands(h.now(), h.opts.Turn) {
		return nil, nil
	}
	if h.owner == "" {
		if h.owner, err = h.draw(); err != nil {
			return nil, err
		}
	}
	return h.prolong(ctx, old)
}

// prolong replaces the turn's value by one of ours; nil when it was not old any more.
func (h *Hub) prolong(ctx context.Context, old []byte) ([]byte, error) {
	// The fields have nothing that JSON lacks.
	next, _ := json.Marshal(turn{h.owner, h.now().Add(h.opts.Turn)})
	if bytes.Equal(old, next) {
		return next, nil
	}
	err := h.store.SetValues(ctx, []storage.ValueChange{{Name: turnName, Old: old, New: next}})
	if errors.Is(err, storage.ErrConflict) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return next, nil
}

// renew keeps the turn until ctx ends, and returns its last value; nil when the turn
// was lost.
func (h *Hub) renew(ctx context.Context, value []byte) []byte {
	tick := time.NewTicker(h.opts.Turn / turnParts)
	defer tick.Stop()
	failed := 0
	for {
		select {
		case <-ctx.Done():
			return value
		case <-tick.C:
		}
		next, err := h.prolong(ctx, value)
		switch {
		case err == nil && next == nil:
			return nil
		case err == nil:
			value, failed = next, 0
		case ctx.Err() == nil:
			h.complain(err)
			if failed++; failed == turnParts-1 {
				return nil // before somebody else takes it
			}
		}
	}
}

// release lets others have the turn at once.
func (h *Hub) release(ctx context.Context, value []byte) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastSave)
	defer cancel()
	err := h.store.SetValues(ctx, []storage.ValueChange{{Name: turnName, Old: value}})
	if err != nil && !errors.Is(err, storage.ErrConflict) {
		h.complain(err)
	}
}
