package aggregate

import (
	"context"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/normalize"
	"github.com/coranto/coranto/aggregate/source"
	"github.com/coranto/coranto/storage"
)

// Refresh walks one source through the stages. The visit is ready to be
// committed; nothing is stored yet. A failure is in the visit's state as well as
// in the report, except that a canceled context leaves ok false and is no
// outcome at all.
func (a *Aggregator) Refresh(ctx context.Context, rec storage.SourceRecord) (visit storage.Visit, report Report, ok bool) {
	began := a.now()
	visit = storage.Visit{Source: rec.ID, State: rec.State}

	// 1. List what the origin offers now: one request, and the parser.
	listing, err := a.list(ctx, rec)
	if ctx.Err() != nil {
		return visit, report, false
	}

	// 2. Normalize and file what is there, if it is not what we had.
	if err == nil && listing.Changed {
		result := normalize.Feed(normalize.Document{
			Source: rec.Source, Feed: listing.Feed, URL: listing.URL, Now: began,
			LooseIDs: rec.State.LooseIDs,
		})
		err = a.keepIDs(ctx, rec, result.Posts)
		if ctx.Err() != nil {
			return visit, report, false
		}
		visit.Items = a.file(rec.Source, result.Posts)
		a.learn(&visit.State, rec, listing, result)
	}

	// 3. Decide when to come back, and note how it went.
	a.settle(&visit, rec, listing, err)
	report = Report{
		Source:   rec.ID,
		Title:    rec.Source.Attribution(visit.State.Feed).Title,
		Outcome:  visit.State.Outcome,
		Took:     a.now().Sub(began),
		Next:     visit.State.Next,
		Problems: visit.State.Problems,
	}
	if err != nil {
		visit.Items = nil
		report.Problems = nil
		report.Err = &Error{rec.ID, StageList, err}
	}
	return visit, report, true
}

// list asks the origin. What vouches for documents that were read by other
// settings is not sent, so that they are read again (P07).
func (a *Aggregator) list(ctx context.Context, rec storage.SourceRecord) (*source.Listing, error) {
	kind, err := source.ByName(rec.Kind)
	if err != nil {
		return nil, err
	}
	if rec.State.Reading != reading(rec.Source) {
		rec.State.ETag, rec.State.LastModified, rec.State.ValidatorURL = "", "", ""
		rec.State.BodyHash = [32]byte{}
	}
	return kind.List(ctx, a.fetch, rec)
}

// learn notes what a document says of its source.
func (a *Aggregator) learn(state *storage.SourceState, rec storage.SourceRecord, list *source.Listing, result normalize.Result) {
	state.Feed = result.Credit
	state.LooseIDs = result.LooseIDs
	state.Problems = keep(append(list.Problems, result.Problems...))
	state.Hints = storage.Hints{
		TTL:          list.Feed.Hints.TTL,
		UpdatePeriod: list.Feed.Hints.UpdatePeriod,
		SkipHours:    list.Feed.Hints.SkipHours,
		SkipDays:     list.Feed.Hints.SkipDays,
	}
	if rec.Items == 0 {
		state.Filing = a.filing(rec.Source)
	}
}

// file puts each post into its categories.
func (a *Aggregator) file(src coranto.Source, posts []normalize.Post) []coranto.Item {
	items := make([]coranto.Item, len(posts))
	for i := range posts {
		items[i] = posts[i].Item
		items[i].Categories = a.classifier.File(src, &items[i], posts[i].Text)
	}
	return items
}

// keptProblems bounds what is stored with a source's state.
const keptProblems = 20

func keep(problems []coranto.Problem) []coranto.Problem {
	return problems[:min(len(problems), keptProblems)]
}
