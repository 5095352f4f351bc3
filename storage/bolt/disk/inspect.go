package disk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
)

// inspect refuses files that bbolt would take for new, or would map beyond
// their end, which kills the process at the first touch.
func inspect(path string, readOnly bool) error {
	info, err := os.Stat(path)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return openError(path, err)
	}
	if !missing && info.Size() > 0 {
		return inspectPages(path)
	}
	if _, err := os.Stat(createdPath(path)); err == nil {
		return damaged("the file is empty or missing, but %s says that there was one", createdPath(path))
	}
	if readOnly {
		return fmt.Errorf("there is no store: %w", fs.ErrNotExist)
	}
	return nil
}

// inspectPages compares the size of the file with the size that its newest meta
// page tells of.
func inspectPages(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return openError(path, err)
	}
	defer f.Close()
	newest, ok := ReadMeta(f)
	if !ok {
		return damaged("this is not a store")
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if want := int64(newest.Pages) * int64(newest.PageSize); info.Size() < want {
		return damaged("the file was cut short: %d of %d bytes", info.Size(), want)
	}
	return nil
}

// ReadMeta reads the newest meta page of a file that is whole; false when none is.
func ReadMeta(f *os.File) (newest Meta, ok bool) {
	first, okFirst := readMeta(f, 0)
	size := int64(pageSize)
	if okFirst {
		size = int64(first.PageSize)
	}
	newest, ok = readMeta(f, size)
	if okFirst && (!ok || first.Txid > newest.Txid) {
		return first, true
	}
	return newest, ok
}

// Meta is a meta page of bbolt's file format, version 2, after the header of 16 bytes
// that every page has. Numbers are in the machine's byte order.
type Meta struct {
	Magic, Version, PageSize, Flags uint32
	Root, Sequence                  uint64
	Freelist, Pages                 uint64 // Pages is the high-water mark
	Txid, Checksum                  uint64
}

const metaMagic = 0xED0CDAED

// readMeta reads the meta page at an offset and reports whether it is valid.
func readMeta(f *os.File, offset int64) (Meta, bool) {
	const header, size, summed = 16, 64, 56
	var m Meta
	raw := make([]byte, header+size)
	if _, err := f.ReadAt(raw, offset); err != nil {
		return m, false
	}
	raw = raw[header:]
	if _, err := binary.Decode(raw, binary.NativeEndian, &m); err != nil {
		return m, false
	}
	sum := fnv.New64a()
	sum.Write(raw[:summed])
	return m, m.Magic == metaMagic && m.Checksum == sum.Sum64()
}
