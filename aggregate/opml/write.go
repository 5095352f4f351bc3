package opml

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// document is a list as it is written.
type document struct {
	XMLName  xml.Name  `xml:"opml"`
	Version  string    `xml:"version,attr"`
	Title    string    `xml:"head>title"`
	Outlines []outline `xml:"body>outline"`
}

type outline struct {
	Attributes []xml.Attr `xml:",any,attr"`
	Outlines   []outline  `xml:"outline"`
}

// Write writes a list as OPML 2.0: in each folder first the feeds and then the
// folders, in the order in which the list names them. A subscription is in each of
// its folders. Parse reads the same list, but for its order. It has no date, so
// the same list gives the same bytes.
func Write(w io.Writer, title string, list List) error {
	root := newFolder("")
	for _, s := range list.Subscriptions {
		entry := outline{Attributes: s.attributes()}
		if len(s.Folders) == 0 {
			root.outlines = append(root.outlines, entry)
		}
		for _, path := range s.Folders {
			f := root.at(path)
			f.outlines = append(f.outlines, entry)
		}
	}
	for _, f := range list.Folders {
		root.at(f.Path).attributes = f.Attributes
	}
	doc := document{Version: "2.0", Title: cmp.Or(title, "Subscriptions"), Outlines: root.outline().Outlines}
	if len(doc.Outlines) == 0 { // OPML requires one
		doc.Outlines = []outline{{Attributes: []xml.Attr{attribute("text", "No subscriptions yet")}}}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write OPML: %w", err)
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(doc); err != nil {
		return fmt.Errorf("write OPML: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// attributes are those of a subscription's outline, first those that every
// reader knows, then the others by name.
func (s Subscription) attributes() []xml.Attr {
	list := []xml.Attr{
		attribute("text", cmp.Or(s.Attributes["text"], s.Title, s.Feed)),
	}
	if s.Title != "" {
		list = append(list, attribute("title", s.Title))
	}
	list = append(list,
		attribute("type", cmp.Or(s.Attributes["type"], "rss")), attribute("xmlUrl", s.Feed))
	return others(list, s.Attributes, "text", "type")
}

// folderAttributes are those of a folder's outline; it has a title only where that
// is not its text.
func folderAttributes(name string, attributes map[string]string) []xml.Attr {
	list := []xml.Attr{attribute("text", cmp.Or(attributes["text"], name))}
	if attributes["text"] != "" {
		list = append(list, attribute("title", name))
	}
	return others(list, attributes, "text")
}

// others appends attributes by name, but for those that are there already.
func others(list []xml.Attr, attributes map[string]string, but ...string) []xml.Attr {
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if !slices.Contains(but, strings.ToLower(name)) {
			list = append(list, attribute(name, attributes[name]))
		}
	}
	return list
}

func attribute(name, value string) xml.Attr {
	return xml.Attr{Name: xml.Name{Local: name}, Value: value}
}
