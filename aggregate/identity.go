package aggregate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/normalize"
	"github.com/coranto/coranto/storage"
)

// keepIDs gives posts the ids under which they are stored already, where the
// source identifies them otherwise now, so that none is stored twice.
func (a *Aggregator) keepIDs(ctx context.Context, rec storage.SourceRecord, posts []normalize.Post) error {
	if rec.Items == 0 {
		return nil
	}
	known := make(map[coranto.ItemID]bool, len(posts))
	var keys []storage.DedupKey
	var asked []*normalize.Post
	for i := range posts {
		post := &posts[i]
		known[post.Item.ID] = true
		if key, ok := storage.LinkKey(&post.Item); ok && post.PlainID.IsZero() {
			keys, asked = append(keys, key), append(asked, post)
		}
		if err := a.keepID(ctx, post, post.PlainID); err != nil {
			return err
		}
	}
	// A GUID that changes while link and title stay is no new post (B26).
	found, err := a.store.FindDup(ctx, keys)
	if err != nil {
		return fmt.Errorf("look for items by link: %w", err)
	}
	for i, id := range found {
		if known[id] {
			continue
		}
		if err := a.keepID(ctx, asked[i], id); err != nil {
			return err
		}
	}
	return nil
}

// keepID gives a post the id of a stored item, if that is the same post: it has
// its source, link and title, and the post is not stored under its own id.
func (a *Aggregator) keepID(ctx context.Context, post *normalize.Post, id coranto.ItemID) error {
	if id.IsZero() || id == post.Item.ID {
		return nil
	}
	old, err := a.stored(ctx, id)
	if err != nil || old == nil {
		return err
	}
	if old.Source != post.Item.Source || old.Link != post.Item.Link || old.Title != post.Item.Title {
		return nil
	}
	own, err := a.stored(ctx, post.Item.ID)
	if err != nil || own != nil {
		return err
	}
	post.Item.ID, post.Item.GUID = id, old.GUID
	return nil
}

// stored is an item, nil when there is none with that id.
func (a *Aggregator) stored(ctx context.Context, id coranto.ItemID) (*storage.Record, error) {
	rec, err := a.store.Item(ctx, id)
	if errors.Is(err, storage.ErrNotFound) {
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
