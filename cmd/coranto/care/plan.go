package care

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/coranto/coranto/cmd/coranto/show"
)

// Plan is when backups of a store are made, and where.
type Plan struct {
	Every time.Duration // 0 makes none
	Keep  int           // the newest so many stay
	Dir   string
}

// named is how Backup names copies, by their time.
const named = "coranto-20060102T150405Z.db"

// made is the time in the name of a backup, zero when there is none.
func made(path string) time.Time {
	at, err := time.Parse(named, filepath.Base(path))
	if err != nil {
		return time.Time{}
	}
	return at
}

// files lists the files in a directory whose names are times.
func files(dir, layout string) (paths []string, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if _, err := time.Parse(layout, e.Name()); err == nil && e.Type().IsRegular() {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	return paths, err
}

// backups lists the backups in a directory by the names that Backup gives, the oldest
// first. Those of a time that is yet to come were named by a clock that was wrong, and
// come before all others.
func backups(dir string, now time.Time) ([]string, error) {
	names, err := files(dir, named)
	slices.SortStableFunc(names, func(a, b string) int {
		return believed(a, now).Compare(believed(b, now))
	})
	return names, err
}

// believed is the time of a backup, zero for one that is yet to come.
func believed(name string, now time.Time) time.Time {
	if at := made(name); !at.After(now) {
		return at
	}
	return time.Time{}
}

// newest is the newest backup of a plan and its time, zero when there is none.
func (p Plan) newest(now time.Time) (name string, at time.Time) {
	names, err := backups(p.Dir, now)
	if err != nil || len(names) == 0 {
		return "", time.Time{}
	}
	name = names[len(names)-1]
	return name, believed(name, now)
}

// due is when the next backup of a store is: one interval after the newest, or after
// the store was created. A restart of the server changes nothing of that.
func (p Plan) due(store string, now time.Time) time.Time {
	_, last := p.newest(now)
	if last.IsZero() {
		info, err := os.Stat(store + ".created")
		if err != nil {
			return now
		}
		last = info.ModTime()
	}
	if last.After(now) { // by a clock that was wrong
		return now
	}
	return last.Add(p.Every)
}

// Report tells how the plan is kept; nil when there is none.
func (p Plan) Report(store string, now time.Time) *show.Backup {
	if p.Every == 0 {
		return nil
	}
	name, last := p.newest(now)
	return &show.Backup{
		Dir: p.Dir, Every: p.Every.Seconds(), File: name, Last: last, Next: p.due(store, now).UTC(),
	}
}

// ready makes the directory of a plan. Not those above it: where a disk is not mounted,
// no backup should pretend to be on it.
func (p Plan) ready() error {
	if err := os.Mkdir(p.Dir, 0o700); err == nil || !errors.Is(err, fs.ErrExist) {
		return err
	}
	if info, err := os.Stat(p.Dir); err != nil || !info.IsDir() {
		return errors.Join(fmt.Errorf("%s is no directory", p.Dir), err)
	}
	return nil
}
