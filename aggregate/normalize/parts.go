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

func people(in []parse.Person) []coranto.Person {
	var out []coranto.Person
	for _, p := range in {
		person := coranto.Person{
			Name:   sanitize.Line(p.Name),
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
	for _, t := range in {
		tag := coranto.Tag{
			Term:   sanitize.Line(cmp.Or(t.Term, t.Label)),
			Scheme: strings.TrimSpace(t.Scheme),
			Label:  sanitize.Line(t.Label),
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
	for _, e := range in {
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
		Title:    sanitize.Line(f.Title),
		Summary:  sanitize.Excerpt(sanitize.Text(f.Summary), excerptLength),
		Link:     sanitize.URL(f.Link, base),
		Language: language(f.Language),
		Rights:   sanitize.Line(f.Rights),
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
