package aggregate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/normalize"
	"github.com/coranto/coranto/aggregate/parse"
	"github.com/coranto/coranto/aggregate/seen"
	"github.com/coranto/coranto/aggregate/source"
	"github.com/coranto/coranto/storage"
)

// edition is a document as it was read: the posts of its new or changed items,
// and what is remembered of all of them.
type edition struct {
	feed   *parse.Feed
	result normalize.Result
	items  []seen.Item // by parse.Item.Index
	memory []byte      // of items, for the next visit
	passed []seen.Item // of items, those that were passed over
}

// read reads a listing. Items that were in the source's last document already are
// passed over (C38), unless one of the others has to do with them, or shows that
// ids don't tell posts apart as was thought: then the document is read whole, so
// that the posts are always those that reading it whole gives.
func (a *Aggregator) read(ctx context.Context, rec storage.SourceRecord, list *source.Listing, now time.Time) (*edition, error) {
	last, err := a.remembered(ctx, rec)
	if err != nil {
		return nil, err
	}
	ed, err := a.readWithout(rec, list, now, last.known)
	if err != nil {
		return nil, err
	}
	apart := len(ed.passed) == 0 || ed.result.LooseIDs == rec.State.LooseIDs
	if apart {
		apart, err = a.keepIDs(ctx, rec, ed, last)
	}
	if err == nil && !apart {
		if ed, err = a.readWithout(rec, list, now, nil); err != nil {
			return nil, err
		}
		_, err = a.keepIDs(ctx, rec, ed, last)
	}
	if err != nil {
		return nil, err
	}
	return ed, ed.remember()
}

// memory is what is known of the items of a source's last document.
type memory struct {
	known  map[parse.Mark]seen.Item // those that need not be read again
	stored map[uint64]seen.Item     // all that are stored, by seen.Item.Stored
}

// remembered is what the last visit has left. What was read by other settings need
// be read again.
func (a *Aggregator) remembered(ctx context.Context, rec storage.SourceRecord) (memory, error) {
	coded, err := a.store.Seen(ctx, rec.ID)
	if err != nil {
		return memory{}, err
	}
	items, err := seen.Decode(coded)
	if err != nil {
		a.log.Warn("what was seen of the source can't be read; it is read whole", "source", string(rec.ID), "err", err)
	}
	last := memory{
		known:  make(map[parse.Mark]seen.Item, len(items)),
		stored: make(map[uint64]seen.Item, len(items)),
	}
	same := rec.State.Reading == reading(rec.Source)
	for _, it := range items {
		if it.Mark != 0 && same {
			last.known[it.Mark] = it
		}
		if it.Stored != 0 {
			last.stored[it.Stored] = it
		}
	}
	return last, nil
}

// readWithout reads a listing but for the items that are known.
func (a *Aggregator) readWithout(
	rec storage.SourceRecord, list *source.Listing, now time.Time, known map[parse.Mark]seen.Item,
) (*edition, error) {
	kind, err := source.ByName(rec.Kind)
	if err != nil {
		return nil, err
	}
	var isKnown func(parse.Mark) bool
	if len(known) > 0 {
		isKnown = func(m parse.Mark) bool { return known[m].Mark != 0 }
	}
	feed, err := kind.Read(rec, list, isKnown)
	if err != nil {
		return nil, err
	}
	ed := &edition{feed: feed}
	ed.recall(known)
	ed.result = normalize.Feed(normalize.Document{
		Source: rec.Source, Feed: feed, URL: list.URL, Now: now,
		LooseIDs: rec.State.LooseIDs, Others: ed.published(),
	})
	ed.note()
	return ed, nil
}

// recall fills in the items that were passed over.
func (ed *edition) recall(known map[parse.Mark]seen.Item) {
	ed.items = make([]seen.Item, ed.feed.Extent())
	read := make([]bool, len(ed.items))
	for i := range ed.feed.Items {
		read[ed.feed.Items[i].Index] = true
	}
	for i, mark := range ed.feed.Marks {
		if it := known[mark]; !read[i] && it.Mark != 0 {
			ed.items[i] = it
			ed.passed = append(ed.passed, it)
		}
	}
}

// note fills in the items that were read.
func (ed *edition) note() {
	for _, note := range ed.result.Notes {
		it := &ed.items[note.Index]
		it.Problems = note.Problems
		if !note.Again && ed.feed.Marks != nil {
			it.Mark = ed.feed.Marks[note.Index]
		}
	}
	for i := range ed.result.Posts {
		post := &ed.result.Posts[i]
		it := &ed.items[post.Index]
		it.ID, it.Key = seen.Prefix(post.Item.ID), seen.Prefix(postKey(post))
		it.Stored = it.ID
		if post.Dated {
			it.At = post.At
		}
		if !seen.Holds(it.At) {
			it.Mark = 0
		}
	}
}

// published is when the items were that are known by now, in document order; zero
// for the others, and for those whose source doesn't say.
func (ed *edition) published() []time.Time {
	times := make([]time.Time, len(ed.items))
	for i := range ed.items {
		times[i] = ed.items[i].At
	}
	return times
}

// remember codes what the next visit wants to know.
func (ed *edition) remember() (err error) {
	if ed.memory, err = seen.Encode(ed.items); err != nil {
		return fmt.Errorf("remember %d items: %w", len(ed.items), err)
	}
	return nil
}

// problems are all that were met on the way.
func (ed *edition) problems(list *source.Listing) []coranto.Problem {
	document := slices.Concat(list.Problems, ed.feed.Problems, ed.result.Problems)
	items := make([][]coranto.Problem, len(ed.items))
	for i := range ed.items {
		items[i] = ed.items[i].Problems
	}
	return parse.ListProblems(document, items)
}
