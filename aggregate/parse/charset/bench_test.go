package charset

import "testing"

// BenchmarkDecode reads a feed of thirty items in UTF-8, which must cost no more
// than a look at each byte, and in charsets with and without a label.
func BenchmarkDecode(b *testing.B) {
	for _, l := range languages() {
		if l.label != "gb2312" && l.label != "koi8-r" {
			continue
		}
		text := l.feed(l.label, 0, 30, true)
		coded, err := l.coding.NewEncoder().String(text)
		if err != nil {
			b.Fatal(err)
		}
		unlabeled := coded[len(`<?xml version="1.0" encoding="      "?>`):]
		for _, bb := range []struct{ name, body string }{
			{"utf-8", text}, {l.label, coded}, {l.label + " unlabeled", unlabeled},
		} {
			b.Run(l.name+"/"+bb.name, func(b *testing.B) {
				body := []byte(bb.body)
				b.SetBytes(int64(len(body)))
				b.ReportAllocs()
				for b.Loop() {
					if _, _, err := Decode(body, ""); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
