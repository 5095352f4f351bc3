package format

import (
	"cmp"
	"encoding/xml"
	"html"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	gorilla "github.com/gorilla/feeds"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
)

type rssDocument struct {
	XMLName  xml.Name   `xml:"rss"`
	Version  string     `xml:"version,attr"`
	Atom     string     `xml:"xmlns:atom,attr"`
	Content  string     `xml:"xmlns:content,attr"`
	DC       string     `xml:"xmlns:dc,attr"`
	DCTerms  string     `xml:"xmlns:dcterms,attr"`
	Borrowed []xml.Attr `xml:",any,attr"` // namespaces of the elements of items
	Channel  *rssChannel
}

// rssChannel has its atom:link elements before link, because readers that do not
// look at namespaces take the last of the two.
type rssChannel struct {
	XMLName xml.Name   `xml:"channel"`
	Title   markup     `xml:"title"`
	Links   []atomLink `xml:"atom:link"`
	gorilla.RssFeed
	Description markup     `xml:"description"`
	Image       *rssImage  `xml:"image"`
	Period      string     `xml:"sy:updatePeriod,omitempty"`
	Frequency   int        `xml:"sy:updateFrequency,omitempty"`
	Archive     *struct{}  `xml:"fh:archive"`
	Show        []element  // what Apple asks of a podcast; nil when it is none
	Items       []*rssItem `xml:"item"`
	borrowed    []xml.Attr
}

// rssImage repeats the title and link of the channel.
type rssImage struct {
	URL   string `xml:"url"`
	Title markup `xml:"title"`
	Link  string `xml:"link"`
}

// FeedXml makes WriteXML write this struct and not the embedded one.
//
//lint:ignore ST1003 gorilla/feeds gave the method its name
func (c *rssChannel) FeedXml() any {
	return &rssDocument{
		Version: "2.0", Channel: c, Borrowed: c.borrowed,
		Atom: atomNS, Content: contentNS, DC: dcNS, DCTerms: dctermsNS,
	}
}

// rssItem has its links in the order that rssChannel has.
type rssItem struct {
	XMLName xml.Name   `xml:"item"`
	Title   markup     `xml:"title"`
	Links   []atomLink `xml:"atom:link"`
	Link    string     `xml:"link,omitempty"`
	gorilla.RssItem
	Description *markup       `xml:"description"`
	Creators    []string      `xml:"dc:creator"`
	Language    string        `xml:"dc:language,omitempty"`
	Rights      *markup       `xml:"dc:rights"`
	Modified    string        `xml:"dcterms:modified,omitempty"`
	Categories  []rssCategory `xml:"category"`
	Source      *rssSource    `xml:"source"`
	Elements    []element
	Content     *gorilla.RssContent
}

type rssCategory struct {
	Domain string `xml:"domain,attr,omitempty"`
	Name   string `xml:",innerxml"`
}

type rssSource struct {
	URL  string `xml:"url,attr"`
	Name string `xml:",innerxml"`
}

func writeRSS(w io.Writer, f *feeds.Feed) error {
	title := feedTitle(f)
	description := line(f.Subtitle)
	if description == "" {
		description = title
	}
	doc := &rssChannel{
		Title: markup{character(title)},
		RssFeed: gorilla.RssFeed{
			Link:      cmp.Or(address(f.Home), f.Home),
			Language:  feeds.Language(f.Language),
			Generator: "Coranto " + coranto.Version + " (" + coranto.HomeURL + ")",
			Docs:      "https://www.rssboard.org/rss-specification",
		},
		Description: markup{character(description)},
		Links:       feedLinks(f, rssFile, "application/rss+xml"),
		Archive:     archiveMark(f),
		borrowed:    feedNamespaces(f),
	}
	doc.setTTL(f.TTL)
	if url := address(f.Image); isChannelImage(url) {
		doc.Image = &rssImage{url, doc.Title, doc.Link}
	}
	if !f.Updated.IsZero() {
		doc.LastBuildDate = mailDate(f.Updated)
	}
	list := posts(f)
	podcast := isPodcast(f, list)
	var elements [][]element
	if podcast {
		doc.Show = showOf(f, list)
		elements = append(elements, doc.Show)
	}
	for i := range list {
		it := newRSSItem(&list[i], podcast)
		doc.Items, elements = append(doc.Items, it), append(elements, it.Elements)
	}
	doc.borrowed = append(doc.borrowed, namespaces(elements...)...)
	return gorilla.WriteXML(doc, w)
}

