package parse

import (
	"net/url"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"

	"github.com/coranto/coranto/aggregate/parse/date"
	"github.com/coranto/coranto/aggregate/parse/elements"
	"github.com/coranto/coranto/aggregate/parse/markup"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// address is WebURL with what it mends, leaves out and can't resolve recorded.
func (p *parser) address(base *url.URL, s string) string {
	meant, mended := text.MendURL(s)
	u := text.WebURL(base, meant)
	switch {
	case u == "" && strings.TrimSpace(s) != "":
		p.problem("address-refused", "The address %.60q is none of the web; it was left out.", s)
	case mended && u != "":
		p.problem("address-mended",
			"The address %.60q is not written as one; it was read as %.60q.", s, u)
	}
	if base == nil && u != "" && !text.IsWebURL(u) {
		p.problem("base-unknown",
			"The address %.60q is relative, and the address of the document is not known.", s)
	}
	return u
}

// length reads a number of bytes; 0 when s is none.
func (p *parser) length(s string) int64 {
	n := parseLength(s)
	if s = strings.TrimSpace(s); n == 0 && strings.Trim(s, "0") != "" {
		p.problem("length-unreadable", "The length of a file, %.30q, is no number of bytes.", s)
	}
	return n
}

// noteRepeated records elements that an item may have once and has more often;
// lift writes the further ones for gofeed to keep.
func (p *parser) noteRepeated(x ext.Extensions) {
	for _, name := range []string{
		"title", "description", "content", "encoded", "summary", "guid", "id", "rights", "pubdate",
	} {
		if len(x[markup.RescuePrefix][name]) > 0 {
			p.problem("element-repeated",
				"The item has more than one %s, of which the format allows one.", name)
			return
		}
	}
}

// noteHints records hints about when to ask again that make no sense.
func (p *parser) noteHints(h Hints, f *rss.Feed) {
	period := elements.First(f.Extensions, "sy:updatePeriod")
	if f.TTL != "" && strings.Trim(f.TTL, " 0") != "" && h.TTL == 0 ||
		len(h.SkipHours) < len(f.SkipHours) || len(h.SkipDays) < len(f.SkipDays) ||
		period != "" && h.UpdatePeriod == 0 {
		p.problem("hint-unreadable",
			"What the feed says of when to ask again makes no sense and was ignored in part.")
	}
}

// noteDate records a date that was read but may mean another.
func (p *parser) noteDate(raw string, doubt date.Doubt) {
	raw = strings.TrimSpace(raw)
	if doubt&date.ZoneName != 0 {
		p.problem("zone-ambiguous", "The zone of the date %.40q has several meanings: CST was read as "+
			"America's and IST as India's; a time zone set for the source decides.", raw)
	}
	if doubt&date.DayOrMonth != 0 {
		p.problem("date-ambiguous", "It can't be told which is the day and which the month in %.40q.", raw)
	}
}
