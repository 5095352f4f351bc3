package bolt_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

func isErr(err, target error) bool { return errors.Is(err, target) }

// What an operator meets instead of a store, and what the message tells. Package
// disk tests what else may have become of the file.
func TestOpenRefuses(t *testing.T) {
	tests := []struct {
		name string
		harm func(path string) error
		want error
		says string
	}{
		{"lost", os.Remove, storage.ErrCorrupt, "restore"},
		{"newer", putMeta("schema", 99), storage.ErrSchemaNewer, "schema 99"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filled(t, 300)
			if err := tt.harm(path); err != nil {
				t.Fatal(err)
			}
			s, err := bolt.Open(path, bolt.Options{})
			if err == nil {
				closeStore(t, s)
				t.Fatal("the store opened")
			}
			if !errors.Is(err, tt.want) {
				t.Errorf("error = %v, want %v", err, tt.want)
			}
			message := err.Error()
			if !strings.HasPrefix(message, "open store "+path+": ") || !strings.Contains(message, tt.says) {
				t.Errorf("message %q names not the file and %q", err, tt.says)
			}
		})
	}
}

// withBolt changes a closed store behind its back.
func withBolt(path string, fn func(*bbolt.Tx) error) error {
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		return err
	}
	return errors.Join(db.Update(fn), db.Close())
}

func putMeta(key string, n byte) func(string) error {
	return func(path string) error {
		return withBolt(path, func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte("meta")).Put([]byte(key), []byte{0, 0, 0, 0, 0, 0, 0, n})
		})
	}
}

func TestOpenInUse(t *testing.T) {
	path := filled(t, 1)
	s := open(t, path, bolt.Options{})
	defer closeStore(t, s)
	_, err := bolt.Open(path, bolt.Options{Timeout: 100 * time.Millisecond})
	want := fmt.Sprintf("open store %s: store in use by another process "+
		"(is the server running? pid %d)", path, os.Getpid())
	if !errors.Is(err, storage.ErrInUse) || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
}

func TestReadOnly(t *testing.T) {
	path := filled(t, 3)
	s := open(t, path, bolt.Options{ReadOnly: true})
	defer closeStore(t, s)
	other := open(t, path, bolt.Options{ReadOnly: true}) // readers share
	defer closeStore(t, other)
	if page, err := s.Latest(t.Context(), storage.Query{}); err != nil || len(page.Records) != 3 {
		t.Errorf("read %d items, error %v; want 3", len(page.Records), err)
	}
	_, _, claim := s.Claim(t.Context(), "me", 1, 1, time.Minute)
	_, commit := s.Commit(t.Context(), []storage.Visit{{Source: "a"}})
	_, _, retain := s.Retain(t.Context(), storage.Policy{}, 1)
	_, pin := s.Pin(t.Context(), nil, true)
	_, remove := s.Remove(t.Context(), nil, "")
	_, lift := s.Lift(t.Context(), nil)
	errs := map[string]error{
		"Claim": claim, "Commit": commit, "Retain": retain, "Pin": pin, "Remove": remove, "Lift": lift,
		"UpsertSources": s.UpsertSources(t.Context(), nil, nil),
		"SaveCursor":    s.SaveCursor(t.Context(), "c", "", ""),
		"DueNow":        s.DueNow(t.Context(), nil),
	}
	for method, err := range errs {
		if !errors.Is(err, storage.ErrReadOnly) {
			t.Errorf("%s: error = %v, want ErrReadOnly", method, err)
		}
	}
	_, err := bolt.Open(filepath.Join(t.TempDir(), "none"), bolt.Options{ReadOnly: true})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error = %v for a store that is not there, want fs.ErrNotExist", err)
	}
}

