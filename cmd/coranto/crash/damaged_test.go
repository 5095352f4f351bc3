package crash_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage/bolt/disk"
)

// pageSize of a store's file.
const pageSize = 8192

// TestDamagedFile meets files that are not what they were. Each command says so in one
// line that names the file and the way out, or works with what is left.
func TestDamagedFile(t *testing.T) {
	t.Parallel()
	f := plant(t, 8, 54)
	model := newOperator(t, f)
	model.write(f.Len(), "1h", "")
	model.succeeds("fetch")
	items := len(model.records())
	healthy, err := os.ReadFile(model.store())
	if err != nil {
		t.Fatal(err)
	}
	healthy = healthy[:model.used()] // what is beyond is not missed
	note, err := os.ReadFile(model.store() + ".created")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		harm func(file []byte) []byte
		says string // "" where the store opens all the same
	}{
		{"cut to 60 %", func(b []byte) []byte { return b[:len(b)*6/10] }, "cut short"},
		{"cut to a page", func(b []byte) []byte { return b[:pageSize] }, "cut short"},
		{"emptied", func([]byte) []byte { return nil }, "empty"},
		{"a text", func([]byte) []byte { return []byte("Dear diary,\n") }, "not a store"},
		{"a long text", func(b []byte) []byte {
			return bytes.Repeat([]byte("Dear diary,\n"), len(b)/12)
		}, "not a store"},
		{"both meta pages zeroed", func(b []byte) []byte { return zeroed(b, 0, 2) }, "not a store"},
		{"one meta page zeroed", func(b []byte) []byte { return zeroed(b, 0, 1) }, ""},
		{"the other meta page zeroed", func(b []byte) []byte { return zeroed(b, 1, 2) }, ""},
		{"all after the meta pages zeroed", func(b []byte) []byte {
			return zeroed(b, 2, len(b)/pageSize)
		}, "unreadable page"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := model.with(t, tt.harm(bytes.Clone(healthy)), note)
			for _, command := range []string{"serve", "status", "fetch"} {
				if tt.says != "" {
					o.refuses(command, tt.says)
				}
			}
			if tt.says != "" {
				return
			}
			o.succeeds("fetch", "--force")
			if got := len(o.records()); got != items {
				t.Errorf("%d items are there, want %d", got, items)
			}
		})
	}
}

// used is how many bytes of the store's file hold pages that were ever written.
func (o *operator) used() int64 {
	o.Helper()
	f, err := os.Open(o.store())
	if err != nil {
		o.Fatal(err)
	}
	defer f.Close()
	meta, ok := disk.ReadMeta(f)
	if !ok {
		o.Fatal("the store has no meta page")
	}
	return int64(meta.Pages) * int64(meta.PageSize)
}

// zeroed overwrites pages of a file.
func zeroed(file []byte, from, to int) []byte {
	clear(file[from*pageSize : to*pageSize])
	return file
}

// with is an operator with the same file and farm, whose store is what is given.
func (o *operator) with(t *testing.T, store, note []byte) *operator {
	t.Helper()
	other := newOperator(t, o.farm)
	other.write(o.farm.Len(), "1h", "")
	err := errors.Join(os.Mkdir(other.path("data"), 0o755),
		os.WriteFile(other.store(), store, 0o600),
		os.WriteFile(other.store()+".created", note, 0o644))
	if err != nil {
		t.Fatal(err)
	}
	return other
}

// refuses runs a command that must end with one line that names the file, what is wrong
// with it and the way out.
func (o *operator) refuses(command, says string) {
	o.Helper()
	_, errOut, code := o.run(command)
	if code != 1 || strings.Count(errOut, "\n") != 1 {
		o.Errorf("%s: exit code %d, want 1 and one line:\n%s", command, code, errOut)
	}
	for _, want := range []string{o.store(), says, "coranto restore", "coranto fsck --repair"} {
		if !strings.Contains(errOut, want) {
			o.Errorf("%s does not say %q: %s", command, want, errOut)
		}
	}
}

// TestDamagedPages zeroes each page in turn, and flips bits: whatever a command can't do
// is one line, never a crash, and what fsck repairs is a sound store again.
func TestDamagedPages(t *testing.T) {
	t.Parallel()
	f := plant(t, 3, 55)
	model := newOperator(t, f)
	model.write(f.Len(), "1h", "")
	model.succeeds("fetch")
	items := len(model.records())
	healthy, err := os.ReadFile(model.store())
	if err != nil {
		t.Fatal(err)
	}
	harms := map[string]func([]byte) []byte{}
	pages, tried := len(healthy)/pageSize, 12
	if hurried() {
		tried = 4
	}
	for page := 2; page < pages; page += max(1, pages/tried) {
		harms[fmt.Sprintf("page %d zeroed", page)] = func(b []byte) []byte {
			return zeroed(b, page, page+1)
		}
		harms[fmt.Sprintf("a bit of the head of page %d", page)] = flipped(page*pageSize + 9)
		harms[fmt.Sprintf("a bit within page %d", page)] = flipped(page*pageSize + pageSize/2)
	}
	said := map[string]int{}
	for name, harm := range harms {
		t.Run(name, func(t *testing.T) {
			o := model.with(t, harm(bytes.Clone(healthy)), []byte("created\n"))
			for _, args := range [][]string{{"status"}, {"fetch", "--force"}, {"fsck"}} {
				_, errOut, code := o.run(args...)
				if code != 0 && code != 1 && code != 3 || strings.Contains(errOut, "goroutine ") {
					t.Errorf("%v: exit code %d:\n%.2000s", args, code, errOut)
				}
				said[fmt.Sprint(args, " ", code)]++
			}
			o.succeeds("fsck", "--repair")
			o.succeeds("fetch", "--force") // what was lost and is still listed comes again
			if got := len(o.records()); got > items {
				t.Errorf("%d items are there, want at most %d", got, items)
			}
		})
	}
	t.Logf("%d damages: %v", len(harms), said)
}

