package export_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/export"
	"github.com/coranto/coranto/feeds/format"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/feeds/site"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// newsroom is a store that is exported to a folder.
type newsroom struct {
	store *bolt.Store
	dir   string
}

func newNewsroom(t *testing.T) *newsroom {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC) }
	store, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	source := coranto.Source{ID: "gopher", URL: "https://gopher.example/feed", Title: "Gopher"}
	if err := store.UpsertSources(t.Context(), []coranto.Source{source}, nil); err != nil {
		t.Fatal(err)
	}
	return &newsroom{store, filepath.Join(t.TempDir(), "out")}
}

// file is post n in a category.
func (n *newsroom) file(t *testing.T, number int, title string, slug coranto.Slug) coranto.ItemID {
	t.Helper()
	link := fmt.Sprintf("https://gopher.example/%d", number)
	it := coranto.Item{
		ID: coranto.NewItemID("gopher", link), Source: "gopher", GUID: link, Link: link,
		Title: title, Content: "<p>" + title + "</p>",
		Published: time.Date(2026, 3, 1, number, 0, 0, 0, time.UTC), Categories: []coranto.Slug{slug},
	}
	visit := storage.Visit{Source: "gopher", Items: []coranto.Item{it}}
	results, err := n.store.Commit(t.Context(), []storage.Visit{visit})
	if err != nil || results[0].Err != nil {
		t.Fatal(err, results[0].Err)
	}
	return it.ID
}

func (n *newsroom) publisher(t *testing.T) *publish.Publisher {
	t.Helper()
	reader := feeds.NewReader(n.store, feeds.Site{URL: "https://news.example/"})
	pages, err := site.New(reader, format.All())
	if err != nil {
		t.Fatal(err)
	}
	return publish.New(publish.Options{Store: n.store, Reader: reader, Formats: format.All(),
		Pages: pages.Page})
}

func (n *newsroom) export(t *testing.T, precompressed bool) export.Report {
	t.Helper()
	return n.write(t, export.Options{Precompressed: precompressed})
}

