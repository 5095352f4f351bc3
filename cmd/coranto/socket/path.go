package socket

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// name is the socket's beside the store file.
const name = "admin.sock"

// longest is how many bytes of a path the system takes for a socket, without the zero
// that ends it.
const longest = len(syscall.RawSockaddrUnix{}.Path) - 1

// Path is where the server of a store listens: beside the file, or, where that path is
// longer than the system takes, below temp, in a directory named by a hash of the
// store's. short says that it is beside the file. Whoever asks for the same store, by
// whatever relative path or link, is told the same.
func Path(store, temp string) (path string, short bool) {
	dir := filepath.Dir(store)
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if path = filepath.Join(dir, name); len(path) <= longest {
		return path, true
	}
	sum := sha256.Sum256([]byte(dir))
	return filepath.Join(temp, fmt.Sprintf("coranto-%d-%x", os.Getuid(), sum[:8]), name), false
}

// private makes sure that the directory of a socket below temp is ours alone: there
// anybody might have made one by its name.
func private(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return owned(dir)
}

// owned returns an error when others than we may have put a socket into a directory.
func owned(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || info.Mode().Perm()&0o077 != 0 || !ok || int(st.Uid) != os.Getuid() {
		return fmt.Errorf("%s: it is not a directory that only we may open", dir)
	}
	return nil
}
