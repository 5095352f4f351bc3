//go:build !linux

package export

import (
	"errors"
	"os"
)

// canExchange is whether two folders can change places at once.
const canExchange = false

func exchange(_, _, _ string) error { return errors.ErrUnsupported }

func mounted(string) bool { return true }

func resemble(*os.Root, string, string) error { return errors.ErrUnsupported }

// syncFile makes one file durable: there is no way to do so for all at once.
func syncFile(f *os.File) error { return f.Sync() }

// syncAll syncs the folder alone: its files were synced one by one.
func syncAll(folder *os.Root) error {
	dir, err := folder.Open(".")
	if err != nil {
		return err
	}
	// Some systems can't sync a folder, and then need not.
	_ = dir.Sync()
	return dir.Close()
}
