package care_test

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/care"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

// keeper takes care of a file that is not there yet.
func keeper(t *testing.T) *care.Keeper {
	t.Helper()
	return &care.Keeper{
		Path: filepath.Join(t.TempDir(), "coranto.db"), Out: new(bytes.Buffer),
		Log: slog.New(slog.DiscardHandler), Now: time.Now, Wait: time.Millisecond,
	}
}

// filled takes care of a store of some items.
func filled(t *testing.T, items int) *care.Keeper {
	t.Helper()
	k := keeper(t)
	s := open(t, k.Path)
	err := s.UpsertSources(t.Context(), []coranto.Source{sample.Source("a")}, nil)
	must(t, err)
	_, err = s.Commit(t.Context(), []storage.Visit{{Source: "a", Items: sample.Items("a", 0, items)}})
	must(t, errors.Join(err, s.Close()))
	return k
}

func open(t *testing.T, path string) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(path, bolt.Options{})
	must(t, err)
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// backup is a backup of a store of some items.
func backup(t *testing.T, items int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "good.db")
	must(t, filled(t, items).Backup(t.Context(), name, 0))
	return name
}

// R06 Rotation removes the oldest of its own, and no other file: none of another
// directory whose name fits a pattern, and none that is only named alike.
func TestRotation(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "b[ab]")
	kept := []string{
		"ba/coranto-20200101T000000Z.db", "ba/coranto-20210101T000000Z.db",
		"b[ab]/coranto-preciousTbackupZ.db", "b[ab]/coranto-20200101T000000Z.db.old",
	}
	gone := filepath.Join(dir, "coranto-20200101T000000Z.db")
	must(t, errors.Join(os.Mkdir(dir, 0o755), os.Mkdir(filepath.Join(root, "ba"), 0o755)))
	must(t, os.WriteFile(gone, nil, 0o600))
	for _, name := range kept {
		must(t, os.WriteFile(filepath.Join(root, name), nil, 0o600))
	}
	must(t, filled(t, 1).Backup(t.Context(), dir, 1))
	for _, name := range kept {
		if _, err := os.Stat(filepath.Join(root, name)); err != nil {
			t.Errorf("removed: %v", err)
		}
	}
	if _, err := os.Stat(gone); err == nil {
		t.Errorf("%s is still there, want the newest one alone", gone)
	}
}

// R06 Nothing is written over the store, nor is it taken for its own backup.
func TestNotOntoStore(t *testing.T) {
	k := filled(t, 1)
	before, err := os.Stat(k.Path)
	must(t, err)
	for name, do := range map[string]func() error{
		"backup":  func() error { return k.Backup(t.Context(), k.Path, 0) },
		"export":  func() error { return k.ExportTo(t.Context(), k.Path) },
		"restore": func() error { return k.Restore(t.Context(), k.Path) },
	} {
		if err := do(); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("%s: error = %v, want ErrConflict", name, err)
		}
		if after, err := os.Stat(k.Path); err != nil || !os.SameFile(before, after) {
			t.Errorf("%s: another file is in the place of the store, %v", name, err)
		}
	}
}

// R06 Nothing takes the place of a file that a server has open, whatever became of it.
func TestHeld(t *testing.T) {
	for name, do := range map[string]func(k *care.Keeper) error{
		"restore": func(k *care.Keeper) error { return k.Restore(t.Context(), backup(t, 1)) },
		"repair":  func(k *care.Keeper) error { return k.Repair(t.Context()) },
		"compact": func(k *care.Keeper) error { return k.Compact(t.Context()) },
	} {
		for _, cut := range []int64{1, 2} {
			k := filled(t, 200)
			s := open(t, k.Path)
			info, err := os.Stat(k.Path)
			must(t, errors.Join(err, os.Truncate(k.Path, info.Size()/cut)))
			if err := do(k); err == nil || cut == 1 && !errors.Is(err, storage.ErrInUse) {
				t.Errorf("%s of a file that is in use, cut to 1/%d: error = %v", name, cut, err)
			}
			after, err := os.Stat(k.Path)
			if err != nil || !os.SameFile(info, after) {
				t.Errorf("%s put another file in the place of one that is in use, %v", name, err)
			}
			_ = s.Close()
		}
	}
}

