// Package retain keeps a store within the operator's limits.
//
// A Keeper removes what the policy no longer keeps, in slices, so that commits are
// never held up for long: soon after items were stored, and once a day, because
// items also grow old. Where the file has a budget, it also removes the oldest items
// before that is reached, or when it was: see storage.Stats. Pinned items stay.
package retain

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/coranto/coranto/storage"
)

// Options configures a Keeper. Store is required.
type Options struct {
	Store  storage.Store
	Policy storage.Policy // the zero value keeps everything that the budget allows
	Slice  int            // items removed in one transaction; 0 means 500
	Settle time.Duration  // from a change of the store to the look at it; 0 means a minute
	Logger *slog.Logger   // nil logs nothing
}

// Keeper retains. It is safe for concurrent use.
type Keeper struct {
	store  storage.Store
	policy storage.Policy
	slice  int
	settle time.Duration
	log    *slog.Logger
}

// New returns a Keeper.
func New(opts Options) *Keeper {
	return &Keeper{
		store:  opts.Store,
		policy: opts.Policy,
		slice:  cmp.Or(opts.Slice, 500),
		settle: cmp.Or(opts.Settle, time.Minute),
		log:    cmp.Or(opts.Logger, slog.New(slog.DiscardHandler)),
	}
}

// everyDay is the time after which a store is looked at that nothing was stored in.
const everyDay = 24 * time.Hour

// Run retains until ctx ends. It outlives failures of the store and logs them.
func (k *Keeper) Run(ctx context.Context) {
	hints := k.store.Watch(ctx)
	for ctx.Err() == nil {
		if _, err := k.Once(ctx); err != nil && ctx.Err() == nil {
			if errors.Is(err, storage.ErrClosed) {
				return
			}
			k.log.Error("old items are not removed", "err", err)
		}
		wait(ctx, nil, k.settle)
		if !wait(ctx, hints, everyDay) {
			hints = nil // the store was closed, or ctx ended
		}
	}
}

// wait returns when a hint comes, a time is over or ctx ends; false when no more
// hints will come.
func wait(ctx context.Context, hints <-chan struct{}, longest time.Duration) bool {
	timer := time.NewTimer(longest)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case _, open := <-hints:
		return open
	}
	return true
}

// The parts of a budget, in percent: when more than the high one is used, the oldest
// items go until the low one is. When a commit does not fit they go while more than the
// least is used: engines may need room for more than what is used.
const (
	high  = 90
	low   = 80
	least = 25
)

// Once removes what the policy no longer keeps and, where most of the budget is
// used, the oldest items too.
func (k *Keeper) Once(ctx context.Context) (storage.RetainStats, error) {
	removed, err := k.apply(ctx, k.policy)
	if err != nil {
		return removed, err
	}
	st, err := k.store.Stats(ctx)
	if err != nil {
		return removed, fmt.Errorf("retain: %w", err)
	}
	used := st.FileBytes - st.FreeBytes
	if st.MaxBytes == 0 || used <= st.MaxBytes/100*high {
		return removed, nil
	}
	more, err := k.shrink(ctx, &st, float64(st.MaxBytes/100*low)/float64(used))
	return sum(removed, more), err
}

// Room makes room in a store that is full, and reports whether there is some now.
// Without a budget it removes no more than the policy says, nor where most of the budget
// is free: what does not fit then is too large, or something else fills the disk.
func (k *Keeper) Room(ctx context.Context) bool {
	removed, err := k.Once(ctx)
	if err == nil && removed.Items == 0 {
		var st storage.Stats
		st, err = k.store.Stats(ctx)
		if err == nil && st.MaxBytes > 0 && st.FileBytes-st.FreeBytes > st.MaxBytes/100*least {
			removed, err = k.shrink(ctx, &st, float64(low)/float64(high))
		}
	}
	if err != nil {
		k.log.Error("no room made in a full store", "err", err)
	}
	return removed.Items > 0
}

// shrink removes the oldest items until that part of the items' bytes is left.
func (k *Keeper) shrink(
	ctx context.Context, st *storage.Stats, part float64,
) (storage.RetainStats, error) {
	k.log.Warn("the store comes to the end of its budget: the oldest items go",
		"bytes", st.FileBytes-st.FreeBytes, "budget", st.MaxBytes)
	keep := max(1, int64(float64(st.ItemBytes)*part))
	return k.apply(ctx, storage.Policy{Limits: storage.Limits{Bytes: keep}})
}

// apply removes all that a policy does not keep, slice by slice.
func (k *Keeper) apply(ctx context.Context, p storage.Policy) (all storage.RetainStats, err error) {
	if p.IsZero() {
		return all, nil
	}
	for more := true; more; {
		var slice storage.RetainStats
		more, slice, err = k.store.Retain(ctx, p, k.slice)
		all = sum(all, slice)
		if err != nil {
			return all, err
		}
		if slice.Items == 0 {
			break
		}
	}
	if all.Items > 0 {
		k.log.Info("old items removed", "items", all.Items, "bytes", all.Bytes)
	}
	return all, nil
}

func sum(a, b storage.RetainStats) storage.RetainStats {
	return storage.RetainStats{Items: a.Items + b.Items, Bytes: a.Bytes + b.Bytes}
}
