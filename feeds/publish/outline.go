package publish

import (
	"bytes"
	"context"
	"slices"

	"github.com/coranto/coranto"
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
		list.Groups = append(list.Groups, group(c.Title, sources, func(s storage.SourceRecord) bool {
			return slices.Contains(s.Categories, c.Slug)
		}))
	}
	list.Groups = append(list.Groups, group("", sources, func(s storage.SourceRecord) bool {
		return len(s.Categories) == 0
	}))
	var b bytes.Buffer
	if err := format.OPML(&b, list); err != nil {
		return nil, err
	}
	return &feeds.Document{Path: feeds.OPMLPath, MediaType: format.OPMLMediaType, Body: b.Bytes()}, nil
}

// group is the folder of those sources that belong in it.
func group(title string, sources []storage.SourceRecord, belongs func(storage.SourceRecord) bool) format.Group {
	var credits []coranto.Attribution
	for _, s := range sources {
		if belongs(s) {
			credits = append(credits, s.Attribution())
		}
	}
	return format.Group{Title: title, Sources: credits}
}
