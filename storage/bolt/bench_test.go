package bolt_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

// article is an item of about four kilobytes, most of it words.
func article(source coranto.SourceID, n int) coranto.Item {
	it := sample.Item(source, n)
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

// visitsOf shares the items from from on out among the sources of sourcesOf.
func visitsOf(from, n int) []storage.Visit {
	visits := make([]storage.Visit, benchSources)
	for i, src := range sourcesOf() {
		visits[i].Source = src.ID
	}
	for i := range n {
		v := &visits[i%benchSources]
		v.Items = append(v.Items, article(v.Source, from+i))
	}
	return visits
}

const benchSources = 25

func sourcesOf() (sources []coranto.Source) {
	for i := range benchSources {
		sources = append(sources, sample.Source(coranto.SourceID(fmt.Sprintf("s%02d", i))))
	}
	return sources
}

// BenchmarkCommit stores new items in groups, in turns with bbolt alone. raw is
// how many times the processor time goes into it that bbolt takes for the same
// values, encoded already, under the same keys. bare is the same beside the text as
// it is with one index row an item.
func BenchmarkCommit(b *testing.B) {
	for _, group := range []struct {
		size int
		bar  float64 // of raw; 0 for none
	}{{1, 0}, {64, 0}, {500, 2}, {2000, 2}} {
		b.Run(fmt.Sprint(group.size), func(b *testing.B) {
			c := newCommitRace(b)
			for b.Loop() {
				c.round(group.size)
			}
			c.report(group.bar)
		})
	}
}

// commitRace is a store and two files of bbolt that are written in turns.
type commitRace struct {
	b               *testing.B
	codec           *layout.Codec
	store           *bolt.Store
	raw, bare       rawStore
	n               int
	own, same, text time.Duration
}

func newCommitRace(b *testing.B) *commitRace {
	c := &commitRace{b: b, store: open(b, filepath.Join(b.TempDir(), "store.db"), bolt.Options{})}
	b.Cleanup(func() { closeStore(b, c.store) })
	add(b, c.store, sourcesOf()...)
	var err error
	if c.codec, err = layout.NewCodec(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(c.codec.Close)
	c.raw = openRaw(b, "item", "key", "all", "cat", "bysrc", "tag", "arrival", "dedup")
	c.bare = openRaw(b, "item", "all")
	return c
}

// round has each of the three write the same items in one transaction.
func (c *commitRace) round(size int) {
	visits := visitsOf(c.n, size)
	var records []storage.Record
	var rows []rawRow
	for _, v := range visits {
		for _, it := range v.Items {
			r := storage.Record{
				Item: it, FirstSeen: it.Published, Changed: it.Published, Revision: 1,
				Hash: storage.ContentHash(&it),
			}
			records = append(records, r)
			rows = append(rows, rawRows(c.codec, &r, uint64(c.n+len(records)))...)
		}
	}
	bare := bareRows(records, c.n)
	turn(c.b, &c.own, func() { commit(c.b, c.store, visits...) })
	turn(c.b, &c.same, func() { c.raw.put(rows) })
	turn(c.b, &c.text, func() { c.bare.put(bare) })
	c.n += size
}

func (c *commitRace) report(bar float64) {
	perItem := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 / float64(c.n) }
	ratio := float64(c.own) / float64(c.same)
	c.b.ReportMetric(perItem(c.own), "µs/item")
	c.b.ReportMetric(perItem(c.same), "raw-µs/item")
	c.b.ReportMetric(perItem(c.text), "bare-µs/item")
	c.b.ReportMetric(ratio, "×raw")
	c.b.ReportMetric(float64(c.own)/float64(c.text), "×bare")
	if bar > 0 && c.n >= 10_000 && ratio > bar {
		c.b.Errorf("a commit costs %.1f µs an item, %.2f times the %.1f µs of bbolt for the same rows; "+
			"want at most %v times",
			perItem(c.own), ratio, perItem(c.same), bar)
	}
}

// BenchmarkUnchangedVisit stores rounds of 500 visits that met a 304, each with
// another time of its next visit, in processor time.
func BenchmarkUnchangedVisit(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "store.db"), bolt.Options{})
	defer closeStore(b, s)
	visits := unchangedRound(b, s, 500)
	var spent time.Duration
	rounds := 0
	for b.Loop() {
		rounds++
		for i := range visits {
			visits[i].State.Next = visits[i].State.Next.Add(1)
		}
		turn(b, &spent, func() { commit(b, s, visits...) })
	}
	each := float64(spent.Nanoseconds()) / 1000 / float64(rounds*len(visits))
	b.ReportMetric(each, "µs/visit")
	if rounds >= 20 && each > 12 {
		b.Errorf("a visit costs %.1f µs, want at most 12", each)
	}
}
