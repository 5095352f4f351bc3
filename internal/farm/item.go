package farm

import (
	"fmt"
	"strconv"
	"time"
)

// Item is the known truth of one item, for checking what a client stored or
// published again.
type Item struct {
	Index   int // 0 is the first that the feed ever published
	Rev     int // 0 is the item as first published
	GUID    string
	URL     string
	Title   string // plain text
	Summary string // plain text; "" without Names
	HTML    string // the article; a feed without FullText gives Summary, with Names
	Author  string
	Image   string // URL of the picture; "" when there is none, and without Names
	Tags    []string
	Created time.Time
	Updated time.Time
}

// pace is the time between two items of a feed, to which chance adds less than
// maxJitter.
const (
	pace      = 97 * time.Minute
	maxJitter = 50 * time.Minute
)

// itemTime is when item j was published.
func (p *press) itemTime(f *Feed, h history, j int) time.Time {
	if at, ok := h.dates[j]; ok {
		return at
	}
	r := mix(7, uint64(f.ID), uint64(j))
	jitter := time.Duration(r.intn(int(maxJitter/time.Second))) * time.Second
	at := time.Duration(j) * pace
	if p.Names && j < f.Items { // papers differ in how often they print
		at -= time.Duration((f.Items-1-j)*(f.ID%4)) * pace / 2
	}
	return p.Epoch.Add(at + jitter)
}

// item makes item j of a feed at a revision. The order of the draws is part of
// the bytes.
func (p *press) item(f *Feed, e *edition, j, rev int) Item {
	base := p.siteURL(f)
	it := Item{
		Index: j, Rev: rev,
		URL:  fmt.Sprintf("%s/p/%d/%d.html", base, f.ID, j),
		GUID: fmt.Sprintf("tag:farm.test,2026:%d/%d", f.ID, j),
	}
	it.Created = p.itemTime(f, p.datesOf(f, e), j)
	it.Updated = it.Created.Add(time.Duration(rev) * time.Hour)
	if p.Names {
		p.report(f, &it)
		return it
	}
	r := mix(p.Seed, 3, uint64(f.ID), uint64(j))
	it.Title = p.titleOf(&r, f, rev)
	it.HTML = p.articleOf(&r, f, j, rev)
	it.Author = p.authorOf(&r)
	it.Tags = []string{p.word(&r, f.Chinese), p.word(&r, f.Chinese)}
	return it
}

// datesOf is the part of the history that itemTime asks for; the rest of it is
// not needed where no item was dated.
func (p *press) datesOf(f *Feed, e *edition) history {
	if len(e.single) == 0 {
		return history{}
	}
	return p.replay(f, e)
}

func (p *press) titleOf(r *rng, f *Feed, rev int) string {
	t := text{words: p.words}
	t.title(r, f.Chinese)
	if rev > 0 {
		t.add(" (update ", strconv.Itoa(rev), ")")
	}
	return string(t.b)
}

func (p *press) articleOf(r *rng, f *Feed, j, rev int) string {
	size := float64(max(f.Size/f.Items-420, 60)) * (0.4 + 1.2*r.float())
	own := mix(p.Seed, 2, uint64(f.ID), uint64(j), uint64(rev))
	t := text{words: p.words}
	t.article(&own, int(size), f.Chinese, p.siteURL(f))
	return string(t.b)
}

func (p *press) authorOf(r *rng) string {
	t := text{words: p.words}
	t.title(r, false)
	return string(t.b[:min(len(t.b), 22)])
}

func (p *press) word(r *rng, zh bool) string {
	t := text{words: p.words}
	t.phrase(r, 1, zh)
	return string(t.b)
}

// report fills in an item in the words of the feed's paper.
func (p *press) report(f *Feed, it *Item) {
	papers := p.desk.Papers()
	r := mix(p.Seed, 3, uint64(f.ID), uint64(it.Index))
	if r.intn(5) < 2 {
		it.Image = p.siteURL(f) + "/img/" + strconv.Itoa(f.ID*100000+it.Index) + ".jpg"
	}
	s := p.desk.Story(papers[f.ID%len(papers)], it.Index, r.intn, it.Image)
	it.Title = s.Title
	it.Summary = s.Summary
	it.HTML = s.HTML
	it.Author = s.Author
	it.Tags = s.Tags
	if it.Rev > 0 {
		it.HTML += s.Correction
	}
}
