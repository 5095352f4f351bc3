package parse

import (
	"bytes"
	"fmt"
	"strings"
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

// BenchmarkParse reads a clean feed here and with gofeed alone, in turn. The ratio
// is what the layers around gofeed cost (above 1) or save.
func BenchmarkParse(b *testing.B) {
	body := plainFeed(50)
	b.SetBytes(int64(len(body)))
	var ours, plain time.Duration
	for b.Loop() {
		start := time.Now()
		if _, _, err := Parse(Document{Body: body, URL: "https://example.org/feed"}); err != nil {
			b.Fatal(err)
		}
		ours += time.Since(start)
		b.StopTimer()
		start = time.Now()
		if _, err := gofeed.NewParser().Parse(bytes.NewReader(body)); err != nil {
			b.Fatal(err)
		}
		plain += time.Since(start)
		b.StartTimer()
	}
	b.ReportMetric(float64(ours)/float64(plain), "ours/gofeed")
}
