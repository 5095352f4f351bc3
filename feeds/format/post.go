package format

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/format/lint"
	"github.com/coranto/coranto/internal/vocabulary"
)

// post is an entry with every part made safe for any format; a format only
// gives it a shape. Addresses are URIs or "", texts are clean.
type post struct {
	id      string
	link    string // of the original; our own page when it has none
	title   string // never empty
	summary string // plain text
	content string // HTML with the visible credit; "" when the entry has no content
	body    string // content, else the summary as HTML with the credit; "" when there is neither
	whole   string // body with the frames that are in it, for JSON Feed

	authors      []coranto.Person // never empty; each has a name
	contributors []coranto.Person

	published time.Time
	updated   time.Time

	language string // "" when it is that of the feed
	rights   string
	license  string
	comments string

	tags   []coranto.Tag // the source's, then our categories
	files  []coranto.Enclosure
	image  coranto.Image
	links  []coranto.Link // related, via, license …; no alternate, no enclosure
	source source
	via    *source

	extensions []coranto.Extension
	members    map[string]string // of the item in JSON Feed
}

// source is the credit of a post as the formats write it.
type source struct {
	coranto.Attribution
	updated time.Time // of the newest entry of this source in the feed
}

// posts makes the entries of a feed safe.
func posts(f *feeds.Feed) []post {
	list := make([]post, len(f.Entries))
	newest := make(map[string]time.Time)
	for i := range f.Entries {
		list[i] = newPost(f, &f.Entries[i])
		id := list[i].source.ID
		if list[i].updated.After(newest[id]) {
			newest[id] = list[i].updated
		}
	}
	for i := range list {
		list[i].source.updated = newest[list[i].source.ID]
	}
	return list
}

func newPost(f *feeds.Feed, e *feeds.Entry) post {
	p := post{
		id:           entryID(f, e),
		link:         cmp.Or(address(e.Link), address(e.Page)),
		summary:      strings.TrimSpace(clean(e.Summary)),
		authors:      people(e.Authors),
		contributors: people(e.Contributors),
		published:    cmp.Or(e.Published, e.Updated).UTC(),
		updated:      cmp.Or(e.Updated, e.Published).UTC(),
		rights:       line(e.Rights),
		license:      address(e.License),
		comments:     address(e.Comments),
		tags:         tags(f, &e.Item),
		files:        files(e.Enclosures),
		image:        picture(e.Image),
		source:       credit(f, e.Credit),
	}
	if lang := feeds.Language(e.Language); !strings.EqualFold(lang, feeds.Language(f.Language)) {
		p.language = lang
	}
	if e.Via.Title != "" || e.Via.Feed != "" {
		via := credit(f, e.Via)
		p.via = &via
	}
	p.title = cmp.Or(line(e.Title), p.link, p.id)
	p.links = links(e, &p)
	if len(p.authors) == 0 {
		p.authors = []coranto.Person{{Name: bare(p.source.Title), URI: p.source.Link}}
	}
	p.setBody(clean(e.Content), clean(e.CreditHTML))
	p.extensions = extensions(e.Extensions)
	p.members, _ = vocabulary.Members(e.Members)
	return p
}

// setBody puts the visible credit at the end of what readers show.
func (p *post) setBody(content, credit string) {
	if content = strings.TrimSpace(content); content != "" {
		p.content, p.whole = join(unframed(content), credit), join(content, credit)
		p.body = p.content
		return
	}
	p.body = credit
	if p.summary != "" {
		p.body = join(paragraph(p.summary), credit)
	}
	p.whole = p.body
}

func join(content, credit string) string {
	if credit == "" {
		return content
	}
	return content + "\n" + credit
}

// entryID is the id the entry came with, verbatim (RFC 4287 §4.2.6). One that
// could not be an id in any format gives way to our page of the item.
func entryID(f *feeds.Feed, e *feeds.Entry) string {
	if isID(e.EntryID) {
		return e.EntryID
	}
	return cmp.Or(canonical(address(e.Page)), authority(f)+"item/"+e.ID.String())
}

// isID reports whether an id is one in every format, and harmless where it can be clicked.
func isID(id string) bool { return feeds.IsID(id) && clean(id) == id }

// authority is the beginning of the tag: URIs of the site of f.
func authority(f *feeds.Feed) string {
	parts := strings.SplitN(f.ID, ":", 3)
	if len(parts) < 3 || parts[0] != "tag" {
		return "tag:coranto.invalid,2025-01-01:"
	}
	return parts[0] + ":" + parts[1] + ":"
}

