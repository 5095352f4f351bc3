package aggregate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/normalize"
	"github.com/coranto/coranto/storage"
)

// keepIDs gives posts the ids under which they are stored already, where their
// source identifies them otherwise now (B25, B26), so that none is stored twice: a
// post of the source with the same link and title is the same post, unless its
// date says otherwise or several of the document share both.
func (a *Aggregator) keepIDs(ctx context.Context, rec storage.SourceRecord, posts []normalize.Post) error {
	if rec.Items == 0 {
		return nil
	}
	taken := make(map[coranto.ItemID]bool, len(posts))
	sharing := make(map[storage.DedupKey]int, len(posts))
	keys := make([]storage.DedupKey, len(posts))
	for i := range posts {
		taken[posts[i].Item.ID] = true
		if key, ok := storage.PostKey(&posts[i].Item); ok && !posts[i].Anywhere {
			keys[i] = key
			sharing[key]++
		}
	}
	found, err := a.store.FindDup(ctx, keys)
	if err != nil {
		return fmt.Errorf("look for posts by link and title: %w", err)
	}
	for i, id := range found {
		if id.IsZero() || taken[id] || sharing[keys[i]] > 1 {
			continue
		}
		same, err := a.keepID(ctx, &posts[i], id)
		if err != nil {
			return err
		}
		taken[id] = taken[id] || same
	}
	return nil
}

// keepID gives a post the id of a stored item if that is the same post, and the
// post is not stored under its own id already.
func (a *Aggregator) keepID(ctx context.Context, post *normalize.Post, id coranto.ItemID) (same bool, err error) {
	old, err := a.stored(ctx, id)
	if err != nil || old == nil {
		return false, err
	}
	if apart := old.Published.Sub(post.Item.Published).Abs(); post.Dated && apart >= time.Second {
		return false, nil
	}
	own, err := a.stored(ctx, post.Item.ID)
	if err != nil || own != nil {
		return false, err
	}
	post.Item.ID, post.Item.GUID = id, old.GUID
	return true, nil
}

// stored is an item, nil when there is none with that id that can be read. One
// that is damaged is mended when its source's post is stored.
func (a *Aggregator) stored(ctx context.Context, id coranto.ItemID) (*storage.Record, error) {
	rec, err := a.store.Item(ctx, id)
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrCorrupt) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for item %s: %w", id, err)
	}
	return rec, nil
}

// readingVersion is raised when documents come to be read differently, so that
// every source is read anew.
const readingVersion = 1

// reading stands for all that decides what is found in a source's documents.
func reading(src coranto.Source) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\n%s\n%s\n%d", readingVersion, src.Kind, src.Zone, src.MaxItems))
	return hex.EncodeToString(sum[:8])
}
