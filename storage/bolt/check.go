package bolt

import (
	"context"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage/bolt/check"
	"github.com/coranto/coranto/storage/bolt/disk"
)

// Check implements storage.Checker: the pages of the file always; deep also
// every value, and that the buckets agree with each other.
func (s *Store) Check(ctx context.Context, deep bool) error {
	err := s.view(ctx, func(tx *bbolt.Tx) error {
		if err := disk.Pages(tx); err != nil || !deep {
			return err
		}
		return check.Deep(ctx, tx, s.codec)
	})
	if err != nil {
		return fmt.Errorf("check store %s: %w", s.path, err)
	}
	return nil
}
