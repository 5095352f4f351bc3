package export

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

// workFolder holds the files that are being written. They are in one place, so
// that the remains of a crash are found without a search.
const workFolder = ".coranto-tmp"

// tree is the folder that is written to. No name leads out of it, not even by a
// symbolic link.
type tree struct {
	root    *os.Root
	changed map[string]struct{} // folders to be synced
	written int                 // files so far
}

func newTree(root *os.Root) *tree {
	return &tree{root: root, changed: make(map[string]struct{})}
}

// fileName is the name of the file of the document at a path.
func fileName(documentPath string) (string, error) {
	name, ok := strings.CutPrefix(documentPath, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	clean := fs.ValidPath(name) && !strings.ContainsAny(name, "\\\x00")
	if !ok || !clean || strings.HasPrefix(name, ".") {
		return "", fmt.Errorf("document %q can't be a file", documentPath)
	}
	return name, nil
}

// has reports whether there is a file.
func (t *tree) has(name string) bool {
	info, err := t.root.Lstat(name)
	return err == nil && info.Mode().IsRegular()
}

// holds reports whether a file has exactly these bytes.
func (t *tree) holds(name string, body []byte) (bool, error) {
	info, err := t.root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !info.Mode().IsRegular() || info.Size() != int64(len(body)):
		return false, nil
	}
	old, err := t.root.ReadFile(name)
	return err == nil && bytes.Equal(old, body), err
}

// put writes a whole file or none.
func (t *tree) put(name string, body []byte) error {
	folder := path.Dir(name)
	if err := t.root.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if t.written == 0 {
		if err := t.makeWorkFolder(); err != nil {
			return err
		}
	}
	t.written++
	temporary := path.Join(workFolder, strconv.Itoa(t.written))
	if err := t.writeSynced(temporary, body); err != nil {
		return err
	}
	if err := t.root.Rename(temporary, name); err != nil {
		return err
	}
	t.mark(folder)
	return nil
}

func (t *tree) makeWorkFolder() error {
	if err := t.root.RemoveAll(workFolder); err != nil {
		return err
	}
	return t.root.Mkdir(workFolder, 0o755)
}

func (t *tree) writeSynced(name string, body []byte) error {
	f, err := t.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// mark notes that a folder has a new name in it. The folders above it may be new
// too.
func (t *tree) mark(folder string) {
	for {
		if _, done := t.changed[folder]; done {
			return
		}
		t.changed[folder] = struct{}{}
		if folder == "." {
			return
		}
		folder = path.Dir(folder)
	}
}

// remove removes a file if there is one.
func (t *tree) remove(name string) error {
	if err := t.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// prune removes the folders of a removed file that are empty now. The first that
// is not ends it.
func (t *tree) prune(name string) {
	for folder := path.Dir(name); folder != "."; folder = path.Dir(folder) {
		if t.root.Remove(folder) != nil {
			t.mark(folder)
			return
		}
		delete(t.changed, folder)
	}
	t.mark(".")
}

// syncFolders makes the new names durable.
func (t *tree) syncFolders() error {
	for folder := range t.changed {
		if err := t.syncFolder(folder); err != nil {
			return err
		}
	}
	clear(t.changed)
	return nil
}

func (t *tree) syncFolder(folder string) error {
	f, err := t.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// finish removes the work folder and syncs what changed last.
func (t *tree) finish() error {
	if t.written == 0 && len(t.changed) == 0 {
		return nil
	}
	if err := t.root.RemoveAll(workFolder); err != nil {
		return err
	}
	return t.syncFolders()
}

// foreign reports whether somebody else has files in the folder.
func (t *tree) foreign() (bool, error) {
	entries, err := fs.ReadDir(t.root.FS(), ".")
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return !strings.HasPrefix(e.Name(), ".")
	}), err
}