// people are those that have a name, or something that can stand for it.
func people(list []coranto.Person) []coranto.Person {
	var kept []coranto.Person
	for _, p := range list {
		p.URI, p.Email, p.Avatar = address(p.URI), email(p.Email), address(p.Avatar)
		p.Name = cmp.Or(bare(p.Name), p.Email, p.URI)
		if p.Name != "" {
			kept = append(kept, p)
		}
	}
	return kept
}

// tags are the source's own and the categories of ours that hold the item.
func tags(f *feeds.Feed, it *coranto.Item) []coranto.Tag {
	var list []coranto.Tag
	add := func(t coranto.Tag) {
		same := func(o coranto.Tag) bool { return o.Term == t.Term && o.Scheme == t.Scheme }
		if t.Term != "" && !slices.ContainsFunc(list, same) {
			list = append(list, t)
		}
	}
	for _, t := range it.Tags {
		t.Term, t.Label = bare(t.Term), bare(t.Label)
		if !isID(t.Scheme) || !lint.KnownScheme(t.Scheme) {
			t.Scheme = ""
		}
		add(t)
	}
	scheme := address(siteURL(f) + "category/")
	for _, slug := range it.Categories {
		add(coranto.Tag{Term: bare(string(slug)), Scheme: scheme})
	}
	return list
}

// siteURL is the address that the path of every scope is appended to.
func siteURL(f *feeds.Feed) string {
	return strings.TrimSuffix(f.Home, strings.TrimPrefix(f.Scope.Path(), "/"))
}

func files(list []coranto.Enclosure) []coranto.Enclosure {
	var kept []coranto.Enclosure
	for _, e := range list {
		e.URL, e.Title, e.Length = address(e.URL), bare(e.Title), max(e.Length, 0)
		e.Type = mediaType(e.Type, e.URL)
		same := func(o coranto.Enclosure) bool { return o.URL == e.URL }
		if e.URL != "" && !slices.ContainsFunc(kept, same) {
			kept = append(kept, e)
		}
	}
	return kept
}

func picture(img coranto.Image) coranto.Image {
	img.URL, img.Alt = address(img.URL), bare(img.Alt)
	img.Width, img.Height = max(img.Width, 0), max(img.Height, 0)
	return img
}

// credit makes an attribution safe and gives it what RFC 4287 §4.2.11 asks of a
// source: an id and a title.
func credit(f *feeds.Feed, a coranto.Attribution) source {
	a.Link, a.Feed = address(a.Link), address(a.Feed)
	a.License, a.Icon = address(a.License), address(a.Icon)
	a.Rights, a.Language = line(a.Rights), feeds.Language(a.Language)
	a.Authors = people(a.Authors)
	a.Title = cmp.Or(line(a.Title), a.Link, a.Feed, "Unknown")
	if !isID(a.ID) {
		a.ID = cmp.Or(canonical(a.Feed), canonical(a.Link), authority(f)+"origin/"+digest(a.Title))
	}
	return source{Attribution: a}
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}

// links are the entry's own that make sense in another feed, its licence, and
// the feed through which another's post came.
func links(e *feeds.Entry, p *post) []coranto.Link {
	var list []coranto.Link
	add := func(l coranto.Link) {
		same := func(o coranto.Link) bool { return o.Rel == l.Rel && o.Href == l.Href }
		if l.Href != "" && !slices.ContainsFunc(list, same) {
			list = append(list, l)
		}
	}
	if p.via != nil {
		add(coranto.Link{Rel: "via", Href: cmp.Or(p.via.Feed, p.via.Link), Title: bare(p.via.Title)})
	}
	add(coranto.Link{Rel: "license", Href: p.license})
	for _, l := range e.Links {
		if !travels(l.Rel) {
			continue
		}
		l.Href, l.Title, l.Hreflang = address(l.Href), bare(l.Title), feeds.Language(l.Hreflang)
		if l.Type = strings.TrimSpace(l.Type); !lint.IsMediaType(l.Type) {
			l.Type = ""
		}
		add(l)
	}
	return list
}

// travels reports whether a link of that relation still means the same when the
// entry is in another feed.
func travels(rel string) bool {
	switch rel {
	case "related", "via", "license", "replies", "payment", "describedby":
		return true
	}
	return false
}

// when is the first time that is not zero, else a day that says nothing, which is
// better than one that changes. Readers doubt dates before 1990.
func when(times ...time.Time) time.Time {
	return cmp.Or(cmp.Or(times...), time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)).UTC()
}
