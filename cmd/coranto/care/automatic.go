package care

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/coranto/coranto/aggregate/clock"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/storage/bolt/disk"
)

// The pace of Automatic.
const (
	look  = time.Minute // between two looks whether a backup is due
	again = time.Hour   // after one that failed, at the most
)

// abandoned is the age after which a copy that is not complete is nobody's.
const abandoned = 24 * time.Hour

// Automatic makes backups of a store that this process holds, as a plan says. A backup
// that fails is logged, told by Report and tried again; it ends nothing. It is safe for
// concurrent use.
type Automatic struct {
	keeper *Keeper
	turn   chan struct{} // is sent to by whoever makes a backup

	mu     sync.Mutex
	failed time.Time // zero when the last one went well
	why    error
}

// NewAutomatic returns one that makes no backup until Run.
func NewAutomatic(k *Keeper) *Automatic {
	return &Automatic{keeper: k, turn: make(chan struct{}, 1)}
}

// Alone waits until no backup is being made. The next begins after done is called.
func (a *Automatic) Alone(ctx context.Context) (done func(), err error) {
	select {
	case a.turn <- struct{}{}:
		return func() { <-a.turn }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Run keeps a plan until ctx ends.
func (a *Automatic) Run(ctx context.Context, p Plan) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			a.Look(ctx, p)
		}
	}
}

// Look makes a backup if one is due.
func (a *Automatic) Look(ctx context.Context, p Plan) {
	if now := a.keeper.Now(); p.Every == 0 || !clock.Possible(now) || now.Before(a.next(p, now)) {
		return
	}
	done, err := a.Alone(ctx)
	if err != nil {
		return
	}
	defer done()
	switch err := a.back(ctx, p); {
	case ctx.Err() != nil: // the end came first; the next start makes it
	case err != nil:
		a.keeper.Log.Error("no backup was made; it is tried again", "err", err)
		a.note(err)
	default:
		a.note(nil)
	}
}

// next is when the next backup is due, or one that failed is tried again.
func (a *Automatic) next(p Plan, now time.Time) time.Time {
	due := p.due(a.keeper.Path, now)
	a.mu.Lock()
	defer a.mu.Unlock()
	if wait := a.failed.Add(min(again, p.Every)); wait.After(due) && !a.failed.After(now) {
		return wait
	}
	return due
}

func (a *Automatic) note(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.failed, a.why = time.Time{}, err
	if err != nil {
		a.failed = a.keeper.Now().UTC()
	}
}

// back makes a backup where the disk has room for two, so that the store has room too.
func (a *Automatic) back(ctx context.Context, p Plan) error {
	info, err := os.Stat(a.keeper.Path)
	if err != nil {
		return err
	}
	if err := p.ready(); err != nil {
		return fmt.Errorf("make the directory of backups: %w", err)
	}
	if err := disk.NeedRoom(p.Dir, 2*info.Size()); err != nil {
		return fmt.Errorf("skipped: %w", err)
	}
	if err := a.keeper.Backup(ctx, p.Dir, p.Keep); err != nil {
		return err
	}
	name, _ := p.newest(a.keeper.Now())
	a.keeper.Log.Info("backup made and checked", "file", name, "bytes", info.Size())
	return nil
}

// Report tells how the plan is kept; nil when there is none.
func (a *Automatic) Report(p Plan) *show.Backup {
	now := a.keeper.Now()
	report := p.Report(a.keeper.Path, now)
	if report == nil {
		return nil
	}
	report.Next = a.next(p, now).UTC()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.why != nil {
		report.Failed, report.Error = a.failed, a.why.Error()
	}
	return report
}
