package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"

	"github.com/coranto/coranto/storage"
)

// lockEvery is the time between two attempts to lock a file.
const lockEvery = 20 * time.Millisecond

// Lock keeps every other process from opening the file at path, whatever became of
// the file, until release is called. It waits so long for one that has it open; the
// error is then ErrInUse. Where there is no file there is nothing to lock.
func Lock(path string, wait time.Duration) (release func() error, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return func() error { return nil }, nil
	}
	if err != nil {
		return nil, openError(path, err)
	}
	for left := wait; ; left -= lockEvery {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) || left <= 0 {
			break
		}
		time.Sleep(lockEvery)
	}
	if err == nil && standsAt(f, path) {
		return f.Close, nil
	}
	if err == nil || errors.Is(err, syscall.EWOULDBLOCK) {
		err = fmt.Errorf("%w (is the server running? %s)", storage.ErrInUse, holder(path))
	}
	return nil, errors.Join(err, f.Close())
}

// standsAt reports whether an open file still is the one at path.
func standsAt(f *os.File, path string) bool {
	ours, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(ours, there)
}
