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
	"github.com/coranto/coranto/aggregate/seen"
	"github.com/coranto/coranto/storage"
)

// keepIDs gives posts the ids under which they are stored already, where their
// source identifies them otherwise now (B25, B26), so that none is stored twice: a
// post of the source with the same link and title is the same post, unless its
// date says otherwise or several of the document share both. It reports false, and
// has done nothing, when posts have to do with items that were passed over.
func (a *Aggregator) keepIDs(ctx context.Context, rec storage.SourceRecord, ed *edition) (apart bool, err error) {
	posts := ed.result.Posts
	taken, keys, apart := ed.claims()
	if !apart || rec.Items == 0 {
		return apart, nil
	}
	sharing := make(map[storage.DedupKey]int, len(posts))
	for _, key := range keys {
		sharing[key]++
	}
	found, err := a.store.FindDup(ctx, keys)
	if err != nil {
		return true, fmt.Errorf("look for posts by link and title: %w", err)
	}
	for i, id := range found {
		if id.IsZero() || taken[seen.Prefix(id)] || sharing[keys[i]] > 1 {
			continue
		}
		same, err := a.keepID(ctx, &posts[i], id)
		if err != nil {
			return true, err
		}
		if same {
			taken[seen.Prefix(id)] = true
			ed.items[posts[i].Index].Stored = seen.Prefix(id)
		}
	}
	return true, nil
}

// claims are the ids that the items of a document have, and the keys of the posts
// that were read; false when one of these has an id or a key of an item that was
// passed over.
func (ed *edition) claims() (taken map[uint64]bool, keys []storage.DedupKey, apart bool) {
	posts := ed.result.Posts
	taken = make(map[uint64]bool, len(ed.items))
	passed := make(map[uint64]bool, 3*len(ed.passed))
	for _, it := range ed.passed {
		taken[it.Stored] = true
		passed[it.ID], passed[it.Stored], passed[it.Key] = true, true, true
	}
	delete(passed, 0)
	keys = make([]storage.DedupKey, len(posts))
	for i := range posts {
		keys[i] = postKey(&posts[i])
		id := seen.Prefix(posts[i].Item.ID)
		if passed[id] || passed[seen.Prefix(keys[i])] {
			return nil, nil, false
		}
		taken[id] = true
	}
	return taken, keys, true
}

// postKey is the key by which a post is found again; zero when it has none.
func postKey(post *normalize.Post) storage.DedupKey {
	key, ok := storage.PostKey(&post.Item)
	if !ok || post.Anywhere {
		return storage.DedupKey{}
	}
	return key
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
const readingVersion = 2

// reading stands for all that decides what is found in a source's documents.
func reading(src coranto.Source) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\n%s\n%s\n%d", readingVersion, src.Kind, src.Zone, src.MaxItems))
	return hex.EncodeToString(sum[:8])
}
