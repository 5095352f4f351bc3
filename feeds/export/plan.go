package export

import (
	"cmp"
	"maps"
	"slices"

	"github.com/coranto/coranto/feeds/publish"
)

// plan lists what is to be done in the folder, and the list after that. What is new
// comes first, then what is changed, so that from there on the folder has all that
// either its old or its new pages link to; then goes what is gone. It also counts.
func (x *export) plan() (next manifest, steps []step) {
	next = manifest{
		Serial: x.old.Serial, Precompressed: x.Precompressed, Foreign: x.old.Foreign,
		Fingerprint: x.Fingerprint, Documents: slices.Sorted(maps.Keys(x.docs)),
	}
	if x.Fingerprint != "" {
		next.Follower, next.Mark = x.follower(), x.mark
	}
	for _, path := range x.changed() {
		x.report.Changed = append(x.report.Changed, path)
		steps = append(steps, x.puts(path)...)
	}
	x.report.Written = len(x.report.Changed)
	x.report.Unchanged = len(x.docs) - x.report.Written
	slices.Sort(x.report.Changed)
	for _, path := range x.old.Documents {
		if _, stays := x.docs[path]; !stays {
			x.report.Removed++
			x.report.Changed = append(x.report.Changed, path)
		}
		steps = append(steps, x.drops(path)...)
	}
	if x.Owe {
		next.Owed = slices.Concat(x.old.Owed, x.report.Changed)
		slices.Sort(next.Owed)
		next.Owed = slices.Compact(next.Owed)
	}
	return next, steps
}

// changed lists the documents with files on the stage, in the order in which they
// are put in their places.
func (x *export) changed() []string {
	var paths []string
	for path, d := range x.docs {
		if len(d.exts) > 0 {
			paths = append(paths, path)
		}
	}
	isOld := func(path string) int {
		if _, old := slices.BinarySearch(x.old.Documents, path); old {
			return 1
		}
		return 0
	}
	slices.SortFunc(paths, func(a, b string) int {
		return cmp.Or(cmp.Compare(isOld(a), isOld(b)), byRank(a, b))
	})
	return paths
}

// puts are the steps that put the files of a document in their places, those of its
// coded copies first.
func (x *export) puts(path string) (steps []step) {
	// The document is on the stage, so its path has a file name.
	name, _ := fileName(path)
	d := x.docs[path]
	for _, ext := range d.exts {
		steps = append(steps, step{staged: d.file(ext), name: name + ext})
	}
	return steps
}

// drops are the steps that remove what is too much of an old document.
func (x *export) drops(path string) (steps []step) {
	_, stays := x.docs[path]
	// The list was checked when it was read.
	name, _ := fileName(path)
	if x.old.Precompressed && !(stays && x.Precompressed) {
		for _, coding := range publish.Codings() {
			steps = append(steps, step{name: name + coding.Ext()})
		}
	}
	if !stays {
		steps = append(steps, step{name: name})
	}
	return steps
}
