package bolt_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

// The bars are meant for a million items, and are held to fewer by default.
var (
	storeItems = flag.Int("store.items", 50_000, "items in the large store of the benchmarks")
	storeDir   = flag.String("store.dir", "", "keep the stores of the benchmarks in this folder")
)

const manySources = 10_000

func manySource(i int) coranto.SourceID {
	return coranto.SourceID(fmt.Sprintf("s%05d", i%manySources))
}

// texts are the contents that items of a large store take in turns.
func texts() (list []string) {
	for i := range 500 {
		list = append(list, article("a", i).Content)
	}
	return list
}

// someItem is an item of some four kilobytes that is quickly made.
func someItem(texts []string, source coranto.SourceID, n int) coranto.Item {
	it := sample.Item(source, n)
	it.Published = sample.Start().Add(time.Duration(n-2_000_000) * time.Second)
	it.Updated = it.Published
	it.Content = fmt.Sprintf("<p>Number %d.</p>%s", n, texts[n%len(texts)])
	it.Summary = it.Content[10:200]
	it.Categories = []coranto.Slug{coranto.Slug(fmt.Sprintf("c%d", n%20))}
	it.Tags = []coranto.Tag{{Term: "prices"}}
	return it
}

// large is the path of a store of some items of ten thousand sources.
func large(tb testing.TB, items int) string {
	dir := *storeDir
	if dir == "" {
		dir = tb.TempDir()
	}
	path := filepath.Join(dir, fmt.Sprintf("items-%d.db", items))
	s := open(tb, path, bolt.Options{})
	defer closeStore(tb, s)
	if held := stats(tb, s).Items; held == items {
		return path
	} else if held > 0 {
		tb.Fatalf("%s holds %d items: remove it", path, held)
	}
	var sources []coranto.Source
	for i := range manySources {
		sources = append(sources, sample.Source(manySource(i)))
	}
	add(tb, s, sources...)
	texts := texts()
	const group, each = 1000, 5
	for n := 0; n < items; n += group {
		var visits []storage.Visit
		for i := 0; i < group && n+i < items; i += each {
			v := storage.Visit{Source: manySource((n + i) / each)}
			for j := range each {
				v.Items = append(v.Items, someItem(texts, v.Source, n+i+j))
			}
			visits = append(visits, v)
		}
		commit(tb, s, visits...)
	}
	return path
}

// pageRace reads the newest fifty of a store, and the same with bbolt alone.
type pageRace struct {
	tb    testing.TB
	store *bolt.Store
	raw   *bbolt.DB
	codec *layout.Codec

	own, same, bytes time.Duration
}

func newPageRace(tb testing.TB, items int) *pageRace {
	path := large(tb, items)
	r := &pageRace{tb: tb, store: open(tb, path, bolt.Options{ReadOnly: true})}
	tb.Cleanup(func() { closeStore(tb, r.store) })
	var err error
	if r.raw, err = bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true}); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { r.raw.Close() })
	if r.codec, err = layout.NewCodec(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(r.codec.Close)
	return r
}

// round reads some pages each way.
func (r *pageRace) round() {
	const pages = 20
	q := storage.Query{By: storage.ByCategory, Value: "c7"}
	turn(r.tb, &r.own, func() {
		for range pages {
			page, err := r.store.Latest(r.tb.Context(), q)
			if err != nil || len(page.Records) != 50 {
				r.tb.Fatalf("%d records, error %v", len(page.Records), err)
			}
		}
	})
	turn(r.tb, &r.same, func() {
		for range pages {
			r.scan(func(v []byte) error {
				_, err := r.codec.DecodeRecord(v, false)
				return err
			})
		}
	})
	turn(r.tb, &r.bytes, func() {
		for range pages {
			r.scan(func(v []byte) error {
				if len(strings.Clone(string(v))) == 0 {
					return os.ErrInvalid
				}
				return nil
			})
		}
	})
}

// scan is the plainest way to the newest fifty values of a category.
func (r *pageRace) scan(each func(value []byte) error) {
	err := r.raw.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte("cat")).Cursor()
		items := tx.Bucket([]byte("item"))
		k, seq := c.Seek([]byte("\x02c7"))
		for range 50 {
			if k == nil {
				return os.ErrNotExist
			}
			if err := each(items.Get(seq)); err != nil {
				return err
			}
			k, seq = c.Next()
		}
		return nil
	})
	if err != nil {
		r.tb.Fatal(err)
	}
}

// BenchmarkLatest50 reads the newest fifty items of a category with their content,
// from a large store and from one of ten thousand, in turns with bbolt alone. raw is
// how many times the processor time goes into it that the same rows take, decoded
// by the same codec in the plainest loop; bytes is the same without decoding.
func BenchmarkLatest50(b *testing.B) {
	big, small := newPageRace(b, *storeItems), newPageRace(b, 10_000)
	big.round()
	small.round()
	big.own, big.same, big.bytes, small.own = 0, 0, 0, 0
	rounds := 0
	for b.Loop() {
		big.round()
		small.round()
		rounds++
	}
	raw := float64(big.own) / float64(big.same)
	growth := float64(big.own) / float64(small.own)
	b.ReportMetric(float64(big.own.Microseconds())/float64(20*rounds), "µs/page")
	b.ReportMetric(raw, "×raw")
	b.ReportMetric(float64(big.own)/float64(big.bytes), "×bytes")
	b.ReportMetric(growth, "×10k")
	if rounds >= 20 && (raw > 2 || growth > 1.2) {
		b.Errorf("a page costs %.2f times what bbolt and the codec take, want at most 2, "+
			"and %.2f times that of a store of 10,000 items, want at most 1.2", raw, growth)
	}
}

