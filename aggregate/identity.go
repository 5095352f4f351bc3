package aggregate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/normalize"
	"github.com/coranto/coranto/aggregate/seen"
	"github.com/coranto/coranto/storage"
)

// keepIDs gives posts the ids under which they are stored already, where their
// source identifies them otherwise now (B25, B26), so that none is stored twice. It
// reports false, and has done nothing, when posts have to do with items that were
// passed over.
func (a *Aggregator) keepIDs(ctx context.Context, rec storage.SourceRecord, ed *edition, last memory) (apart bool, err error) {
	k := keeper{a: a, last: last}
	var keys []storage.DedupKey
	k.taken, keys, apart = ed.claims()
	if !apart || rec.Items == 0 {
		return apart, nil
	}
	sharing := make(map[storage.DedupKey]int, len(keys))
	for _, key := range keys {
		sharing[key]++
	}
	found, err := a.store.FindDup(ctx, keys)
	if err != nil {
		return true, fmt.Errorf("look for posts by link and title: %w", err)
	}
	for i := range ed.result.Posts {
		post := &ed.result.Posts[i]
		if sharing[keys[i]] > 1 {
			found[i] = coranto.ItemID{}
		}
		if err := k.keep(ctx, post, found[i]); err != nil {
			return true, err
		}
		ed.items[post.Index].Stored = seen.Prefix(post.Item.ID)
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

// keeper finds out which stored posts the posts of a document are.
type keeper struct {
	a     *Aggregator
	taken map[uint64]bool // ids that the document's items have, by seen.Prefix
	last  memory
}

// keep gives a post the id of a stored item that is the same post: one that was
// stored under its plain id before ids turned out to be loose, or twin, which has
// its link and title, unless their dates tell them apart.
func (k *keeper) keep(ctx context.Context, post *normalize.Post, twin coranto.ItemID) error {
	old, err := k.free(ctx, post.Plain)
	if err != nil {
		return err
	}
	if old == nil || old.Link != post.Item.Link || old.Title != post.Item.Title {
		if old, err = k.free(ctx, twin); err != nil {
			return err
		}
		if old == nil || !k.sameDate(old, post) {
			return nil
		}
	}
	own, err := k.a.stored(ctx, post.Item.ID)
	if err != nil || own != nil {
		return err
	}
	k.taken[seen.Prefix(old.ID)] = true
	post.Item.ID, post.Item.GUID = old.ID, old.GUID
	return nil
}

// free is a stored item that no item of the document has the id of; nil when there
// is none.
func (k *keeper) free(ctx context.Context, id coranto.ItemID) (*storage.Record, error) {
	if id.IsZero() || k.taken[seen.Prefix(id)] {
		return nil, nil
	}
	return k.a.stored(ctx, id)
}

// sameDate reports whether nothing in the dates of a stored item and a post tells
// them apart. What the last document said of the item counts more than the time it
// is stored with, which may be that of its first sight.
func (k *keeper) sameDate(old *storage.Record, post *normalize.Post) bool {
	at := old.Published
	if it, known := k.last.stored[seen.Prefix(old.ID)]; known {
		at = it.At
	}
	return !post.Dated || at.IsZero() || at.Sub(post.At).Abs() < time.Second
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
const readingVersion = 3

// reading stands for all that decides what is found in a source's documents: how
// they are read, and as whom they are asked for (P07).
func reading(src coranto.Source) string {
	settings := strconv.AppendInt(make([]byte, 0, 64), readingVersion, 10)
	settings = append(append(settings, '\n'), src.Kind...)
	settings = append(append(settings, '\n'), src.Zone...)
	settings = strconv.AppendInt(append(settings, '\n'), int64(src.MaxItems), 10)
	a := src.Access
	if a.UserAgent+a.Cookies+a.User+a.Password+a.Proxy != "" || len(a.Headers) > 0 || a.MaxBody > 0 {
		settings = fmt.Appendf(settings, "\n%q %q %q %q %q %q %d", a.UserAgent, a.Headers, a.Cookies,
			a.User, a.Password, a.Proxy, a.MaxBody)
	}
	sum := sha256.Sum256(settings)
	return hex.EncodeToString(sum[:8])
}
