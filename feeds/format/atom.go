package format

import (
	"encoding/xml"
	"html"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	gorilla "github.com/gorilla/feeds"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
)

// Namespaces of the elements that RSS and Atom borrow.
const (
	atomNS    = "http://www.w3.org/2005/Atom"
	contentNS = "http://purl.org/rss/1.0/modules/content/"
	historyNS = "http://purl.org/syndication/history/1.0"
	removedNS = "http://purl.org/atompub/tombstones/1.0"
	syNS      = "http://purl.org/rss/1.0/modules/syndication/"
	dcNS      = "http://purl.org/dc/elements/1.1/"
	dctermsNS = "http://purl.org/dc/terms/"
)

type atomFeed struct {
	XMLName  xml.Name   `xml:"feed"`
	Lang     string     `xml:"xml:lang,attr,omitempty"`
	Borrowed []xml.Attr `xml:",any,attr"` // namespaces of the elements of entries
	gorilla.AtomFeed
	Title     atomText      `xml:"title"`
	Subtitle  *atomText     `xml:"subtitle"`
	Logo      string        `xml:"logo,omitempty"`
	Links     []atomLink    `xml:"link"`
	Generator atomGenerator `xml:"generator"`
	Archive   *struct{}     `xml:"fh:archive"`
	Entries   []*atomEntry  `xml:"entry"`
	Deleted   []atomDeleted
}

// atomDeleted is a tombstone (RFC 6721 §3).
type atomDeleted struct {
	XMLName xml.Name `xml:"at:deleted-entry"`
	Ref     string   `xml:"ref,attr"`
	When    string   `xml:"when,attr"`
}

// FeedXml makes WriteXML write this struct: that of the embedded one, which
// would be promoted, knows nothing of the outer fields.
//
//lint:ignore ST1003 gorilla/feeds gave the method its name
func (a *atomFeed) FeedXml() any { return a }

type atomEntry struct {
	XMLName xml.Name `xml:"entry"`
	Lang    string   `xml:"xml:lang,attr,omitempty"`
	gorilla.AtomEntry
	Title        atomText             `xml:"title"`
	Authors      []gorilla.AtomPerson `xml:"author"`
	Contributors []gorilla.AtomPerson `xml:"contributor"`
	Links        []atomLink           `xml:"link"`
	Categories   []atomCategory       `xml:"category"`
	Rights       *atomText            `xml:"rights"`
	Source       *atomSource          `xml:"source"`
	Elements     []element
	Summary      *atomText `xml:"summary"`
	Content      *atomText `xml:"content"`
}

// atomText is a text construct (RFC 4287 §3.1) of type text or html.
type atomText struct {
	Type string `xml:"type,attr"`
	XML  string `xml:",innerxml"`
}

type atomLink struct {
	Rel      string `xml:"rel,attr"`
	Type     string `xml:"type,attr,omitempty"`
	Hreflang string `xml:"hreflang,attr,omitempty"`
	Href     string `xml:"href,attr"`
	Title    string `xml:"title,attr,omitempty"`
	Length   string `xml:"length,attr,omitempty"`
}

type atomCategory struct {
	Term   string `xml:"term,attr"`
	Scheme string `xml:"scheme,attr,omitempty"`
	Label  string `xml:"label,attr,omitempty"`
}

type atomGenerator struct {
	URI     string `xml:"uri,attr"`
	Version string `xml:"version,attr"`
	Name    string `xml:",chardata"`
}

type atomSource struct {
	Lang    string               `xml:"xml:lang,attr,omitempty"`
	ID      string               `xml:"id"`
	Title   atomText             `xml:"title"`
	Updated string               `xml:"updated"`
	Authors []gorilla.AtomPerson `xml:"author"`
	Links   []atomLink           `xml:"link"`
	Icon    string               `xml:"icon,omitempty"`
	Rights  *atomText            `xml:"rights"`
}

func writeAtom(w io.Writer, f *feeds.Feed) error {
	title := feedTitle(f)
	doc := &atomFeed{
		Lang: feeds.Language(f.Language),
		AtomFeed: gorilla.AtomFeed{
			Xmlns:   atomNS,
			Id:      f.ID,
			Updated: stamp(when(f.Updated, f.Modified)),
			Icon:    address(f.Icon),
			Author:  &gorilla.AtomAuthor{AtomPerson: publisher(f)},
		},
		Title:     *plain(title),
		Subtitle:  plain(line(f.Subtitle)),
		Logo:      address(f.Image),
		Links:     feedLinks(f, atomFile, "application/atom+xml"),
		Generator: atomGenerator{coranto.HomeURL, coranto.Version, "Coranto"},
		Archive:   archiveMark(f),
	}
	doc.Links = append(doc.Links, atomLink{Rel: "alternate", Type: "text/html", Href: f.Home})
	list := posts(f)
	var elements [][]element
	for i := range list {
		e := newAtomEntry(&list[i])
		doc.Entries, elements = append(doc.Entries, e), append(elements, e.Elements)
	}
	distinct(doc.Entries)
	doc.Deleted = deletions(f, list)
	doc.Borrowed = append(feedNamespaces(f), namespaces(elements...)...)
	if len(doc.Deleted) > 0 {
		doc.Borrowed = append(doc.Borrowed, namespace("at", removedNS))
	}
	return gorilla.WriteXML(doc, w)
}

