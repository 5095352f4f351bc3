package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/feeds/format/lint"
	"github.com/coranto/coranto/internal/farm"
)

// siteURL is where the file that init writes publishes.
const siteURL = "http://localhost:8080/"

// feedFiles are the three formats of every feed.
func feedFiles() []string { return []string{"rss.xml", "atom.xml", "feed.json"} }

func farmTitle(_ *farm.Farm, i int) string { return fmt.Sprintf("feed %d", i) }

func farmCategory(f *farm.Farm, i int) string { return f.AllCategories()[f.Feed(i).Category].Slug }

// TestFarm leads hundreds of feeds through the commands of an operator and
// compares what is stored and published with what the farm knows to be true.
func TestFarm(t *testing.T) {
	cfg := farm.Config{Seed: 21, Feeds: 500, Hosts: 100}
	if hurried() {
		cfg = farm.Config{Seed: 21, Feeds: 60, Hosts: 20, Categories: 20}
	}
	f := plant(t, cfg)
	o := newOperator(t, "")
	o.subscribe(f)

	first := o.fetch(exitOK)
	if len(first.Sources) != f.Len() || first.Store.Items != first.New {
		t.Errorf("round one: %d sources, %d new, %d stored, want %d sources and all stored",
			len(first.Sources), first.New, first.Store.Items, f.Len())
	}
	o.checkStored(f)
	o.build("site")
	o.checkCategories(f, "site", nil)
	o.checkLint("site", time.Time{})
	t.Logf("%d feeds, %d items, %d commits", f.Len(), first.New, first.Store.Commits)

	f.Reset()
	second := o.fetch(exitOK)
	if second.Store.Writes != 0 || second.Store.Commits > 3 {
		t.Errorf("unchanged round: %d item writes, %d commits, want none and at most 3",
			second.Store.Writes, second.Store.Commits)
	}
	if got := f.Stats().NotModified; got != int64(f.Len()) {
		t.Errorf("unchanged round: %d of %d answered 304, want all", got, f.Len())
	}

	was, revs := counts(f), revisions(f)
	admin(t, f, "/advance?rate=0.05")
	third := o.fetch(exitOK)
	o.checkAdvance(f, was, revs, third)
	o.checkStored(f)
	content(t, f)
}

// TestOnlyTouchedDocuments builds again after some feeds have changed.
func TestOnlyTouchedDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("TestFarm and TestSameStoreSameBytes go the same ways")
	}
	f := plant(t, farm.Config{Seed: 24, Feeds: 100, Hosts: 50, Categories: 40})
	o := newOperator(t, "")
	o.subscribe(f)
	o.fetch(exitOK)
	o.build("site")
	before, revs := o.tree("site"), revisions(f)
	for range 2 {
		admin(t, f, "/advance?rate=0.05")
		o.fetch(exitOK)
	}
	began := time.Now()
	built := o.build("site")
	o.checkTouched(f, before, built)
	o.checkCategories(f, "site", revs)
	o.checkLint("site", began.Add(-time.Second)) // clocks of file systems are coarse
	content(t, f)
}

// counts are the numbers of items that the feeds have published.
func counts(f *farm.Farm) []int {
	list := make([]int, f.Len())
	for i := range list {
		list[i] = len(f.Truth(i))
	}
	return list
}

// revisions are the revisions of all items of a farm.
func revisions(f *farm.Farm) map[string]int {
	revs := map[string]int{}
	for i := range f.Len() {
		for _, it := range f.Truth(i) {
			revs[it.GUID] = it.Rev
		}
	}
	return revs
}

// checkStored compares the whole store with the truth.
func (o *operator) checkStored(f *farm.Farm) {
	o.Helper()
	truth := map[string]farm.Item{}
	for i := range f.Len() {
		for _, it := range f.Truth(i) {
			truth[string(imported(f, i))+" "+it.GUID] = it
		}
	}
	stored := o.stored()
	seen := map[string]int{}
	for i := range stored {
		rec := &stored[i]
		key := string(rec.Source) + " " + rec.GUID
		seen[key]++
		want, ok := truth[key]
		if !ok {
			o.Errorf("%s is stored, want no such item", key)
			continue
		}
		if rec.Title != fold(want.Title) || rec.Link != want.URL || !rec.Published.Equal(want.Created) {
			o.Errorf("%s is stored as %q %s %v, want %q %s %v", key, rec.Title, rec.Link,
				rec.Published, want.Title, want.URL, want.Created)
		}
		if got, want := squeeze(rec.Content), squeeze(want.HTML); got != want {
			o.Errorf("%s has the text %.200q, want %.200q", key, got, want)
		}
	}
	for key := range truth {
		if seen[key] != 1 {
			o.Errorf("%s is stored %d times, want once", key, seen[key])
		}
	}
}

