package normalize

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/parse"
	"github.com/coranto/coranto/aggregate/sanitize"
)

// guid is the source's id, opaque: only what no document of ours could carry is
// taken out of it.
func guid(it *parse.Item) string {
	if !it.HasGUID {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, strings.ToValidUTF8(it.ID, "\ufffd"))
}

// The longest texts, in characters, and lists: beyond them a source would spoil
// the pages that it shares with others.
const (
	longTitle  = 400
	longName   = 150
	longTag    = 100
	longRights = 500
	manyPeople = 30
	manyTags   = 60
	manyFiles  = 100
)

// line is text of one line, cut where it is longer than anybody needs.
func line(s string, longest int) string { return sanitize.Excerpt(sanitize.Line(s), longest) }

func (n *normalizer) title(it *parse.Item) string {
	full := sanitize.Line(it.Title)
	title := sanitize.Excerpt(full, longTitle)
	if title != full {
		n.problem("title-cut", "the title is very long; it was cut")
	}
	return title
}

// origin is who published the item first, if the source says so in a way that
// readers can follow: a name alone would only hide the source.
func (n *normalizer) origin(it *parse.Item) *coranto.Attribution {
	if it.Source == nil {
		return nil
	}
	origin := attribution(it.Source, n.base)
	if origin.Link == "" && origin.Feed == "" {
		return nil
	}
	return &origin
}

func people(in []parse.Person) []coranto.Person {
	var out []coranto.Person
	for _, p := range in[:min(len(in), manyPeople)] {
		person := coranto.Person{
			Name:   line(p.Name, longName),
			Email:  sanitize.Line(p.Email),
			URI:    sanitize.URL(p.URI, nil),
			Avatar: sanitize.URL(p.Avatar, nil),
		}
		if person != (coranto.Person{}) {
			out = append(out, person)
		}
	}
	return out
}

// language is a BCP 47 tag as far as its form goes, "" when it has not even that.
func language(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	if len(s) < 2 || len(s) > 35 {
		return ""
	}
	for part := range strings.SplitSeq(s, "-") {
		if part == "" || len(part) > 8 || strings.Trim(part, alphanumeric) != "" {
			return ""
		}
	}
	return s
}

const alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// tags keeps each term of a vocabulary once, in order.
func tags(in []parse.Tag) []coranto.Tag {
	var out []coranto.Tag
	seen := make(map[[2]string]bool, len(in))
	for _, t := range in[:min(len(in), manyTags)] {
		tag := coranto.Tag{
			Term:   line(cmp.Or(t.Term, t.Label), longTag),
			Scheme: strings.TrimSpace(t.Scheme),
			Label:  line(t.Label, longTag),
		}
		key := [2]string{tag.Term, tag.Scheme}
		if tag.Term == "" || seen[key] {
			continue
		}
		seen[key] = true
		out = append(out, tag)
	}
	return out
}

func enclosures(in []parse.Enclosure, base *url.URL) []coranto.Enclosure {
	var out []coranto.Enclosure
	for _, e := range in[:min(len(in), manyFiles)] {
		if u := sanitize.URL(e.URL, base); u != "" {
			out = append(out, coranto.Enclosure{
				URL:      u,
				Type:     sanitize.Line(e.Type),
				Title:    sanitize.Line(e.Title),
				Length:   max(e.Length, 0),
				Duration: max(e.Duration, 0),
			})
		}
	}
	return out
}

// otherLinks are the links that have no field of their own. A feed's self and
// edit links mean nothing in another feed.
func (n *normalizer) otherLinks(it *parse.Item, own string) []coranto.Link {
	var out []coranto.Link
	for _, l := range it.Links {
		switch l.Rel {
		case "self", "edit", "enclosure", "hub", "alternate", "":
			continue
		}
		if href := sanitize.URL(l.Href, n.base); href != "" && href != own {
			out = append(out, coranto.Link{
				Rel:      sanitize.Line(l.Rel),
				Href:     href,
				Type:     sanitize.Line(l.Type),
				Hreflang: sanitize.Line(l.Hreflang),
				Title:    sanitize.Line(l.Title),
			})
		}
	}
	return out
}

// image prefers the picture that the source names over the first in the text.
func (n *normalizer) image(it *parse.Item, found coranto.Image) coranto.Image {
	named := it.Image
	if named.URL = sanitize.URL(named.URL, n.base); named.URL == "" {
		return found
	}
	named.Alt = sanitize.Line(named.Alt)
	return named
}

// attribution is the credit that a feed asks for.
func attribution(f *parse.Feed, base *url.URL) coranto.Attribution {
	a := coranto.Attribution{
		ID:       strings.ToValidUTF8(f.ID, "\ufffd"),
		Title:    line(f.Title, longTitle),
		Summary:  sanitize.Excerpt(sanitize.Text(f.Summary), excerptLength),
		Link:     sanitize.URL(f.Link, base),
		Language: language(f.Language),
		Rights:   line(f.Rights, longRights),
		License:  sanitize.URL(f.License, base),
		Icon:     sanitize.URL(cmp.Or(f.Icon, f.Logo), base),
		Authors:  people(f.Authors),
	}
	for _, l := range f.Links {
		if l.Rel == "self" {
			a.Feed = sanitize.URL(l.Href, base)
		}
	}
	return a
}
