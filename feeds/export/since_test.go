package export_test

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/export"
	"github.com/coranto/coranto/feeds/format"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/feeds/site"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// paper is a publication that changes at random, exported again and again.
type paper struct {
	store   *bolt.Store
	now     time.Time
	site    feeds.Site
	sources []coranto.Source
	titles  map[coranto.SourceID]string // what the sources say of themselves
	stored  []coranto.Item
	dir     string
	copies  bool
}

func newPaper(t *rapid.T, dir string) *paper {
	p := &paper{
		now:    time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC),
		site:   feeds.Site{URL: "https://news.example/", Title: "News"},
		titles: make(map[coranto.SourceID]string),
		dir:    filepath.Join(dir, "out"),
	}
	store, err := bolt.Open(filepath.Join(dir, "store.db"),
		bolt.Options{Now: func() time.Time { return p.now }})
	if err != nil {
		t.Fatal(err)
	}
	p.store = store
	p.source(t)
	return p
}

// source adds a source.
func (p *paper) source(t *rapid.T) {
	id := coranto.SourceID(fmt.Sprint("s", len(p.sources)))
	p.sources = append(p.sources, coranto.Source{ID: id, URL: "https://" + string(id) + ".example/f"})
	p.titles[id] = "Source " + string(id)
	p.describe(t)
}

func (p *paper) describe(t *rapid.T) {
	if err := p.store.UpsertSources(t.Context(), p.sources, nil); err != nil {
		t.Fatal(err)
	}
}

// visit stores items of a source, new ones and others once more.
func (p *paper) visit(t *rapid.T) {
	src := rapid.SampledFrom(p.sources).Draw(t, "source").ID
	v := storage.Visit{Source: src}
	v.State.Feed = coranto.Attribution{Title: p.titles[src], Link: "https://x.example/"}
	for range rapid.IntRange(0, 4).Draw(t, "new") {
		link := fmt.Sprintf("https://%s.example/%d", src, len(p.stored))
		p.stored = append(p.stored, coranto.Item{
			ID: coranto.NewItemID(src, link), Source: src, GUID: link, Link: link,
			Published: p.now.Add(-time.Duration(rapid.IntRange(0, 5000).Draw(t, "age")) * time.Minute),
		})
		v.Items = append(v.Items, p.edited(t, len(p.stored)-1))
	}
	for i := range p.stored {
		if p.stored[i].Source == src && rapid.IntRange(0, 9).Draw(t, "again") == 0 {
			v.Items = append(v.Items, p.edited(t, i))
		}
	}
	results, err := p.store.Commit(t.Context(), []storage.Visit{v})
	if err != nil || results[0].Err != nil {
		t.Fatal(err, results[0].Err)
	}
}

// edited is item i with another text, filed anywhere.
func (p *paper) edited(t *rapid.T, i int) coranto.Item {
	it := p.stored[i]
	it.Title = fmt.Sprintf("Title %d of %d", rapid.IntRange(0, 3).Draw(t, "title"), i)
	it.Content = "<p>" + it.Title + "</p>"
	it.Categories = rapid.SampledFrom([][]coranto.Slug{
		nil, {"go"}, {"news"}, {"go", "news"}, {"sport"},
	}).Draw(t, "categories")
	p.stored[i] = it
	return it
}

func (p *paper) someIDs(t *rapid.T) (ids []coranto.ItemID) {
	for _, it := range p.stored {
		if rapid.IntRange(0, 7).Draw(t, "chosen") == 0 {
			ids = append(ids, it.ID)
		}
	}
	return ids
}