// setTTL says how long the document may be kept: in minutes, and as how often it is
// made in an hour.
func (c *rssChannel) setTTL(d time.Duration) {
	minutes := int(d / time.Minute)
	if minutes < 1 {
		return
	}
	c.Ttl = minutes
	c.Period, c.Frequency = "hourly", max(1, 60/minutes)
	c.borrowed = append(c.borrowed, namespace("sy", syNS))
}

// isChannelImage reports whether the picture at an address is of a kind that the image
// of a channel may have (GIF, JPEG or PNG), as far as its name tells.
func isChannelImage(url string) bool {
	switch strings.ToLower(path.Ext(url)) {
	case ".gif", ".jpg", ".jpeg", ".png":
		return true
	}
	return false
}

func newRSSItem(p *post, podcast bool) *rssItem {
	it := &rssItem{
		Title:    markup{character(p.title)},
		Link:     p.link,
		Language: p.language,
		RssItem: gorilla.RssItem{
			Guid:     &gorilla.RssGuid{Id: p.id, IsPermaLink: strconv.FormatBool(p.id == p.link)},
			Comments: p.comments,
		},
	}
	if p.rights != "" {
		it.Rights = &markup{character(p.rights)}
	}
	it.setDates(p)
	it.setText(p)
	it.setCredit(p)
	if f := p.enclosure(); f != nil {
		it.Enclosure = rssEnclosure(*f)
	}
	for _, t := range p.tags {
		it.Categories = append(it.Categories, newRSSCategory(t))
	}
	for _, l := range p.links {
		it.Links = append(it.Links, newAtomLink(l))
	}
	it.Elements = p.elements(true, podcast)
	return it
}

func (it *rssItem) setDates(p *post) {
	if !p.published.IsZero() {
		it.PubDate = mailDate(p.published)
	}
	if !p.updated.Equal(p.published) {
		it.Modified = stamp(p.updated)
	}
}

// setText puts the HTML into content:encoded when there is a summary to stand
// before it, as readers expect, and into the description when there is none.
func (it *rssItem) setText(p *post) {
	if p.body == "" {
		return
	}
	if p.summary == "" || p.content == "" {
		it.Description = &markup{escape(p.body)}
		return
	}
	it.Description = &markup{escape(html.EscapeString(p.summary))}
	it.Content = &gorilla.RssContent{Content: p.content}
}

// setCredit names the authors by dc:creator, because the author element of RSS
// 2.0 is an email address.
func (it *rssItem) setCredit(p *post) {
	for _, a := range p.authors {
		it.Creators = append(it.Creators, a.Name)
	}
	url := p.source.Feed
	if url == "" {
		url = p.source.Link
	}
	if url != "" {
		it.Source = &rssSource{url, character(p.source.Title)}
	}
}

func newRSSCategory(t coranto.Tag) rssCategory {
	name := t.Label
	if name == "" {
		name = t.Term
	}
	return rssCategory{t.Scheme, character(name)}
}

// rssEnclosure needs all three attributes; a length of 0 says that it is
// unknown.
func rssEnclosure(f coranto.Enclosure) *gorilla.RssEnclosure {
	return &gorilla.RssEnclosure{
		Url: f.URL, Type: f.Type, Length: strconv.FormatInt(f.Length, 10),
	}
}

// character is plain text as character data by the RSS Profile of the RSS
// Advisory Board, which asks for hexadecimal references. RSS does not say
// whether a title is text or HTML; what most readers would take for HTML is
// escaped once more, so that they show it as it is.
func character(s string) string {
	if looksHTML(s) {
		s = html.EscapeString(s)
	}
	return hexReferences.Replace(s)
}

// mailDate writes a date as RFC 822 does, with four digits of the year.
func mailDate(t time.Time) string { return t.UTC().Format(time.RFC1123Z) }
