package aggregate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/sanitize"
	"github.com/coranto/coranto/storage"
)

// refilePage is how many items are filed anew in one commit.
const refilePage = 500

// Refile puts stored items into the categories that the operator's words give
// them now, for every source whose words have changed since. Nothing is fetched
// (P07), and nothing is committed for a source that has no items. It must not run
// beside Run or Round. progress, when not nil, is called after each source with
// the number of its items that moved.
func (a *Aggregator) Refile(ctx context.Context, progress func(source coranto.SourceID, moved int)) error {
	for rec, err := range a.store.Sources(ctx, storage.SourceQuery{}) {
		if err != nil {
			return fmt.Errorf("list sources: %w", err)
		}
		a.merges.Note(&rec, rec.State.Move)
	}
	var stale []storage.SourceRecord
	for rec, err := range a.store.Sources(ctx, storage.SourceQuery{}) {
		if err != nil {
			return fmt.Errorf("list sources: %w", err)
		}
		if rec.Items > 0 && rec.State.Filing != a.filing(rec.Source) && !rec.Retired {
			stale = append(stale, rec)
		}
	}
	for _, rec := range stale {
		moved, err := a.refile(ctx, rec)
		if err != nil {
			return fmt.Errorf("refile items of %s: %w", rec.ID, err)
		}
		if progress != nil {
			progress(rec.ID, moved)
		}
	}
	return nil
}

// refile files the items of one source, page by page; the last commit notes that
// it is done, so that one that was interrupted begins again.
func (a *Aggregator) refile(ctx context.Context, rec storage.SourceRecord) (moved int, err error) {
	q := storage.Query{By: storage.BySource, Value: string(rec.ID), Limit: refilePage}
	for {
		page, err := a.store.Latest(ctx, q)
		if err != nil {
			return moved, err
		}
		visit := storage.Visit{Source: rec.ID, State: rec.State, Items: a.moved(rec.Source, page.Records)}
		if !page.More {
			visit.State.Filing = a.filing(rec.Source)
		}
		results, err := a.store.Commit(ctx, []storage.Visit{visit})
		if err != nil {
			return moved, err
		}
		if results[0].Err != nil {
			return moved, results[0].Err
		}
		moved += len(visit.Items)
		if !page.More {
			return moved, nil
		}
		q.Before = page.Records[len(page.Records)-1].Order()
	}
}

// moved are the items whose categories are not what they were.
func (a *Aggregator) moved(src coranto.Source, records []storage.Record) []coranto.Item {
	var items []coranto.Item
	for i := range records {
		it := records[i].Item
		categories := a.filed(src, &it, sanitize.Text(it.Content), &records[i])
		if !slices.Equal(categories, it.Categories) {
			it.Categories = categories
			items = append(items, it)
		}
	}
	return items
}

// filing stands for all words that decide where the items of a source go.
func (a *Aggregator) filing(src coranto.Source) string {
	type words struct {
		Categories       []coranto.Slug
		Include, Exclude []string
	}
	all := []words{{src.Categories, src.Include, src.Exclude}}
	for _, guest := range a.merges.Into(src.ID) {
		all = append(all, words{guest.Categories, guest.Include, guest.Exclude})
	}
	for _, c := range a.categories {
		if len(c.Include)+len(c.Exclude) > 0 {
			all = append(all, words{[]coranto.Slug{c.Slug}, c.Include, c.Exclude})
		}
	}
	text, err := json.Marshal(all)
	if err != nil { // strings always marshal
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
