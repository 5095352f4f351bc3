package aggregate

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/clock"
	"github.com/coranto/coranto/aggregate/normalize"
	"github.com/coranto/coranto/aggregate/push"
	"github.com/coranto/coranto/aggregate/schedule"
	"github.com/coranto/coranto/aggregate/seen"
	"github.com/coranto/coranto/aggregate/source"
	"github.com/coranto/coranto/storage"
)

// pushedAge is how old a document may be when its turn comes. The origin is asked in
// place of an older one.
const pushedAge = 10 * time.Minute

// Pushed takes what a hub has told of a source and makes the source due, now or when
// it is not too much. The document, if there is one, is read in place of the origin's
// when the source's turn comes, so that it meets the same stages under the same lease
// as any other.
func (a *Aggregator) Pushed(ctx context.Context, id coranto.SourceID, news push.News) error {
	if call := a.inbox.Put(id, news, a.now()); !call && !a.over.Load() {
		return nil
	}
	if err := a.due(ctx, id); err != nil {
		return err
	}
	select {
	case a.rung <- struct{}{}:
	default:
	}
	return nil
}

func (a *Aggregator) due(ctx context.Context, ids ...coranto.SourceID) error {
	if len(ids) == 0 {
		return nil
	}
	if err := a.store.DueNow(ctx, ids); err != nil {
		return fmt.Errorf("make sources due: %w", err)
	}
	return nil
}

// pushed makes the visit of a source of which a hub has told. done is false when there
// is no such news, or none that could be read: then rec is what to ask the origin
// with.
func (a *Aggregator) pushed(
	ctx context.Context, rec *storage.SourceRecord,
) (visit storage.Visit, report Report, done bool) {
	now := a.now().UTC()
	news, found, more := a.inbox.Take(rec.ID, now)
	if !found {
		return visit, report, false
	}
	if more {
		if err := a.due(ctx, rec.ID); err != nil {
			a.log.Warn("news of a hub wait for the next visit", "source", string(rec.ID), "err", err)
		}
	}
	rec.State.Push.Last = now
	visit = storage.Visit{Source: rec.ID, State: rec.State}
	if len(news.Body) > 0 && now.Sub(news.At) < pushedAge {
		err := a.merge(ctx, *rec, news, &visit)
		if err == nil || ctx.Err() != nil {
			return visit, reportOf(rec, &visit), true
		}
		a.log.Warn("what a hub brought can't be read; the origin is asked",
			"source", string(rec.ID), "stage", StageList, "err", err)
	}
	wait := clock.From(&rec.State).Add(push.HintPace)
	if rec.State.Wait.After(wait) {
		wait = rec.State.Wait
	}
	if !wait.After(now) {
		return visit, report, false
	}
	if next := visit.State.Next; next.After(wait) || !next.After(now) {
		visit.State.Next = wait
	}
	return visit, reportOf(rec, &visit), true
}

// merge reads a document that a hub brought as if the origin had sent it. It says
// nothing of items that it lacks and nothing of the source, and it vouches for
// nothing but its own bytes: the next visit asks as it would have.
func (a *Aggregator) merge(
	ctx context.Context, rec storage.SourceRecord, news push.News, visit *storage.Visit,
) error {
	stored := rec.State
	rec.State = a.vouched(rec)
	list := &source.Listing{
		Changed: true, Body: news.Body, ContentType: news.ContentType,
		URL: cmp.Or(stored.ValidatorURL, rec.URL),
	}
	hash := sha256.Sum256(news.Body)
	if hash == rec.State.BodyHash {
		return nil // the same again
	}
	ed, err := a.read(ctx, rec, list, a.now())
	if err != nil {
		return err
	}
	items, err := a.file(ctx, rec.Source, ed.result.Posts)
	if err != nil {
		return err
	}
	if visit.Items, err = a.newer(ctx, items); err != nil {
		return err
	}
	if visit.Seen, err = a.joined(ctx, rec.ID, ed); err != nil {
		return err
	}
	visit.State.LooseIDs = ed.result.LooseIDs
	visit.State.BodyHash = hash
	if rec.Items == 0 {
		visit.State.Filing = a.filing(rec.Source)
	}
	return nil
}

// mostSeen is how many items are remembered of documents that hubs brought, and the
// origin's last one together.
const mostSeen = 2000

// joined is what to remember of a document that may lack items: what was remembered of
// those stays.
func (a *Aggregator) joined(ctx context.Context, id coranto.SourceID, ed *edition) ([]byte, error) {
	coded, err := a.store.Seen(ctx, id)
	if err != nil {
		return nil, err
	}
	last, err := seen.Decode(coded)
	if err != nil {
		last = nil // as if nothing was seen: the next document is read whole
	}
	here := make(map[uint64]bool, len(ed.items))
	for _, it := range ed.items {
		here[it.Stored] = true
	}
	all := slices.Clone(ed.items)
	for _, it := range last {
		if len(all) < mostSeen && it.Stored != 0 && !here[it.Stored] {
			all = append(all, it)
		}
	}
	return seen.Encode(all)
}

// newer are the items that are not older than what is stored of them: what comes by
// way of a hub may be late, or sent again.
func (a *Aggregator) newer(ctx context.Context, items []coranto.Item) ([]coranto.Item, error) {
	var err error
	return slices.DeleteFunc(items, func(it coranto.Item) bool {
		old, storeErr := a.stored(ctx, it.ID)
		if storeErr != nil {
			err = storeErr
		}
		return old != nil && old.Updated.After(it.Updated)
	}), err
}

func reportOf(rec *storage.SourceRecord, visit *storage.Visit) Report {
	outcome := storage.OutcomeUnchanged
	if len(visit.Items) > 0 {
		outcome = storage.OutcomeNew
	}
	return Report{
		Source: rec.ID, Title: rec.Attribution().Title, Outcome: outcome, Next: visit.State.Next,
		Hub: true,
	}
}

// offered notes where the source's hubs are, from the answer's headers and the
// document.
func offered(state *storage.SourceState, list *source.Listing, ed *edition) {
	offer := push.Discover(push.Document{Link: list.Link, URL: list.URL, Feed: ed.feed})
	state.Push.Hubs, state.Push.Topic = offer.Hubs, offer.Topic
}

// missed reports whether a visit to the origin found a post that is not stored, though
// a hub that was asked to should have told of it.
func (a *Aggregator) missed(ctx context.Context, rec storage.SourceRecord, ed *edition) bool {
	known := rec.State.Push
	if ed == nil || known.Subscription.Hub == "" || a.now().Sub(known.Last) < justTold {
		return false
	}
	return slices.ContainsFunc(ed.result.Posts, func(p normalize.Post) bool {
		old, err := a.stored(ctx, p.Item.ID)
		return err == nil && old == nil
	})
}

// justTold is how long after a hub's word what the origin shows counts as told.
const justTold = time.Minute

// plan decides when to come back. While a hub tells of all that is new, that is
// seldom (P31); when it would be otherwise is noted, for the day when the hub's lease
// ends.
func (a *Aggregator) plan(state *storage.SourceState, in schedule.Input) {
	plan := schedule.Next(a.schedule, in)
	state.Push.Fallback = time.Time{}
	if in.Pushed = state.Push.Working(in.Now); in.Pushed {
		if slow := schedule.Next(a.schedule, in); slow.Next.After(plan.Next) {
			state.Push.Fallback, plan.Next = plan.Next, slow.Next
		}
	}
	state.Next, state.Interval, state.Wait = plan.Next, plan.Interval, plan.Wait
}
