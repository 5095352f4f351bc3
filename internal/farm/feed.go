package farm

import (
	"math"
	"strconv"
)

// Format is what a source feed is written in.
type Format int

// The formats of source feeds.
const (
	RSS Format = iota
	Atom
	JSONFeed
)

// Ext is the extension in the feed's URL, without a dot.
func (f Format) Ext() string { return [...]string{"rss", "atom", "json"}[f] }

// MIME is the Content-Type the feed is served with.
func (f Format) MIME() string {
	switch f {
	case RSS:
		return "application/rss+xml; charset=utf-8"
	case Atom:
		return "application/atom+xml; charset=utf-8"
	default:
		return "application/feed+json"
	}
}

// Class is what a source does when its feed is asked for.
type Class int

// The classes of sources.
const (
	OK          Class = iota
	NotFound          // 404
	Gone              // 410
	TooMany           // 429 with Retry-After
	ServerError       // 500 to 503
	Hang              // no answer until the client or the farm gives up
	Redirect          // 301, 302, 307 or 308 to the feed's new address, which works
)

// Feed is the fixed character of one source.
type Feed struct {
	ID       int
	Host     int
	Format   Format
	Title    string // plain text
	Tagline  string // plain text
	Rights   string // plain text; "" without Names
	Language string // BCP 47
	Chinese  bool
	Items    int // in the document at a time
	Size     int // bytes that the document is aimed at
	Category int // index in Farm.AllCategories
	Class    Class
	ETag, LM bool // which validators it sends
	Gzip     bool // compresses when asked to
	FullText bool // the feed has the whole article; the page of a short one has more
	Bozo     bool // malformed XML: " AT&T & co" follows the title of the newest item
}

// feed draws the character of feed i. The order of the draws is part of the
// bytes, so it never changes.
func (p *press) feed(i int) Feed {
	r := mix(p.Seed, 1, uint64(i))
	f := Feed{ID: i, ETag: true, LM: true, Language: "en-US"}
	f.Host = i % p.Hosts
	if p.BigHosts > 0 && r.p(0.25) {
		f.Host = r.intn(p.BigHosts)
	}
	f.Format = drawFormat(&r)
	f.Chinese = r.p(0.25)
	f.drawSize(&r)
	f.Category = r.intn(p.Config.Categories)
	f.Class = p.drawClass(&r, i)
	p.drawValidators(&r, &f)
	f.Gzip = !r.p(p.PNoGzip)
	f.Bozo = r.p(p.PBozo)
	if p.Names {
		p.name(&f)
		return f
	}
	if f.Chinese {
		f.Language = "zh-CN"
	}
	f.Title = p.soupTitle(&f)
	f.Tagline = f.Title
	return f
}

func drawFormat(r *rng) Format {
	switch x := r.float(); {
	case x < 0.60:
		return RSS
	case x < 0.90:
		return Atom
	default:
		return JSONFeed
	}
}

func (f *Feed) drawSize(r *rng) {
	f.Items = 20 + r.intn(31)
	size := math.Exp(math.Log(32000) + 0.9*r.norm())
	f.Size = int(min(max(size, 5000), 200000))
	if f.Size < f.Items*350 {
		f.Items = 20
	}
	f.FullText = f.Size/f.Items > 900
}

func (c *Config) drawClass(r *rng, i int) Class {
	x := r.float()
	if class, ok := c.Faults[i]; ok {
		return class
	}
	shares := [...]float64{c.P404, c.P410, c.P429, c.P500, c.PHang, c.PRedirect}
	for k, share := range shares {
		if x < share {
			return Class(k + 1)
		}
		x -= share
	}
	return OK
}

func (c *Config) drawValidators(r *rng, f *Feed) {
	switch {
	case r.p(c.PNoValidators):
		f.ETag, f.LM = false, false
	case r.p(c.PETagOnly):
		f.LM = false
	case r.p(c.PLMOnly):
		f.ETag = false
	}
}

func (p *press) soupTitle(f *Feed) string {
	r := mix(p.Seed, 5, uint64(f.ID))
	t := text{words: p.words}
	t.title(&r, f.Chinese)
	return string(t.b)
}

// namedItems is the number of items in every feed of a farm with Names.
const namedItems = 24

// name makes the feed that of an invented paper.
func (p *press) name(f *Feed) {
	papers := p.desk.Papers()
	paper := papers[f.ID%len(papers)]
	f.Title = paper.Name
	if edition := f.ID / len(papers); edition > 0 {
		f.Title += " " + strconv.Itoa(edition+1)
	}
	f.Tagline = paper.Tagline
	f.Rights = paper.Rights
	f.Language = paper.Language
	f.Chinese = paper.Chinese()
	f.Category = paper.Section
	f.Items = namedItems
	f.Format = Format(f.ID % 3)
	f.FullText = f.ID%4 != 3
}

// Category is a topic that feeds are filed under in the OPML.
type Category struct {
	Slug  string // lower-case letters, digits and hyphens
	Title string // plain text
}

// AllCategories are what Feed.Category counts in.
func (p *press) AllCategories() []Category {
	var cs []Category
	if p.Names {
		for _, s := range p.desk.Sections() {
			cs = append(cs, Category{Slug: s.Slug, Title: s.Title})
		}
		return cs
	}
	for i := range p.Config.Categories {
		name := catName(i)
		cs = append(cs, Category{Slug: name, Title: name})
	}
	return cs
}

func catName(i int) string {
	if i < 10 {
		return "cat0" + strconv.Itoa(i)
	}
	return "cat" + strconv.Itoa(i)
}
