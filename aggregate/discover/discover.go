// Package discover finds the feed that somebody means by the address of a site
// (P75): the address itself when it is a feed, else what the page names in its
// head, else what stands where feeds usually stand.
//
// It only proposes. Every candidate was fetched and parsed, so that what is
// proposed works.
package discover

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/parse"
)

// ErrNoFeed means that neither the address nor what it leads to is a feed.
var ErrNoFeed = errors.New("no feed found")

// Limits of one search, so that a site is asked a few times at most.
const (
	maxLinks   = 5
	maxGuesses = 4
)

// Candidate is a feed that was found and read.
type Candidate struct {
	URL      string
	Title    string // of the feed
	Home     string
	Format   string // "rss", "atom" or "json"
	Items    []parse.Item
	Problems []coranto.Problem
}

// Find searches an address, best candidate first. An address without a scheme is
// tried with https. The error wraps ErrNoFeed when the site answered but has no
// feed, and the client's error when it did not answer.
func Find(ctx context.Context, client *fetch.Client, address string) ([]Candidate, error) {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	res, err := client.Get(ctx, fetch.Request{URL: address, Accept: accept})
	if err != nil {
		return nil, err
	}
	direct, err := read(res)
	if err == nil {
		return []Candidate{*direct}, nil
	}
	links := Links(res.Body, res.URL)
	found := try(ctx, client, links[:min(len(links), maxLinks)])
	if len(found) == 0 {
		found = try(ctx, client, guesses(res.URL))
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s: %w (%w)", address, ErrNoFeed, err)
	}
	return found, nil
}

const accept = "application/atom+xml, application/rss+xml, application/feed+json, " +
	"text/html;q=0.9, */*;q=0.5"

// try reads addresses and keeps those that are feeds.
func try(ctx context.Context, client *fetch.Client, addresses []string) []Candidate {
	var found []Candidate
	for _, address := range addresses {
		res, err := client.Get(ctx, fetch.Request{URL: address})
		if err != nil {
			continue
		}
		if c, err := read(res); err == nil {
			found = append(found, *c)
		}
	}
	return found
}

func read(res *fetch.Response) (*Candidate, error) {
	feed, problems, err := parse.Parse(parse.Document{
		Body: res.Body, ContentType: res.ContentType, URL: res.URL,
	})
	if err != nil {
		return nil, err
	}
	return &Candidate{
		URL: lasting(res), Title: feed.Title, Home: feed.Link, Format: feed.Format,
		Items: feed.Items, Problems: problems,
	}, nil
}

// lasting is the address to ask again: where a redirect led only if the origin
// calls it permanent (RFC 9110 §15.4).
func lasting(res *fetch.Response) string {
	if res.Permanent {
		return res.URL
	}
	return res.Requested
}

// Links are the feeds that a page names with link elements in its head, in
// order, resolved against its base element or else its own address.
func Links(page []byte, address string) []string {
	base, err := url.Parse(address)
	if err != nil {
		return nil
	}
	var links []string
	tokens := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return links
		case html.StartTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			switch token.DataAtom {
			case atom.Body:
				return links
			case atom.Base:
				if u, err := base.Parse(attribute(token, "href")); err == nil {
					base = u
				}
			case atom.Link:
				if link := feedLink(token, base); link != "" && !slices.Contains(links, link) {
					links = append(links, link)
				}
			}
		}
	}
}

// feedLink is the address that a link element gives for a feed, "" when it gives
// none. Feeds of comments are not what somebody means by a site.
func feedLink(token html.Token, base *url.URL) string {
	rel := strings.Fields(strings.ToLower(attribute(token, "rel")))
	if !slices.Contains(rel, "alternate") && !slices.Contains(rel, "feed") {
		return ""
	}
	kind, _, _ := strings.Cut(strings.ToLower(attribute(token, "type")), ";")
	switch strings.TrimSpace(kind) {
	case "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml":
	default:
		return ""
	}
	u, err := base.Parse(strings.TrimSpace(attribute(token, "href")))
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || strings.Contains(u.Path, "/comments/") {
		return ""
	}
	u.Fragment = ""
	return u.String()
}

func attribute(token html.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// guesses are where most programs that publish feeds put them.
func guesses(address string) []string {
	base, err := url.Parse(address)
	if err != nil {
		return nil
	}
	var list []string
	for _, path := range []string{"/feed", "/atom.xml", "/rss.xml", "/index.xml"}[:maxGuesses] {
		list = append(list, base.ResolveReference(&url.URL{Path: path}).String())
	}
	return list
}
