package aggregate

import (
	"context"

	"github.com/coranto/coranto"
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
	visit = storage.Visit{Source: rec.ID, State: rec.State}

	// 1. List what the origin offers now: one request, and the parser.
	kind, err := source.ByName(rec.Kind)
	var listing *source.Listing
	if err == nil {
		listing, err = kind.List(ctx, a.fetch, rec)
	}
	if ctx.Err() != nil {
		return visit, report, false
	}

	// 2. Normalize and file what is there, if it is not what we had.
	var rhythm schedule.Input
	if err == nil && listing.Changed {
		result := normalize.Feed(normalize.Document{
			Source: rec.Source, Feed: listing.Feed, URL: listing.URL, Now: began,
		})
		visit.Items = a.file(rec.Source, result.Posts)
		visit.State.Feed = result.Credit
		if rec.Items == 0 {
			visit.State.Filing = a.filing(rec.Source)
		}
		visit.State.Problems = keep(append(listing.Problems, result.Problems...))
		rhythm = a.rhythm(listing, visit.Items)
	}

	// 3. Decide when to come back, and note how it went.
	a.settle(&visit, rec, listing, rhythm, err)
	report = Report{
		Source:   rec.ID,
		Title:    rec.Source.Attribution(visit.State.Feed).Title,
		Outcome:  visit.State.Outcome,
		Took:     a.now().Sub(began),
		Next:     visit.State.Next,
		Problems: visit.State.Problems,
	}
	if err != nil {
		report.Problems = nil
		report.Err = &Error{rec.ID, StageList, err}
	}
	return visit, report, true
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
