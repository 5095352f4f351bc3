package date

import (
	"testing"
	"time"
)

// BenchmarkParse compares Parse with the standard library, which must be told the
// layout. When a feed is too long, every one of its items is dated.
func BenchmarkParse(b *testing.B) {
	for _, bb := range []struct{ name, raw, layout string }{
		{"RFC1123", "Mon, 06 Jun 2022 05:55:45 GMT", time.RFC1123},
		{"RFC1123Z", "Mon, 06 Jun 2022 05:55:45 +0800", time.RFC1123Z},
		{"RFC3339", "2022-06-07T05:55:45+08:00", time.RFC3339},
		{"RFC3339Nano", "2022-06-07T05:55:45.123Z", time.RFC3339Nano},
		{"abbreviation", "Mon, 06 Jun 2022 05:55:45 EST", time.RFC1123},
		{"Chinese", "2022年6月7日 下午5:55", ""},
		{"refused", "3 days ago", ""},
	} {
		b.Run(bb.name+"/Parse", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = Parse(bb.raw, time.UTC)
			}
		})
		if bb.layout == "" {
			continue
		}
		b.Run(bb.name+"/time.Parse", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = time.Parse(bb.layout, bb.raw)
			}
		})
	}
}
