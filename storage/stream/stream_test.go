package stream_test

import (
	"bytes"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/storagetest/sample"
	"github.com/coranto/coranto/storage/stream"
)

// parts are one of each kind.
func parts() []storage.Part {
	now := sample.Start().UTC()
	record := &storage.Record{
		Item: sample.Item("a", 1), FirstSeen: now, Changed: now, Revision: 2, Hash: [16]byte{1},
		Seq: 7,
	}
	earlier := *record
	earlier.Title, earlier.Revision = "Earlier", 1
	return []storage.Part{
		{Source: &storage.SourcePart{
			SourceRecord: storage.SourceRecord{Source: sample.Source("a"), Rev: 3}, Seen: []byte("seen"),
		}},
		{Item: record},
		{Revision: &earlier},
		{Tombstone: &storage.Tombstone{
			ID: sample.Item("a", 2).ID, Source: "a", At: now, Why: "asked", Categories: []coranto.Slug{"c"},
		}},
		{Touch: &storage.Touch{By: storage.ByCategory, Value: "c", Modified: now}},
		{Value: &storage.Value{Name: "hub/a", Data: []byte("it")}},
		{Forgotten: true},
		{Change: &storage.Change{At: now, Source: "a", Items: []coranto.ItemID{record.ID}}},
		{Cursor: "publisher"},
	}
}

func sequence(parts []storage.Part) iter.Seq2[storage.Part, error] {
	return func(yield func(storage.Part, error) bool) {
		for _, p := range parts {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func written(tb testing.TB, parts []storage.Part) []byte {
	tb.Helper()
	var b bytes.Buffer
	head := stream.Header{Program: "test", Created: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)}
	if _, err := stream.Write(&b, head, sequence(parts)); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// read is all of a stream; the error is that of its beginning or of its parts.
func read(text []byte) (list []storage.Part, counts stream.Counts, err error) {
	r, err := stream.NewReader(bytes.NewReader(text))
	if err != nil {
		return nil, counts, err
	}
	defer r.Close()
	for p, err := range r.Parts() {
		if err != nil {
			return list, r.Counts, err
		}
		list = append(list, p)
	}
	return list, r.Counts, nil
}

// Each kind of part comes back as it was, and is counted.
func TestEachPart(t *testing.T) {
	got, counts, err := read(written(t, parts()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(written(t, parts()), written(t, got)); diff != "" || len(got) != len(parts()) {
		t.Errorf("%d parts, want %d, written again (-want +got):\n%s", len(got), len(parts()), diff)
	}
	want := stream.Counts{
		Sources: 1, Items: 1, Touches: 1, Changes: 1, Cursors: 1, Revisions: 1, Tombstones: 1, Values: 1,
	}
	if counts != want {
		t.Errorf("counted %+v, want %+v", counts, want)
	}
}

// A stream that is cut anywhere, or in which any byte is another, is refused.
func TestWholeOrNothing(t *testing.T) {
	text := written(t, parts())
	for i := range text {
		if _, _, err := read(text[:i]); !errors.Is(err, storage.ErrCorrupt) {
			t.Errorf("cut to %d of %d bytes: error %v, want ErrCorrupt", i, len(text), err)
		}
		changed := bytes.Clone(text)
		changed[i] ^= 0x10
		if _, _, err := read(changed); !errors.Is(err, storage.ErrCorrupt) && !errors.Is(err, storage.ErrSchemaNewer) {
			t.Errorf("byte %d of %d changed: error %v, want ErrCorrupt", i, len(text), err)
		}
	}
}

// FuzzStream reads what may be no stream. It never panics; what is whole can be written,
// and is whole again.
func FuzzStream(f *testing.F) {
	f.Add(written(f, nil))
	f.Add(written(f, parts()))
	f.Add([]byte(stream.Magic + "\xff\xff\xff\xff\x07"))
	f.Fuzz(func(t *testing.T, text []byte) {
		list, counts, err := read(text)
		if err != nil {
			return
		}
		if _, again, err := read(written(t, list)); err != nil || again != counts {
			t.Errorf("written again: %+v, %v, want %+v", again, err, counts)
		}
	})
}
