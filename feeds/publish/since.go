package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
)

// Mark is what a publication was at a moment, as far as it takes to tell later
// what changed since. It is meant to be kept as JSON. The zero Mark is before
// everything.
type Mark struct {
	Cursor  []byte `json:"cursor,omitempty"`  // the place in the log of changes
	Shown   string `json:"shown,omitempty"`   // stands for the categories that pages link to
	Sources string `json:"sources,omitempty"` // stands for what the operator says of sources
}

// IsZero reports whether m is before everything.
func (m Mark) IsZero() bool { return m.Sources == "" }

// Touched is what changes between two marks may have touched.
type Touched struct {
	tags map[string]struct{}
	all  bool
}

// All reports whether any document may have changed.
func (t *Touched) All() bool { return t.all }

// None reports whether none has.
func (t *Touched) None() bool { return !t.all && len(t.tags) == 0 }

// Has reports whether the document at a path may have changed, begun or ceased to
// be.
func (t *Touched) Has(path string) bool {
	if t.all {
		return true
	}
	tags := tagsOf(path)
	if _, ok := sitemapSource(path); ok {
		// Whether there is one depends on all others.
		tags = append(tags, tagLists)
	}
	return slices.ContainsFunc(tags, t.has)
}

func (t *Touched) has(tag string) bool {
	_, ok := t.tags[tag]
	return t.all || ok
}

func (t *Touched) add(tags ...string) {
	for _, tag := range tags {
		t.tags[tag] = struct{}{}
	}
}

// Since tells what was touched between a mark and now, and returns the mark of
// now: a document made later shows at least that. Where changes after the mark
// can't be told any more, or sources are described otherwise, it is everything.
func (p *Publisher) Since(ctx context.Context, from Mark) (*Touched, Mark, error) {
	if err := p.CatchUp(ctx); err != nil {
		return nil, Mark{}, err
	}
	if from.IsZero() {
		return p.everything(ctx)
	}
	now, err := p.mark(ctx, storage.Cursor(from.Cursor))
	if err != nil {
		return nil, Mark{}, err
	}
	if now.Sources != from.Sources {
		return p.everything(ctx)
	}
	t := &Touched{tags: make(map[string]struct{})}
	end, err := p.collect(ctx, storage.Cursor(from.Cursor), t)
	if errors.Is(err, storage.ErrCursorExpired) {
		return p.everything(ctx)
	}
	if err != nil {
		return nil, Mark{}, err
	}
	now.Cursor = []byte(end)
	if now.Shown != from.Shown {
		t.add(tagCategories, tagLists)
	}
	return t, now, nil
}

func (p *Publisher) everything(ctx context.Context) (*Touched, Mark, error) {
	end, err := p.store.LogEnd(ctx)
	if err != nil {
		return nil, Mark{}, fmt.Errorf("find end of changes: %w", err)
	}
	mark, err := p.mark(ctx, end)
	return &Touched{all: true}, mark, err
}

// mark is the mark of now, but for its place in the log.
func (p *Publisher) mark(ctx context.Context, at storage.Cursor) (Mark, error) {
	shown, err := p.categories(ctx)
	if err != nil {
		return Mark{}, err
	}
	records, err := p.reader.Sources(ctx)
	if err != nil {
		return Mark{}, err
	}
	// A description that changes gets another Rev. What it says may be secret, and
	// a mark may be read by anybody.
	revs := make(map[coranto.SourceID]uint64, len(records))
	for i := range records {
		revs[records[i].ID] = records[i].Rev
	}
	return Mark{Cursor: []byte(at), Shown: digest(shown), Sources: digest(revs)}, nil
}

// digest stands for a value that JSON can say.
func digest(v any) string {
	h := sha256.New()
	// A hash takes all that is written to it.
	if err := json.NewEncoder(h).Encode(v); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// collect adds what the changes after a cursor touch, and returns the cursor
// after them.
func (p *Publisher) collect(
	ctx context.Context, after storage.Cursor, t *Touched,
) (storage.Cursor, error) {
	for {
		changes, next, err := p.store.Changes(ctx, after, changesRead)
		if err != nil {
			return "", fmt.Errorf("read changes: %w", err)
		}
		if len(changes) == 0 {
			return after, nil
		}
		for _, c := range changes {
			if err := p.collectOne(ctx, c, t); err != nil {
				return "", err
			}
		}
		after = next
	}
}

func (p *Publisher) collectOne(ctx context.Context, c storage.Change, t *Touched) error {
	t.add(touched(c)...)
	tags, err := p.archiveTags(ctx, c, func(feeds.Scope) bool { return true })
	t.add(tags...)
	if err == nil && c.Credit {
		err = p.creditTags(ctx, c.Source, t.add)
	}
	return err
}

// Passed reports whether a follower that has a name reached a mark of this store's
// own history, the last it told of by Reached: another store, or an older copy of
// this one put in its place, does not know it.
func (p *Publisher) Passed(ctx context.Context, name string, m Mark) (bool, error) {
	saved, err := p.store.LoadCursor(ctx, name)
	if err != nil {
		return false, fmt.Errorf("find where %s is: %w", name, err)
	}
	return saved == storage.Cursor(m.Cursor), nil
}

// Reached notes in the store how far a follower is. Changes after it are kept for
// the follower, within the store's limits.
func (p *Publisher) Reached(ctx context.Context, name string, m Mark) error {
	saved, err := p.store.LoadCursor(ctx, name)
	if err == nil {
		err = p.store.SaveCursor(ctx, name, saved, storage.Cursor(m.Cursor))
	}
	if err != nil {
		return fmt.Errorf("note how far %s is: %w", name, err)
	}
	return nil
}

// PathsOf yields those paths of Paths that were touched, or that known does not know:
// an archive that was closed is no change of the store. A path that was touched and
// that it does not yield has no document any more. What it costs grows with the lists
// that were touched.
func (p *Publisher) PathsOf(
	ctx context.Context, t *Touched, known func(path string) bool,
) iter.Seq2[string, error] {
	if t.all {
		return p.Paths(ctx)
	}
	return func(yield func(string, error) bool) {
		w := &walker{p, func(path string) bool {
			return !t.Has(path) && known(path) || yield(path, nil)
		}}
		if err := w.touched(ctx, t); err != nil {
			yield("", err)
		}
	}
}

// touched is all for what was touched.
func (w *walker) touched(ctx context.Context, t *Touched) error {
	scopes, err := w.scopes(ctx)
	if err != nil {
		return err
	}
	if more, err := w.singles(ctx); err != nil || !more {
		return err
	}
	for _, scope := range scopes {
		if !t.has(scope.Path()) && !t.has(tagCategories) {
			continue
		}
		if more, err := w.scope(ctx, scope); err != nil || !more {
			return err
		}
	}
	if t.has(tagCategories) {
		return w.items(ctx)
	}
	return w.touchedItems(ctx, t)
}

// touchedItems yields the pages of those items that are stored. A damaged
// one has none, as in Paths.
func (w *walker) touchedItems(ctx context.Context, t *Touched) error {
	if w.pages == nil {
		return nil
	}
	for tag := range t.tags {
		name, ok := strings.CutPrefix(tag, itemPrefix)
		if !ok {
			continue
		}
		id, err := coranto.ParseItemID(strings.TrimSuffix(name, "/"))
		if err == nil {
			_, err = w.store.Item(ctx, id)
		}
		switch {
		case errors.Is(err, storage.ErrNotFound), errors.Is(err, storage.ErrCorrupt):
		case err != nil:
			return fmt.Errorf("read %s: %w", tag, err)
		case !w.yield(tag):
			return nil
		}
	}
	return nil
}