// BenchmarkLatest50Heads is the same page without content.
func BenchmarkLatest50Heads(b *testing.B) {
	r := newPageRace(b, 10_000)
	q := storage.Query{By: storage.ByCategory, Value: "c7", Heads: true}
	for b.Loop() {
		if page, err := r.store.Latest(b.Context(), q); err != nil || len(page.Records) != 50 {
			b.Fatalf("%d records, error %v", len(page.Records), err)
		}
	}
}

// BenchmarkOpen opens a large store, which must take less than a fifth of a second
// however many items it holds.
func BenchmarkOpen(b *testing.B) {
	path := large(b, *storeItems)
	var spent time.Duration
	n := 0
	for b.Loop() {
		begin := time.Now()
		s := open(b, path, bolt.Options{})
		spent += time.Since(begin)
		n++
		closeStore(b, s)
	}
	each := spent / time.Duration(n)
	b.ReportMetric(float64(each.Microseconds())/1000, "ms/open")
	if bar := 200 * time.Millisecond; each >= bar {
		b.Errorf("opening %d items takes %v, want less than %v", *storeItems, each, bar)
	}
}

// BenchmarkHeap measures what a store of ten thousand sources holds in memory after
// it was opened, every source was visited and met a 304, and a page was read.
func BenchmarkHeap(b *testing.B) {
	path := large(b, *storeItems)
	now := time.Now()
	for b.Loop() {
		before := heap()
		now = now.Add(2 * time.Hour) // all are due again
		s := open(b, path, bolt.Options{Now: func() time.Time { return now }})
		if visits := warmRound(b, s, now); visits != manySources {
			b.Fatalf("%d visits, want %d", visits, manySources)
		}
		page, err := s.Latest(b.Context(), storage.Query{})
		if err != nil {
			b.Fatal(err)
		}
		used := float64(heap()-before) / (1 << 20)
		b.ReportMetric(used, "MB")
		if used > 150 {
			b.Errorf("%.0f MB in use, want at most 150", used)
		}
		runtime.KeepAlive(page)
		closeStore(b, s)
	}
}

// heap is how many bytes are in use.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// warmRound claims all that is due and commits it as not modified, as many visits
// at a time as there are in a claim.
func warmRound(tb testing.TB, s *bolt.Store, now time.Time) (visits int) {
	for {
		leases, _, err := s.Claim(context.WithoutCancel(tb.Context()), "me", 1000, 10, time.Minute)
		if err != nil {
			tb.Fatal(err)
		}
		if len(leases) == 0 {
			return visits
		}
		var round []storage.Visit
		for _, l := range leases {
			for i, r := range l.Due {
				v := storage.Visit{Lease: l.LeaseRef, Source: r.ID, State: r.State}
				v.State.Outcome, v.State.Next = storage.OutcomeNotModified, now.Add(time.Hour)
				v.State.ETag, v.State.LastVisit = fmt.Sprintf("%q", r.ID), now
				v.Release = i == len(l.Due)-1
				round = append(round, v)
			}
		}
		commit(tb, s, round...)
		visits += len(round)
	}
}

// A round of ten thousand sources that met a 304 takes few commits.
func TestWarmRound(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "store.db"), bolt.Options{})
	defer closeStore(t, s)
	var sources []coranto.Source
	for i := range manySources {
		sources = append(sources, sample.Source(manySource(i)))
	}
	add(t, s, sources...)
	before := stats(t, s).Commits
	if visits := warmRound(t, s, time.Now()); visits != manySources {
		t.Errorf("%d visits, want %d", visits, manySources)
	}
	if got := stats(t, s).Commits - before; got > 20 {
		t.Errorf("%d commits, want at most 20", got)
	}
}

// After a life of many commits, large and small, and edits of a tenth, the file is
// not much larger than the encoded items in it, with what they were before.
func TestSizeOnDisk(t *testing.T) {
	items := 10_000
	switch {
	case *storeItems > 50_000:
		items = 50_000
	case testing.Short():
		items = 3_000
	}
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, bolt.Options{})
	defer closeStore(t, s)
	const sources = 100
	for i := range sources {
		add(t, s, sample.Source(manySource(i)))
	}
	texts := texts()
	groups := []int{1, 3, 20, 100, 500, 7, 50, 1000, 2, 10}
	for n, turn := 0, 0; n < items; turn++ {
		v := storage.Visit{Source: manySource(turn % sources)}
		for range min(groups[turn%len(groups)], items-n) {
			v.Items = append(v.Items, someItem(texts, v.Source, n))
			n++
		}
		edited := v
		edited.Items = nil
		for i := 0; i < len(v.Items); i += 10 {
			it := v.Items[i]
			it.Content += "<p>Corrected.</p>"
			edited.Items = append(edited.Items, it)
		}
		commit(t, s, v)
		commit(t, s, edited)
	}
	st := stats(t, s)
	ratio := float64(st.FileBytes) / float64(st.ItemBytes+st.RevisionBytes)
	t.Logf("%d items of %d bytes encoded: the file is %.2f times as large, %.0f%% of it free",
		st.Items, st.ItemBytes/int64(st.Items), ratio, 100*float64(st.FreeBytes)/float64(st.FileBytes))
	if ratio > 1.8 {
		t.Errorf("the file is %.2f times as large as the encoded items, want at most 1.8", ratio)
	}
}
