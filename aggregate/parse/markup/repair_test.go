package markup

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"testing"
	"unicode/utf8"
)

// FuzzRepair holds that what was repaired is read by encoding/xml, and has no need
// to be repaired again.
func FuzzRepair(f *testing.F) {
	for _, body := range []string{
		`<?xml version="1.0"?><rss><channel><item><title>a &amp; b</title></item></channel></rss>`,
		`<feed xmlns="http://www.w3.org/2005/Atom"><entry><a:b xmlns:a="c" d='e"'/></entry></feed>`,
		`<rss><item><![CDATA[<a>]]]><b c=d e></ b ><!-- -- --><?f g?></item>`,
		`<rss><a b="<c>" d = 'e'/>1 < 2</a><x:y/></rss>`,
		`<rss><a>&#1;&nbsp;&lt</a><!--> --><b c="&quot;<"></b></rss>`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if !utf8.Valid(body) {
			return
		}
		doc, err := Read(body, nil)
		if err != nil || doc.Root == RootNone || doc.Root == RootHTML {
			return
		}
		doc.Lift(nil)
		fixed := doc.Repaired()
		d := xml.NewDecoder(bytes.NewReader(fixed))
		d.Strict = false
		d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
		for err == nil {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("encoding/xml reads %q: %v", fixed, err)
		}
		if again := repair(fixed, nil, func(string, int) {}); !bytes.Equal(again, fixed) {
			t.Errorf("repaired to %q, once more to %q", fixed, again)
		}
	})
}
