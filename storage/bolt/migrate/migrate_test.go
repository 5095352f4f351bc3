package migrate_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage/bolt/disk"
	"github.com/coranto/coranto/storage/bolt/migrate"
)

// rows is how many rows the steps of these tests rewrite, part how many at a time.
const rows, part = 2000, 50

// double is a step that appends to each row what it holds; done twice, it shows.
func double(each func(done int)) migrate.Step {
	return migrate.Step{Name: "double", Do: func(tx *bbolt.Tx, from []byte) ([]byte, error) {
		b := tx.Bucket([]byte("rows"))
		c := b.Cursor()
		k, v := c.Seek(append(from, 0))
		if from == nil {
			k, v = c.First()
		}
		var last []byte
		for range part {
			if k == nil {
				return nil, nil
			}
			last = bytes.Clone(k)
			if err := b.Put(last, append(bytes.Clone(v), v...)); err != nil {
				return nil, err
			}
			k, v = c.Seek(append(bytes.Clone(last), 0))
		}
		each(int(binary.BigEndian.Uint64(last)) + 1)
		return last, nil
	}}
}

func number(n int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// old makes a file of the first schema.
func old(t *testing.T, path string) {
	t.Helper()
	change(t, path, func(tx *bbolt.Tx) error {
		meta, err := tx.CreateBucket([]byte("meta"))
		if err != nil {
			return err
		}
		b, err := tx.CreateBucket([]byte("rows"))
		for n := 0; n < rows && err == nil; n++ {
			err = b.Put(number(n), fmt.Appendf(nil, "row %d;", n))
		}
		return errors.Join(err, meta.Put([]byte("schema"), number(migrate.First)))
	})
}

func change(t *testing.T, path string, fn func(*bbolt.Tx) error) {
	t.Helper()
	f, err := disk.Open(path, disk.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Update(fn), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// run takes steps, as a program that starts does.
func run(path string, steps ...migrate.Step) error {
	f, err := disk.Open(path, disk.Options{})
	if err != nil {
		return err
	}
	return errors.Join(migrate.Run(f, steps, slog.New(slog.DiscardHandler)), f.Close())
}

// check reads which schema a file has, and that each row was doubled so often.
func check(t *testing.T, path string, schema uint64, times int) {
	t.Helper()
	change(t, path, func(tx *bbolt.Tx) error {
		if got := migrate.Schema(tx); got != schema {
			t.Errorf("schema %d, want %d", got, schema)
		}
		for n := range rows {
			want := bytes.Repeat(fmt.Appendf(nil, "row %d;", n), times)
			if got := tx.Bucket([]byte("rows")).Get(number(n)); !bytes.Equal(got, want) {
				t.Fatalf("row %d is %q, want %q", n, got, want)
			}
		}
		return nil
	})
}

func nothing(int) {}

func TestSteps(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	old(t, path)
	for range 2 { // the second time there is nothing to do
		if err := run(path, double(nothing), double(nothing)); err != nil {
			t.Fatal(err)
		}
		check(t, path, migrate.First+2, 4)
	}
	if got := migrate.Newest(migrate.Steps()); got < migrate.First {
		t.Errorf("newest schema %d", got)
	}
}

// A step that ends with an error goes on from where it was.
func TestResume(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	old(t, path)
	full := errors.New("no room")
	parts := 0
	failing := double(nothing)
	do := failing.Do
	failing.Do = func(tx *bbolt.Tx, from []byte) ([]byte, error) {
		if parts++; parts%3 == 0 {
			return nil, full
		}
		return do(tx, from)
	}
	errs := 0
	for ; run(path, failing) != nil; errs++ {
		if errs > rows {
			t.Fatal("it never ends")
		}
	}
	if want := rows / part / 2; errs < want {
		t.Errorf("%d errors, want at least %d", errs, want)
	}
	check(t, path, migrate.First+1, 2)
}

// childVariable names the file that a child of this test migrates.
const childVariable = "CORANTO_TEST_MIGRATE"

// R04 A process that is killed in the middle of a step loses nothing and does
// nothing twice.
func TestKilled(t *testing.T) {
	if path := os.Getenv(childVariable); path != "" {
		tell := func(done int) { fmt.Println("done", done) }
		if err := run(path, double(tell), double(tell)); err != nil {
			t.Fatal(err)
		}
		return
	}
	path := filepath.Join(t.TempDir(), "store.db")
	old(t, path)
	kills := 0
	for kill(t, path, 7+kills) {
		kills++
	}
	if kills < 5 {
		t.Errorf("only %d kills happened before the end, want at least 5", kills)
	}
	check(t, path, migrate.First+2, 4)
}

// kill lets a child migrate and kills it after so many parts; false when it came to
// the end before.
func kill(t *testing.T, path string, after int) bool {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), childVariable+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	ended := false // all but over: under -race a process stays for a second more
	for n := 0; n < after && !ended && lines.Scan(); n++ {
		ended = lines.Text() == "PASS"
	}
	if !ended {
		_ = cmd.Process.Kill() // it may be over
	}
	_, _ = io.Copy(io.Discard, out)
	return cmd.Wait() != nil
}
