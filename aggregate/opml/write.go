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

// Write writes a list as OPML 2.0: first what is in no folder, then a folder of
// each name, in the order in which the names come. A subscription is in each of
// its folders. Parse reads the same list, but for its order. It has no date, so
// the same list gives the same bytes.
func Write(w io.Writer, title string, list []Subscription) error {
	doc := document{Version: "2.0", Title: cmp.Or(title, "Subscriptions")}
	at := make(map[string]int) // index of a folder
	var folders []outline
	for _, s := range list {
		entry := outline{Attributes: s.attributes()}
		if len(s.Folders) == 0 {
			doc.Outlines = append(doc.Outlines, entry)
		}
		for _, name := range s.Folders {
			i, known := at[name]
			if !known {
				i = len(folders)
				at[name] = i
				folders = append(folders, outline{Attributes: []xml.Attr{attribute("text", name)}})
			}
			folders[i].Outlines = append(folders[i].Outlines, entry)
		}
	}
	doc.Outlines = append(doc.Outlines, folders...)
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
	for _, name := range slices.Sorted(maps.Keys(s.Attributes)) {
		switch strings.ToLower(name) {
		case "text", "type":
		default:
			list = append(list, attribute(name, s.Attributes[name]))
		}
	}
	return list
}

func attribute(name, value string) xml.Attr {
	return xml.Attr{Name: xml.Name{Local: name}, Value: value}
}
