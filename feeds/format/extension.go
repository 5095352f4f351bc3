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
// have no other words for: how long a file plays, the files that have no link or
// enclosure, the picture. In RSS those of itunes are for documents that are whole
// podcasts by Apple's rules, and files tell in media:content how long they play.
func (p *post) elements(inRSS, podcast bool) []element {
	kept := strict(p.extensions)
	if inRSS && !podcast {
		kept = slices.DeleteFunc(kept, isShow)
	}
	add := func(e coranto.Extension) {
		if u := e.Attrs["url"]; u == "" || !named(kept, e.Name, u) {
			kept = append(kept, e)
		}
	}
	enclosed := p.enclosure()
	for _, f := range p.filesBeside(enclosed, inRSS, podcast) {
		add(f)
	}
	if enclosed != nil && (!inRSS || podcast) && !has(kept, "itunes:duration") {
		if s := seconds(enclosed.Duration); s != "" {
			add(coranto.Extension{Name: "itunes:duration", Value: s})
		}
	}
	if p.image.URL != "" {
		add(coranto.Extension{Name: "media:thumbnail", Attrs: pictureAttrs(p.image)})
		add(mediaPicture(p.image))
	}
	list := make([]element, len(kept))
	for i, e := range kept {
		list[i] = element(e)
	}
	return list
}

// filesBeside are the files of which a link or an enclosure does not say all: in RSS
// all but the enclosed one, and that one too where itunes can't tell how long it plays;
// in Atom all but the first.
func (p *post) filesBeside(enclosed *coranto.Enclosure, inRSS, podcast bool) []coranto.Extension {
	var list []coranto.Extension
	for i := range p.files {
		f := &p.files[i]
		untold := inRSS || i > 0
		if f == enclosed {
			untold = inRSS && !podcast && seconds(f.Duration) != ""
		}
		if untold {
			list = append(list, mediaFile(*f))
		}
	}
	return list
}

func isShow(e coranto.Extension) bool { return strings.HasPrefix(e.Name, "itunes:") }

// enclosure is the file that RSS encloses: the first that directories of podcasts can
// take; nil when there is none.
func (p *post) enclosure() *coranto.Enclosure {
	for i := range p.files {
		if isFileAddress(p.files[i].URL) {
			return &p.files[i]
		}
	}
	return nil
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

// namespaces declares the prefixes that elements use.
func namespaces(lists ...[]element) []xml.Attr {
	used := make(map[string]bool)
	for _, list := range lists {
		for _, e := range list {
			use(used, coranto.Extension(e))
		}
	}
	var declared []xml.Attr
	for _, prefix := range slices.Sorted(maps.Keys(used)) {
		declared = append(declared, namespace(prefix, vocabulary.Namespace(prefix)))
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
