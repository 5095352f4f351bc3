package site

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
)

// How much of a text a list shows, in columns: a Han or kana character takes
// two. The stylesheet clamps to lines; this keeps pages small.
const (
	titleColumns   = 300
	excerptColumns = 300
	followColumns  = 160 // of an excerpt of a story that doesn't lead
)

// wide is where characters begin that take two columns.
const wide = 0x2E80

// day is the items of one day, in the site's zone.
type day struct {
	Date    string // 2026-11-23
	Name    string // "Monday, 23 November"
	Brief   bool   // too few stories for one of them to lead
	Stories []story
}

// story is an item in a list.
type story struct {
	credit
	Href    string
	Title   string
	Excerpt string
	Image   *picture
	Lead    bool
	Lang    string // "" when unknown
	Dir     string
}

// credit says who made an item.
type credit struct {
	Source     string // who is credited
	SourceHref string // our page of them; their home page when it came by another source
	Via        string // the source that passed it on; "" for none
	ViaHref    string
	Authors    string // "" when they say no more than Source
	Original   string // address of the post; "" when it has none
	When       string // RFC 3339 with the site's offset
	Clock      string // 15:04
	Moment     string // date and time
}

// picture is an image with its size, 0 when unknown.
type picture struct {
	URL, Alt      string
	Width, Height int
}

// days groups entries, which are newest first, by local day.
func (p *Pages) days(ctx context.Context, entries []feeds.Entry) ([]day, error) {
	own, err := p.shownHere(ctx, entries)
	if err != nil {
		return nil, err
	}
	var days []day
	year := 0
	for i := range entries {
		e := &entries[i]
		t := e.Published.In(p.site.Zone)
		if year == 0 {
			year = t.Year()
		}
		date := t.Format(time.DateOnly)
		if len(days) == 0 || days[len(days)-1].Date != date {
			days = append(days, day{Date: date, Name: p.words.dayOf(t, year)})
		}
		last := &days[len(days)-1]
		last.Stories = append(last.Stories, p.story(e, own[e.Item.ID]))
	}
	for i := range days {
		days[i].arrange(i == 0)
	}
	return days, nil
}

// arrange lets the best story lead the day: the newest with a picture and a
// text, else the newest. A day of one or two stories, but for the first of a
// page, is brief and has no lead. Only the first story may show a picture that
// is not known to be large enough.
func (d *day) arrange(first bool) {
	d.Brief = !first && len(d.Stories) < 3
	if !d.Brief {
		best := max(0, slices.IndexFunc(d.Stories, func(s story) bool {
			return s.Image != nil && s.Excerpt != ""
		}))
		chosen := d.Stories[best]
		chosen.Lead = true
		copy(d.Stories[1:best+1], d.Stories[:best])
		d.Stories[0] = chosen
	}
	for i := range d.Stories {
		s := &d.Stories[i]
		if !s.Lead {
			s.Excerpt = clip(s.Excerpt, followColumns)
		}
		if i > 0 && s.Image != nil && s.Image.Width == 0 {
			s.Image = nil
		}
	}
}

// shownHere tells which items have more to show on our own page than a list
// shows of them.
func (p *Pages) shownHere(
	ctx context.Context, entries []feeds.Entry,
) (map[coranto.ItemID]bool, error) {
	cut := make(map[coranto.SourceID]bool)
	own := make(map[coranto.ItemID]bool, len(entries))
	for _, e := range entries {
		if _, known := cut[e.Item.Source]; !known {
			src, err := p.reader.Source(ctx, e.Item.Source)
			if err != nil {
				return nil, err
			}
			mode := src.Republish
			cut[e.Item.Source] = mode == coranto.RepublishExcerpt || mode == coranto.RepublishTitle
		}
		shows := e.Summary != "" || e.Content != "" || len(e.Enclosures) > 0
		own[e.Item.ID] = e.Link == "" || shows && !cut[e.Item.Source]
	}
	return own, nil
}

// story is an entry in a list; its headline leads to our own page when that has
// something to show, else to the original.
func (p *Pages) story(e *feeds.Entry, own bool) story {
	s := story{
		credit:  p.credit(e),
		Href:    e.Link,
		Title:   clip(e.Title, titleColumns),
		Excerpt: clip(e.Summary, excerptColumns),
		Image:   p.picture(e.Image),
		Lang:    spoken(e.Language),
		Dir:     direction(e.Language),
	}
	if own {
		s.Href = p.href(feeds.ItemPath(e.Item.ID))
	}
	return s
}

func (p *Pages) credit(e *feeds.Entry) credit {
	t := e.Published.In(p.site.Zone)
	c := credit{
		Source:     e.Credit.Title,
		SourceHref: p.href(feeds.SourceScope(e.Item.Source).Path()),
		Authors:    p.authors(e),
		Original:   e.Link,
		When:       t.Format(time.RFC3339),
		Clock:      t.Format("15:04"),
		Moment:     p.words.momentOf(t),
	}
	if e.Via.Title != "" {
		c.Via, c.ViaHref = e.Via.Title, c.SourceHref
		c.SourceHref = e.Credit.Link
	}
	return c
}

// authors names at most three people, and none who is the source itself.
func (p *Pages) authors(e *feeds.Entry) string {
	var names []string
	for _, a := range e.Authors {
		if a.Name != "" && a.Name != e.Credit.Title {
			names = append(names, clip(a.Name, 80))
		}
	}
	if len(names) > 3 {
		names = append(names[:3], "…")
	}
	return strings.Join(names, p.words.Separator)
}

// picture is an image that a page can show well: not known to be small, and not
// one that a browser would refuse on a page served over TLS.
func (p *Pages) picture(i coranto.Image) *picture {
	if i.URL == "" || i.Width != 0 && i.Width < 200 {
		return nil
	}
	if strings.HasPrefix(p.site.URL, "https:") && !strings.HasPrefix(i.URL, "https:") {
		return nil
	}
	return &picture{i.URL, i.Alt, i.Width, i.Height}
}

// clip cuts a text to so many columns, at a space when one is near.
func clip(s string, columns int) string {
	if len(s) <= columns {
		return s
	}
	used, space := 0, 0
	for i, r := range s {
		if r == ' ' {
			space = i
		}
		used++
		if r >= wide {
			used++
		}
		if used > columns {
			if space == 0 || r >= wide || i-space > 40 {
				space = i
			}
			return strings.TrimRight(s[:space], " ,;.，、；。") + "…"
		}
	}
	return s
}
