package bolt_test

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/storagetest"
)

// article is an item of about four kilobytes, most of it words.
func article(source coranto.SourceID, n int) coranto.Item {
	it := storagetest.Item(source, n)
	words := strings.Fields("the committee said on Monday that its members " +
		"would vote again after talks about prices failed")
	var b strings.Builder
	for i := range 400 {
		fmt.Fprintf(&b, "%s%d ", words[(i*7+n*13+i*i)%len(words)], (i*n)%97)
	}
	it.Content = "<p>" + b.String() + "</p>"
	it.Summary = it.Content[3:200]
	it.Categories = []coranto.Slug{"news"}
	it.Tags = []coranto.Tag{{Term: "prices"}}
	it.Authors = []coranto.Person{{Name: "Ann Author"}}
	return it
}

// articles are a visit of one source.
func articles(from, n int) storage.Visit {
	v := storage.Visit{Source: "a"}
	for i := range n {
		v.Items = append(v.Items, article("a", from+i))
	}
	return v
}

// BenchmarkCommit stores new items in groups. BenchmarkRaw writes the same text
// with bbolt alone; the ratio of the two is what the contract costs.
func BenchmarkCommit(b *testing.B) {
	for _, size := range []int{1, 64, 500} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s := open(b, filepath.Join(b.TempDir(), "store.db"), bolt.Options{})
			defer closeStore(b, s)
			add(b, s, storagetest.Source("a"))
			n := 0
			for b.Loop() {
				b.StopTimer()
				v := articles(n, size)
				n += size
				b.StartTimer()
				commit(b, s, v)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "µs/item")
		})
	}
}

// BenchmarkRaw is the floor of BenchmarkCommit: the same text, as it is, under
// sequential keys, with one index row each.
func BenchmarkRaw(b *testing.B) {
	for _, size := range []int{1, 64, 500} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			db, err := bbolt.Open(filepath.Join(b.TempDir(), "raw.db"), 0o600, &bbolt.Options{
				PageSize: 8192, FreelistType: bbolt.FreelistMapType,
			})
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			value := []byte(article("a", 1).Content)
			n := 0
			for b.Loop() {
				err := db.Update(func(tx *bbolt.Tx) error { return putRaw(tx, value, n, size) })
				if err != nil {
					b.Fatal(err)
				}
				n += size
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "µs/item")
		})
	}
}

func putRaw(tx *bbolt.Tx, value []byte, from, n int) error {
	items, err := tx.CreateBucketIfNotExists([]byte("item"))
	if err != nil {
		return err
	}
	index, err := tx.CreateBucketIfNotExists([]byte("index"))
	if err != nil {
		return err
	}
	items.FillPercent = 1
	for i := range n {
		seq := binary.BigEndian.AppendUint64(nil, uint64(from+i))
		if err := items.Put(seq, value); err != nil {
			return err
		}
		if err := index.Put(binary.BigEndian.AppendUint64(nil, ^uint64(from+i)), seq); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkUnchangedVisit stores rounds of 500 visits that met a 304, each with
// another time of its next visit.
func BenchmarkUnchangedVisit(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "store.db"), bolt.Options{})
	defer closeStore(b, s)
	visits := unchangedRound(b, s, 500)
	rounds := 0
	for b.Loop() {
		rounds++
		for i := range visits {
			visits[i].State.Next = visits[i].State.Next.Add(1)
		}
		commit(b, s, visits...)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(rounds*500), "µs/visit")
}

// BenchmarkLatest50 reads the newest fifty of 10,000 items.
func BenchmarkLatest50(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "store.db"), bolt.Options{})
	defer closeStore(b, s)
	add(b, s, storagetest.Source("a"))
	for n := 0; n < 10_000; n += 1000 {
		commit(b, s, articles(n, 1000))
	}
	for _, heads := range []bool{false, true} {
		b.Run(fmt.Sprintf("heads=%v", heads), func(b *testing.B) {
			q := storage.Query{By: storage.ByCategory, Value: "news", Heads: heads}
			for b.Loop() {
				page, err := s.Latest(b.Context(), q)
				if err != nil || len(page.Records) != 50 {
					b.Fatalf("%d records, error %v", len(page.Records), err)
				}
			}
		})
	}
}
