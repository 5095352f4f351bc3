// Package disk is the file of a store of package bolt: opened, guarded against
// what may have become of it, and closed. It knows nothing of what is stored.
//
// A file that was emptied, lost or cut short, or is none of ours, is refused
// before bbolt would take it for new or map it beyond its end. A page that turns
// out bad later is an error, never a panic and never the end of the process;
// met while writing, it is the last thing written. Errors of bbolt and of the
// system come back in the words of package storage.
//
// Two small files stand beside the store: one remembers that it was created, the
// other tells who holds it.
package disk

import (
	"cmp"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage"
)

// pageSize of new files: measured against 4, 16 and 32 KiB, it gives the
// smallest file for items of a few kilobytes without writing much more.
const pageSize = 8192

// Options configures a File. The zero value is ready for use; each field says
// what its zero means.
type Options struct {
	ReadOnly bool          // Update answers ErrReadOnly; many readers may share the file
	Timeout  time.Duration // how long to wait for another process to let go; 0 means for ever
	MaxSize  int64         // bytes, beyond which updates are ErrFull; 0 means no limit
	Logger   *slog.Logger  // nil logs nothing
}

// File is an open store file. It is safe for concurrent use, but for Limit and
// Close as they say.
type File struct {
	path   string
	opts   Options
	log    *slog.Logger
	db     *bbolt.DB
	file   *os.File // beneath db
	held   bool     // a note tells of this process
	damage atomic.Pointer[error]
	closed atomic.Bool
}

// Open opens the file at path, and creates it when there is none and there never
// was one. The error wraps ErrInUse, ErrCorrupt, ErrReadOnly or the system's own.
//
// A file that was replaced while it was waited for is let go again: what would be
// stored in it would be lost with it. The one in its place is opened.
func Open(path string, opts Options) (*File, error) {
	for {
		f, err := open(path, opts)
		if err != nil || standsAt(f.file, path) {
			return f, err
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
}

func open(path string, opts Options) (*File, error) {
	if err := inspect(path, opts.ReadOnly); err != nil {
		return nil, err
	}
	f := &File{path: path, opts: opts}
	f.log = cmp.Or(opts.Logger, slog.New(slog.DiscardHandler))
	err := guard(func() (err error) {
		f.db, err = bbolt.Open(path, 0o600, f.options())
		if err == nil && opts.MaxSize > 0 {
			f.db.AllocSize = step(opts.MaxSize)
		}
		return err
	})
	if err == nil {
		return f, nil
	}
	if errors.Is(err, errPanic) && f.file != nil {
		f.file.Close() // bbolt did not come to it
	}
	return nil, openError(path, err)
}

// step is by how many bytes a file grows at a time that may grow to a limit: the last
// step that goes beyond it is not taken, so that much of it is never used.
func step(limit int64) int { return int(min(max(limit/64, 1<<18), 16<<20)) }

// options keeps the file beneath the database for the day when the database
// can't be closed any more.
func (f *File) options() *bbolt.Options {
	return &bbolt.Options{
		Timeout:         f.opts.Timeout,
		PageSize:        pageSize,
		FreelistType:    bbolt.FreelistMapType,
		PreLoadFreelist: true,
		ReadOnly:        f.opts.ReadOnly,
		MaxSize:         int(f.opts.MaxSize),
		OpenFile: func(name string, flag int, mode fs.FileMode) (file *os.File, err error) {
			f.file, err = os.OpenFile(name, flag, mode)
			return f.file, err
		},
	}
}

// View runs fn on a snapshot. Everything fn keeps must be copied. The error wraps
// ErrClosed, ErrCorrupt or that of fn.
func (f *File) View(fn func(*bbolt.Tx) error) error {
	if f.closed.Load() {
		return storage.ErrClosed
	}
	return outcome(guard(func() error { return f.db.View(fn) }))
}

// Update runs fn in a transaction that is durable when Update returns, and is
// rolled back when fn answers an error. After a panic within bbolt nothing is
// written any more, for its memory may be as broken as the page that caused it:
// that error, of which Damaged tells, is then the answer to every update. Reads
// go on. Other errors wrap ErrReadOnly, ErrFull, ErrClosed or that of fn.
func (f *File) Update(fn func(*bbolt.Tx) error) error {
	if f.opts.ReadOnly {
		return storage.ErrReadOnly
	}
	if damage := f.damage.Load(); damage != nil {
		return *damage
	}
	err := outcome(guard(func() error { return f.db.Update(fn) }))
	if Damaged(err) {
		f.damage.Store(&err)
		f.log.Error("store is damaged: nothing is written any more", "err", err)
	}
	return err
}

// Limit sets the bytes of the file beyond which updates are ErrFull; 0 means no
// limit. It must not be called while an update runs.
func (f *File) Limit(bytes int64) { f.db.MaxSize = int(bytes) }

// Free is how many bytes of the file are in pages that hold nothing.
func (f *File) Free() int64 {
	pages := f.db.Stats()
	return int64(pages.FreePageN+pages.PendingPageN) * int64(f.db.Info().PageSize)
}

// Close waits for snapshots in use and gives up the file and the note that this
// process holds it. After a panic in an update the database can't be closed:
// bbolt would wait for its own lock for ever. Then only the file beneath is, and
// what bbolt mapped of it keeps it locked until the process ends. Close must be
// called once, and not while an update runs.
func (f *File) Close() error {
	if f.held {
		_ = os.Remove(holderPath(f.path))
	}
	f.closed.Store(true)
	if f.damage.Load() != nil {
		return f.file.Close()
	}
	return f.db.Close()
}