// damageItem flips a bit in the stored value of an item.
func damageItem(t *testing.T, path string, id coranto.ItemID) {
	t.Helper()
	err := withBolt(path, func(tx *bbolt.Tx) error {
		seq := tx.Bucket([]byte("key")).Get(id[:])[:8]
		value := bytes.Clone(tx.Bucket([]byte("item")).Get(seq))
		value[len(value)/2] ^= 4
		return tx.Bucket([]byte("item")).Put(bytes.Clone(seq), value)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A damaged value costs its item only, until the source brings it again or it
// is too old to be kept.
func TestDamagedItem(t *testing.T) {
	path := filled(t, 10)
	hurt := sample.Item("a", 5)
	damageItem(t, path, hurt.ID)
	var log bytes.Buffer
	s := open(t, path, bolt.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	defer closeStore(t, s)

	if _, err := s.Item(t.Context(), hurt.ID); !errors.Is(err, storage.ErrCorrupt) {
		t.Errorf("error = %v, want ErrCorrupt", err)
	}
	if err := s.Check(t.Context(), true); !errors.Is(err, storage.ErrCorrupt) {
		t.Errorf("deep check: error = %v, want ErrCorrupt", err)
	}
	if page, err := s.Latest(t.Context(), storage.Query{}); err != nil || len(page.Records) != 9 {
		t.Errorf("listed %d items, error %v; want 9", len(page.Records), err)
	}
	warning := log.String()
	if item := "item=" + hurt.ID.String(); !strings.Contains(warning, "level=WARN") ||
		!strings.Contains(warning, item) {
		t.Errorf("the log does not warn of the item:\n%s", log.String())
	}
	hurt.Title, hurt.Categories = "again", []coranto.Slug{"c"}
	commit(t, s, storage.Visit{Source: "a", Items: []coranto.Item{hurt}})
	if err := s.Check(t.Context(), true); err != nil {
		t.Errorf("after the item came again: %v", err)
	}
}

func TestDamagedItemIsRetained(t *testing.T) {
	path := filled(t, 10)
	damageItem(t, path, sample.Item("a", 2).ID)
	s := open(t, path, bolt.Options{})
	defer closeStore(t, s)
	_, removed, err := s.Retain(t.Context(), storage.Policy{PerSource: storage.Limits{Items: 4}}, 100)
	if err != nil || removed.Items != 6 {
		t.Fatalf("removed %d, error %v; want 6", removed.Items, err)
	}
	if err := s.Check(t.Context(), true); err != nil {
		t.Error(err)
	}
}

// A damaged source is left alone until the operator's file describes it anew.
func TestDamagedSource(t *testing.T) {
	path := filled(t, 2)
	err := withBolt(path, func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("src")).Put([]byte("a"), []byte("nonsense"))
	})
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, path, bolt.Options{})
	defer closeStore(t, s)
	results, err := s.Commit(t.Context(), []storage.Visit{{Source: "a"}})
	if err != nil || results[0].Err == nil {
		t.Errorf("results %+v, error %v; want an error of the visit", results, err)
	}
	add(t, s, sample.Source("a"))
	commit(t, s, storage.Visit{Source: "a", Items: sample.Items("a", 0, 3, "c")})
	if err := s.Check(t.Context(), true); err != nil {
		t.Error(err)
	}
}

// A damaged memory of a source's document is none, and is found by a check.
func TestDamagedSeen(t *testing.T) {
	path := filled(t, 1)
	s := open(t, path, bolt.Options{})
	commit(t, s, storage.Visit{Source: "a", Seen: []byte("what was seen")})
	closeStore(t, s)
	err := withBolt(path, func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("seen")).Put([]byte("a"), []byte("nonsense"))
	})
	if err != nil {
		t.Fatal(err)
	}
	s = open(t, path, bolt.Options{})
	defer closeStore(t, s)
	if seen, err := s.Seen(t.Context(), "a"); err != nil || len(seen) != 0 {
		t.Errorf("seen = %q, %v, want nothing", seen, err)
	}
	if err := s.Check(t.Context(), true); !errors.Is(err, storage.ErrCorrupt) {
		t.Errorf("check = %v, want an error that wraps ErrCorrupt", err)
	}
}

// A full store answers so for the visits that don't fit, and goes on: what is
// stored can be read, and room can be made.
func TestFull(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, bolt.Options{MaxSize: 1 << 20})
	defer closeStore(t, s)
	add(t, s, sample.Source("a"))
	it := sample.Item("a", 0)
	full := false
	for n := range 200 {
		it = sample.Item("a", n)
		it.Content = noise(n, 64<<10)
		results, err := s.Commit(t.Context(), []storage.Visit{{Source: "a", Items: []coranto.Item{it}}})
		if err != nil {
			t.Fatal(err)
		}
		if full = errors.Is(results[0].Err, storage.ErrFull); full {
			break
		}
	}
	if !full {
		t.Fatal("the store never was full")
	}
	if err := s.Check(t.Context(), true); err != nil {
		t.Error(err)
	}
	for more := true; more; {
		var err error
		if more, _, err = s.Retain(t.Context(), storage.Policy{Limits: storage.Limits{Items: 1}}, 2); err != nil {
			t.Fatal(err)
		}
	}
	commit(t, s, storage.Visit{Source: "a", Items: []coranto.Item{it}})
}

// noise is a text that does not compress well.
func noise(seed, size int) string {
	b := make([]byte, size)
	x := uint32(seed)*2654435761 + 1
	for i := range b {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		b[i] = 'A' + byte(x%58)
	}
	return string(b)
}

// A page that goes bad under an open store is an error, not the end of the
// process; nothing is written any more.
func TestDamagedPage(t *testing.T) {
	path := filled(t, 300)
	s := open(t, path, bolt.Options{})
	defer closeStore(t, s)
	if err := zeroedInPlace(path, 2*8192); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Latest(context.Background(), storage.Query{}); !errors.Is(err, storage.ErrCorrupt) {
		t.Errorf("Latest: error = %v, want ErrCorrupt", err)
	}
	for range 2 {
		if err := s.SaveCursor(t.Context(), "c", "", "12345678"); !errors.Is(err, storage.ErrCorrupt) {
			t.Errorf("SaveCursor: error = %v, want ErrCorrupt", err)
		}
	}
}

func zeroedInPlace(path string, from int64) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	_, err = f.WriteAt(make([]byte, info.Size()-from), from)
	return errors.Join(err, f.Close())
}
