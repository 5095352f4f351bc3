package publish

import (
	"bytes"
	"context"
	"slices"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/format"
	"github.com/coranto/coranto/storage"
)

// outline is the list of our sources, by category, for who wants to read them
// without us.
func (p *Publisher) outline(ctx context.Context) (*feeds.Document, error) {
	sources, err := p.reader.Sources(ctx)
	if err != nil {
		return nil, err
	}
	categories, err := p.reader.Categories(ctx)
	if err != nil {
		return nil, err
	}
	sources = slices.DeleteFunc(sources, func(s storage.SourceRecord) bool { return s.Retired })
	list := format.Outline{Title: p.Site().Title}
	for _, c := range categories {
		list.Groups = append(list.Groups, folder(c.Title, sources, func(s *storage.SourceRecord) bool {
			return slices.Contains(s.Categories, c.Slug)
		}))
	}
	list.Groups = append(list.Groups, folder("", sources, func(s *storage.SourceRecord) bool {
		return len(s.Categories) == 0
	}))
	var b bytes.Buffer
	if err := format.OPML(&b, list); err != nil {
		return nil, err
	}
	return &feeds.Document{Path: feeds.OPMLPath, MediaType: format.OPMLMediaType, Body: b.Bytes()}, nil
}

// folder is a group of those sources that belong in it.
func folder(
	title string, sources []storage.SourceRecord, in func(*storage.SourceRecord) bool,
) format.Group {
	g := format.Group{Title: title}
	for i := range sources {
		if in(&sources[i]) {
			g.Sources = append(g.Sources, sources[i].Attribution())
		}
	}
	return g
}
