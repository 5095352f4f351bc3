package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	bbolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/coranto/coranto/storage"
)

// pageSize of new files: measured against 4, 16 and 32 KiB, it gives the
// smallest file for items of a few kilobytes without writing much more.
const pageSize = 8192

// Two small files stand beside the store: one remembers that the store was
// created, so that an emptied or lost file is not taken for a new one; the
// other tells who holds it.
func createdPath(path string) string { return path + ".created" }
func holderPath(path string) string  { return path + ".pid" }

// openFile opens the database, and gives out the file beneath it for the day
// when the database can't be closed any more.
func openFile(path string, opts Options) (db *bbolt.DB, file *os.File, err error) {
	if err := inspectFile(path, opts.ReadOnly); err != nil {
		return nil, nil, err
	}
	options := &bbolt.Options{
		Timeout:         opts.Timeout,
		PageSize:        pageSize,
		FreelistType:    bbolt.FreelistMapType,
		PreLoadFreelist: true,
		ReadOnly:        opts.ReadOnly,
		MaxSize:         int(opts.MaxSize),
		OpenFile: func(name string, flag int, mode fs.FileMode) (f *os.File, err error) {
			file, err = os.OpenFile(name, flag, mode)
			return file, err
		},
	}
	err = guard(func() (err error) {
		db, err = bbolt.Open(path, 0o600, options)
		return err
	})
	if err == nil {
		return db, file, nil
	}
	if errors.Is(err, errPanic) && file != nil {
		file.Close() // bbolt did not come to it, and the lock hangs on it
	}
	return nil, nil, openError(path, err)
}

// openError says what an operator can do about a file that does not open.
func openError(path string, err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return fmt.Errorf("%w (is the server running? %s)", storage.ErrInUse, holder(path))
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w here: %w", storage.ErrReadOnly, err)
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum),
		errors.Is(err, bolterrors.ErrVersionMismatch):
		return damaged("%v", err)
	}
	return outcome(err)
}

// damaged is ErrCorrupt with its reason and the way out.
func damaged(format string, args ...any) error {
	reason := fmt.Sprintf(format, args...)
	return fmt.Errorf("%w: %s; restore it from a backup", storage.ErrCorrupt, reason)
}

// inspectFile refuses files that bbolt would take for new, or would map beyond
// their end, which kills the process at the first touch.
func inspectFile(path string, readOnly bool) error {
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
	first, okFirst := readMeta(f, 0)
	size := int64(pageSize)
	if okFirst {
		size = int64(first.PageSize)
	}
	newest, ok := readMeta(f, size)
	if okFirst && (!ok || first.Txid > newest.Txid) {
		newest, ok = first, true
	}
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

// metaPage is the meta page of bbolt's file format, version 2, after the header
// of 16 bytes that every page has. Numbers are in the machine's byte order.
type metaPage struct {
	Magic, Version, PageSize, Flags uint32
	Root, Sequence                  uint64
	Freelist, Pages                 uint64 // Pages is the high-water mark
	Txid, Checksum                  uint64
}

const metaMagic = 0xED0CDAED

// readMeta reads the meta page at an offset and reports whether it is valid.
func readMeta(f *os.File, offset int64) (metaPage, bool) {
	const header, size, summed = 16, 64, 56
	var m metaPage
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

func writeHolder(path string) error {
	return os.WriteFile(holderPath(path), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o644)
}

func markCreated(path string, now time.Time) error {
	if _, err := os.Stat(createdPath(path)); err == nil {
		return nil
	}
	text := "The store beside this file was created at " + now.UTC().Format(time.RFC3339) +
		".\nRemove both to begin anew.\n"
	return os.WriteFile(createdPath(path), []byte(text), 0o644)
}

func releaseFile(path string) { _ = os.Remove(holderPath(path)) }

// holder names the process that holds the store, as far as is known.
func holder(path string) string {
	text, err := os.ReadFile(holderPath(path))
	if pid := strings.TrimSpace(string(text)); err == nil && pid != "" {
		return "pid " + pid
	}
	return "its pid is not known"
}
