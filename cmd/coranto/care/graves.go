package care

import (
	"context"
	"errors"
	"io/fs"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// graves are the tombstones of the store that a backup is to replace: a backup may be
// older than what was taken down. Where they can't be read the operator is told.
func (k *Keeper) graves(ctx context.Context) (list []storage.Tombstone) {
	s, err := bolt.Open(k.Path, k.options(true))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, storage.ErrInUse) {
		return nil // there are none, or nothing is restored
	}
	if err == nil {
		list, err = allGraves(ctx, s)
		err = errors.Join(err, s.Close())
	}
	if err != nil {
		k.say("what was taken down since the backup can't be read, and is published again: %v", err)
	}
	return list
}

func allGraves(ctx context.Context, s *bolt.Store) (list []storage.Tombstone, err error) {
	q := storage.TombstoneQuery{By: storage.All, Limit: 1000}
	for {
		page, err := s.Tombstones(ctx, q)
		if err != nil {
			return list, err
		}
		list = append(list, page.Tombstones...)
		if !page.More || len(page.Tombstones) == 0 {
			return list, nil
		}
		q.Before = list[len(list)-1].Order()
	}
}

// rebury puts the tombstones up in a backup that is about to be the store.
func (k *Keeper) rebury(ctx context.Context, part string, graves []storage.Tombstone) error {
	if len(graves) == 0 {
		return nil
	}
	defer k.tidy(part)
	s, err := bolt.Open(part, k.options(false))
	if err != nil {
		return err
	}
	removed, err := s.Bury(ctx, graves)
	if removed > 0 {
		k.say("taken down since the backup, and again now: %d items; `coranto republish` lets them back", removed)
	}
	return errors.Join(err, s.Close())
}