// actions are what may happen between two exports.
func (p *paper) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"visit":  p.visit,
		"visit2": p.visit,
		"visit3": p.visit,
		"take down": func(t *rapid.T) {
			if _, err := p.store.Remove(t.Context(), p.someIDs(t), "asked"); err != nil {
				t.Fatal(err)
			}
		},
		"lift": func(t *rapid.T) {
			if _, err := p.store.Lift(t.Context(), p.someIDs(t)); err != nil {
				t.Fatal(err)
			}
		},
		"retain": func(t *rapid.T) {
			policy := storage.Policy{Limits: storage.Limits{Items: 30}}
			if _, _, err := p.store.Retain(t.Context(), policy, 100); err != nil {
				t.Fatal(err)
			}
		},
		"title of a source": func(t *rapid.T) {
			src := rapid.SampledFrom(p.sources).Draw(t, "source").ID
			p.titles[src] += "!"
		},
		"new source": func(t *rapid.T) {
			if len(p.sources) < 4 {
				p.source(t)
			}
		},
		"cut a source": func(t *rapid.T) {
			i := rapid.IntRange(0, len(p.sources)-1).Draw(t, "source")
			p.sources[i].Republish = coranto.RepublishTitle
			p.describe(t)
		},
		"the file": func(t *rapid.T) {
			p.site.Title += "!"
			p.site.Categories = []coranto.Category{{Slug: "go", Title: "Gopher", Limit: 3}}
		},
		"copies":   func(*rapid.T) { p.copies = !p.copies },
		"own file": func(t *rapid.T) { p.own(t) },
		"export":   func(t *rapid.T) { p.export(t, p.dir, rapid.Bool().Draw(t, "in place")) },
		"": func(t *rapid.T) {
			p.now = p.now.Add(time.Minute)
		},
	}
}

// own puts a file of somebody else into the folder, if there is one.
func (p *paper) own(t *rapid.T) {
	folder := rapid.SampledFrom([]string{"", "category", "item"}).Draw(t, "folder")
	text := rapid.StringMatching("[a-z]{3}").Draw(t, "own text")
	if _, err := os.Stat(filepath.Join(p.dir, folder)); err == nil {
		name := filepath.Join(p.dir, folder, "own.txt")
		if err := os.WriteFile(name+"~", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(name+"~", name); err != nil {
			t.Fatal(err)
		}
	}
}

func (p *paper) export(t *rapid.T, dir string, inPlace bool) export.Report {
	reader := feeds.NewReader(p.store, p.site)
	pages, err := site.New(reader, format.All())
	if err != nil {
		t.Fatal(err)
	}
	report, err := export.Write(t.Context(), export.Options{
		Publisher: publish.New(publish.Options{
			Store: p.store, Reader: reader, Formats: format.All(), Pages: pages.Page, MaxBytes: 1,
		}),
		Dir: dir, Precompressed: p.copies, InPlace: inPlace, Fingerprint: fmt.Sprint(p.site),
	})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// contents reads a tree but for the lists of exports and the files of others.
func contents(t *rapid.T, dir string) map[string]string {
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ".coranto-export.json" || d.Name() == "own.txt" {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// check compares what exports have made of the folder with one that was never
// exported to before.
func (p *paper) check(t *rapid.T, scratch string) {
	own := p.owned(t)
	p.export(t, p.dir, false)
	fresh, err := os.MkdirTemp(scratch, "fresh")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(fresh)
	p.export(t, filepath.Join(fresh, "out"), true)
	want := contents(t, filepath.Join(fresh, "out"))
	same(t, "the folder", contents(t, p.dir), want)
	if twin := filepath.Join(filepath.Dir(p.dir), ".out.coranto", "other"); isThere(twin) {
		same(t, "its twin", contents(t, twin), want)
	}
	if got := p.owned(t); !maps.Equal(got, own) {
		t.Fatalf("files of others are %v, want %v", got, own)
	}
	if report := p.export(t, p.dir, false); len(report.Changed) != 0 {
		t.Fatalf("nothing changed, but %q were written", report.Changed)
	}
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// owned are the files of others in the folder.
func (p *paper) owned(t *rapid.T) map[string]string {
	files := make(map[string]string)
	for _, folder := range []string{"", "category", "item"} {
		if text, err := os.ReadFile(filepath.Join(p.dir, folder, "own.txt")); err == nil {
			files[folder] = string(text)
		}
	}
	return files
}

func same(t *rapid.T, what string, got, want map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if text, ok := got[name]; !ok || text != want[name] {
			t.Fatalf("%s: %s is there: %v, and is not what a fresh export writes:\n%s", what, name, ok,
				cmp.Diff(want[name], text))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			t.Fatalf("%s has %s, a fresh export has not", what, name)
		}
	}
}

// memory is a folder in memory, where there is one: what is made durable there costs
// nothing.
func memory() string {
	if isThere("/dev/shm") {
		return "/dev/shm"
	}
	return ""
}

// TestLikeAFreshExport holds that exports which make only what changed come to the
// same as one that makes everything, whatever happened between them.
func TestLikeAFreshExport(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp(memory(), "paper")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		p := newPaper(t, dir)
		defer p.store.Close()
		t.Repeat(p.actions())
		p.check(t, dir)
	})
}
