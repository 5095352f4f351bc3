package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"syscall"

	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/coranto/coranto/storage"
)

// errPanic marks an error that was a panic.
var errPanic = errors.New("unreadable page")

// Damaged reports whether an error of an update ended all writing.
func Damaged(err error) bool { return errors.Is(err, errPanic) }

// guard turns the panics with which bbolt answers damaged pages, and the memory
// faults of a file cut short under its map, into errors.
func guard(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%w: %w: %v", storage.ErrCorrupt, errPanic, cause)
		}
	}()
	return fn()
}

// outcome says an error of bbolt or of the system in the contract's words.
func outcome(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT),
		errors.Is(err, bolterrors.ErrMaxSizeReached):
		return fmt.Errorf("%w: %w", storage.ErrFull, err)
	case errors.Is(err, bolterrors.ErrDatabaseNotOpen):
		return storage.ErrClosed
	case errors.Is(err, bolterrors.ErrDatabaseReadOnly):
		return storage.ErrReadOnly
	}
	return err
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
