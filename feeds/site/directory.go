package site

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
)

// directoryView lists categories or sources.
type directoryView struct {
	frame
	Heading string
	Lines   []line
}

// line is one category or source of a directory.
type line struct {
	link
	Dir      string
	About    string
	Items    int
	Feeds    []feedLink // of a category
	Day      string     // of the newest item of a category, 2026-11-23; "" when there is none
	Date     string
	Host     string // of a source's home page, else of its feed
	HomePage string
}

func (p *Pages) categoriesPage(ctx context.Context) (*feeds.Document, error) {
	f, err := p.navigated(ctx, feeds.CategoriesPath, p.words.Categories)
	if err != nil {
		return nil, err
	}
	v := &directoryView{frame: f, Heading: p.words.Categories}
	categories, err := p.reader.Categories(ctx)
	if err != nil {
		return nil, err
	}
	var modified time.Time
	for _, c := range categories {
		l := line{
			link:  p.categoryLink(c.Category, ""),
			About: c.Description,
			Items: c.Items,
			Feeds: p.feedLinks(feeds.CategoryScope(c.Slug), c.Title),
		}
		if !c.Newest.IsZero() {
			t := c.Newest.In(p.site.Zone)
			l.Day, l.Date = t.Format(time.DateOnly), p.words.dateOf(t)
		}
		if c.Newest.After(modified) {
			modified = c.Newest
		}
		v.Lines = append(v.Lines, l)
	}
	v.Description = v.names()
	return p.document("categories", modified, v)
}

// sourcesPage lists the sources by their titles: ids are the operator's.
func (p *Pages) sourcesPage(ctx context.Context) (*feeds.Document, error) {
	f, err := p.navigated(ctx, feeds.SourcesPath, p.words.Sources)
	if err != nil {
		return nil, err
	}
	v := &directoryView{frame: f, Heading: p.words.Sources}
	sources, err := p.reader.Sources(ctx)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(sources, func(a, b storage.SourceRecord) int {
		return cmp.Compare(strings.ToLower(a.Attribution().Title), strings.ToLower(b.Attribution().Title))
	})
	for _, src := range sources {
		if !src.Retired || src.Items > 0 {
			v.Lines = append(v.Lines, p.sourceLine(src))
		}
	}
	v.Description = v.names()
	return p.document("sources", time.Time{}, v)
}

// names are the first names of the list.
func (v *directoryView) names() string {
	var names []string
	for _, l := range v.Lines[:min(len(v.Lines), 20)] {
		names = append(names, l.Text)
	}
	return clip(strings.Join(names, v.W.Separator), followColumns)
}

func (p *Pages) sourceLine(src storage.SourceRecord) line {
	who := src.Attribution()
	host := hostOf(who.Link)
	if host == "" {
		host = hostOf(who.Feed)
	}
	return line{
		link: link{
			Href: p.href(feeds.SourceScope(src.ID).Path()), Text: who.Title, Lang: spoken(who.Language),
		},
		Dir:      direction(who.Language),
		About:    clip(who.Summary, followColumns),
		Items:    src.Items,
		Host:     host,
		HomePage: who.Link,
	}
}
