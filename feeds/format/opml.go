package format

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
)

// OPMLMediaType is the media type of what OPML writes.
const OPMLMediaType = "text/x-opml; charset=utf-8"

// Outline is a list of sources for another reader to subscribe to.
type Outline struct {
	Title  string // "" means "Coranto"
	Owner  string // who publishes the list; "" leaves it out
	Groups []Group
}

// Group is a folder of an outline: a category and its sources. A source that is
// filed in several categories is in each of their groups. One without a title
// is no folder: its sources stand at the top.
type Group struct {
	Title   string
	Sources []coranto.Attribution
}

type opml struct {
	XMLName xml.Name      `xml:"opml"`
	Version string        `xml:"version,attr"`
	Title   string        `xml:"head>title"`
	Owner   string        `xml:"head>ownerName,omitempty"`
	Body    []opmlOutline `xml:"body>outline"`
}

type opmlOutline struct {
	Text        string        `xml:"text,attr"`
	Title       string        `xml:"title,attr,omitempty"`
	Type        string        `xml:"type,attr,omitempty"`
	XMLURL      string        `xml:"xmlUrl,attr,omitempty"`
	HTMLURL     string        `xml:"htmlUrl,attr,omitempty"`
	Language    string        `xml:"language,attr,omitempty"`
	Description string        `xml:"description,attr,omitempty"`
	Outlines    []opmlOutline `xml:"outline"`
}

// OPML writes an outline as OPML 2.0. It has no date, so the same outline
// gives the same bytes. A source without the address of a feed is left out.
func OPML(w io.Writer, o Outline) error {
	doc := opml{
		Version: "2.0",
		Title:   cmp.Or(bare(o.Title), "Coranto"),
		Owner:   bare(o.Owner),
		Body:    opmlBody(o.Groups),
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write opml: %w", err)
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(doc); err != nil {
		return fmt.Errorf("write opml: %w", err)
	}
	return nil
}

// opmlBody is never empty, because OPML requires an outline in its body.
func opmlBody(groups []Group) []opmlOutline {
	var body []opmlOutline
	for _, g := range groups {
		sources := opmlSources(g.Sources)
		switch title := bare(g.Title); {
		case title == "":
			body = append(body, sources...)
		case len(sources) > 0:
			body = append(body, opmlOutline{Text: title, Outlines: sources})
		}
	}
	if len(body) == 0 {
		body = []opmlOutline{{Text: "No sources yet"}}
	}
	return body
}

func opmlSources(sources []coranto.Attribution) []opmlOutline {
	var list []opmlOutline
	for _, s := range sources {
		feed := address(s.Feed)
		if feed == "" {
			continue
		}
		title := cmp.Or(bare(s.Title), feed)
		list = append(list, opmlOutline{
			Text:        title,
			Title:       title,
			Type:        "rss",
			XMLURL:      feed,
			HTMLURL:     address(s.Link),
			Language:    feeds.Language(s.Language),
			Description: bare(s.Summary),
		})
	}
	return list
}
