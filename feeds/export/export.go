// Package export writes the documents of package publish as a tree of files for
// any web server.
//
// # Contract
//
// The page at "/x/" becomes x/index.html, any other document the file of its path.
// A file whose bytes are right already is not touched. A file that an earlier
// export wrote and that has no document any more is removed. Nothing else in the
// folder is ever removed: the export keeps its own list of what it wrote, and
// refuses a folder with files but without such a list. Names that begin with a dot
// are nobody's business, so the folder may be a git repository.
//
// An export is made beside what readers see, whole and durable, before the first
// file of it is put in its place. From there on it is always completed, by the next
// export if need be. Where the system can let two folders change places (Linux) and
// the folder holds no folder of somebody else, that is what happens: a reader finds
// the whole old tree or the whole new one. Elsewhere the files are put in their
// places one by one, each whole, new ones first and the home page last, then what
// is gone is removed: at any moment all that a page links to is there.
//
// What was made before is not made again if a Fingerprint vouches for everything
// but the store, and the store's log of changes for the store. The result is the
// same, byte for byte, as if all were made.
//
// A category that was called otherwise has its feeds under the old names too, and there
// pages that lead on to its pages.
//
// Only one export may write to a folder at a time.
package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/coranto/coranto/feeds/publish"
)

// Errors of Write.
var (
	// ErrForeign reports a folder with files in it that no export wrote.
	ErrForeign = errors.New("the folder has files that no export wrote")

	// ErrBusy reports a store that changed faster than what it holds was made.
	// Nothing was written.
	ErrBusy = errors.New("the store changes all the time")
)

// Options says what to write where. Publisher and Dir are required.
type Options struct {
	Publisher *publish.Publisher
	Dir       string // made when it isn't there

	// Precompressed also writes each document in its content codings, as
	// atom.xml.gz, atom.xml.br and atom.xml.zst, for servers that send those.
	Precompressed bool

	// Fingerprint stands for everything but the store that documents depend on: the
	// program, the operator's file. While it is the same, only what changes in the
	// store may have touched is made. "" makes everything each time.
	Fingerprint string

	Full    bool // make and compare everything, coded copies too
	InPlace bool // never let the folder change places with another

	// Owe keeps a list, with the files, of the paths that changed, until Settle: for
	// who must tell somebody of each change, also after a crash.
	Owe bool

	// Progress is called as documents are made, by one goroutine at a time; nil for
	// nobody. total may grow.
	Progress func(done, total int)
}

// Report says what an export did. It counts documents, however many files each
// has.
type Report struct {
	Written   int // new or changed
	Unchanged int
	Removed   int
	Changed   []string // paths of the documents written, then of those removed
	Owed      []string // paths changed since the last Settle, sorted; nil without Options.Owe
	AtOnce    bool     // the tree changed places with the one before
}

// Write brings the folder up to date with the store. After an error the folder is
// what it was, or the next Write or Settle completes it. The error wraps ErrForeign
// when the folder is not ours, and ErrBusy.
func Write(ctx context.Context, opts Options) (Report, error) {
	x := &export{Options: opts}
	if err := x.write(ctx); err != nil {
		return x.report, fmt.Errorf("export to %s: %w", opts.Dir, err)
	}
	return x.report, nil
}

// Settle forgets what is owed of a folder that was written with Options.Owe.
func Settle(dir string) error {
	p, err := open(dir, false)
	if err != nil {
		return fmt.Errorf("settle %s: %w", dir, err)
	}
	m, err := p.live.readManifest()
	if err == nil && len(m.Owed) > 0 {
		m.Owed = nil
		err = p.replaceManifest(&m)
	}
	if err := errors.Join(err, p.close()); err != nil {
		return fmt.Errorf("settle %s: %w", dir, err)
	}
	return nil
}

// open makes and opens a folder, and completes what an export before left undone.
func open(dir string, inPlace bool) (*place, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(dir)
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return nil, err
	}
	within, err := openPlace(dir, false)
	if err != nil {
		return nil, err
	}
	beside, err := openPlace(dir, true)
	if err != nil {
		// There is no room beside the folder.
		return within, closeOnError(within, within.carryOut())
	}
	// The folder is written with the one and read with the other.
	unused, used := within, beside
	if err := errors.Join(within.carryOut(), beside.carryOut()); err != nil {
		return nil, errors.Join(err, within.close(), beside.close())
	}
	beside.swap = !inPlace
	if inPlace {
		unused, used = beside, within
		err = beside.finish()
	}
	return used, closeOnError(used, errors.Join(err, unused.close()))
}

// closeOnError closes a place that won't be used, because of an error.
func closeOnError(p *place, err error) error {
	if err == nil {
		return nil
	}
	return errors.Join(err, p.close())
}

// export is one run of Write.
type export struct {
	Options
	place  *place
	old    manifest // of the export before
	mark   publish.Mark
	docs   map[string]draft // by path: what there is to be
	staged atomic.Int64     // documents put on the stage
	report Report
}

func (x *export) write(ctx context.Context) (err error) {
	if x.place, err = open(x.Dir, x.InPlace); err != nil {
		return err
	}
	defer x.place.close()
	if x.old, err = x.place.live.readManifest(); err != nil {
		return err
	}
	if err := x.place.clearStage(); err != nil {
		return err
	}
	if err := x.make(ctx); err != nil {
		return errors.Join(err, x.place.finish())
	}
	if err := x.commit(ctx); err != nil {
		return err
	}
	return x.note(ctx)
}

// note leaves in the store how far the export is. What is in the folder is right
// without it, so it is done last.
func (x *export) note(ctx context.Context) error {
	if x.Fingerprint == "" {
		return nil
	}
	return x.Publisher.Reached(context.WithoutCancel(ctx), x.follower(), x.mark)
}

// follower is the name by which the store knows the folder.
func (x *export) follower() string {
	dir, err := filepath.Abs(x.Dir)
	if err != nil {
		dir = x.Dir
	}
	sum := sha256.Sum256([]byte(dir))
	return "build " + hex.EncodeToString(sum[:8])
}

// commit puts what was made in its place.
func (x *export) commit(ctx context.Context) error {
	next, steps := x.plan()
	x.report.Owed = next.Owed
	if len(steps) == 0 {
		if x.same(&next) {
			return x.place.finish()
		}
		return x.place.replaceManifest(&next)
	}
	next.Serial++
	if err := errors.Join(ctx.Err(), x.pair(&next)); err != nil {
		return err
	}
	text, err := next.text()
	if err != nil {
		return err
	}
	if err := x.place.stage(manifestName, text); err != nil {
		return err
	}
	steps = append(steps, step{staged: manifestName, name: manifestName})
	if err := x.place.record(next.Serial, steps); err != nil {
		return err
	}
	return x.place.carryOut()
}

// pair makes the other tree ready to become the live one, if it can.
func (x *export) pair(next *manifest) (err error) {
	if x.place.swap {
		next.Foreign, err = x.place.mirror(&x.old)
		if errors.Is(err, errNotOurs) || errors.Is(err, os.ErrPermission) {
			x.place.swap, err = false, nil
		}
	}
	x.report.AtOnce = x.place.swap
	return err
}

// same reports whether the list on disk says what next says.
func (x *export) same(next *manifest) bool {
	a, errA := x.old.text()
	b, errB := next.text()
	return errA == nil && errB == nil && string(a) == string(b)
}