// checkAdvance compares what a round reports with what the farm published since.
func (o *operator) checkAdvance(f *farm.Farm, was []int, revs map[string]int, got show.Round) {
	o.Helper()
	fresh, updated := 0, 0
	for i := range f.Len() {
		truth := f.Truth(i)
		fresh += len(truth) - was[i]
		for _, it := range truth {
			if rev, known := revs[it.GUID]; known && it.Rev > rev {
				updated++
			}
		}
	}
	if fresh == 0 {
		o.Fatal("nothing is new, so the test shows nothing")
	}
	if got.New != fresh || got.Updated != updated {
		o.Errorf("%d new and %d updated items, want %d and %d", got.New, got.Updated, fresh, updated)
	}
}

// expected is one item of the farm as a category feed is to show it.
type expected struct {
	farm.Item
	feed int
	id   coranto.ItemID
}

// newest are the items that a category feed is to hold, in their order.
func newest(f *farm.Farm, category string, limit int) []expected {
	var all []expected
	for i := range f.Len() {
		if farmCategory(f, i) != category {
			continue
		}
		for _, it := range f.Truth(i) {
			all = append(all, expected{it, i, coranto.NewItemID(imported(f, i), it.GUID)})
		}
	}
	slices.SortFunc(all, func(a, b expected) int {
		return cmp.Or(b.Created.Compare(a.Created), bytes.Compare(a.id[:], b.id[:]))
	})
	return all[:min(len(all), limit)]
}

// checkCategories compares every category feed in every format with the truth.
// revs are the revisions of items before they were edited; nil when none was.
func (o *operator) checkCategories(f *farm.Farm, folder string, revs map[string]int) {
	o.Helper()
	for _, c := range f.AllCategories() {
		want := newest(f, c.Slug, 50)
		for _, file := range feedFiles() {
			path := o.path(filepath.Join(folder, "category", c.Slug, file))
			if len(want) == 0 {
				if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
					o.Errorf("%s is there, want no feed of an empty category", path)
				}
				continue
			}
			o.checkFeed(f, path, want, revs)
		}
	}
}

func (o *operator) checkFeed(f *farm.Farm, path string, want []expected, revs map[string]int) {
	o.Helper()
	got := readFeed(o.T, path)
	if len(got) != len(want) {
		o.Errorf("%s has %d items, want %d", path, len(got), len(want))
		return
	}
	for k := range want {
		if diff := compare(f, &got[k], &want[k], revs); diff != "" {
			o.Errorf("%s, item %d of feed %d: %s", path, want[k].Index, want[k].feed, diff)
		}
	}
}

// compare says what of an item is not as it should be; "" when all is well.
func compare(f *farm.Farm, got *published, want *expected, revs map[string]int) string {
	i := want.feed
	text, credit := textOf(got.HTML)
	switch {
	case got.ID != want.GUID:
		return fmt.Sprintf("id = %s, want %s", got.ID, want.GUID)
	case fold(got.Title) != fold(want.Title):
		return fmt.Sprintf("title = %q, want %q", got.Title, want.Title)
	case got.Link != want.URL:
		return fmt.Sprintf("link = %s, want %s", got.Link, want.URL)
	case !got.Published.Equal(want.Created):
		return fmt.Sprintf("published = %v, want %v", got.Published, want.Created)
	case !updatedRight(f, got.Updated, want, revs):
		return fmt.Sprintf("updated = %v, want %v", got.Updated, want.Updated)
	case text != squeeze(want.HTML):
		return fmt.Sprintf("text = %.200q, want %.200q", text, squeeze(want.HTML))
	case len(got.Authors) != 1 || fold(got.Authors[0]) != fold(want.Author):
		return fmt.Sprintf("authors = %q, want %q", got.Authors, want.Author)
	case got.SourceTitle != farmTitle(f, i) || got.SourceFeed != f.FeedURL(i):
		return fmt.Sprintf("source = %q at %s, want %q at %s", got.SourceTitle, got.SourceFeed,
			farmTitle(f, i), f.FeedURL(i))
	case got.SourceHome != "" && got.SourceHome != f.SiteURL(i)+"/":
		return fmt.Sprintf("source's home = %s, want %s/", got.SourceHome, f.SiteURL(i))
	}
	for _, part := range []string{
		`<a href="` + f.SiteURL(i) + `/">` + farmTitle(f, i) + `</a>`,
		html.EscapeString(fold(want.Author)),
		`<a href="` + want.URL + `">`,
	} {
		if !strings.Contains(credit, part) {
			return fmt.Sprintf("visible credit = %s, want %s in it", credit, part)
		}
	}
	return ""
}