// write exports to the folder with what the options say besides.
func (n *newsroom) write(t *testing.T, opts export.Options) export.Report {
	t.Helper()
	opts.Publisher, opts.Dir = n.publisher(t), n.dir
	report, err := export.Write(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// files reads the whole tree, and gives every file an old date, so that written
// shows which were touched since.
func (n *newsroom) files(t *testing.T) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(n.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(n.dir, path)
		files[filepath.ToSlash(name)] = string(text)
		return errors.Join(err, os.Chtimes(path, time.Time{}, longAgo()))
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func longAgo() time.Time { return time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC) }

// touched lists the files written since files was called.
func (n *newsroom) touched(t *testing.T) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(n.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil && !info.ModTime().Equal(longAgo()) {
			name, _ := filepath.Rel(n.dir, path)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestTreeHoldsEveryDocument(t *testing.T) {
	n := newNewsroom(t)
	id := n.file(t, 1, "One", "go")
	report := n.export(t, true)
	files := n.files(t)
	publisher := n.publisher(t)
	documents := 0
	for path, err := range publisher.Paths(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		documents++
		edition, err := publisher.Get(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(path, "/")
		if strings.HasSuffix(path, "/") {
			name += "index.html"
		}
		if files[name] != string(edition.Body) {
			t.Errorf("%s is not the document at %s", name, path)
		}
		if got := gunzip(t, files[name+".gz"]); got != string(edition.Body) {
			t.Errorf("%s.gz is not the document at %s", name, path)
		}
		if files[name+".br"] == "" || files[name+".zst"] == "" {
			t.Errorf("%s has no .br or no .zst", name)
		}
	}
	if report.Written != documents || len(report.Changed) != documents ||
		report.Unchanged+report.Removed != 0 {
		t.Errorf("report %d written, %d unchanged, %d removed; want %d written", report.Written,
			report.Unchanged, report.Removed, documents)
	}
	if len(files) != 4*documents+1 {
		t.Errorf("%d files of %d documents and a list", len(files), documents)
	}
	if files["item/"+id.String()+"/index.html"] == "" {
		t.Error("no page of the item")
	}
}

func gunzip(t *testing.T, s string) string {
	t.Helper()
	r, err := gzip.NewReader(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := io.Copy(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestOnlyWhatChangedIsTouched(t *testing.T) {
	n := newNewsroom(t)
	first := n.file(t, 1, "One", "go")
	n.file(t, 2, "Two", "news")
	n.export(t, false)
	documents := len(n.files(t)) - 1

	report := n.export(t, false)
	if touched := n.touched(t); len(touched) != 0 || report.Unchanged != documents ||
		report.Written != 0 {
		t.Errorf("nothing changed, but %d were written and %q touched", report.Written, touched)
	}

	n.file(t, 1, "One, corrected", "go")
	report = n.export(t, false)
	touched := n.touched(t)
	for _, name := range []string{"index.html", "category/go/atom.xml",
		feeds.ItemPath(first)[1:] + "index.html"} {
		if !slices.Contains(touched, name) {
			t.Errorf("%s was not written again", name)
		}
	}
	for _, name := range []string{"category/news/atom.xml", "category/news/index.html", "style.css"} {
		if slices.Contains(touched, name) {
			t.Errorf("%s was written again", name)
		}
	}
	if report.Written != len(touched)-1 || report.Written+report.Unchanged != documents {
		t.Errorf("report %+v, but touched %q of %d", report, touched, documents)
	}
}

func TestRemovesOnlyItsOwn(t *testing.T) {
	n := newNewsroom(t)
	n.file(t, 1, "One", "go")
	n.file(t, 2, "Two", "news")
	n.export(t, true)
	foreign := []string{"own.html", "category/news/own.txt", ".git/config"}
	for _, name := range foreign {
		path := filepath.Join(n.dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755),
			os.WriteFile(path, []byte("mine"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	n.file(t, 1, "One", "sport")
	n.file(t, 2, "Two", "sport")
	report := n.export(t, true)
	files := n.files(t)
	left := slices.DeleteFunc(slices.Sorted(maps.Keys(files)), func(name string) bool {
		return !strings.HasPrefix(name, "category/go/") && !strings.HasPrefix(name, "category/news/")
	})
	if !slices.Equal(left, []string{"category/news/own.txt"}) {
		t.Errorf("left of the empty categories: %q", left)
	}
	if _, err := os.Stat(filepath.Join(n.dir, "category", "go")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the empty folder was left: %v", err)
	}
	for _, name := range foreign {
		if files[name] != "mine" {
			t.Errorf("%s is gone", name)
		}
	}
	if want := 2 * (1 + len(format.All())); report.Removed != want {
		t.Errorf("removed %d documents, want %d", report.Removed, want)
	}
}

func TestForeignFolder(t *testing.T) {
	tests := []struct {
		name string
		file string // in the folder before
		want error
	}{
		{"empty", "", nil},
		{"a repository", ".git", nil},
		{"somebody's files", "thesis.txt", export.ErrForeign},
		{"somebody's home page", "index.html", export.ErrForeign},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := newNewsroom(t)
			if tt.file != "" {
				if err := errors.Join(os.MkdirAll(n.dir, 0o755),
					os.WriteFile(filepath.Join(n.dir, tt.file), nil, 0o644)); err != nil {
					t.Fatal(err)
				}
			}
			_, err := export.Write(t.Context(), export.Options{Publisher: n.publisher(t), Dir: n.dir})
			if !errors.Is(err, tt.want) {
				t.Errorf("error = %v, want %v", err, tt.want)
			}
			if files := n.files(t); tt.want != nil && len(files) != 1 {
				t.Errorf("wrote into it: %d files", len(files))
			}
		})
	}
}

func TestCopiesComeAndGo(t *testing.T) {
	n := newNewsroom(t)
	n.file(t, 1, "One", "go")
	n.export(t, false)
	plain := n.files(t)
	n.export(t, true)
	if touched := n.touched(t); len(touched) != 3*(len(plain)-1)+1 {
		t.Errorf("touched %d files, want three copies of %d documents and the list", len(touched),
			len(plain)-1)
	}
	n.export(t, false)
	files := n.files(t)
	delete(files, ".coranto-export.json")
	delete(plain, ".coranto-export.json")
	if !maps.Equal(files, plain) {
		t.Errorf("%d files without copies again, want the %d from before", len(files), len(plain))
	}
}

// TestX39 has a symbolic link in the folder, to another one.
func TestX39LinksLeadNowhere(t *testing.T) {
	n := newNewsroom(t)
	n.file(t, 1, "One", "go")
	n.export(t, false)
	outside := t.TempDir()
	category := filepath.Join(n.dir, "category", "go")
	page := filepath.Join(n.dir, "index.html")
	victim := filepath.Join(outside, "victim")
	if err := errors.Join(os.WriteFile(victim, nil, 0o644), os.Remove(page),
		os.Symlink(victim, page)); err != nil {
		t.Fatal(err)
	}
	n.export(t, false)
	if info, err := os.Lstat(page); err != nil || !info.Mode().IsRegular() {
		t.Errorf("index.html is still a link (%v)", err)
	}
	if err := errors.Join(os.RemoveAll(category), os.Symlink(outside, category)); err != nil {
		t.Fatal(err)
	}
	opts := export.Options{Publisher: n.publisher(t), Dir: n.dir}
	if _, err := export.Write(t.Context(), opts); err == nil {
		t.Error("wrote through a link without an error")
	}
	entries, err := os.ReadDir(outside)
	if text, _ := os.ReadFile(victim); err != nil || len(entries) != 1 || len(text) != 0 {
		t.Errorf("written outside: %v, %q (%v)", entries, text, err)
	}
}

func TestListThatIsNone(t *testing.T) {
	for _, text := range []string{"", "{", `{"documents": ["/../../etc/passwd"]}`,
		`{"documents": ["/.git/config"]}`} {
		n := newNewsroom(t)
		path := filepath.Join(n.dir, ".coranto-export.json")
		if err := errors.Join(os.MkdirAll(n.dir, 0o755),
			os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
		opts := export.Options{Publisher: n.publisher(t), Dir: n.dir}
		if _, err := export.Write(t.Context(), opts); err == nil {
			t.Errorf("list %q: no error", text)
		}
	}
}

// TestFolderStaysItsOwners shows that a folder that changes places has the mode it had.
func TestFolderStaysItsOwners(t *testing.T) {
	n := newNewsroom(t)
	n.file(t, 1, "One", "go")
	n.export(t, false)
	const mode = fs.ModeDir | fs.ModeSetgid | 0o750
	if err := os.Chmod(n.dir, mode); err != nil {
		t.Fatal(err)
	}
	n.file(t, 2, "Two", "go")
	for range 2 {
		report := n.export(t, false)
		info, err := os.Stat(n.dir)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != mode || report.Written > 0 && !report.AtOnce && runtime.GOOS == "linux" {
			t.Errorf("mode %v, at once: %v, want %v and true", info.Mode(), report.AtOnce, mode)
		}
		n.file(t, 3, "Three", "go")
	}
}
