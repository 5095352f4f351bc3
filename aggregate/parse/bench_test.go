package parse

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
)

// plainFeed is a clean RSS feed of n items with bodies of usual length.
func plainFeed(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Example</title><link>https://example.org/</link><description>News of the example.</description>
`)
	body := strings.Repeat("<p>Some words of a <em>post</em> that goes on &amp; on, as posts do.</p>\n", 30)
	for i := range n {
		fmt.Fprintf(&b, `<item><title>Post number %d</title><link>https://example.org/%d</link>
<guid isPermaLink="false">tag:example.org,2026:%d</guid><dc:creator>Ann</dc:creator><category>news</category>
<pubDate>Mon, 02 Feb 2026 10:%02d:00 +0000</pubDate><description>Post %d begins so.</description>
<content:encoded><![CDATA[%s]]></content:encoded></item>
`, i, i, i, i%60, i, body)
	}
	b.WriteString("</channel></rss>")
	return b.Bytes()
}

// BenchmarkReading reads the same bytes with gofeed alone and here in turn, and
// reports how many times less CPU each way takes here: the whole document, the
// document when one of its items is new, and when nothing changed since the last
// visit (C37 to C39). "own" is a clean feed of 50 posts, "real" the feeds of the
// corpus, which are small.
func BenchmarkReading(b *testing.B) {
	b.Run("own", func(b *testing.B) { benchReading(b, [][]byte{plainFeed(50)}) })
	b.Run("real", func(b *testing.B) {
		files, err := filepath.Glob(corpusDir + "/real/*.xml")
		if err != nil || len(files) == 0 {
			b.Skip("the corpus is not here")
		}
		var bodies [][]byte
		for _, file := range files {
			body, err := os.ReadFile(file)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := gofeed.NewParser().Parse(bytes.NewReader(body)); err == nil {
				bodies = append(bodies, body)
			}
		}
		benchReading(b, bodies)
	})
}

func benchReading(b *testing.B, bodies [][]byte) {
	var plain, whole, fresh, same time.Duration
	size := 0
	sums := make([][32]byte, len(bodies))
	known := make([]func(Mark) bool, len(bodies))
	for i, body := range bodies {
		size += len(body)
		sums[i] = sha256.Sum256(body)
		known[i] = allButFirst(b, body)
	}
	b.SetBytes(int64(4 * size))
	for b.Loop() {
		plain += cpu(b, bodies, func(_ int, body []byte) error {
			_, err := gofeed.NewParser().Parse(bytes.NewReader(body))
			return err
		})
		whole += cpu(b, bodies, func(_ int, body []byte) error {
			_, _, err := Parse(Document{Body: body, URL: benchURL})
			return err
		})
		fresh += cpu(b, bodies, func(i int, body []byte) error {
			_, _, err := Parse(Document{Body: body, URL: benchURL, Known: known[i]})
			return err
		})
		same += cpu(b, bodies, func(i int, body []byte) error {
			if sha256.Sum256(body) != sums[i] {
				return fmt.Errorf("body %d changed", i)
			}
			return nil
		})
	}
	b.ReportMetric(float64(plain)/float64(whole), "gofeed/changed")
	b.ReportMetric(float64(plain)/float64(fresh), "gofeed/one-new")
	b.ReportMetric(float64(plain)/float64(same), "gofeed/unchanged")
}

const benchURL = "https://example.org/feed"

// allButFirst knows all items of a document but its first.
func allButFirst(b *testing.B, body []byte) func(Mark) bool {
	b.Helper()
	feed, _, err := Parse(Document{Body: body, URL: benchURL})
	if err != nil {
		b.Fatal(err)
	}
	known := map[Mark]bool{}
	for i, m := range feed.Marks {
		known[m] = i > 0
	}
	return func(m Mark) bool { return known[m] }
}

// cpu is the processor time, of all threads, that reading the bodies some times
// takes.
func cpu(b *testing.B, bodies [][]byte, read func(int, []byte) error) time.Duration {
	b.Helper()
	before := processTime(b)
	for range 5 {
		for i, body := range bodies {
			if err := read(i, body); err != nil {
				b.Fatal(err)
			}
		}
	}
	return processTime(b) - before
}

func processTime(b *testing.B) time.Duration {
	b.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
