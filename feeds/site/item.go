package site

import (
	"context"
	"fmt"
	"html/template"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
)

// itemView is the page of one item.
type itemView struct {
	frame
	credit
	Headline string
	ItemLang string
	Dir      string
	Host     string // of the original
	Content  template.HTML
	Summary  string   // when there is no content
	Image    *picture // nil when the content has one, or there is none
	Card     *picture // for those who link to the page
	Media    []medium
	Filed    []link
	Tags     []string
	Revised  string // date and time of a later revision; "" for none
	RevisedT string // RFC 3339
	Rights   string
	License  string // URL
	Licensed string // its short name
}

// medium is an enclosure.
type medium struct {
	URL, Type, Title string
	Kind             string // "audio", "video", "image" or ""
	Facts            string // "MP3 · 34:12 · 12.3 MB"
}

// itemPage makes the page of one item. Its canonical address is the original's.
func (p *Pages) itemPage(ctx context.Context, id coranto.ItemID) (*feeds.Document, error) {
	e, changed, err := p.reader.Entry(ctx, id)
	if err != nil {
		return nil, err
	}
	f, err := p.navigated(ctx, feeds.ItemPath(id), clip(e.Title, titleColumns))
	if err != nil {
		return nil, err
	}
	view := p.itemView(e, f)
	return p.document("item", changed, view)
}

func (p *Pages) itemView(e *feeds.Entry, f frame) *itemView {
	v := &itemView{
		frame:    f,
		credit:   p.credit(e),
		Headline: e.Title,
		ItemLang: spoken(e.Language),
		Dir:      direction(e.Language),
		Host:     hostOf(e.Link),
		Content:  template.HTML(reachable(e.Content)),
		Rights:   e.Rights,
		License:  e.License,
		Licensed: licenseName(e.License),
		Tags:     tagsOf(e.Tags),
	}
	v.NoIndex = e.NoIndex
	v.Description = clip(e.Summary, excerptColumns)
	if e.Link != "" {
		v.Canonical = e.Link
	}
	v.Origin = feedLink{Href: e.Credit.Feed, Title: e.Credit.Title}
	if e.Content == "" {
		v.Summary = e.Summary
	}
	v.Card = p.picture(e.Image)
	if !strings.Contains(e.Content, "<img") {
		v.Image = v.Card
	}
	for _, slug := range e.Categories {
		v.Filed = append(v.Filed, p.categoryLink(p.site.Category(slug), ""))
	}
	for _, enclosure := range e.Enclosures {
		v.Media = append(v.Media, mediumOf(enclosure))
	}
	if e.Updated.Sub(e.Published) >= time.Minute {
		t := e.Updated.In(p.site.Zone)
		v.Revised, v.RevisedT = p.words.momentOf(t), t.Format(time.RFC3339)
	}
	return v
}

// reachable lets people without a mouse scroll what may be wider than the page: code
// and tables. The content is sanitized, so that a tag is written in one way only.
func reachable(content string) string {
	return strings.NewReplacer(
		"<pre>", `<pre tabindex="0">`, "<pre ", `<pre tabindex="0" `,
		"<table>", `<table tabindex="0">`, "<table ", `<table tabindex="0" `,
	).Replace(content)
}

func tagsOf(tags []coranto.Tag) []string {
	var names []string
	for _, t := range tags {
		name := t.Label
		if name == "" {
			name = t.Term
		}
		names = append(names, clip(name, 60))
	}
	return names[:min(len(names), 30)]
}

func mediumOf(e coranto.Enclosure) medium {
	m := medium{URL: e.URL, Type: e.Type, Title: e.Title}
	mediaType, subtype, _ := strings.Cut(bareType(e.Type), "/")
	switch mediaType {
	case "audio", "video", "image":
		m.Kind = mediaType
	}
	if m.Title == "" {
		m.Title = fileName(e.URL)
	}
	var facts []string
	if subtype != "" {
		facts = append(facts, formatName(e.Type, subtype))
	}
	if e.Duration > 0 {
		facts = append(facts, lengthOf(e.Duration))
	}
	if e.Length > 0 {
		facts = append(facts, sizeOf(e.Length))
	}
	m.Facts = strings.Join(facts, " · ")
	return m
}

// formatName is what people call a media type.
func formatName(mediaType, subtype string) string {
	switch bareType(mediaType) {
	case "audio/mpeg", "audio/mp3":
		return "MP3"
	case "audio/mp4", "audio/x-m4a", "audio/aac":
		return "AAC"
	case "video/quicktime":
		return "MOV"
	}
	return strings.ToUpper(strings.TrimPrefix(subtype, "x-"))
}

// lengthOf is a duration as players show it: 4:05 or 1:02:03.
func lengthOf(d time.Duration) string {
	seconds := int(d.Round(time.Second) / time.Second)
	h, m, s := seconds/3600, seconds/60%60, seconds%60
	if h > 0 {
		return fmt.Sprintf("%d:%02d:%02d", h, m, s)
	}
	return fmt.Sprintf("%d:%02d", m, s)
}

func sizeOf(bytes int64) string {
	if bytes < 1e6 {
		return fmt.Sprintf("%d kB", max(1, bytes/1e3))
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}

// fileName is the last part of a URL's path, or its host.
func fileName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	if name := path.Base(u.Path); name != "." && name != "/" {
		return name
	}
	return u.Host
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}