// Where there is no store none is made but by what brings one.
func TestNothingThere(t *testing.T) {
	k := keeper(t)
	if err := k.Compact(t.Context()); err == nil {
		t.Error("compact found nothing wrong")
	}
	must(t, k.Restore(t.Context(), backup(t, 3)))
	k.Path = filepath.Join(t.TempDir(), "new", "coranto.db") // on another machine
	must(t, k.Restore(t.Context(), backup(t, 3)))
	names, err := filepath.Glob(k.Path + "*")
	if err != nil || strings.Join(names, " ") != k.Path {
		t.Errorf("beside each other there are %v, %v; want the store alone", names, err)
	}
}

// R06 What was there before is kept when another store takes its place.
func TestRestoreKeeps(t *testing.T) {
	k := filled(t, 2)
	before, err := os.Stat(k.Path)
	must(t, err)
	must(t, k.Restore(t.Context(), backup(t, 3)))
	aside, err := filepath.Glob(k.Path + ".before-restore-*")
	if err != nil || len(aside) != 1 {
		t.Fatalf("kept: %v, %v; want one file", aside, err)
	}
	if kept, err := os.Stat(aside[0]); err != nil || !os.SameFile(before, kept) {
		t.Errorf("what was kept is not what was there: %v", err)
	}
}

// R08 An import brings back nothing that was taken down: a store that knows of such
// items is not an empty one.
func TestImportTakenDown(t *testing.T) {
	k := filled(t, 1)
	var text bytes.Buffer
	must(t, k.Export(t.Context(), &text))
	s := open(t, k.Path)
	_, err := s.Remove(t.Context(), []coranto.ItemID{sample.Item("a", 0).ID}, "law")
	must(t, errors.Join(err, s.Close()))
	if err := k.Import(t.Context(), &text); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("error = %v, want ErrConflict", err)
	}
}

// R06 The backup that was just made stays, though the clock was set back since others.
func TestRotationClockBack(t *testing.T) {
	k, dir := filled(t, 1), t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "coranto-29990101T000000Z.db"), nil, 0o600))
	k.Now = func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	must(t, k.Backup(t.Context(), dir, 1))
	if _, err := os.Stat(filepath.Join(dir, "coranto-20260102T030405Z.db")); err != nil {
		t.Errorf("the new backup: %v", err)
	}
}

// S37 What was taken down after a backup does not come back with it, nor does what the
// backup has not.
func TestRestoreKeepsTakenDown(t *testing.T) {
	k := filled(t, 3)
	b := filepath.Join(t.TempDir(), "b.db")
	must(t, k.Backup(t.Context(), b, 0))
	s := open(t, k.Path)
	_, err := s.Commit(t.Context(), []storage.Visit{{Source: "a", Items: sample.Items("a", 3, 4)}})
	must(t, err)
	down := []coranto.ItemID{sample.Item("a", 0).ID, sample.Item("a", 3).ID}
	_, err = s.Remove(t.Context(), down, "law")
	must(t, errors.Join(err, s.Close()))
	must(t, k.Restore(t.Context(), b))
	s = open(t, k.Path)
	defer s.Close()
	_, err = s.Commit(t.Context(), []storage.Visit{{Source: "a", Items: sample.Items("a", 0, 4)}})
	must(t, err)
	for _, id := range down {
		if _, err := s.Item(t.Context(), id); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("item %s: error %v, want that it is not there", id, err)
		}
		if g, err := s.Tombstone(t.Context(), id); err != nil || g.Why != "law" {
			t.Errorf("tombstone of %s: %+v, %v, want the one it had", id, g, err)
		}
	}
	if stats, err := s.Stats(t.Context()); err != nil || stats.Items != 2 || stats.Tombstones != 2 {
		t.Errorf("%d items, %d tombstones, %v, want 2 and 2", stats.Items, stats.Tombstones, err)
	}
	must(t, s.Check(t.Context(), true))
}
