// Package export writes the documents of package publish as a tree of files for
// any web server.
//
// # Contract
//
// The page at "/x/" becomes x/index.html, any other document the file of its
// path. Each file is written whole: a temporary file is synced, then renamed
// over the old one. At any moment, also after a crash, a reader finds the old
// file or the new one.
//
// A file whose bytes are right already is not touched. A file that an earlier
// export wrote and that has no document any more is removed, after all others
// were written. Nothing else in the folder is ever removed: the export keeps its
// own list of what it wrote, and refuses a folder with files but without such a
// list. Names that begin with a dot are nobody's business, so the folder may be
// a git repository.
//
// Only one export may write to a folder at a time.
package export

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/publish"
)

// ErrForeign reports a folder with files in it that no export wrote.
var ErrForeign = errors.New("the folder has files that no export wrote")

// Options says what to write where. Publisher and Dir are required.
type Options struct {
	Publisher *publish.Publisher
	Dir       string // made when it isn't there

	// Precompressed also writes each document in its content codings, as
	// atom.xml.gz, atom.xml.br and atom.xml.zst, for servers that send those.
	Precompressed bool
}

// Report says what an export did. It counts documents, however many files each
// has.
type Report struct {
	Written   int // new or changed
	Unchanged int
	Removed   int
	Changed   []string // paths of the documents written, then of those removed
}

// Write brings the folder up to date with the store. After an error it may hold
// old files beside new ones and the report says what was done; the next Write
// completes it. The error wraps ErrForeign when the folder is not ours.
func Write(ctx context.Context, opts Options) (Report, error) {
	x := &export{Options: opts}
	if err := x.write(ctx); err != nil {
		return x.report, fmt.Errorf("export to %s: %w", opts.Dir, err)
	}
	return x.report, nil
}

// export is one run of Write.
type export struct {
	Options
	tree   *tree
	old    manifest // of the export before
	report Report
}

func (x *export) write(ctx context.Context) error {
	if err := os.MkdirAll(x.Dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(x.Dir)
	if err != nil {
		return err
	}
	defer root.Close()
	x.tree = newTree(root)
	if x.old, err = x.tree.readManifest(); err != nil {
		return err
	}
	paths, err := x.paths(ctx)
	if err != nil {
		return err
	}
	// 1. What will be written is listed first, so that after a crash no file is
	// left of which nobody knows.
	if err := x.tree.writeManifest(x.old.union(paths, x.Precompressed)); err != nil {
		return err
	}
	// 2. All documents, and then what has become of their names.
	if paths, err = x.documents(ctx, paths); err != nil {
		return err
	}
	if err := x.tree.syncFolders(); err != nil {
		return err
	}
	// 3. What has no document any more.
	if err := x.removeStale(paths); err != nil {
		return err
	}
	if err := x.tree.writeManifest(manifest{x.Precompressed, paths}); err != nil {
		return err
	}
	return x.tree.finish()
}

// paths collects the paths of all documents, sorted.
func (x *export) paths(ctx context.Context) ([]string, error) {
	var paths []string
	for path, err := range x.Publisher.Paths(ctx) {
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil
}

// documents writes the documents at paths and returns the paths that had one:
// some may have been removed from the store meanwhile.
func (x *export) documents(ctx context.Context, paths []string) ([]string, error) {
	found := make([]string, 0, len(paths))
	for _, path := range paths {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		edition, err := x.Publisher.Get(ctx, path)
		if errors.Is(err, feeds.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := x.document(edition); err != nil {
			return nil, err
		}
		found = append(found, path)
	}
	return found, nil
}

// document writes one document. Its coded copies come first: when the file
// itself is right, they are too.
func (x *export) document(e *publish.Edition) error {
	name, err := fileName(e.Path)
	if err != nil {
		return err
	}
	same, err := x.tree.holds(name, e.Body)
	if err != nil {
		return err
	}
	if err := x.copies(name, e, same); err != nil {
		return err
	}
	if same {
		x.report.Unchanged++
		return nil
	}
	x.report.Written++
	x.report.Changed = append(x.report.Changed, e.Path)
	return x.tree.put(name, e.Body)
}

// copies writes the coded copies of a document, or only those that are missing
// when the file itself is right already.
func (x *export) copies(name string, e *publish.Edition, same bool) error {
	for _, coding := range publish.Codings() {
		coded := name + coding.Ext()
		switch {
		case !x.Precompressed && !x.old.Precompressed:
		case !x.Precompressed:
			if err := x.tree.remove(coded); err != nil {
				return err
			}
		case same && x.tree.has(coded):
		default:
			if err := x.tree.put(coded, e.Bytes(coding)); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeStale removes the files of documents that are on the old list only.
func (x *export) removeStale(paths []string) error {
	for _, path := range x.old.Documents {
		if _, found := slices.BinarySearch(paths, path); found {
			continue
		}
		name, err := fileName(path)
		if err != nil {
			return err
		}
		if !x.tree.has(name) {
			continue
		}
		for _, coding := range publish.Codings() {
			if err := x.tree.remove(name + coding.Ext()); err != nil {
				return err
			}
		}
		if err := x.tree.remove(name); err != nil {
			return err
		}
		x.tree.prune(name)
		x.report.Removed++
		x.report.Changed = append(x.report.Changed, path)
	}
	return nil
}
