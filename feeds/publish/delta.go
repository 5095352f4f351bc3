package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coranto/coranto/feeds"
)

// ErrNoDelta reports that a document can't be told by what is new in it: it is no
// feed of which that is known, or all of it is new, or nothing.
var ErrNoDelta = errors.New("not told by what is new")

// deltas keeps the deltas of an edition by the number of entries in them, as long as
// they take no more room than its body.
type deltas struct {
	mu    sync.Mutex
	kept  map[int]*Edition
	bytes int
}

// SeenBy reads from an ETag, without its quotes, until when who names it has seen the
// changes of a feed. ok is false for an ETag that says nothing of it.
func SeenBy(tag string) (t time.Time, ok bool) {
	if len(tag) <= hashSize || tag[hashSize] != '-' {
		return time.Time{}, false
	}
	number, _, _ := strings.Cut(tag[hashSize+1:], "-")
	n, err := strconv.ParseInt(number, 36, 64)
	return time.Unix(0, n), err == nil && n > 0
}

// Delta is an edition of a feed with nothing but the entries that were changed after
// a time (RFC 3229 has the name). Its validators are those of e, the whole. The error
// wraps ErrNoDelta when the whole is what to send.
func (p *Publisher) Delta(ctx context.Context, e *Edition, since time.Time) (*Edition, error) {
	n := e.changedAfter(since)
	if n == 0 || n == len(e.Changes) {
		return nil, fmt.Errorf("%s: %w", e.Path, ErrNoDelta)
	}
	if d := e.deltas.find(n); d != nil {
		return d, nil
	}
	doc, err := p.unseen(ctx, e, n)
	if err != nil {
		return nil, err
	}
	d := &Edition{Document: *doc, Scope: e.Scope, coders: e.coders, fields: e.fields}
	return e.deltas.keep(n, d, len(e.Body)), nil
}

// changedAfter is the number of entries that were changed after a time.
func (e *Edition) changedAfter(t time.Time) int {
	n := slices.IndexFunc(e.Changes, func(c time.Time) bool { return !c.After(t) })
	if n < 0 {
		return len(e.Changes)
	}
	return n
}

// unseen makes the document with the n entries of e that were changed last.
func (p *Publisher) unseen(ctx context.Context, e *Edition, n int) (*feeds.Document, error) {
	scope, format, ok := p.feedAt(e.Path)
	if !ok {
		return nil, fmt.Errorf("%s: %w", e.Path, ErrNoDelta)
	}
	feed, err := p.reader.Feed(ctx, scope)
	if err != nil {
		return nil, err
	}
	// The store may have moved on since e was made: what came later is left for the
	// next request, which names a later ETag.
	newest, seen := e.Changes[0], e.Changes[n]
	feed.Entries = slices.DeleteFunc(feed.Entries, func(entry feeds.Entry) bool {
		return !entry.Changed.After(seen) || entry.Changed.After(newest)
	})
	feed.Deleted = slices.DeleteFunc(feed.Deleted, func(d feeds.Deletion) bool {
		return !d.At.After(seen)
	})
	var b bytes.Buffer
	if err := format.Generate(&b, feed); err != nil {
		return nil, fmt.Errorf("write delta of %s: %w", e.Path, err)
	}
	doc := e.Document
	doc.Body, doc.Changes = b.Bytes(), nil
	return &doc, nil
}

// changesOf are the Changes of a feed's document. JSON Feed has no word for a feed
// that leaves out what is known; documents of an archive don't grow.
func changesOf(f *feeds.Feed, format feeds.Format) []time.Time {
	if !strings.Contains(format.MediaType, "+xml") || f.Archive.Number > 0 {
		return nil
	}
	times := make([]time.Time, len(f.Entries))
	for i := range f.Entries {
		times[i] = f.Entries[i].Changed
	}
	slices.SortFunc(times, func(a, b time.Time) int { return b.Compare(a) })
	return times
}

func (d *deltas) find(n int) *Edition {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.kept[n]
}

// keep returns the delta of n entries that is kept, or else keeps e, in place of the
// others when they would take more than room bytes together.
func (d *deltas) keep(n int, e *Edition, room int) *Edition {
	d.mu.Lock()
	defer d.mu.Unlock()
	if first := d.kept[n]; first != nil {
		return first
	}
	if d.kept == nil || d.bytes+len(e.Body) > room {
		d.kept, d.bytes = make(map[int]*Edition), 0
	}
	d.kept[n] = e
	d.bytes += len(e.Body)
	return e
}
