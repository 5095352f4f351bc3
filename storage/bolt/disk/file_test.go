package disk_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/disk"
)

func open(t *testing.T, path string, opts disk.Options) *disk.File {
	t.Helper()
	f, err := disk.Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func closeFile(t *testing.T, f *disk.File) {
	t.Helper()
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// put stores values of a kilobyte.
func put(n int) func(*bbolt.Tx) error {
	return func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists([]byte("b"))
		for i := 0; i < n && err == nil; i++ {
			err = b.Put(fmt.Appendf(nil, "%05d", i), bytes.Repeat([]byte{'x'}, 1024))
		}
		return err
	}
}

// filled makes a file that holds something, closes it and returns its path.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	f := open(t, path, disk.Options{})
	if err := f.Update(put(300)); err != nil {
		t.Fatal(err)
	}
	if err := f.Hold(time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	closeFile(t, f)
	return path
}

// What an operator meets instead of a store, and what the message tells.
func TestOpenRefuses(t *testing.T) {
	tests := []struct {
		name string
		harm func(path string) error
		want error // nil for the system's own
		says string
	}{
		{"emptied", func(p string) error { return os.Truncate(p, 0) }, storage.ErrCorrupt, "restore"},
		{"lost", os.Remove, storage.ErrCorrupt, "restore"},
		{"cut to half", cut(2), storage.ErrCorrupt, "cut short"},
		{"cut to a tenth", cut(10), storage.ErrCorrupt, "cut short"},
		{"cut to a hundredth", cut(100), storage.ErrCorrupt, "restore"},
		{"a text", text(1), storage.ErrCorrupt, "not a store"},
		{"a long text", text(10000), storage.ErrCorrupt, "not a store"},
		{"a directory", func(p string) error {
			return errors.Join(os.Remove(p), os.Mkdir(p, 0o700))
		}, nil, ""},
		{"zeroed after the meta pages", zeroed(2 * 8192), storage.ErrCorrupt, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filled(t)
			if err := tt.harm(path); err != nil {
				t.Fatal(err)
			}
			f, err := disk.Open(path, disk.Options{})
			if err == nil {
				closeFile(t, f)
				t.Fatal("the file opened")
			}
			if tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("error = %v, want %v", err, tt.want)
			}
			if !strings.Contains(err.Error(), tt.says) {
				t.Errorf("message %q does not say %q", err, tt.says)
			}
		})
	}
}

func text(lines int) func(string) error {
	return func(path string) error {
		return os.WriteFile(path, bytes.Repeat([]byte("hello\n"), lines), 0o600)
	}
}

func cut(by int64) func(string) error {
	return func(path string) error {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		return os.Truncate(path, info.Size()/by)
	}
}

// zeroed overwrites the file from an offset to its end.
func zeroed(from int64) func(string) error {
	return func(path string) error {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		clear(b[from:])
		return os.WriteFile(path, b, 0o600)
	}
}

// The note of the holder is there as long as the file is held.
func TestOpenInUse(t *testing.T) {
	path := filled(t)
	f := open(t, path, disk.Options{})
	in := func(holder string) {
		t.Helper()
		_, err := disk.Open(path, disk.Options{Timeout: 100 * time.Millisecond})
		want := "store in use by another process (is the server running? " + holder + ")"
		if !errors.Is(err, storage.ErrInUse) || err.Error() != want {
			t.Errorf("error = %v, want %s", err, want)
		}
	}
	in("its pid is not known")
	if err := f.Hold(time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	in(fmt.Sprint("pid ", os.Getpid()))
	closeFile(t, f)
	if _, err := os.Stat(path + ".pid"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the note of the holder after Close: error = %v, want fs.ErrNotExist", err)
	}
}

func TestReadOnly(t *testing.T) {
	path := filled(t)
	f := open(t, path, disk.Options{ReadOnly: true})
	defer closeFile(t, f)
	other := open(t, path, disk.Options{ReadOnly: true}) // readers share
	defer closeFile(t, other)
	if err := f.Update(put(1)); !errors.Is(err, storage.ErrReadOnly) {
		t.Errorf("error = %v, want ErrReadOnly", err)
	}
	_, err := disk.Open(filepath.Join(t.TempDir(), "none"), disk.Options{ReadOnly: true})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error = %v for a file that is not there, want fs.ErrNotExist", err)
	}
}

// A file at its limit refuses updates until the limit is lifted.
func TestLimit(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "store.db"), disk.Options{MaxSize: 1 << 16})
	defer closeFile(t, f)
	if err := f.Update(put(300)); !errors.Is(err, storage.ErrFull) {
		t.Errorf("error = %v, want ErrFull", err)
	}
	f.Limit(0)
	if err := f.Update(put(300)); err != nil {
		t.Errorf("without a limit: %v", err)
	}
	err := f.Update(func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte("b")) })
	if err != nil || f.Free() < 300<<10 {
		t.Errorf("%d bytes free, error %v; want those of the values", f.Free(), err)
	}
}

// After a panic in an update nothing is written, reading goes on, and the file
// can be closed.
func TestPanic(t *testing.T) {
	var log bytes.Buffer
	f := open(t, filled(t), disk.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	errs := []error{
		f.Update(func(*bbolt.Tx) error { panic("page 7 is bad") }),
		f.Update(put(1)),
	}
	for n, err := range errs {
		if !errors.Is(err, storage.ErrCorrupt) || !disk.Damaged(err) {
			t.Errorf("update %d: error = %v, want ErrCorrupt that ends writing", n, err)
		}
	}
	if got := strings.Count(log.String(), "level=ERROR"); got != 1 {
		t.Errorf("%d errors logged, want 1:\n%s", got, log.String())
	}
	read := func(tx *bbolt.Tx) error { _ = tx.Size(); return nil }
	if err := f.View(read); err != nil {
		t.Errorf("View: %v", err)
	}
	closeFile(t, f)
	if err := f.View(read); !errors.Is(err, storage.ErrClosed) {
		t.Errorf("View after Close: error = %v, want ErrClosed", err)
	}
}

// A panic while reading is an error of that reading alone.
func TestPanicInView(t *testing.T) {
	f := open(t, filled(t), disk.Options{})
	defer closeFile(t, f)
	err := f.View(func(*bbolt.Tx) error { panic("page 7 is bad") })
	if !errors.Is(err, storage.ErrCorrupt) {
		t.Errorf("View: error = %v, want ErrCorrupt", err)
	}
	if err := f.Update(put(1)); err != nil {
		t.Errorf("Update: %v", err)
	}
}
