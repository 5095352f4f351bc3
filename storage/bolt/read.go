package bolt

import (
	"context"
	"fmt"
	"iter"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
)

// sourceChunk is how many sources are read in one snapshot.
const sourceChunk = 500

// Sources implements storage.Store. The sources are read some hundreds at a
// time, each time from one snapshot, so that a slow reader pins no pages.
func (s *Store) Sources(
	ctx context.Context, q storage.SourceQuery,
) iter.Seq2[storage.SourceRecord, error] {
	return func(yield func(storage.SourceRecord, error) bool) {
		r := sourceReader{s: s, all: q.IDs == nil, ids: layout.SortedSet(q.IDs)}
		for more := true; more; {
			var err error
			if more, err = r.read(ctx); err != nil {
				yield(storage.SourceRecord{}, fmt.Errorf("read sources: %w", err))
				return
			}
			for _, record := range r.records {
				if !yield(record, nil) {
					return
				}
			}
		}
	}
}

// sourceReader reads sources by id, one chunk after another.
type sourceReader struct {
	s       *Store
	all     bool
	ids     []coranto.SourceID // still to be read, unless all are
	last    []byte             // of all: the last one read
	records []storage.SourceRecord
}

// read reads the next chunk into records and reports whether there may be more.
func (r *sourceReader) read(ctx context.Context) (more bool, err error) {
	r.records = nil
	err = r.s.view(ctx, func(tx *bbolt.Tx) error {
		ids := r.pick(tx)
		more = len(ids) == sourceChunk
		r.records = make([]storage.SourceRecord, 0, len(ids))
		for _, id := range ids {
			record, found, err := r.s.getSource(tx, id)
			if err != nil {
				return err
			}
			if found {
				r.records = append(r.records, record)
			}
		}
		return nil
	})
	return more, err
}

// pick returns the ids of the next chunk.
func (r *sourceReader) pick(tx *bbolt.Tx) (ids []coranto.SourceID) {
	if !r.all {
		n := min(len(r.ids), sourceChunk)
		ids, r.ids = r.ids[:n], r.ids[n:]
		return ids
	}
	c := tx.Bucket([]byte(rows.Sources)).Cursor()
	k, _ := c.Seek(append(slices.Clone(r.last), 0))
	for ; k != nil && len(ids) < sourceChunk; k, _ = c.Next() {
		ids = append(ids, coranto.SourceID(k))
		r.last = slices.Clone(k)
	}
	return ids
}
