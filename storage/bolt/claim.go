package bolt

import (
	"context"
	"fmt"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// DueNow implements storage.Store. The hint is kept in memory: after a crash the
// source is visited when its state says.
func (s *Store) DueNow(ctx context.Context, ids []coranto.SourceID) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.opts.ReadOnly {
		return fmt.Errorf("make sources due: %w", storage.ErrReadOnly)
	}
	s.lanes.Hint(ids, s.now())
	return nil
}

// Claim implements storage.Store.
func (s *Store) Claim(ctx context.Context, owner string, lanes, perLane int, ttl time.Duration) (
	[]storage.Lease, time.Duration, error,
) {
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	if s.opts.ReadOnly {
		return nil, 0, fmt.Errorf("claim: %w", storage.ErrReadOnly)
	}
	now := s.now()
	leases, due, wait := s.lanes.Claim(owner, lanes, perLane, now, now.Add(ttl))
	err := s.view(context.WithoutCancel(ctx), func(tx *bbolt.Tx) error {
		for i, ids := range due {
			leases[i].Due = s.dueSources(tx, ids, now)
		}
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("claim: %w", err)
	}
	return leases, wait, nil
}

// dueSources reads sources of a lease. One that is damaged is left out, now and
// from now on.
func (s *Store) dueSources(
	tx *bbolt.Tx, ids []coranto.SourceID, now time.Time,
) []storage.SourceRecord {
	records := make([]storage.SourceRecord, 0, len(ids))
	for _, id := range ids {
		r, found, err := s.getSource(tx, id)
		if !found {
			s.log.Error("source is damaged and not visited", "source", string(id), "err", err)
			s.lanes.Postpone(id, now)
			continue
		}
		records = append(records, r)
	}
	return records
}

// Extend implements storage.Store.
func (s *Store) Extend(
	ctx context.Context, leases []storage.LeaseRef, ttl time.Duration,
) ([]bool, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.opts.ReadOnly {
		return nil, fmt.Errorf("extend leases: %w", storage.ErrReadOnly)
	}
	now := s.now()
	return s.lanes.Extend(leases, now, now.Add(ttl)), nil
}
