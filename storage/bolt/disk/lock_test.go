package disk_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/disk"
)

// R06 Whoever waits for a file that is replaced meanwhile gets the one in its place:
// what it stored in the other would be lost with that.
func TestOpenReplaced(t *testing.T) {
	path, other := filled(t), filled(t)
	holder := open(t, path, disk.Options{})
	type opened struct {
		f   *disk.File
		err error
	}
	done := make(chan opened, 1)
	go func() {
		f, err := disk.Open(path, disk.Options{Timeout: 5 * time.Second})
		done <- opened{f, err}
	}()
	for waiting := 0; waiting < 20; { // longer than it takes to look at the file
		if uses(t, path) > 1 {
			waiting++
		}
		runtime.Gosched()
	}
	if err := disk.Install(other, path, nil); err != nil {
		t.Fatal(err)
	}
	closeFile(t, holder)
	got := <-done
	if got.err != nil {
		t.Fatal(got.err)
	}
	defer closeFile(t, got.f)
	if _, err := disk.Lock(path, 0); !errors.Is(err, storage.ErrInUse) {
		t.Errorf("the file at the path is nobody's (%v), though one was opened there", err)
	}
}

// uses counts how often this process has a file open.
func uses(t *testing.T, path string) (n int) {
	t.Helper()
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil || len(links) == 0 {
		t.Skip("skipped: the system does not tell which files are open")
	}
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil && to == path {
			n++
		}
	}
	return n
}

// A lock keeps others out until it is released, and needs no file.
func TestLock(t *testing.T) {
	path := filled(t)
	release, err := disk.Lock(path, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := disk.Open(path, disk.Options{Timeout: time.Millisecond}); !errors.Is(err, storage.ErrInUse) {
		t.Errorf("open while it is locked: %v, want ErrInUse", err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	f := open(t, path, disk.Options{})
	if _, err := disk.Lock(path, 0); !errors.Is(err, storage.ErrInUse) {
		t.Errorf("lock while it is open: %v, want ErrInUse", err)
	}
	closeFile(t, f)
	if release, err = disk.Lock(path+".none", 0); err != nil {
		t.Fatalf("without a file: %v", err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
}
