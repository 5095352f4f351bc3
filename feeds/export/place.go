package export

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// workFolder is where a build is made that is written in place.
const workFolder = ".coranto-tmp"

// place is a folder that is built, and a work folder on the same disk: beside it
// where the folder can be exchanged for another, else in it. The work folder holds
// the stage (files that wait to be put in their places), the journal and, between
// exports, the other tree: the folder's twin.
type place struct {
	root  *os.Root
	live  tree // what readers see
	work  string
	other tree // in the work folder
	swap  bool // live and other are to change places
}

// openPlace opens a folder that exists. beside asks for a work folder beside it,
// which is an error where that can't be.
func openPlace(dir string, beside bool) (*place, error) {
	if !beside {
		root, err := os.OpenRoot(dir)
		if err != nil {
			return nil, err
		}
		return newPlace(root, ".", workFolder), nil
	}
	parent, name := filepath.Split(dir)
	if !canExchange || name == "" || mounted(dir) {
		return nil, errors.ErrUnsupported
	}
	root, err := os.OpenRoot(parent)
	if err != nil {
		return nil, err
	}
	p := newPlace(root, name, "."+name+".coranto")
	p.swap = true
	if err := p.makeWork(); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return p, nil
}

func newPlace(root *os.Root, live, work string) *place {
	return &place{
		root: root, live: tree{root, live}, work: work, other: tree{root, path.Join(work, "other")},
	}
}

func (p *place) close() error { return p.root.Close() }

func (p *place) in(name string) string { return path.Join(p.work, name) }

func (p *place) makeWork() error {
	err := p.root.Mkdir(p.work, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// clearStage makes an empty stage.
func (p *place) clearStage() error {
	err := errors.Join(p.makeWork(), p.root.RemoveAll(p.in(stageName)))
	if err != nil {
		return err
	}
	return p.root.Mkdir(p.in(stageName), 0o755)
}

// finish forgets what was staged, and all of the work folder but the other tree.
func (p *place) finish() error {
	if !p.swap {
		return p.root.RemoveAll(p.work)
	}
	return errors.Join(p.root.RemoveAll(p.in(stageName)), p.root.RemoveAll(p.in(journalName)))
}

// stageName is the folder, in the work folder, of files that wait to be put in
// their places.
const stageName = "stage"

// stage writes a file to the stage.
func (p *place) stage(name string, body []byte) error {
	return p.write(path.Join(stageName, name), body)
}

// write writes a new file to the work folder.
func (p *place) write(name string, body []byte) error {
	f, err := p.root.OpenFile(p.in(name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	if err == nil {
		err = syncFile(f)
	}
	return errors.Join(err, f.Close())
}

// link gives a file one more name, in the place of what has that name.
func (p *place) link(from, to string) error {
	temporary := p.in("link")
	if err := p.root.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := p.root.Link(from, temporary); err != nil {
		return err
	}
	// Nothing is renamed where both are the same file already.
	err := p.root.Rename(temporary, to)
	if gone := p.root.Remove(temporary); err == nil && !errors.Is(gone, fs.ErrNotExist) {
		err = gone
	}
	return err
}

// replaceManifest writes the list alone, to both trees if they are twins.
func (p *place) replaceManifest(m *manifest) error {
	text, err := m.text()
	if err != nil {
		return err
	}
	trees := []tree{p.live}
	if m.Serial > 0 && p.other.serial() == m.Serial {
		trees = append(trees, p.other)
	}
	if err := p.makeWork(); err != nil {
		return err
	}
	for _, t := range trees {
		if err := p.write("list", text); err != nil {
			return err
		}
		if err := syncAll(p.root); err != nil {
			return err
		}
		if err := p.root.Rename(p.in("list"), t.at(manifestName)); err != nil {
			return err
		}
	}
	return errors.Join(syncAll(p.root), p.finish())
}
