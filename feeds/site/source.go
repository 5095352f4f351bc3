package site

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
)

// Items that are counted for the rhythm of a source.
const rhythmItems = 1000

// sourceView is the page of one source: who it is, how to subscribe there, its
// rhythm and its newest items.
type sourceView struct {
	frame
	Name       string
	NameLang   string
	Dir        string
	About      string
	HomePage   string
	HomeHost   string
	OriginFeed string
	Items      int
	LastTime   string // RFC 3339; "" when it has no item
	Last       string
	Rights     string
	License    string // URL
	Licensed   string // its short name
	Retired    bool
	Rhythm     *rhythm
	Days       []day
	Older      string
	Newest     string // always "": the page is the first
	OwnFeeds   []feedLink
}

func (p *Pages) sourcePage(ctx context.Context, list *feeds.List) (*feeds.Document, error) {
	id := coranto.SourceID(list.Scope.Value)
	src, err := p.reader.Source(ctx, id)
	if err != nil {
		return nil, err
	}
	view, err := p.sourceView(ctx, src, list)
	if err != nil {
		return nil, err
	}
	if view.Rhythm, err = p.rhythm(ctx, list.Scope); err != nil {
		return nil, err
	}
	return p.document("source", list.Modified, view)
}

func (p *Pages) sourceView(
	ctx context.Context, src *storage.SourceRecord, list *feeds.List,
) (*sourceView, error) {
	who := src.Attribution()
	f, err := p.navigated(ctx, list.Scope.Path(), who.Title)
	if err != nil {
		return nil, err
	}
	v := &sourceView{
		frame:      f,
		Name:       who.Title,
		NameLang:   spoken(who.Language),
		Dir:        direction(who.Language),
		About:      who.Summary,
		HomePage:   who.Link,
		HomeHost:   hostOf(who.Link),
		OriginFeed: who.Feed,
		Items:      src.Items,
		Rights:     who.Rights,
		License:    who.License,
		Licensed:   licenseName(who.License),
		Retired:    src.Retired,
	}
	v.Description = cmp.Or(clip(who.Summary, excerptColumns), fmt.Sprintf(p.words.AboutText, v.Name))
	v.OwnFeeds = p.scoped(&v.frame, list.Scope, who.Title)
	if v.Days, err = p.days(ctx, list.Entries); err != nil {
		return nil, err
	}
	if len(list.Entries) > 0 {
		t := list.Entries[0].Published.In(p.site.Zone)
		v.Last, v.LastTime = p.words.momentOf(t), t.Format(time.RFC3339)
	}
	if !list.Older.IsZero() {
		v.Older = p.href(list.Scope.OlderPath(list.Older))
	}
	return v, nil
}

// rhythm is a chart of items a week.
type rhythm struct {
	Path  string // of an SVG of Width by 40 units
	Width int
	Label string
	From  string // the first day shown
	To    string // the day of the newest item
}

// rhythm counts the newest items of a scope by week. The last week is that of
// the newest item, because a page knows no other time.
func (p *Pages) rhythm(ctx context.Context, scope feeds.Scope) (*rhythm, error) {
	list, err := p.reader.List(ctx, scope, coranto.ItemID{}, rhythmItems)
	if err != nil {
		return nil, err
	}
	if len(list.Entries) == 0 {
		return nil, nil
	}
	times := make([]time.Time, len(list.Entries))
	for i, e := range list.Entries {
		times[i] = e.Published.In(p.site.Zone)
	}
	counts := weekly(times, list.Older.IsZero())
	first := monday(times[0]).AddDate(0, 0, -7*(len(counts)-1))
	most := 0
	for _, n := range counts {
		most = max(most, n)
	}
	return &rhythm{
		Path:  bars(counts, most),
		Width: 10*len(counts) - 2,
		Label: fmt.Sprintf(p.words.RhythmText, most),
		From:  p.words.dateOf(first),
		To:    p.words.dateOf(times[0]),
	}, nil
}

// Weeks in the chart of a source.
const rhythmWeeks = 26

// weekly counts times, newest first, by week, oldest week first. When there are
// more times than given, the weeks that may be short of some are left out.
func weekly(times []time.Time, complete bool) []int {
	newest := monday(times[0])
	counts := make([]int, rhythmWeeks)
	for _, t := range times {
		week := int(newest.Sub(monday(t)).Hours()+12) / (7 * 24)
		if week >= rhythmWeeks {
			complete = true
			break
		}
		counts[rhythmWeeks-1-week]++
	}
	if complete {
		return counts
	}
	for len(counts) > 2 && counts[0] == 0 {
		counts = counts[1:]
	}
	return counts[1:]
}

// monday is the first moment of t's week.
func monday(t time.Time) time.Time {
	days := (int(t.Weekday()) + 6) % 7
	return time.Date(t.Year(), t.Month(), t.Day()-days, 0, 0, 0, 0, t.Location())
}

// bars draws counts as an SVG path, 8 units wide with 2 between them.
func bars(counts []int, most int) string {
	var b strings.Builder
	for i, n := range counts {
		height := 1
		if n > 0 {
			height = max(3, n*38/most)
		}
		fmt.Fprintf(&b, "M%d 40v-%dh8v%dz", i*10, height, height)
	}
	return b.String()
}
