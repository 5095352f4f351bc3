package opml

import (
	"maps"
	"slices"
)

// folder is one of the tree that the paths of a list stand for.
type folder struct {
	name       string
	attributes map[string]string
	feeds      int
	outlines   []outline // of its feeds, when it is written
	folders    []*folder // in the order in which they come
	index      map[string]*folder
}

func newFolder(name string) *folder { return &folder{name: name, index: make(map[string]*folder)} }

// at is the folder with a path below f; what is missing on the way is made.
func (f *folder) at(path Path) *folder {
	for _, name := range path {
		next, known := f.index[name]
		if !known {
			next = newFolder(name)
			f.index[name] = next
			f.folders = append(f.folders, next)
		}
		f = next
	}
	return f
}

// notable appends the folders below f that a list of its feeds would not show: with
// attributes, or with nothing in them.
func (f *folder) notable(path Path, list []Folder) []Folder {
	for _, sub := range f.folders {
		below := append(slices.Clone(path), sub.name)
		if len(sub.attributes) > 0 || sub.feeds == 0 && len(sub.folders) == 0 {
			list = append(list, Folder{below, maps.Clone(sub.attributes)})
		}
		list = sub.notable(below, list)
	}
	return list
}

// outline is the folder with all that it holds, as it is written.
func (f *folder) outline() outline {
	out := outline{Attributes: folderAttributes(f.name, f.attributes), Outlines: f.outlines}
	for _, sub := range f.folders {
		out.Outlines = append(out.Outlines, sub.outline())
	}
	return out
}
