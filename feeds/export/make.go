package export

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strconv"
	"sync"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/publish"
)

// maxRounds is how often what changed meanwhile is made once more.
const maxRounds = 20

// draft is a document that is to be in the folder. Its files on the stage are
// called by a number, each with its extension.
type draft struct {
	number int64
	exts   []string // of those that differ from what the folder has; the document's own is ""
}

// make makes all documents that may have changed since the last export, and puts
// on the stage what differs from what the folder has. A store that changes meanwhile
// is followed until it is still for one round, so that what was made belongs
// together.
func (x *export) make(ctx context.Context) error {
	mark, err := x.known(ctx)
	if err != nil {
		return err
	}
	x.docs = make(map[string]draft)
	if !mark.IsZero() {
		for _, path := range x.old.Documents {
			x.docs[path] = draft{}
		}
	}
	for range maxRounds {
		touched, next, err := x.Publisher.Since(ctx, mark)
		if err != nil {
			return err
		}
		if x.mark = next; touched.None() {
			return nil
		}
		if err := x.round(ctx, touched); err != nil {
			return err
		}
		mark = next
	}
	return ErrBusy
}

// known is the mark that what is in the folder was made at; zero when nothing
// vouches for it.
func (x *export) known(ctx context.Context) (publish.Mark, error) {
	m := &x.old
	if x.Full || x.Fingerprint == "" || m.Fingerprint != x.Fingerprint ||
		m.Precompressed != x.Precompressed || m.Follower != x.follower() || m.Mark.IsZero() {
		return publish.Mark{}, nil
	}
	passed, err := x.Publisher.Passed(ctx, m.Follower, m.Mark)
	if err != nil || !passed {
		return publish.Mark{}, err
	}
	return m.Mark, nil
}

// round makes what was touched.
func (x *export) round(ctx context.Context, touched *publish.Touched) error {
	var paths []string
	known := func(path string) bool { _, ok := x.docs[path]; return ok }
	for path, err := range x.Publisher.PathsOf(ctx, touched, known) {
		if err != nil {
			return err
		}
		paths = append(append(paths, path), x.Publisher.FormerPaths(path)...)
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	for path := range x.docs {
		now, moved := x.Publisher.Moved(path)
		if !moved {
			now = path
		}
		if _, there := slices.BinarySearch(paths, path); !there && touched.Has(now) {
			delete(x.docs, path)
		}
	}
	return x.makeAll(ctx, paths)
}

// makeAll makes documents, by as many workers as there are processors.
func (x *export) makeAll(ctx context.Context, paths []string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	c := &crew{export: x, total: len(paths)}
	queue := make(chan string)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for path := range queue {
				if ctx.Err() != nil {
					continue
				}
				if err := c.one(ctx, path); err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, path := range paths {
		queue <- path
	}
	close(queue)
	workers.Wait()
	return context.Cause(ctx)
}

// crew is the workers of a round.
type crew struct {
	*export
	mu    sync.Mutex // guards docs and what is below
	done  int
	total int
}

// one makes a document, or finds that there is none any more.
func (c *crew) one(ctx context.Context, path string) error {
	edition, err := c.Publisher.File(ctx, path)
	var d draft
	found := !errors.Is(err, feeds.ErrNotFound)
	if found && err == nil {
		d, err = c.stage(edition)
	}
	if found && err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.docs, path)
	if found {
		c.docs[path] = d
	}
	c.done++
	if c.Progress != nil {
		c.Progress(c.done, c.total)
	}
	return nil
}

// stage puts those files of a document on the stage that the folder has not.
func (c *crew) stage(e *publish.Edition) (draft, error) {
	d := draft{number: c.staged.Add(1)}
	name, err := fileName(e.Path)
	if err != nil {
		return d, err
	}
	live := c.place.live
	same, err := live.holds(name, e.Body)
	if err != nil {
		return d, err
	}
	for _, coding := range publish.Codings() {
		if !c.Precompressed {
			break
		}
		// Copies are put in their places with the document, so they are right when
		// it is.
		coded := name + coding.Ext()
		right := same && c.old.Precompressed && live.has(coded)
		if right && c.Full {
			if right, err = live.holds(coded, e.Bytes(coding)); err != nil {
				return d, err
			}
		}
		if right {
			continue
		}
		if err := c.place.stage(d.file(coding.Ext()), e.Bytes(coding)); err != nil {
			return d, err
		}
		d.exts = append(d.exts, coding.Ext())
	}
	if same {
		return d, nil
	}
	d.exts = append(d.exts, "")
	return d, c.place.stage(d.file(""), e.Body)
}

// file is the name of a file on the stage.
func (d draft) file(ext string) string { return strconv.FormatInt(d.number, 10) + ext }
