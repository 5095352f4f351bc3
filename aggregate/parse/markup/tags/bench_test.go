package tags

import (
	"strings"
	"testing"
)

// benchDocuments are documents of one megabyte, of the kinds that feeds are.
func benchDocuments() []struct{ name, body string } {
	item := func(body string) string {
		one := "<item><title>Post</title><link>https://example.org/1</link>" +
			"<description>" + body + "</description></item>\n"
		return "<rss><channel>" + strings.Repeat(one, (1<<20)/len(one)) + "</channel></rss>"
	}
	body := strings.Repeat("<p>Some words of a <em>post</em> that goes on &amp; on.</p>\n", 40)
	return []struct{ name, body string }{
		{"sections", item("<![CDATA[" + body + "]]>")},
		{"escaped", item(strings.ReplaceAll(strings.ReplaceAll(body, "&", "&amp;"), "<", "&lt;"))},
		{"xhtml", item(body)},
		{"dense", item(strings.Repeat(`<a/><b>c</b>`, 100))},
		{"attributes", item(strings.Repeat(`<media:content url="https://example.org/a.jpg?b=c" `+
			`type="image/jpeg" width="640" height="480"/>`, 20))},
	}
}

// BenchmarkGuard is the one pass over the bytes of every document.
func BenchmarkGuard(b *testing.B) {
	for _, doc := range benchDocuments() {
		b.Run(doc.name, func(b *testing.B) {
			body := []byte(doc.body)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				Guard(body)
			}
		})
	}
}
