package format

import (
	"encoding/xml"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/internal/vocabulary"
)

// element is an extension as XML, with the usual prefix of its namespace.
type element coranto.Extension

// MarshalXML writes the element, its attributes by name.
func (e element) MarshalXML(enc *xml.Encoder, _ xml.StartElement) error {
	start := xml.StartElement{Name: xml.Name{Local: e.Name}}
	for _, name := range slices.Sorted(maps.Keys(e.Attrs)) {
		start.Attr = append(start.Attr, xml.Attr{Name: xml.Name{Local: name}, Value: e.Attrs[name]})
	}
	if err := enc.EncodeToken(start); err != nil {
		return err
	}
	if e.Value != "" {
		if err := enc.EncodeToken(xml.CharData(e.Value)); err != nil {
			return err
		}
	}
	for _, child := range e.Children {
		if err := element(child).MarshalXML(enc, start); err != nil {
			return err
		}
	}
	return enc.EncodeToken(start.End())
}

// extensions are those of an item that are in the list of vocabularies, safe for
// any format.
func extensions(list []coranto.Extension) []coranto.Extension {
	kept, _ := vocabulary.Cleaner{URL: address, Text: bare}.Clean(list)
	return kept
}

// elements are the extensions of p and, by the same vocabularies, what RSS and Atom
// have no other words for: how long a file plays, files beyond the first, the
// picture.
func elements(p *post) []element {
	var list []element
	for _, e := range p.extensions {
		list = append(list, element(e))
	}
	add := func(e coranto.Extension) {
		if u := e.Attrs["url"]; u == "" || !named(p.extensions, e.Name, u) {
			list = append(list, element(e))
		}
	}
	for i, f := range p.files {
		switch {
		case i > 0:
			add(mediaFile(f))
		case seconds(f.Duration) != "" && !has(p.extensions, "itunes:duration"):
			add(coranto.Extension{Name: "itunes:duration", Value: seconds(f.Duration)})
		}
	}
	if p.image.URL != "" {
		add(coranto.Extension{Name: "media:thumbnail", Attrs: pictureAttrs(p.image)})
		add(mediaPicture(p.image))
	}
	return list
}

func mediaFile(f coranto.Enclosure) coranto.Extension {
	attrs := map[string]string{"url": f.URL, "type": f.Type}
	e := coranto.Extension{Name: "media:content", Attrs: attrs}
	if f.Length > 0 {
		e.Attrs["fileSize"] = strconv.FormatInt(f.Length, 10)
	}
	if s := seconds(f.Duration); s != "" {
		e.Attrs["duration"] = s
	}
	if f.Title != "" {
		e.Children = []coranto.Extension{{Name: "media:title", Value: f.Title}}
	}
	return e
}

func mediaPicture(img coranto.Image) coranto.Extension {
	e := coranto.Extension{Name: "media:content", Attrs: pictureAttrs(img)}
	e.Attrs["medium"] = "image"
	if img.Alt != "" {
		e.Children = []coranto.Extension{{Name: "media:description", Value: img.Alt}}
	}
	return e
}

func pictureAttrs(img coranto.Image) map[string]string {
	attrs := map[string]string{"url": img.URL}
	if img.Width > 0 {
		attrs["width"] = strconv.Itoa(img.Width)
	}
	if img.Height > 0 {
		attrs["height"] = strconv.Itoa(img.Height)
	}
	return attrs
}

// seconds is a duration in whole seconds, "" when it has none.
func seconds(d time.Duration) string {
	if d < time.Second {
		return ""
	}
	return strconv.FormatInt(int64(d/time.Second), 10)
}

func has(list []coranto.Extension, name string) bool {
	return slices.ContainsFunc(list, func(e coranto.Extension) bool { return e.Name == name })
}

// named reports whether an element, wherever it stands, has the address url.
func named(list []coranto.Extension, name, url string) bool {
	return slices.ContainsFunc(list, func(e coranto.Extension) bool {
		return e.Name == name && e.Attrs["url"] == url || named(e.Children, name, url)
	})
}

// namespaces declares the prefixes that the elements of posts use.
func namespaces(list []post) []xml.Attr {
	used := make(map[string]bool)
	for i := range list {
		for _, e := range list[i].elements {
			use(used, coranto.Extension(e))
		}
	}
	var declared []xml.Attr
	for _, prefix := range slices.Sorted(maps.Keys(used)) {
		name := xml.Name{Local: "xmlns:" + prefix}
		declared = append(declared, xml.Attr{Name: name, Value: vocabulary.Namespace(prefix)})
	}
	return declared
}

func use(used map[string]bool, e coranto.Extension) {
	prefix, _, _ := strings.Cut(e.Name, ":")
	used[prefix] = true
	for _, child := range e.Children {
		use(used, child)
	}
}
