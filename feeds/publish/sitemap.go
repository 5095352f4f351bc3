package publish

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
)

const (
	// sitemapMax is the number of addresses in one file, by sitemaps.org.
	sitemapMax = 50_000

	sitemapFile      = "sitemap.xml"        // below the path of a source
	sitemapPagesPath = "/sitemap-pages.xml" // all but items, when there is an index
)

// sitemap is what search engines should find: the lists, and the pages of items that do
// not show the content. Of those that do the original should be found, unless the
// operator lifted that.
type sitemap struct {
	pages   []address
	sources []coranto.SourceID // whose items belong in it
	items   int                // of sources
	max     int                // addresses in a file
}

// split reports whether it needs a file for each source, and an index of them.
func (m *sitemap) split() bool { return len(m.pages)+m.items > m.max }

func (p *Publisher) sitemap(ctx context.Context) (*sitemap, error) {
	m := &sitemap{max: p.sitemapMax, pages: []address{
		p.address(feeds.Scope{}.Path()),
		p.address(feeds.CategoriesPath),
		p.address(feeds.SourcesPath),
		p.address(feeds.SubscribePath),
	}}
	categories, err := p.reader.Categories(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range categories {
		m.pages = append(m.pages, p.address(feeds.CategoryScope(c.Slug).Path()))
	}
	sources, err := p.reader.Sources(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range sources {
		m.pages = append(m.pages, p.address(feeds.SourceScope(s.ID).Path()))
		if listed(&s) && s.Items > 0 {
			m.sources = append(m.sources, s.ID)
			m.items += s.Items
		}
	}
	return m, nil
}

// listed reports whether search engines may list our pages of every item of a source.
func listed(s *storage.SourceRecord) bool {
	return s.Index || s.Republish == coranto.RepublishExcerpt || s.Republish == coranto.RepublishTitle
}

// makeSitemap makes the one sitemap, or the index when it had to be split.
func (p *Publisher) makeSitemap(ctx context.Context) (*feeds.Document, error) {
	if p.Site().URL == "" {
		return nil, notFound(feeds.SitemapPath)
	}
	m, err := p.sitemap(ctx)
	if err != nil {
		return nil, err
	}
	if m.split() {
		return xmlDocument(feeds.SitemapPath, addressIndex{Sitemaps: p.sitemapParts(m)})
	}
	for _, id := range m.sources {
		if m.pages, err = p.appendItems(ctx, m.pages, id); err != nil {
			return nil, err
		}
	}
	return xmlDocument(feeds.SitemapPath, addressSet{URLs: m.pages})
}

// sitemapParts are the files of a split sitemap.
func (p *Publisher) sitemapParts(m *sitemap) []address {
	parts := []address{p.address(sitemapPagesPath)}
	for _, id := range m.sources[:min(len(m.sources), m.max-1)] {
		parts = append(parts, p.address(feeds.SourceScope(id).Path()+sitemapFile))
	}
	return parts
}

// makeSitemapPages makes the part of a split sitemap with all but items.
func (p *Publisher) makeSitemapPages(ctx context.Context) (*feeds.Document, error) {
	if p.Site().URL == "" {
		return nil, notFound(sitemapPagesPath)
	}
	m, err := p.sitemap(ctx)
	if err != nil {
		return nil, err
	}
	return xmlDocument(sitemapPagesPath, addressSet{URLs: m.pages[:min(len(m.pages), m.max)]})
}

// makeSitemapItems makes the part with the newest items of a source.
func (p *Publisher) makeSitemapItems(
	ctx context.Context, id coranto.SourceID,
) (*feeds.Document, error) {
	path := feeds.SourceScope(id).Path() + sitemapFile
	src, err := p.reader.Source(ctx, id)
	if err != nil {
		return nil, err
	}
	if !listed(src) || p.Site().URL == "" {
		return nil, notFound(path)
	}
	items, err := p.appendItems(ctx, nil, id)
	if err != nil {
		return nil, err
	}
	return xmlDocument(path, addressSet{URLs: items})
}

// sitemapSource finds the source whose part of the sitemap is at a path.
func sitemapSource(path string) (id coranto.SourceID, ok bool) {
	scope, file := cutScope(path)
	return coranto.SourceID(scope.Value), scope.By == storage.BySource && file == sitemapFile
}

// appendItems appends the newest items of a source, as many as a file may have.
func (p *Publisher) appendItems(
	ctx context.Context, list []address, id coranto.SourceID,
) ([]address, error) {
	for r, err := range p.heads(ctx, feeds.SourceScope(id)) {
		if err != nil {
			return nil, err
		}
		if len(list) == p.sitemapMax {
			break
		}
		a := p.address(feeds.ItemPath(r.Item.ID))
		a.LastMod = r.Updated.UTC().Format(time.RFC3339)
		list = append(list, a)
	}
	return list, nil
}

// addressSet is a urlset of sitemaps.org.
type addressSet struct {
	XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []address `xml:"url"`
}

// addressIndex is a sitemapindex of sitemaps.org.
type addressIndex struct {
	XMLName  xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
	Sitemaps []address `xml:"sitemap"`
}

type address struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

func (p *Publisher) address(path string) address { return address{Loc: p.Site().Absolute(path)} }

func xmlDocument(path string, value any) (*feeds.Document, error) {
	var b bytes.Buffer
	b.WriteString(strings.TrimSpace(xml.Header) + "\n")
	if err := xml.NewEncoder(&b).Encode(value); err != nil {
		return nil, fmt.Errorf("write %s: %w", path, err)
	}
	return &feeds.Document{
		Path:      path,
		MediaType: "application/xml; charset=utf-8",
		Body:      b.Bytes(),
	}, nil
}
