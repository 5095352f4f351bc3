package export

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// errLink reports a symbolic link, or some other thing, in the place of a folder.
var errLink = errors.New("is no folder")

// tree is a folder below a root. No name leads out of it, not even by a symbolic
// link.
type tree struct {
	root *os.Root
	dir  string // below root; "." is the root itself
}

func (t tree) at(name string) string { return path.Join(t.dir, name) }

func (t tree) read(name string) ([]byte, error) { return t.root.ReadFile(t.at(name)) }

// has reports whether there is a file.
func (t tree) has(name string) bool {
	info, err := t.root.Lstat(t.at(name))
	return err == nil && info.Mode().IsRegular()
}

// holds reports whether a file has exactly these bytes.
func (t tree) holds(name string, body []byte) (bool, error) {
	info, err := t.root.Lstat(t.at(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !info.Mode().IsRegular() || info.Size() != int64(len(body)):
		return false, nil
	}
	old, err := t.read(name)
	return err == nil && bytes.Equal(old, body), err
}

// foreign reports whether somebody has files in the folder.
func (t tree) foreign() (bool, error) {
	entries, err := fs.ReadDir(t.root.FS(), t.dir)
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return !strings.HasPrefix(e.Name(), ".")
	}), err
}

// writer changes a tree. It remembers the folders that it has seen to be folders.
type writer struct {
	tree
	folders map[string]struct{}
}

func (t tree) writer() *writer { return &writer{t, make(map[string]struct{})} }

// folder makes the folder of a file. Each on the way to it is a true one.
func (w *writer) folder(name string) error {
	dir := path.Dir(name)
	if _, seen := w.folders[dir]; seen || dir == "." {
		return nil
	}
	if err := w.folder(dir); err != nil {
		return err
	}
	info, err := w.root.Lstat(w.at(dir))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = w.root.Mkdir(w.at(dir), 0o755)
	case err == nil && !info.IsDir():
		err = fmt.Errorf("%s %w", dir, errLink)
	}
	if err == nil {
		w.folders[dir] = struct{}{}
	}
	return err
}

// remove removes a file if there is one, and then the folders that are empty.
func (w *writer) remove(name string) error {
	if err := w.root.Remove(w.at(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for dir := range parents(name) {
		if w.root.Remove(w.at(dir)) != nil {
			break
		}
		delete(w.folders, dir)
	}
	return nil
}
