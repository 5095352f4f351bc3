package export

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// errNotOurs ends the comparison of the two trees: there is something in the folder
// that can't be in two places.
var errNotOurs = errors.New("there is a folder or link of somebody else")

// mirror makes the other tree a twin of the live one, which holds what old says:
// each file is the same file under a second name, and costs no room. Files of others
// are in both trees, too; it returns their names. Where there is a folder of
// somebody else, such as a git repository, the folder can't be exchanged.
func (p *place) mirror(old *manifest) (foreign []string, err error) {
	names, err := old.names()
	if err != nil {
		return nil, err
	}
	fresh := old.Serial == 0 || p.other.serial() != old.Serial
	if fresh {
		err := errors.Join(p.root.RemoveAll(p.other.dir), p.root.Mkdir(p.other.dir, 0o755))
		if err != nil {
			return nil, err
		}
	}
	if err := resemble(p.root, p.other.dir, p.live.dir); err != nil {
		return nil, err
	}
	m := &twin{place: p, names: names, folders: foldersOf(names), fresh: fresh, to: p.other.writer()}
	err = fs.WalkDir(p.root.FS(), p.live.dir, m.visit)
	if err != nil {
		return nil, err
	}
	for _, name := range old.Foreign {
		if !slices.Contains(m.foreign, name) && !fresh {
			if err := m.to.remove(name); err != nil {
				return nil, err
			}
		}
	}
	return m.foreign, nil
}

// twin is one walk over the live tree.
type twin struct {
	*place
	names, folders map[string]struct{}
	fresh          bool
	to             *writer
	foreign        []string
}

func foldersOf(names map[string]struct{}) map[string]struct{} {
	folders := map[string]struct{}{".": {}}
	for name := range names {
		for dir := range parents(name) {
			if _, seen := folders[dir]; seen {
				break
			}
			folders[dir] = struct{}{}
		}
	}
	return folders
}

func (t *twin) visit(full string, entry fs.DirEntry, err error) error {
	if err != nil {
		return err
	}
	name := "."
	if full != t.live.dir {
		name = strings.TrimPrefix(full, t.live.dir+"/")
	}
	if entry.IsDir() {
		if _, ours := t.folders[name]; !ours {
			return errNotOurs
		}
		return nil
	}
	if !entry.Type().IsRegular() {
		return errNotOurs
	}
	ours := owns(t.names, name)
	if !ours {
		t.foreign = append(t.foreign, name)
	}
	if !t.fresh && (ours || t.same(name)) {
		return nil
	}
	if err := t.to.folder(name); err != nil {
		return err
	}
	return t.link(full, t.to.at(name))
}

// same reports whether both trees have the same file.
func (t *twin) same(name string) bool {
	a, err := t.root.Lstat(t.live.at(name))
	if err != nil {
		return false
	}
	b, err := t.root.Lstat(t.other.at(name))
	return err == nil && os.SameFile(a, b)
}
