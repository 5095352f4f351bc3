package bolt

import (
	"context"
	"fmt"
	"sync"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage/bolt/check"
	"github.com/coranto/coranto/storage/bolt/disk"
)

// Check implements storage.Checker: the pages of the file always; deep also
// every value, and that the buckets agree with each other. Commits wait while the pages
// are checked, for bbolt compares them with what is free at the moment, not with what
// was free in the snapshot.
func (s *Store) Check(ctx context.Context, deep bool) error {
	s.writing.Lock()
	unlock := sync.OnceFunc(s.writing.Unlock)
	defer unlock()
	err := s.view(ctx, func(tx *bbolt.Tx) error {
		err := disk.Pages(tx)
		unlock()
		if err != nil || !deep {
			return err
		}
		return check.Deep(ctx, tx, s.codec)
	})
	if err != nil {
		return fmt.Errorf("check store %s: %w", s.path, err)
	}
	return nil
}
