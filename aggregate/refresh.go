package aggregate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/answer"
	"github.com/coranto/coranto/aggregate/normalize"
	"github.com/coranto/coranto/aggregate/schedule"
	"github.com/coranto/coranto/aggregate/source"
	"github.com/coranto/coranto/storage"
)

// Refresh walks one source through the stages. The visit is ready to be
// committed; nothing is stored yet. A failure is in the visit's state as well as
// in the report, except that a canceled context leaves ok false and is no
// outcome at all.
func (a *Aggregator) Refresh(ctx context.Context, rec storage.SourceRecord) (visit storage.Visit, report Report, ok bool) {
	began := a.now()
	stored := rec.State
	rec.State = a.vouched(rec)
	visit = storage.Visit{Source: rec.ID, State: rec.State}

	// 1. List what the origin offers now: one request.
	listing, err := a.list(ctx, rec)
	if ctx.Err() != nil {
		return visit, report, false
	}
	if shut := answer.Shut(err); shut != nil {
		rec.State = stored
		other := shut.WaitHost
		if other == hostOf(&rec) {
			other = ""
		}
		visit, report = a.putOff(rec, shut.Until, other, err)
		return visit, report, true
	}

	// 2. Read and normalize what was not seen before, and file it.
	var ed *edition
	if err == nil && listing.Changed {
		withdraw := a.attempt(ctx, rec, stored, listing)
		if ed, err = a.digest(ctx, rec, listing, &visit, began); ctx.Err() != nil {
			withdraw()
			return visit, report, false
		}
	}

	// 3. Decide where and when to come back, and note how it went.
	if err == nil {
		visit.State.Move = a.follow(ctx, rec, listing)
		a.merges.Note(&rec, visit.State.Move)
	} else {
		keepValidators(&visit.State, &stored)
	}
	a.settle(&visit, rec, listing, ed, err)
	report = Report{
		Source:   rec.ID,
		Title:    rec.Source.Attribution(visit.State.Feed).Title,
		Outcome:  visit.State.Outcome,
		Took:     a.now().Sub(began),
		Next:     visit.State.Next,
		Problems: visit.State.Problems,
		Hub:      rec.State.Push.Offered() || visit.State.Push.Offered(),
	}
	if err != nil {
		visit.Items = nil
		report.Problems = nil
		if report.Outcome == storage.OutcomeOffline {
			err = fmt.Errorf("%w: %w", ErrOffline, err)
		}
		report.Err = &Error{rec.ID, StageList, err}
	}
	return visit, report, true
}

// digest reads a document into its visit.
func (a *Aggregator) digest(
	ctx context.Context, rec storage.SourceRecord, list *source.Listing, visit *storage.Visit,
	began time.Time,
) (*edition, error) {
	ed, err := a.read(ctx, rec, list, began)
	if err != nil {
		return nil, err
	}
	if visit.Items, err = a.file(ctx, rec.Source, ed.result.Posts); err != nil {
		return nil, err
	}
	visit.Seen = ed.memory
	a.learn(&visit.State, rec, list, ed)
	if a.missed(ctx, rec, ed) {
		visit.State.Push.Missed = began.UTC()
	}
	return ed, nil
}

// list asks the origin.
func (a *Aggregator) list(ctx context.Context, rec storage.SourceRecord) (*source.Listing, error) {
	kind, err := source.ByName(rec.Kind)
	if err != nil {
		return nil, err
	}
	rec.URL = address(&rec)
	return kind.List(ctx, a.fetch, rec)
}

// vouched is the state of a source without what vouches for documents that were
// read by other settings, so that they are read again (P07), and without validators
// when its origin has had nothing but 304 for so long that it may be stuck (P11).
func (a *Aggregator) vouched(rec storage.SourceRecord) storage.SourceState {
	state, now := rec.State, a.now().UTC()
	other := state.Reading != reading(rec.Source)
	silent := !state.LastFull.IsZero() && now.Sub(state.LastFull) >= schedule.Whole(rec.ID, state.Gap)
	if other || silent && !rec.Access.Believed {
		state.ETag, state.LastModified, state.ValidatorURL = "", "", ""
		state.LastFull = now
	}
	if other {
		state.BodyHash = [32]byte{}
	}
	return state
}

// keepValidators leaves to a visit that failed what was stored before it.
func keepValidators(state, stored *storage.SourceState) {
	state.ETag, state.LastModified, state.ValidatorURL = stored.ETag, stored.LastModified, stored.ValidatorURL
	state.BodyHash = stored.BodyHash
}

// learn notes what a document says of its source.
func (a *Aggregator) learn(state *storage.SourceState, rec storage.SourceRecord, list *source.Listing, ed *edition) {
	state.Feed = ed.result.Credit
	state.LooseIDs = ed.result.LooseIDs
	state.Problems = keep(ed.problems(list))
	hints := ed.feed.Hints
	state.Hints = storage.Hints{
		TTL:          hints.TTL,
		UpdatePeriod: hints.UpdatePeriod,
		SkipHours:    hints.SkipHours,
		SkipDays:     hints.SkipDays,
	}
	offered(state, list, ed)
	if rec.Items == 0 {
		state.Filing = a.filing(rec.Source)
	}
}

// file puts each post into its categories, and into those of the sources that are
// merged into its own.
func (a *Aggregator) file(
	ctx context.Context, src coranto.Source, posts []normalize.Post,
) ([]coranto.Item, error) {
	items := make([]coranto.Item, len(posts))
	for i := range posts {
		items[i] = posts[i].Item
		var old *storage.Record
		if len(a.merges.Into(src.ID)) > 0 {
			var err error
			if old, err = a.stored(ctx, items[i].ID); err != nil {
				return nil, err
			}
		}
		items[i].Categories = a.filed(src, &items[i], posts[i].Text, old)
	}
	return items, nil
}

// filed are the categories of an item; old is what is stored of it, nil when it is new.
// A source that is merged into the item's has what was there before, and when it is not
// to be visited any more its categories keep what came until then.
func (a *Aggregator) filed(
	src coranto.Source, it *coranto.Item, text string, old *storage.Record,
) []coranto.Slug {
	filed := a.classifier.File(src, it, text)
	for _, guest := range a.merges.Into(src.ID) {
		for _, slug := range a.classifier.File(guest, it, text) {
			isNew := old == nil && !guest.Paused && !guest.Retired
			if isNew || old != nil && slices.Contains(old.Categories, slug) {
				filed = append(filed, slug)
			}
		}
	}
	slices.Sort(filed)
	return slices.Compact(filed)
}

// keptProblems bounds what is stored with a source's state.
const keptProblems = 20

func keep(problems []coranto.Problem) []coranto.Problem {
	return problems[:min(len(problems), keptProblems)]
}
