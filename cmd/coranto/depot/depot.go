// Package depot opens the operator's store for commands: what went wrong is told with
// the way out, and a store that is open knows whether what is fetched can be stored.
package depot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"syscall"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// Store is an open store. It is safe for concurrent use.
type Store struct {
	*bolt.Store
	failure atomic.Pointer[error]
}

// Open opens the store in the file at path to read and write, or to read only, as opts
// say. A missing directory is made for the first, a missing store is an error of the
// second.
func Open(path string, opts bolt.Options) (*Store, error) {
	dir := filepath.Dir(path)
	if opts.ReadOnly {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && !everCreated(path) {
			return nil, fmt.Errorf(
				"there is no store in %s yet: `coranto fetch` or `coranto serve` begins one", dir)
		}
	} else if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make data directory: %w (is it writable? --data names another)", err)
	}
	s, err := bolt.Open(path, opts)
	if err != nil {
		return nil, advised(err, opts.ReadOnly)
	}
	return &Store{Store: s}, nil
}

// everCreated reports whether there was a store once, so that a lost file is not taken
// for one that never was.
func everCreated(path string) bool {
	_, err := os.Stat(path + ".created")
	return err == nil
}

// damaged is what may be done about a store that can't be read as a whole.
const damaged = "`coranto restore FILE` takes a backup (`coranto fsck` names the newest good " +
	"one), `coranto fsck --repair` rebuilds it from what can be read"

// advised adds to an error what the operator may do about it.
func advised(err error, reading bool) error {
	switch {
	case errors.Is(err, storage.ErrCorrupt):
		return fmt.Errorf("%w; %s", err, damaged)
	case errors.Is(err, storage.ErrInUse) && !reading:
		return fmt.Errorf("%w: stop it first, or let it do the work", err)
	case errors.Is(err, storage.ErrReadOnly) && !reading:
		return fmt.Errorf("%w; `coranto serve --read-only` serves what is stored", err)
	}
	return err
}

// Commit implements storage.Store. It remembers what kept visits from being stored,
// until others are (R07).
func (s *Store) Commit(ctx context.Context, visits []storage.Visit) ([]storage.VisitResult, error) {
	results, err := s.Store.Commit(ctx, visits)
	switch cause := hindrance(results, err); {
	case cause != nil:
		cause = fmt.Errorf("the store can't be written: %w", cause)
		s.failure.Store(&cause)
	case err == nil && len(visits) > 0:
		s.failure.Store(nil)
	}
	return results, err
}

// hindrance is what any other visit would meet too; nil when there is no such error.
func hindrance(results []storage.VisitResult, err error) error {
	if err != nil && !errors.Is(err, storage.ErrClosed) && !errors.Is(err, context.Canceled) {
		return err
	}
	for i := range results {
		for _, full := range []error{storage.ErrFull, syscall.EIO, syscall.EROFS} {
			if errors.Is(results[i].Err, full) {
				return results[i].Err
			}
		}
	}
	return nil
}

// Hindered is why the last commit could not be stored; nil when it was, or when there
// was none.
func (s *Store) Hindered() error {
	if err := s.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// Frozen reports whether the file at path is on a file system that can't be written.
func Frozen(path string) bool {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err == nil {
		f.Close()
	}
	return errors.Is(err, syscall.EROFS)
}

// Know stores the descriptions of sources. One that is not among them any more is
// retired: not visited, its items stay.
func Know(ctx context.Context, store storage.Store, sources []coranto.Source) error {
	listed := make(map[coranto.SourceID]bool, len(sources))
	for _, src := range sources {
		listed[src.ID] = true
	}
	all := slices.Clone(sources)
	for rec, err := range store.Sources(ctx, storage.SourceQuery{}) {
		if err != nil {
			return fmt.Errorf("list stored sources: %w", err)
		}
		if !listed[rec.ID] {
			rec.Retired = true
			all = append(all, rec.Source)
		}
	}
	if err := store.UpsertSources(ctx, all, nil); err != nil {
		return fmt.Errorf("store the sources of the file: %w", err)
	}
	return nil
}
