package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
)

const (
	pollEvery   = 2 * time.Second // a hint may be missed
	changesRead = 500             // changes read at once
)

// Follow drops documents as changes touch them, until ctx ends; then it returns
// nil. It outlives failures of the store and logs the first of a row. Any other
// error is storage.ErrClosed.
func (p *Publisher) Follow(ctx context.Context) error {
	hints := p.store.Watch(ctx)
	p.cache.listen(p.store.Watch(ctx))
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	failing := false
	for {
		err := p.CatchUp(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, storage.ErrClosed):
			return err
		case err != nil && !failing:
			p.log.Error("changes can't be read; documents may be old", "err", err)
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return nil
		case _, open := <-hints:
			if !open {
				hints = nil // the store was closed, or ctx ended
			}
		case <-poll.C:
		}
	}
}

// CatchUp drops what changes have touched that were committed before it was
// called. While Follow runs nobody needs to call it: Follow and Get do.
func (p *Publisher) CatchUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, makeTimeout)
	defer cancel()
	p.following.Lock()
	defer p.following.Unlock()
	defer p.cache.caughtUp(p.cache.hinted())
	if err := p.begin(ctx); err != nil {
		return err
	}
	for {
		changes, next, err := p.store.Changes(ctx, p.cursor, changesRead)
		if errors.Is(err, storage.ErrCursorExpired) {
			return p.restart(ctx)
		}
		if err != nil {
			return fmt.Errorf("read changes: %w", err)
		}
		if len(changes) == 0 {
			return nil
		}
		if err := p.apply(ctx, changes); err != nil {
			return err
		}
		p.cursor = next
	}
}

// start makes sure that nothing is made before its changes are followed.
func (p *Publisher) start(ctx context.Context) error {
	p.following.Lock()
	defer p.following.Unlock()
	return p.begin(ctx)
}

// begin finds the place in the log to follow changes from.
func (p *Publisher) begin(ctx context.Context) error {
	if p.started {
		return nil
	}
	if err := p.skip(ctx); err != nil {
		return err
	}
	p.started = true
	return nil
}

// restart takes everything as changed: changes were forgotten unread.
func (p *Publisher) restart(ctx context.Context) error {
	if err := p.skip(ctx); err != nil {
		return err
	}
	p.cache.touchAll()
	return nil
}

// skip goes to the end of the log.
func (p *Publisher) skip(ctx context.Context) error {
	end, err := p.store.LogEnd(ctx)
	if err != nil {
		return fmt.Errorf("find end of changes: %w", err)
	}
	shown, err := p.categories(ctx)
	if err != nil {
		return err
	}
	p.cursor, p.shown = end, shown
	return nil
}

// apply drops what changes touch. It may be repeated after an error.
func (p *Publisher) apply(ctx context.Context, changes []storage.Change) error {
	for _, change := range changes {
		p.cache.touch(touched(change)...)
		if err := p.touchArchives(ctx, change); err != nil {
			return err
		}
		if change.Credit {
			if err := p.touchCredit(ctx, change.Source); err != nil {
				return err
			}
		}
	}
	shown, err := p.categories(ctx)
	if err != nil {
		return err
	}
	if !slices.Equal(shown, p.shown) {
		p.cache.touch(tagCategories)
		p.shown = shown
	}
	return nil
}

// touched lists the tags of what a change shows in.
func touched(c storage.Change) []string {
	tags := []string{tagLists, feeds.Scope{}.Path(), feeds.SourceScope(c.Source).Path()}
	for _, slug := range c.Categories {
		tags = append(tags, feeds.CategoryScope(slug).Path())
	}
	for _, id := range c.Items {
		tags = append(tags, feeds.ItemPath(id))
	}
	return tags
}

// touchArchives drops the archived documents that show changed items.
func (p *Publisher) touchArchives(ctx context.Context, c storage.Change) error {
	tags, err := p.archiveTags(ctx, c, func(s feeds.Scope) bool { return p.cache.shows(archivesTag(s)) })
	p.cache.touch(tags...)
	return err
}

// archiveTags lists the tags of archived documents that show changed items, which new
// ones are not among, in the scopes asked for. Of an item that is gone nobody knows
// which it was in.
func (p *Publisher) archiveTags(
	ctx context.Context, c storage.Change, asked func(feeds.Scope) bool,
) (tags []string, err error) {
	scopes := []feeds.Scope{{}, feeds.SourceScope(c.Source)}
	for _, slug := range c.Categories {
		scopes = append(scopes, feeds.CategoryScope(slug))
	}
	scopes = slices.DeleteFunc(scopes, func(s feeds.Scope) bool { return !asked(s) })
	if len(scopes) == 0 {
		return nil, nil
	}
	for _, id := range c.Items {
		rec, err := p.store.Item(ctx, id)
		switch {
		case errors.Is(err, storage.ErrNotFound), errors.Is(err, storage.ErrCorrupt):
			for _, s := range scopes {
				tags = append(tags, archivesTag(s))
			}
			continue
		case err != nil:
			return tags, fmt.Errorf("look for archived item: %w", err)
		case rec.Changed.Equal(rec.FirstSeen):
			continue
		}
		for _, s := range scopes {
			n, err := p.reader.ArchiveOf(ctx, s, rec.Seq)
			if err != nil {
				return tags, err
			}
			if n > 0 {
				tags = append(tags, archiveTag(s, n))
			}
		}
	}
	return tags, nil
}

// touchCredit drops everything that shows an item of a source.
func (p *Publisher) touchCredit(ctx context.Context, id coranto.SourceID) error {
	return p.creditTags(ctx, id, p.cache.touch)
}

// creditTags tells of the tags of everything that shows an item of a source.
func (p *Publisher) creditTags(ctx context.Context, id coranto.SourceID, tell func(...string)) error {
	for r, err := range p.heads(ctx, feeds.SourceScope(id)) {
		if err != nil {
			return err
		}
		tell(feeds.ItemPath(r.Item.ID))
		for _, slug := range r.Categories {
			s := feeds.CategoryScope(slug)
			tell(s.Path(), archivesTag(s))
		}
	}
	tell(archivesTag(feeds.Scope{}), archivesTag(feeds.SourceScope(id)))
	return nil
}

// categories lists what pages link to, in their order.
func (p *Publisher) categories(ctx context.Context) ([]coranto.Slug, error) {
	infos, err := p.reader.Categories(ctx)
	if err != nil {
		return nil, err
	}
	slugs := make([]coranto.Slug, len(infos))
	for i, info := range infos {
		slugs[i] = info.Slug
	}
	return slugs, nil
}
