package disk

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// PartSuffix ends the names of files that are not complete.
const PartSuffix = ".part"

// Write makes the file at path what fill writes, whole or not at all: into a file
// beside it, which is synced, then looked at by check, then renamed. The error is
// that of fill, of check or the system's own; what was at path is then as it was.
func Write(path string, fill func(io.Writer) error, check func(part string) error) error {
	part := path + PartSuffix
	if err := fillFile(part, fill); err != nil {
		return errors.Join(err, drop(part))
	}
	return Install(part, path, check)
}

// Install puts a complete file in the place of another, if check finds nothing
// wrong with it; nil checks nothing. On an error the new file is removed.
func Install(part, path string, check func(part string) error) error {
	if check != nil {
		if err := check(part); err != nil {
			return errors.Join(err, drop(part))
		}
	}
	if err := os.Rename(part, path); err != nil {
		return errors.Join(outcome(err), drop(part))
	}
	return syncDir(filepath.Dir(path))
}

func fillFile(path string, fill func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return outcome(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	err = fill(w)
	if err == nil {
		err = errors.Join(w.Flush(), f.Sync())
	}
	return outcome(errors.Join(err, f.Close()))
}

// drop removes what an error left behind.
func drop(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// syncDir makes the names in a directory durable.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// SetAside keeps the file at path when another is put in its place: under a name
// beside it that tells why and when, which it returns; "" when there is no file.
// Until then it has both names, so that there is a file at path at any time; where
// files can't have two, it has the new one alone.
func SetAside(path, why string, now time.Time) (aside string, err error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	name := path + "." + why + "-" + now.UTC().Format("20060102T150405Z")
	aside = name
	for n := 2; ; n++ {
		if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
			break
		}
		aside = fmt.Sprintf("%s-%d", name, n)
	}
	if err := os.Link(path, aside); err != nil {
		if err := os.Rename(path, aside); err != nil {
			return "", outcome(err)
		}
	}
	return aside, syncDir(filepath.Dir(path))
}
