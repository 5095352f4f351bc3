package publish

import (
	"bytes"
	"context"
	"fmt"
	"sync"

	"github.com/coranto/coranto/feeds"
)

// make makes the document at a path.
func (p *Publisher) make(ctx context.Context, path string) (*feeds.Document, error) {
	switch path {
	case feeds.RobotsPath:
		return p.robots(), nil
	case feeds.OPMLPath:
		return p.outline(ctx)
	case feeds.SitemapPath:
		return p.makeSitemap(ctx)
	case sitemapPagesPath:
		return p.makeSitemapPages(ctx)
	}
	if id, ok := sitemapSource(path); ok {
		return p.makeSitemapItems(ctx, id)
	}
	if scope, format, ok := p.feedAt(path); ok {
		feed, err := p.current(ctx, scope)
		return p.feed(path, feed, format, err)
	}
	if scope, number, format, ok := p.archivedAt(path); ok {
		feed, err := p.reader.Archived(ctx, scope, number)
		return p.feed(path, feed, format, err)
	}
	if p.pages == nil {
		return nil, notFound(path)
	}
	return p.pages(ctx, path)
}

// memo is the feed that was read last. Its formats are mostly asked for together.
type memo struct {
	mu      sync.Mutex
	scope   feeds.Scope
	feed    *feeds.Feed // nil before the first
	touches uint64      // of the cache, before it was read
}

// current reads a feed, or takes the one that was read last if it is that and nothing
// was touched since. Nobody may change it.
func (p *Publisher) current(ctx context.Context, scope feeds.Scope) (*feeds.Feed, error) {
	touches := p.cache.touches.Load()
	p.last.mu.Lock()
	feed := p.last.feed
	known := feed != nil && p.last.scope == scope && p.last.touches == touches
	p.last.mu.Unlock()
	if known {
		return feed, nil
	}
	feed, err := p.reader.Feed(ctx, scope)
	if err != nil {
		return nil, err
	}
	p.last.mu.Lock()
	defer p.last.mu.Unlock()
	p.last.scope, p.last.feed, p.last.touches = scope, feed, touches
	return feed, nil
}

// feed writes a feed that was read, unless it could not be.
func (p *Publisher) feed(
	path string, feed *feeds.Feed, f feeds.Format, err error,
) (*feeds.Document, error) {
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := f.Generate(&b, feed); err != nil {
		return nil, fmt.Errorf("write %s: %w", path, err)
	}
	doc := &feeds.Document{
		Path:      path,
		MediaType: f.MediaType,
		Body:      b.Bytes(),
		Modified:  feed.Modified,
		Fixed:     feed.Archive.Number > 0,
	}
	if !doc.Fixed {
		doc.Marks = marksOf(feed, f)
	}
	return doc, nil
}

// links are the values of a document's Link field (RFC 8288): a feed names its
// own address and its hubs, as it does in its bytes (WebSub §4).
func (p *Publisher) links(path string) []string {
	_, _, ok := p.feedAt(path)
	_, _, _, archived := p.archivedAt(path)
	if !ok && !archived || p.Site().URL == "" {
		return nil
	}
	links := []string{"<" + p.Site().Absolute(path) + `>; rel="self"`}
	for _, hub := range p.Site().Hubs {
		links = append(links, "<"+hub+`>; rel="hub"`)
	}
	return links
}

func (p *Publisher) robots() *feeds.Document {
	text := "User-agent: *\nAllow: /\n"
	if p.Site().URL != "" {
		text += "\nSitemap: " + p.Site().Absolute(feeds.SitemapPath) + "\n"
	}
	return &feeds.Document{
		Path:      feeds.RobotsPath,
		MediaType: "text/plain; charset=utf-8",
		Body:      []byte(text),
	}
}
