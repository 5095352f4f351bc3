package disk

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"testing"

	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/coranto/coranto/storage"
)

// What the system or bbolt answers, in the contract's words. The first two can't
// be had from a real file by a test that runs as root.
func TestOpenError(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want error
	}{
		{"read-only file system", pathError(syscall.EROFS), storage.ErrReadOnly},
		{"no permission", pathError(syscall.EACCES), storage.ErrReadOnly},
		{"no space", pathError(syscall.ENOSPC), storage.ErrFull},
		{"no directory", pathError(syscall.ENOENT), fs.ErrNotExist},
		{"both meta pages bad", bolterrors.ErrChecksum, storage.ErrCorrupt},
	}
	for _, tt := range tests {
		if got := openError("x", tt.err); !errors.Is(got, tt.want) {
			t.Errorf("%s: error = %v, want %v", tt.name, got, tt.want)
		}
	}
}

func pathError(err error) error { return &os.PathError{Op: "open", Path: "x", Err: err} }
