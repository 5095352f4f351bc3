//go:build linux

package crash_test

import (
	"fmt"
	"maps"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coranto/coranto"
)

// mount gives the operator's data a file system in memory of so many bytes. Where that
// is refused, as to who is not root, the test is skipped.
func (o *operator) mount(bytes int) {
	o.Helper()
	dir := o.path("data")
	err := os.Mkdir(dir, 0o755)
	if err == nil {
		err = syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", bytes))
	}
	if err != nil {
		o.Skipf("no file system can be mounted here: %v", err)
	}
	o.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			o.Errorf("unmount %s: %v", dir, err)
		}
	})
}

// TestFullDisk fills the disk while sources are visited (R07): readers are served on,
// readiness and status say why nothing comes, no origin is asked, and when there is room
// again all goes on by itself and nothing is missing.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	const room, filler = 3 << 19, 64 << 20
	f := plant(t, 240, 58)
	o := newOperator(t, f)
	o.mount(room + filler)
	if err := os.WriteFile(o.path("data/filler"), make([]byte, filler), 0o644); err != nil {
		t.Fatal(err)
	}
	o.write(f.Len(), "1h", "")
	p := o.start("serve")
	reason := o.answers(o.admin, "/readyz", 503)
	if !strings.Contains(reason, "no space left on device") {
		t.Errorf("/readyz says %q, want the reason", reason)
	}
	o.answers(o.listen, "/readyz", 503)
	asked := o.restful(2 * time.Second)
	if asked >= int64(f.Len()) {
		t.Errorf("%d of %d sources were asked before the disk was full: nothing is shown",
			asked, f.Len())
	}
	if said := o.status().Halted; !strings.Contains(said, "no space left on device") {
		t.Errorf("status says %q, want why nothing is fetched", said)
	}
	if text := o.succeeds("status"); !strings.Contains(text, "nothing is fetched: ") {
		t.Errorf("status does not say that nothing is fetched:\n%s", text)
	}
	for _, path := range []string{"/", "/feed.json", "/atom.xml", "/livez"} {
		o.answers(o.listen, path, 200)
	}

	if err := os.Remove(o.path("data/filler")); err != nil {
		t.Fatal(err)
	}
	o.answers(o.listen, "/readyz", 200)
	o.until("all are stored", func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return len(p.told) == f.Len()
	})
	if said := o.status().Halted; said != "" {
		t.Errorf("status still says %q", said)
	}
	if code := p.stop(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	o.succeeds("fsck")
	o.hasAll(f.Len())
	for i := range f.Len() {
		if n := f.Asked(i); n != 1 {
			t.Errorf("%s was asked %d times, want once: what was fetched is kept", source(i), n)
		}
	}
}

// TestReadOnlyDisk serves from a file system that can't be written: the same bytes, no
// visit, and a word of it. Without the flag the error names it.
func TestReadOnlyDisk(t *testing.T) {
	t.Parallel()
	f := plant(t, 10, 59)
	o := newOperator(t, f)
	o.mount(32 << 20)
	o.write(f.Len(), "1h", "")
	o.succeeds("fetch")
	p := o.start("serve")
	o.answers(o.listen, "/readyz", 200)
	want := o.publication()
	p.stop()
	f.Reset()
	if err := syscall.Mount("", o.path("data"), "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"serve", "fetch"} {
		_, errOut, code := o.run(command)
		if code != 1 || strings.Count(errOut, "\n") != 1 ||
			!strings.Contains(errOut, o.store()) || !strings.Contains(errOut, "serve --read-only") {
			t.Errorf("%s: exit code %d, want 1 and a line with the file and the flag:\n%s",
				command, code, errOut)
		}
	}
	p = o.start("serve", "--read-only")
	o.answers(o.listen, "/readyz", 200)
	p.hears("nothing is fetched")
	got := o.publication()
	if !maps.Equal(got, want) {
		t.Errorf("%d documents, not the %d that the same store gave when it could be written",
			len(got), len(want))
	}
	if _, answer := get(o.admin, "/status"); !strings.Contains(answer, `"halted":"read-only`) {
		t.Errorf("the server's status does not say that it is read-only: %.300s", answer)
	}
	if said := o.status().Halted; !strings.Contains(said, "read-only") {
		t.Errorf("status says %q, want that nothing is fetched", said)
	}
	if n := f.Stats().Requests; n != 0 {
		t.Errorf("origins were asked %d times, want never", n)
	}
	if code := p.stop(); code != 0 || strings.Contains(p.said(), `"level":"WARN"`) ||
		strings.Contains(p.said(), `"level":"ERROR"`) {
		t.Errorf("exit code %d, want 0 and nothing to warn of:\n%s", code, p.said())
	}
}

// publication is every feed and page of the site.
func (o *operator) publication() map[string]string {
	o.Helper()
	paths := []string{"/", "/opml.xml", "/sitemap.xml"}
	scopes := []string{"/"}
	for i := range o.farm.Len() {
		scopes = append(scopes, fmt.Sprintf("/source/%s/", source(i)))
	}
	for c := range 5 {
		scopes = append(scopes, fmt.Sprintf("/category/c%d/", c))
	}
	for _, scope := range scopes {
		paths = append(paths, scope, scope+"feed.json", scope+"atom.xml", scope+"rss.xml")
	}
	for _, id := range o.listed() {
		paths = append(paths, "/item/"+id.String()+"/")
	}
	all := map[string]string{}
	for _, path := range paths {
		all[path] = o.answers(o.listen, path, 200)
	}
	return all
}

// listed are the ids of the items that the feeds list.
func (o *operator) listed() (ids []coranto.ItemID) {
	for i := range o.farm.Len() {
		for _, it := range o.farm.Window(i) {
			ids = append(ids, coranto.NewItemID(source(i), it.GUID))
		}
	}
	return ids
}