// flipped flips a bit of a file.
func flipped(at int) func([]byte) []byte {
	return func(b []byte) []byte {
		b[at] ^= 16
		return b
	}
}

// TestDamagedValue flips a bit in the value of one item: that item is lost until its
// source brings it again, and nothing else is.
func TestDamagedValue(t *testing.T) {
	t.Parallel()
	f := plant(t, 3, 56)
	o := newOperator(t, f)
	o.write(f.Len(), "1h", "")
	o.succeeds("fetch")
	items := o.records()
	hurt := items[len(items)/2].Item.ID
	db, err := bbolt.Open(o.store(), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		seq := bytes.Clone(tx.Bucket([]byte("key")).Get(hurt[:])[:8])
		value := bytes.Clone(tx.Bucket([]byte("item")).Get(seq))
		value[len(value)/2] ^= 4
		return tx.Bucket([]byte("item")).Put(seq, value)
	})
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	if _, errOut, code := o.run("fsck"); code != 1 || !strings.Contains(errOut, "fsck --repair") {
		t.Errorf("fsck: exit code %d, want 1 and the way out:\n%s", code, errOut)
	}
	p := o.start("serve")
	o.answers(o.listen, "/readyz", 200)
	if status, _ := get(o.listen, "/item/"+hurt.String()+"/"); status != 500 {
		t.Errorf("the page of the damaged item: status %d, want 500", status)
	}
	for _, rec := range items {
		if id := rec.Item.ID; id != hurt {
			if status, _ := get(o.listen, "/item/"+id.String()+"/"); status != 200 {
				t.Errorf("the page of another item: status %d, want 200", status)
			}
		}
	}
	if !strings.Contains(o.answers(o.listen, "/feed.json", 200), "items") {
		t.Error("there is no feed")
	}
	p.stop()
	out := o.succeeds("fsck", "--repair")
	if !strings.Contains(out, hurt.String()) {
		t.Errorf("the repair does not name the lost item %s:\n%s", hurt, out)
	}
	o.succeeds("fetch", "--force")
	if got := len(o.records()); got != len(items) {
		t.Errorf("%d items after the repair and a visit, want %d", got, len(items))
	}
}

// TestDamagedWhileServing zeroes the pages of a store under a server: it does not die,
// what readers were shown they are shown on, nothing is fetched any more, and readiness
// says why.
func TestDamagedWhileServing(t *testing.T) {
	t.Parallel()
	f := plant(t, 10, 57)
	o := newOperator(t, f)
	o.write(f.Len(), "10s", "")
	p := o.start("serve")
	o.until("all are stored", func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return len(p.told) == f.Len()
	})
	shown := map[string]string{}
	for _, path := range []string{"/", "/feed.json", "/atom.xml", "/category/c1/rss.xml"} {
		shown[path] = o.answers(o.listen, path, 200)
	}
	file, err := os.OpenFile(o.store(), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := file.Stat()
	if err == nil {
		_, err = file.WriteAt(make([]byte, info.Size()-2*pageSize), 2*pageSize)
	}
	if err = errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	f.Advance(1)
	reason := o.answers(o.admin, "/readyz", 503)
	if !strings.Contains(reason, "store damaged") {
		t.Errorf("/readyz says %q, want that the store is damaged", reason)
	}
	o.answers(o.listen, "/readyz", 503)
	p.hears("nothing is fetched any more")
	asked := f.Stats().FeedRequests
	for path, want := range shown {
		if got := o.answers(o.listen, path, 200); got != want {
			t.Errorf("%s is not what it was", path)
		}
	}
	if _, errOut, code := o.run("status"); code != 1 || !strings.Contains(errOut, "store damaged") {
		t.Errorf("status: exit code %d, want 1 and the reason:\n%s", code, errOut)
	}
	if now := f.Stats().FeedRequests; now != asked {
		t.Errorf("%d more visits, want none", now-asked)
	}
	p.stop()
	if strings.Contains(p.said(), "goroutine ") {
		t.Errorf("the server crashed:\n%.2000s", p.said())
	}
	o.refuses("serve", "unreadable page")
}