// deletions are the entries that were taken down, but for any that is here again.
func deletions(f *feeds.Feed, list []post) (deleted []atomDeleted) {
	for _, d := range f.Deleted {
		here := func(p post) bool { return p.id == d.EntryID }
		if isID(d.EntryID) && !slices.ContainsFunc(list, here) {
			deleted = append(deleted, atomDeleted{Ref: d.EntryID, When: stamp(d.At.UTC())})
		}
	}
	return deleted
}

func newAtomEntry(p *post) *atomEntry {
	e := &atomEntry{
		Lang: p.language,
		AtomEntry: gorilla.AtomEntry{
			Id:        p.id,
			Published: stamp(when(p.published)),
			Updated:   stamp(when(p.updated)),
		},
		Title:        *plain(p.title),
		Authors:      atomPeople(p.authors),
		Contributors: atomPeople(p.contributors),
		Links:        atomLinks(p),
		Rights:       plain(p.rights),
		Source:       newAtomSource(&p.source),
	}
	for _, t := range p.tags {
		e.Categories = append(e.Categories, atomCategory(t))
	}
	e.Elements = p.elements(false, false)
	if p.content != "" {
		e.Summary, e.Content = plain(p.summary), htmlText(p.content)
	} else if p.body != "" {
		e.Summary = htmlText(p.body)
	} else {
		e.Summary = plain(p.title) // RFC 4287 §4.1.1.1 advises a text for every entry
	}
	return e
}

func newAtomSource(s *source) *atomSource {
	src := &atomSource{
		Lang:    s.Language,
		ID:      s.ID,
		Title:   *plain(s.Title),
		Updated: stamp(when(s.updated)),
		Authors: atomPeople(s.Authors),
		Icon:    s.Icon,
		Rights:  plain(s.Rights),
	}
	for _, l := range []atomLink{
		{Rel: "self", Href: s.Feed},
		{Rel: "alternate", Href: s.Link},
		{Rel: "license", Href: s.License},
	} {
		if l.Href != "" {
			src.Links = append(src.Links, l)
		}
	}
	return src
}

// atomLinks begins with the one alternate that RFC 4287 §4.1.2 allows.
func atomLinks(p *post) []atomLink {
	var list []atomLink
	if p.link != "" {
		list = append(list, atomLink{Rel: "alternate", Href: p.link})
	}
	for _, l := range p.links {
		list = append(list, newAtomLink(l))
	}
	if p.comments != "" {
		list = append(list, atomLink{Rel: "replies", Href: p.comments})
	}
	for _, f := range p.files {
		l := atomLink{Rel: "enclosure", Type: f.Type, Href: f.URL, Title: f.Title}
		if f.Length > 0 {
			l.Length = strconv.FormatInt(f.Length, 10)
		}
		list = append(list, l)
	}
	return list
}

func newAtomLink(l coranto.Link) atomLink {
	return atomLink{Rel: l.Rel, Type: l.Type, Hreflang: l.Hreflang, Href: l.Href, Title: l.Title}
}

func atomPeople(list []coranto.Person) []gorilla.AtomPerson {
	var people []gorilla.AtomPerson
	for _, p := range list {
		people = append(people, gorilla.AtomPerson{Name: p.Name, Uri: p.URI, Email: p.Email})
	}
	return people
}

// publisher stands as the author of the feed, which RFC 4287 §4.1.1 requires of
// one without entries; every entry names its own.
func publisher(f *feeds.Feed) gorilla.AtomPerson {
	return gorilla.AtomPerson{Name: bare(feedTitle(f)), Uri: address(f.Home)}
}

// plain is a plain text, nil when it is empty. One that readers would take for
// HTML is escaped and says so, which leaves nothing to guess.
func plain(s string) *atomText {
	switch {
	case s == "":
		return nil
	case looksHTML(s):
		return htmlText(html.EscapeString(s))
	}
	return &atomText{"text", escape(s)}
}

func htmlText(s string) *atomText { return &atomText{"html", escape(s)} }

// feedTitle is the title of a feed; every format requires one.
func feedTitle(f *feeds.Feed) string {
	if title := line(f.Title); title != "" {
		return title
	}
	return "Coranto"
}

// stamp writes a date as RFC 3339 does.
func stamp(t time.Time) string { return t.Format(time.RFC3339Nano) }

// distinct spells the same time otherwise for each entry after the first that has it,
// because readers take two that were updated alike for one: 12:00:00.0 for 12:00:00.
func distinct(entries []*atomEntry) {
	seen := make(map[string]bool, len(entries))
	for _, e := range entries {
		for seen[e.Updated] {
			s := strings.TrimSuffix(e.Updated, "Z")
			if !strings.Contains(s, ".") {
				s += "."
			}
			e.Updated = s + "0Z"
		}
		seen[e.Updated] = true
	}
}
