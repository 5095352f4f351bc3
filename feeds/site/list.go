package site

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
)

// listView is the newest items of the site or a category, or older ones.
type listView struct {
	frame
	Heading     string // of the page; "" on the front page, where the masthead is
	HeadingLang string
	About       string
	Date        string // of the newest item; "" when there is none
	Day         string // the same as 2026-11-23
	Sources     int
	Items       int // on the whole site
	Days        []day
	Older       string
	Newest      string // the first page; "" when this is it
	OwnFeeds    []feedLink
}

// listPage makes a page of a scope that begins after an item, or with the
// newest when before is zero.
func (p *Pages) listPage(
	ctx context.Context, scope feeds.Scope, before coranto.ItemID,
) (*feeds.Document, error) {
	list, err := p.reader.List(ctx, scope, before, 0)
	if err != nil {
		return nil, err
	}
	if scope.By == storage.BySource && before.IsZero() {
		return p.sourcePage(ctx, list)
	}
	view, err := p.listView(ctx, list, before)
	if err != nil {
		return nil, err
	}
	return p.document("list", list.Modified, view)
}

// listView keeps older pages out of search engines: which items are on one may
// change, and each item can be found by itself.
func (p *Pages) listView(
	ctx context.Context, list *feeds.List, before coranto.ItemID,
) (*listView, error) {
	path := list.Scope.Path()
	v := &listView{}
	if !before.IsZero() {
		v.Newest = p.href(path)
		path = list.Scope.OlderPath(before)
	}
	v.Heading, v.About, v.HeadingLang = p.heading(list)
	f, err := p.navigated(ctx, path, v.Heading)
	if err != nil {
		return nil, err
	}
	v.frame = f
	v.Front = v.Heading == ""
	v.NoIndex = v.Newest != ""
	if v.NoIndex {
		v.Title = p.words.Older + " — " + v.Title
	}
	v.Description = cmp.Or(v.About, fmt.Sprintf(p.words.AboutText, v.Topic))
	v.OwnFeeds = p.scoped(&v.frame, list.Scope, v.Heading)
	if v.Sources, v.Items, err = p.reader.Size(ctx); err != nil {
		return nil, err
	}
	if v.Days, err = p.days(ctx, list.Entries); err != nil {
		return nil, err
	}
	if len(list.Entries) > 0 {
		t := list.Entries[0].Published.In(p.site.Zone)
		v.Date, v.Day = p.words.dateOf(t), t.Format(time.DateOnly)
	}
	if !list.Older.IsZero() {
		v.Older = p.href(list.Scope.OlderPath(list.Older))
	}
	return v, nil
}

// heading is the title of a scope without the site's, what is said of it, and
// the language of both.
func (p *Pages) heading(list *feeds.List) (title, about, language string) {
	switch list.Scope.By {
	case storage.ByCategory:
		c := p.site.Category(coranto.Slug(list.Scope.Value))
		return c.Title, c.Description, c.Language
	case storage.BySource:
		return cmp.Or(list.Title, list.Scope.Value), "", ""
	}
	return "", p.site.Description, ""
}