// updatedRight allows a moment of our own for an edited item of an RSS feed,
// which does not say when that was.
func updatedRight(f *farm.Farm, got time.Time, want *expected, revs map[string]int) bool {
	rev, known := revs[want.GUID]
	if f.Feed(want.feed).Format == farm.RSS && want.Rev > 0 {
		if known && rev < want.Rev {
			return got.IsZero() || got.After(want.Created)
		}
		return got.IsZero() || got.Equal(want.Created)
	}
	return got.IsZero() || got.Equal(want.Updated)
}

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// checkLint looks at every feed below a folder as a validator does, if it was
// written since.
func (o *operator) checkLint(folder string, since time.Time) {
	o.Helper()
	root := o.path(folder)
	paths := make(chan string)
	var workers sync.WaitGroup
	infos := sync.Map{}
	for range 2 {
		workers.Go(func() {
			for path := range paths {
				o.lint(root, path, &infos)
			}
		})
	}
	for file, at := range o.tree(folder) {
		name := filepath.Base(file)
		if at.After(since) && (slices.Contains(feedFiles(), name) || name == "opml.xml") {
			paths <- filepath.Join(root, file)
		}
	}
	close(paths)
	workers.Wait()
	for rule, finding := range infos.Range {
		o.Logf("told of %v, one of them: %v", rule, finding)
	}
}

func (o *operator) lint(root, path string, infos *sync.Map) {
	doc, err := os.ReadFile(path)
	if err != nil {
		o.Error(err)
		return
	}
	name := strings.TrimPrefix(filepath.ToSlash(strings.TrimPrefix(path, root)), "/")
	for _, finding := range lint.Check(doc, "", siteURL+name) {
		if finding.Level == lint.Hint {
			infos.LoadOrStore(finding.Rule, finding.String())
			continue
		}
		o.Errorf("%s: %s", name, finding)
	}
}

// tree is when each file below a folder was written.
func (o *operator) tree(folder string) map[string]time.Time {
	o.Helper()
	root := o.path(folder)
	files := map[string]time.Time{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			files[filepath.ToSlash(strings.TrimPrefix(path, root))] = info.ModTime()
		}
		return err
	})
	if err != nil {
		o.Fatal(err)
	}
	return files
}

// checkTouched checks that a build wrote the documents of touched categories,
// sources and items, those of the whole site, archives that hold such an item, and
// no other.
func (o *operator) checkTouched(f *farm.Farm, before map[string]time.Time, built builtResult) {
	o.Helper()
	touched, guids := []string{"/before/", "/sources/", "/categories/"}, []string{}
	untouched := map[string]bool{}
	for i := range f.Len() {
		untouched["/category/"+farmCategory(f, i)+"/"] = true
	}
	for i := range f.Len() {
		if f.Version(i) == 0 {
			continue
		}
		category := "/category/" + farmCategory(f, i) + "/"
		touched = append(touched, "/source/"+string(imported(f, i))+"/", category)
		delete(untouched, category)
		for _, it := range f.Truth(i)[:f.Feed(i).Items] {
			id := coranto.NewItemID(imported(f, i), it.GUID)
			if _, old := before["/item/"+id.String()+"/index.html"]; !old || it.Rev > 0 {
				touched = append(touched, "/item/"+id.String()+"/")
				guids = append(guids, it.GUID)
			}
		}
	}
	for _, path := range built.Changed {
		within := func(prefix string) bool { return strings.HasPrefix(path, prefix) }
		ofSite := strings.LastIndex(path, "/") == 0 || strings.HasPrefix(path, "/sitemap")
		if within("/archive/") {
			ofSite = o.tells(path, guids)
		}
		if !ofSite && !slices.ContainsFunc(touched, within) {
			o.Errorf("%s changed, want only what was touched", path)
		}
	}
	if len(untouched) == 0 {
		o.Fatal("every category is touched, so the test shows nothing")
	}
	after, kept := o.tree("site"), 0
	for file, at := range before {
		for category := range untouched {
			if strings.HasPrefix(file, category) {
				kept++
				if !after[file].Equal(at) {
					o.Errorf("%s was written again, want it left alone", file)
				}
			}
		}
	}
	o.Logf("%d documents changed; %d files of %d untouched categories stayed", len(built.Changed),
		kept, len(untouched))
}

