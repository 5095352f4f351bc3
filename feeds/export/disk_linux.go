package export

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// canExchange is whether two folders can change places at once.
const canExchange = true

// exchange lets two names below a folder change places, at once: at any moment
// each of them is one of the two things.
func exchange(folder, a, b string) error {
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	fd := int(dir.Fd())
	err = unix.Renameat2(fd, a, fd, b, unix.RENAME_EXCHANGE)
	if err != nil {
		err = &os.LinkError{Op: "exchange", Old: filepath.Join(folder, a), New: b, Err: err}
	}
	return errors.Join(err, dir.Close())
}

// mounted reports whether something is mounted at a folder: such a one can't change
// places. Kernels before 5.8 don't say; there the exchange itself fails.
func mounted(folder string) bool {
	var st unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, folder, 0, unix.STATX_BASIC_STATS, &st)
	return err != nil || st.Attributes&unix.STATX_ATTR_MOUNT_ROOT != 0
}

// resemble gives a folder the owner and the mode of another one.
func resemble(root *os.Root, folder, other string) error {
	a, err := root.Stat(folder)
	if err != nil {
		return err
	}
	b, err := root.Stat(other)
	if err != nil {
		return err
	}
	mine, isMine := a.Sys().(*syscall.Stat_t)
	its, isIts := b.Sys().(*syscall.Stat_t)
	if isMine && isIts && (mine.Uid != its.Uid || mine.Gid != its.Gid) {
		if err := root.Chown(folder, int(its.Uid), int(its.Gid)); err != nil {
			return err
		}
	}
	if a.Mode() == b.Mode() {
		return nil
	}
	return root.Chmod(folder, b.Mode())
}

// syncFile leaves a file to syncAll.
func syncFile(*os.File) error { return nil }

// syncAll makes everything durable that was written to the disk of a folder: one
// wait for all files, where one for each would take minutes.
func syncAll(folder *os.Root) error {
	dir, err := folder.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(unix.Syncfs(int(dir.Fd())), dir.Close())
}
