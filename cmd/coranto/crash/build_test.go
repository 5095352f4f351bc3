package crash_test

import (
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestS13KilledBuild kills builds at random moments, mostly while files are put in their
// places. Where the folders can change places a reader has all of the old files or all of
// the new, else each file is the old one or the new one; and the next build completes it.
func TestS13KilledBuild(t *testing.T) {
	t.Parallel()
	feeds, kills := 12, 16
	if hurried() {
		feeds, kills = 8, 6
	}
	random := rand.New(rand.NewPCG(52, 0))
	o := newOperator(t, plant(t, feeds, 52))
	o.write(feeds, "10s", "")
	o.succeeds("fetch")
	room := roomyDir(t)
	dirs := []string{filepath.Join(room, "whole"), filepath.Join(room, "placed")}
	if err := os.MkdirAll(filepath.Join(dirs[1], ".git"), 0o755); err != nil { // not ours to move
		t.Fatal(err)
	}
	for _, dir := range dirs {
		o.succeeds("build", "--out", dir)
	}
	whole, later := 0, 0
	for i := range kills {
		old := builtFiles(t, dirs[0])
		o.farm.Advance(0.3)
		o.succeeds("fetch", "--force")
		fresh := filepath.Join(room, "fresh")
		o.succeeds("build", "--out", fresh)
		want := builtFiles(t, fresh)
		dir := dirs[i%2]
		o.killBuild(dir, random)
		got := builtFiles(t, dir)
		if maps.Equal(got, want) {
			later++
		}
		if i%2 == 0 {
			whole++
			checkWhole(t, got, old, want)
		} else {
			checkEach(t, got, old, want)
		}
		for _, dir := range dirs {
			o.succeeds("build", "--out", dir)
			if got := builtFiles(t, dir); !maps.Equal(got, want) {
				t.Fatalf("after the next build %s is not what a fresh one is: %q", dir, differing(got, want))
			}
		}
		if err := os.RemoveAll(fresh); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d kills, %d of folders that change places; %d times the new files were there", kills, whole, later)
}

// killBuild kills a build at once when it begins to put files in their places, or a
// little later, or earlier.
func (o *operator) killBuild(dir string, random *rand.Rand) {
	o.Helper()
	name := filepath.Base(dir)
	journals := []string{
		filepath.Join(filepath.Dir(dir), "."+name+".coranto", "journal"),
		filepath.Join(dir, ".coranto-tmp", "journal"),
	}
	p := o.start("build", "--out", dir)
	limit := time.After(time.Duration(random.IntN(400)) * time.Millisecond)
	if random.IntN(4) > 0 {
		limit = nil
	}
	breath := time.Duration(random.IntN(1<<(8+random.IntN(9)))) * time.Microsecond // to 65 ms
	for found := false; !found; {
		select {
		case <-limit:
			found = true
		case <-p.ended:
			found = true
		case <-time.After(50 * time.Microsecond):
			found = slices.ContainsFunc(journals, func(journal string) bool {
				_, err := os.Stat(journal)
				return err == nil
			})
		}
	}
	<-time.After(breath)
	p.kill()
}

// builtFiles reads the files of a build that readers see.
func builtFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && path != dir && strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, dir)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func checkWhole(t *testing.T, got, old, want map[string]string) {
	t.Helper()
	if !maps.Equal(got, old) && !maps.Equal(got, want) {
		t.Errorf("half a build: %d files differ from the old one, %d from the new one",
			len(differing(got, old)), len(differing(got, want)))
	}
}

func checkEach(t *testing.T, got, old, want map[string]string) {
	t.Helper()
	for name, text := range got {
		if was, isOld := old[name]; (!isOld || text != was) && text != want[name] {
			t.Errorf("%s is neither the old file nor the new one", name)
		}
	}
}

// differing lists the files that are not the same.
func differing(a, b map[string]string) (names []string) {
	for name := range a {
		if text, ok := b[name]; !ok || text != a[name] {
			names = append(names, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
