// Package salvage reads what is left of a damaged store file, past pages that can't
// be read: those are passed over with all that only they lead to, the rest is kept.
//
// It reads the file itself (bbolt's format, version 2) and never maps it, so that
// neither a file that was cut short nor a page of nonsense can harm the process.
// Only the newest meta page that is whole must be there: it says where all begins.
package salvage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/disk"
)

// Sizes of bbolt's structures, in bytes.
const (
	pageHeader = 16 // id 8, flags 2, count 2, overflow 4
	element    = 16 // of a branch: pos 4, ksize 4, page 8; of a leaf: flags, pos, ksize, vsize
	bucketHead = 16 // root page 8, sequence 8
)

// Flags of a page, and of an element of a leaf.
const (
	branchPage    = 0x01
	leafPage      = 0x02
	bucketElement = 0x01
)

// maxDepth bounds a tree that damaged pages make deep.
const maxDepth = 32

// maxRun bounds what a damaged page can make the reader allocate, in bytes.
const maxRun = 256 << 20

// File is a damaged store file, opened to read.
type File struct {
	Pages int // that could not be read

	f    *os.File
	meta disk.Meta
	seen map[uint64]bool // pages of the tree that is read
	size int64
	errs []error // the first few
}

// Open opens a file whatever became of it. The error wraps ErrCorrupt when it does not
// even say where its contents begin.
func Open(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	meta, ok := disk.ReadMeta(f)
	if !ok || meta.PageSize < 1024 || meta.PageSize > 1<<16 {
		err := fmt.Errorf("%w: nothing tells where its contents begin", storage.ErrCorrupt)
		return nil, errors.Join(err, f.Close())
	}
	return &File{f: f, meta: meta, size: info.Size()}, nil
}

// Close closes the file.
func (f *File) Close() error { return f.f.Close() }

// Damage tells of the first pages that could not be read; nil when all could.
func (f *File) Damage() error { return errors.Join(f.errs...) }

// lose notes a page that can't be read.
func (f *File) lose(id uint64, format string, args ...any) {
	const enough = 10
	f.Pages++
	if len(f.errs) < enough {
		reason := fmt.Sprintf(format, args...)
		f.errs = append(f.errs, fmt.Errorf("%w: page %d: %s", storage.ErrCorrupt, id, reason))
	}
}

// Rows yields the rows of a bucket that can be read, by key. They last as long as the
// loop's turn.
func (f *File) Rows(bucket string) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		for row := range f.tree(f.meta.Root, 0) {
			if string(row.key) == bucket && row.flags&bucketElement != 0 {
				f.bucket(row.value, yield)
				return
			}
		}
	}
}

// bucket yields the rows of a bucket, which a small one holds itself.
func (f *File) bucket(head []byte, yield func(k, v []byte) bool) {
	if len(head) < bucketHead {
		return
	}
	rows := f.leaf(head[bucketHead:])
	if root := binary.NativeEndian.Uint64(head); root != 0 {
		rows = f.tree(root, 0)
	}
	for row := range rows {
		if row.flags == 0 && !yield(row.key, row.value) {
			return
		}
	}
}

// row is an element of a leaf.
type row struct {
	flags      uint32
	key, value []byte
}

// tree yields the rows below a page, in the order of their keys.
func (f *File) tree(id uint64, depth int) iter.Seq[row] {
	return func(yield func(row) bool) {
		seen := f.seen
		f.seen = map[uint64]bool{}
		f.descend(id, depth, yield)
		f.seen = seen
	}
}

// descend reports whether more rows are wanted.
func (f *File) descend(id uint64, depth int, yield func(row) bool) bool {
	page, err := f.page(id)
	switch {
	case err == nil && depth > maxDepth:
		err = errors.New("too deep")
	case err == nil && f.seen[id]:
		err = errors.New("it stands below another page already")
	}
	f.seen[id] = true
	if err != nil {
		f.lose(id, "%v", err)
		return true
	}
	if flagsOf(page) == leafPage {
		for row := range f.leaf(page) {
			if !yield(row) {
				return false
			}
		}
		return true
	}
	for n := range countOf(page) {
		e, ok := elementOf(page, n)
		if !ok {
			f.lose(id, "element %d is outside", n)
			return true
		}
		if !f.descend(binary.NativeEndian.Uint64(e[8:]), depth+1, yield) {
			return false
		}
	}
	return true
}

func flagsOf(page []byte) uint16 { return binary.NativeEndian.Uint16(page[8:]) }

func countOf(page []byte) int {
	if len(page) < pageHeader {
		return 0
	}
	return int(binary.NativeEndian.Uint16(page[10:]))
}

// elementOf is the n-th element of a page; false when the page is too short.
func elementOf(page []byte, n int) ([]byte, bool) {
	from := pageHeader + n*element
	if from+element > len(page) {
		return nil, false
	}
	return page[from : from+element], true
}

// leaf yields the elements of a leaf that lie within it.
func (f *File) leaf(page []byte) iter.Seq[row] {
	return func(yield func(row) bool) {
		for n := range countOf(page) {
			e, ok := elementOf(page, n)
			if !ok {
				f.lose(binary.NativeEndian.Uint64(page), "element %d is outside", n)
				return
			}
			start := uint64(pageHeader+n*element) + uint64(binary.NativeEndian.Uint32(e[4:]))
			middle := start + uint64(binary.NativeEndian.Uint32(e[8:]))
			end := middle + uint64(binary.NativeEndian.Uint32(e[12:]))
			if end > uint64(len(page)) {
				f.lose(binary.NativeEndian.Uint64(page), "row %d is outside", n)
				continue
			}
			r := row{binary.NativeEndian.Uint32(e), page[start:middle], page[middle:end]}
			if !yield(r) {
				return
			}
		}
	}
}

// page reads a page with those that overflow from it.
func (f *File) page(id uint64) ([]byte, error) {
	size := int64(f.meta.PageSize)
	if id < 2 || id >= uint64(f.size/size)+1 {
		return nil, errors.New("it is not in the file")
	}
	head := make([]byte, pageHeader)
	if _, err := f.f.ReadAt(head, int64(id)*size); err != nil {
		return nil, readError(err)
	}
	flags := flagsOf(head)
	if binary.NativeEndian.Uint64(head) != id || flags != branchPage && flags != leafPage {
		return nil, errors.New("it is something else")
	}
	run := (1 + int64(binary.NativeEndian.Uint32(head[12:]))) * size
	if run > maxRun || int64(id)*size+run > f.size {
		return nil, errors.New("it reaches beyond the file")
	}
	page := make([]byte, run)
	if _, err := f.f.ReadAt(page, int64(id)*size); err != nil {
		return nil, readError(err)
	}
	return page, nil
}

func readError(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("the file ends before it")
	}
	return err
}
