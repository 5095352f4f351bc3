package site

import (
	"context"
	"time"

	"github.com/coranto/coranto/feeds"
)

// subscribeView explains feeds and offers all of the site's.
type subscribeView struct {
	frame
	Categories []line
	OPML       string // absolute
	OPMLHref   string
}

func (p *Pages) subscribePage(ctx context.Context) (*feeds.Document, error) {
	f, err := p.navigated(ctx, feeds.SubscribePath, p.words.Subscribe)
	if err != nil {
		return nil, err
	}
	v := &subscribeView{
		frame:    f,
		OPML:     p.absolute(feeds.OPMLPath),
		OPMLHref: p.href(feeds.OPMLPath),
	}
	v.Description = p.words.WhatText1
	categories, err := p.reader.Categories(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range categories {
		v.Categories = append(v.Categories, line{
			link:  p.categoryLink(c.Category, ""),
			Feeds: p.feedLinks(feeds.CategoryScope(c.Slug), c.Title),
		})
	}
	return p.document("subscribe", time.Time{}, v)
}
