package disk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage"
)

// compactStep is how many bytes of keys and values one transaction copies.
const compactStep = 4 << 20

// Compact writes what the file holds, and nothing that is free, to a new file,
// synced. The file itself stays as it is. The error wraps ErrFull when the disk
// lacks the room that the file takes now.
func (f *File) Compact(to string) (err error) {
	info, err := os.Stat(f.path)
	if err != nil {
		return err
	}
	if err := NeedRoom(filepath.Dir(to), info.Size()-f.Free()); err != nil {
		return err
	}
	return outcome(guard(func() error { return f.copyInto(to) }))
}

func (f *File) copyInto(to string) error {
	if err := drop(to); err != nil {
		return err
	}
	db, err := bbolt.Open(to, 0o600, &bbolt.Options{
		PageSize: pageSize, FreelistType: bbolt.FreelistMapType, NoSync: true,
	})
	if err != nil {
		return err
	}
	err = bbolt.Compact(db, f.db, compactStep)
	if err == nil {
		err = db.Sync()
	}
	return errors.Join(err, db.Close())
}

// NeedRoom returns an error that wraps ErrFull when the disk of a directory has
// less room than so many bytes.
func NeedRoom(dir string, bytes int64) error {
	room, err := Room(dir)
	if err != nil {
		return err
	}
	if room < bytes {
		return fmt.Errorf("%w: %d MB are needed in %s, where %d MB are free",
			storage.ErrFull, bytes>>20+1, dir, room>>20)
	}
	return nil
}

// Room is how many bytes of a directory's disk this process may still use.
func Room(dir string) (int64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, fmt.Errorf("measure the disk of %s: %w", dir, err)
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}