// tells reports whether an archive of the whole site has one of the touched items:
// no other may change, but for one that was closed since.
func (o *operator) tells(path string, guids []string) bool {
	o.Helper()
	text, err := os.ReadFile(o.path("site" + filepath.Dir(path) + "/feed.json"))
	if err != nil {
		o.Fatal(err)
	}
	return slices.ContainsFunc(guids, func(guid string) bool {
		return bytes.Contains(text, []byte(`"id":"`+guid+`"`))
	})
}

// TestSameStoreSameBytes builds and serves one state of a farm several times:
// again, by another process, and from a store of somebody else who visited on
// their own. Archives are left out of the latter: they are in the order in which
// items arrived, and two who visit on their own do not meet them in the same order; and
// so is the export's own list, which says how far it came in which store.
func TestSameStoreSameBytes(t *testing.T) {
	f := plant(t, farm.Config{Seed: 22, Feeds: 60, Hosts: 20, Categories: 8})
	one, two := newOperator(t, ""), newOperator(t, "")
	for _, o := range []*operator{one, two} {
		o.subscribe(f)
		o.fetch(exitOK)
		o.build("site")
	}
	if again := one.build("site"); again.Written != 0 || again.Removed != 0 {
		t.Errorf("second build wrote %q, want nothing", again.Changed)
	}
	differing := one.differences("site", two.path("site"))
	for _, path := range differing {
		if strings.Contains(path, "/archive/") || path == "/.coranto-export.json" {
			continue
		}
		t.Errorf("%s differs between two stores of the same items", path)
	}

	categories := []string{}
	for _, c := range f.AllCategories() {
		for _, file := range feedFiles() {
			categories = append(categories, "category/"+c.Slug+"/"+file)
		}
	}
	address, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	first := one.serveOnce(address, categories, nil)
	second := one.serveOnce(address, categories, first)
	for _, path := range categories {
		if first[path] != second[path] || first[path].etag == "" || first[path].modified == "" {
			t.Errorf("%s: validators %q after a restart, want %q", path, second[path], first[path])
		}
	}
}

// differences are the files that are not the same below two folders.
func (o *operator) differences(folder, other string) []string {
	o.Helper()
	var list []string
	for name := range o.tree(folder) {
		a, err := os.ReadFile(filepath.Join(o.path(folder), name))
		if err != nil {
			o.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(other, name))
		if err != nil || !bytes.Equal(a, b) {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// validators are what a subscriber keeps of an answer.
type validators struct{ etag, modified string }

// serveOnce starts the server, asks for paths and stops it. Where known gives
// validators they are sent, and the answer is to be 304.
func (o *operator) serveOnce(
	address string, paths []string, known map[string]validators,
) map[string]validators {
	o.Helper()
	ctx, stop := context.WithCancel(o.Context())
	ended := make(chan int)
	var out, errOut transcript
	go func() {
		args := []string{"--config", o.path("coranto.yaml"), "serve", "--listen", address, "--admin", ""}
		ended <- run(ctx, args, term.Output{Writer: &out}, term.Output{Writer: &errOut})
	}()
	defer func() {
		stop()
		if code := <-ended; code != exitOK {
			o.Errorf("serve: exit code %d, want %d\n%s", code, exitOK, errOut.String())
		}
	}()
	o.await("http://"+address+"/livez", "")
	answers := map[string]validators{}
	for _, path := range paths {
		answers[path] = o.ask("http://"+address+"/"+path, known[path])
	}
	return answers
}

// ask asks for a document, on condition when something is known of it.
func (o *operator) ask(url string, known validators) validators {
	o.Helper()
	req, err := http.NewRequestWithContext(o.Context(), http.MethodGet, url, nil)
	if err != nil {
		o.Fatal(err)
	}
	want := http.StatusOK
	if known != (validators{}) {
		req.Header.Set("If-None-Match", known.etag)
		req.Header.Set("If-Modified-Since", known.modified)
		want = http.StatusNotModified
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		o.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		o.Error(err)
	}
	if res.StatusCode != want {
		o.Errorf("%s: %s, want %d", url, res.Status, want)
	}
	return validators{res.Header.Get("ETag"), res.Header.Get("Last-Modified")}
}
