package tags

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"testing"
)

// elements lists the start and end tags of b as the scanner reads them.
func elements(b []byte) []string {
	var names []string
	s := Scan(b)
	for {
		t, ok := s.Next()
		if !ok {
			return names
		}
		name := string(t.Name)
		switch t.Kind {
		case Start:
			names = append(names, "<"+name)
		case Empty:
			names = append(names, "<"+name, "/"+name)
		case End:
			names = append(names, "/"+name)
		}
	}
}

// xmlElements lists the start and end tags of b as encoding/xml reads them; false
// when it does not accept b, or when b has a document type.
func xmlElements(b []byte) ([]string, bool) {
	var names []string
	d := lenient(b)
	for {
		token, err := d.RawToken()
		switch t := token.(type) {
		case xml.StartElement:
			names = append(names, "<"+rawName(t.Name))
		case xml.EndElement:
			names = append(names, "/"+rawName(t.Name))
		case xml.Directive:
			return nil, false
		}
		if err != nil {
			return names, errors.Is(err, io.EOF)
		}
	}
}

func lenient(b []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	return d
}

func rawName(n xml.Name) string {
	if n.Space != "" {
		return n.Space + ":" + n.Local
	}
	return n.Local
}

// FuzzGuard holds that the guard never panics, and that it sees the elements that
// encoding/xml sees wherever that accepts a document: it can't be led to believe
// that a document is flatter than the parser will find it.
func FuzzGuard(f *testing.F) {
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
		items, err := Guard(body)
		if err != nil && !errors.Is(err, ErrHostile) {
			t.Errorf("guard = %v, want an error that wraps ErrHostile", err)
		}
		for i, item := range items {
			if item.End <= item.Start || i > 0 && item.Start < items[i-1].End {
				t.Errorf("item %d is %v, after %v", i, item, items[max(0, i-1)])
			}
		}
		if want, ok := xmlElements(body); ok {
			if got := elements(body); !slices.Equal(got, want) {
				t.Errorf("the scanner reads %q, encoding/xml %q", got, want)
			}
		}
	})
}
