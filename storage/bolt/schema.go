package bolt

import (
	"context"
	"fmt"
	"io"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/disk"
	"github.com/coranto/coranto/storage/bolt/migrate"
)

// schema is the version of the layout: it changes with the steps of package migrate.
func schema() uint64 { return migrate.Newest(migrate.Steps()) }

// upgrade brings a file of an older schema to this one, after a copy was put beside
// it. One that was never completed has none yet.
func (s *Store) upgrade() error {
	var found uint64
	err := s.view(context.Background(), func(tx *bbolt.Tx) error {
		found = migrate.Schema(tx)
		return nil
	})
	switch {
	case err != nil:
		return err
	case found > schema():
		return fmt.Errorf("%w: schema %d, this version knows %d; run the version that wrote it, "+
			"or restore a backup that is older", storage.ErrSchemaNewer, found, schema())
	case found == schema(), found == 0 && !s.opts.ReadOnly:
		return nil
	case found == 0:
		return fmt.Errorf("%w: it was never completed", storage.ErrCorrupt)
	case s.opts.ReadOnly:
		return fmt.Errorf("%w: schema %d is older than %d, and `coranto serve` or `coranto fetch` "+
			"will bring it there", storage.ErrReadOnly, found, schema())
	}
	if err := s.keepOld(found); err != nil {
		return fmt.Errorf("back up before the schema changes from %d to %d: %w", found, schema(), err)
	}
	return migrate.Run(s.file, migrate.Steps(), s.log)
}

// keepOld puts a copy of the file beside it, unless one is there from this migration,
// which was cut off: that is the older one, and whole. One of another time is kept
// under another name.
func (s *Store) keepOld(found uint64) error {
	copied := fmt.Sprintf("%s.v%d.bak", s.path, found)
	begun := false
	err := s.file.View(func(tx *bbolt.Tx) error {
		begun = migrate.Begun(tx)
		return nil
	})
	if err == nil && begun && disk.CheckPages(copied) == nil {
		return nil
	}
	if err == nil {
		_, err = disk.SetAside(copied, "before", s.now())
	}
	if err != nil {
		return err
	}
	s.log.Info("store is copied before it is migrated", "to", copied)
	return disk.Write(copied, func(w io.Writer) error {
		return s.file.View(func(tx *bbolt.Tx) error {
			_, err := tx.WriteTo(w)
			return err
		})
	}, disk.CheckPages)
}
