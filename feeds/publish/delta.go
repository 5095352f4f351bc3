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

// deltas keeps the deltas of an edition by the entries in them, as long as they take no
// more room than its body.
type deltas struct {
	mu    sync.Mutex
	kept  map[string]*Edition
	bytes int
}

// writeMark is the form of a mark in an ETag: the number and the time, in nanoseconds
// since 1970, to base 36.
func writeMark(m feeds.Mark) string {
	return strconv.FormatUint(m.Seq, 36) + "." + strconv.FormatInt(m.Changed.UnixNano(), 36)
}

// SeenBy reads from an ETag, without its quotes, what who names it has seen of a feed.
// ok is false for an ETag that says nothing of it.
func SeenBy(tag string) (m feeds.Mark, ok bool) {
	if len(tag) <= hashSize || tag[hashSize] != '-' {
		return feeds.Mark{}, false
	}
	text, _, _ := strings.Cut(tag[hashSize+1:], "-")
	number, nanoseconds, _ := strings.Cut(text, ".")
	seq, err := strconv.ParseUint(number, 36, 64)
	if err != nil {
		return feeds.Mark{}, false
	}
	changed, err := strconv.ParseInt(nanoseconds, 36, 64)
	return feeds.Mark{Seq: seq, Changed: time.Unix(0, changed)}, err == nil && changed > 0
}

// Delta is an edition of a feed with nothing but the entries that came or were changed
// after what somebody has seen (RFC 3229 has the name). Its validators are those of e,
// the whole. The error wraps ErrNoDelta when the whole is what to send.
func (p *Publisher) Delta(ctx context.Context, e *Edition, seen feeds.Mark) (*Edition, error) {
	unseen := make([]byte, len(e.Marks))
	n := 0
	for i, m := range e.Marks {
		if !m.Within(seen) {
			unseen[i], n = 1, n+1
		}
	}
	if n == 0 || n == len(e.Marks) {
		return nil, fmt.Errorf("%s: %w", e.Path, ErrNoDelta)
	}
	if d := e.deltas.find(string(unseen)); d != nil {
		return d, nil
	}
	doc, err := p.unseen(ctx, e, seen)
	if err != nil {
		return nil, err
	}
	d := &Edition{Document: *doc, Scope: e.Scope, coders: e.coders, fields: e.fields}
	return e.deltas.keep(string(unseen), d, len(e.Body)), nil
}

// unseen makes the document with the entries of e that somebody has not seen.
func (p *Publisher) unseen(ctx context.Context, e *Edition, seen feeds.Mark) (*feeds.Document, error) {
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
	feed.Entries = slices.DeleteFunc(feed.Entries, func(entry feeds.Entry) bool {
		return entry.Mark().Within(seen) || !entry.Mark().Within(e.newest)
	})
	feed.Deleted = slices.DeleteFunc(feed.Deleted, func(d feeds.Deletion) bool {
		return !d.At.After(seen.Changed)
	})
	var b bytes.Buffer
	if err := format.Generate(&b, feed); err != nil {
		return nil, fmt.Errorf("write delta of %s: %w", e.Path, err)
	}
	doc := e.Document
	doc.Body, doc.Marks = b.Bytes(), nil
	return &doc, nil
}

// marksOf are the Marks of a feed's document. JSON Feed has no word for a feed that
// leaves out what is known; documents of an archive don't grow.
func marksOf(f *feeds.Feed, format feeds.Format) []feeds.Mark {
	if !strings.Contains(format.MediaType, "+xml") || f.Archive.Number > 0 {
		return nil
	}
	marks := make([]feeds.Mark, len(f.Entries))
	for i := range f.Entries {
		marks[i] = f.Entries[i].Mark()
	}
	return marks
}

func (d *deltas) find(entries string) *Edition {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.kept[entries]
}

// keep returns the delta of these entries that is kept, or else keeps e, in place of the
// others when they would take more than room bytes together.
func (d *deltas) keep(entries string, e *Edition, room int) *Edition {
	d.mu.Lock()
	defer d.mu.Unlock()
	if first := d.kept[entries]; first != nil {
		return first
	}
	if d.kept == nil || d.bytes+len(e.Body) > room {
		d.kept, d.bytes = make(map[string]*Edition), 0
	}
	d.kept[entries] = e
	d.bytes += len(e.Body)
	return e
}
