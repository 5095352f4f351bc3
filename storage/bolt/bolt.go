package bolt

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/calls"
	"github.com/coranto/coranto/storage/bolt/disk"
	"github.com/coranto/coranto/storage/bolt/due"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
	"github.com/coranto/coranto/storage/bolt/watch"
)

// Options configures a Store. The zero value is ready for use; each field says
// what its zero means.
type Options struct {
	Now      coranto.Clock // nil means time.Now
	ReadOnly bool          // methods that write answer ErrReadOnly; many readers may share the file
	Timeout  time.Duration // how long to wait for another process to let go; 0 means 2s
	Logger   *slog.Logger  // nil logs nothing
	MaxSize  int64         // bytes of the file, beyond which commits are ErrFull; 0 means no limit
	MaxLog   int           // changes kept for readers that have fallen behind; 0 means 100,000
}

// Store is a storage.Store in one file. It also is a storage.Backuper and a
// storage.Checker.
type Store struct {
	path  string
	opts  Options
	now   coranto.Clock
	log   *slog.Logger
	file  *disk.File
	codec *layout.Codec
	lanes *due.Queue
	hints watch.List

	writing sync.Mutex // held by every write until memory agrees with the file
	calls   *calls.Queue
	closing sync.Once

	cursors map[string]uint64 // saved cursors; guarded by writing

	commits    atomic.Int64
	itemWrites atomic.Int64
}

var (
	_ storage.Store    = (*Store)(nil)
	_ storage.Backuper = (*Store)(nil)
	_ storage.Checker  = (*Store)(nil)
)

// Open opens the store in the file at path, and creates it when there is none
// and there never was one. The error wraps ErrInUse, ErrCorrupt,
// ErrSchemaNewer, ErrReadOnly or the system's own.
func Open(path string, opts Options) (*Store, error) {
	opts.Timeout = cmp.Or(opts.Timeout, 2*time.Second)
	opts.MaxLog = cmp.Or(opts.MaxLog, 100_000)
	opts.Logger = cmp.Or(opts.Logger, slog.New(slog.DiscardHandler))
	if opts.Now == nil {
		opts.Now = time.Now
	}
	s, err := open(path, opts)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	return s, nil
}

func open(path string, opts Options) (*Store, error) {
	file, err := disk.Open(path, disk.Options{
		ReadOnly: opts.ReadOnly, Timeout: opts.Timeout, MaxSize: opts.MaxSize, Logger: opts.Logger,
	})
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, opts: opts, now: opts.Now, log: opts.Logger, file: file}
	if err := s.start(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	s.calls = calls.New(s.writeVisits, disk.Damaged)
	return s, nil
}

// start brings an opened file and the memory of the store into agreement.
func (s *Store) start() (err error) {
	if s.codec, err = layout.NewCodec(); err != nil {
		return err
	}
	var boots uint64
	if err = s.upgrade(); err == nil && !s.opts.ReadOnly {
		boots, err = s.prepare()
	}
	if errors.Is(err, storage.ErrFull) && boots > 1 {
		s.log.Warn("store is full", "err", err)
		err = nil
	}
	if err == nil {
		s.lanes, s.cursors = due.New(boots<<32), map[string]uint64{}
		err = s.load()
	}
	if err != nil {
		s.codec.Close()
		return err
	}
	if s.opts.ReadOnly {
		return nil
	}
	return s.file.Hold(s.now())
}

// prepare makes what is missing in the file and counts its openings, so that
// no two leases ever have the same epoch.
func (s *Store) prepare() (boots uint64, err error) {
	err = s.update(context.Background(), func(tx *bbolt.Tx) error {
		for _, name := range rows.Buckets() {
			if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
				return err
			}
		}
		meta := tx.Bucket([]byte(rows.Meta))
		if meta.Get([]byte(rows.MetaSchema)) == nil {
			if err := rows.PutNumber(meta, rows.MetaSchema, schema()); err != nil {
				return err
			}
		}
		boots = rows.Number(meta, rows.MetaBoots) + 1
		return rows.PutNumber(meta, rows.MetaBoots, boots)
	})
	s.commits.Store(0)
	return boots, err
}

// load fills the due queue and the saved cursors from the file.
func (s *Store) load() error {
	now := s.now()
	return s.view(context.Background(), func(tx *bbolt.Tx) error {
		err := tx.Bucket([]byte(rows.Sources)).ForEach(func(id, value []byte) error {
			r, err := s.codec.DecodeSource(value)
			if err != nil {
				s.log.Error("source is damaged and will not be visited", "source", string(id), "err", err)
				return nil
			}
			s.lanes.Describe(&r.Source, &r.State, now)
			return nil
		})
		if err != nil {
			return err
		}
		return tx.Bucket([]byte(rows.Cursors)).ForEach(func(name, value []byte) error {
			s.cursors[string(name)] = layout.ParseNumber(value)
			return nil
		})
	})
}

// Close waits for commits in flight and releases the store. Closing again does
// nothing.
func (s *Store) Close() (err error) {
	s.closing.Do(func() {
		s.calls.Close()
		s.writing.Lock()
		defer s.writing.Unlock()
		s.hints.Close()
		if err = s.file.Close(); err != nil {
			err = fmt.Errorf("close store %s: %w", s.path, err)
		}
		s.codec.Close()
	})
	return err
}
