// Package discover finds the feed that somebody means by the address of a site
// (P75), asking in this order: where the platform of the address is known to
// keep its feeds (package platform); the address itself, which may be a feed;
// what its page names in the head, and its response in Link headers; where the
// program that made the page keeps feeds, and feeds of the same host that the
// page's text links to; where feeds usually stand; and last what the text links
// to elsewhere.
//
// It only proposes. Every candidate was fetched, never by HEAD, and parsed, so
// that what is proposed works. An address is proposed because it answered with a
// feed, not because a feed calls itself by it: rel=self of another origin is no
// proof of anything.
//
// robots.txt is not asked: the address was named by the operator, whose own
// request this is.
package discover

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/discover/platform"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/parse"
)

// ErrNoFeed means that neither the address nor what it leads to is a feed.
var ErrNoFeed = errors.New("no feed found")

// Error says that an address has no feed.
type Error struct {
	URL    string
	Remedy string // one sentence: what to do instead
	Err    error  // why the address itself is none; nil when it was not asked
}

// Error is one line: the address and the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.URL + ": " + ErrNoFeed.Error()
	}
	return e.URL + ": " + ErrNoFeed.Error() + " (" + e.Err.Error() + ")"
}

// Unwrap gives ErrNoFeed and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{ErrNoFeed}
	}
	return []error{ErrNoFeed, e.Err}
}

// usualRemedy is for sites of which nothing is known.
const usualRemedy = "give the feed's own address: a link called RSS may have it"

// most is how many addresses are tried of one kind of sign, so that a site is
// asked a few times at most.
const most = 4

// Candidate is a feed that was found and read.
type Candidate struct {
	URL      string
	Title    string // of the feed
	Home     string
	Format   string // "rss", "atom" or "json"
	Items    []parse.Item
	Problems []coranto.Problem
}

// Find searches an address, best candidate first: of several those with items
// come before those without. An address without a scheme is tried with https.
// The error is an *Error, which wraps ErrNoFeed, when the site has no feed, and
// the client's error when it did not answer or asked to be left alone.
func Find(ctx context.Context, client *fetch.Client, address string) ([]Candidate, error) {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	if remedy := platform.Remedy(address); remedy != "" {
		return nil, &Error{URL: address, Remedy: remedy}
	}
	s := &search{ctx: ctx, client: client, asked: make(map[string]bool)}
	if s.try(platform.Feeds(address, nil)) || s.stopped != nil {
		return s.best()
	}
	res, err := client.Get(ctx, fetch.Request{URL: address, Accept: accept})
	if err != nil {
		return nil, err
	}
	s.asked[address], s.asked[res.URL] = true, true
	direct, why := read(res)
	if why == nil {
		return []Candidate{*direct}, nil
	}
	if s.page(res) || s.stopped != nil {
		return s.best()
	}
	remedy := cmp.Or(platform.Remedy(res.URL), usualRemedy)
	return nil, &Error{URL: address, Remedy: remedy, Err: why}
}

const accept = "application/atom+xml, application/rss+xml, application/feed+json, " +
	"text/html;q=0.9, */*;q=0.5"

// search is one call of Find.
type search struct {
	ctx     context.Context
	client  *fetch.Client
	asked   map[string]bool
	found   []Candidate
	stopped error // the origin asked for a rest, or the caller went away
}

// page looks for feeds around a page, surest sign first, and stops at the first
// sign that leads to one.
func (s *search) page(res *fetch.Response) bool {
	base, err := url.Parse(res.URL)
	if err != nil {
		return false
	}
	links := Links(res.Body, res.URL)
	for _, link := range HeaderLinks(res.Link, res.URL) {
		if !slices.Contains(links, link) {
			links = append(links, link)
		}
	}
	own, foreign := platform.Named(res.Body, base)
	return s.try(links) ||
		s.try(platform.Feeds(res.URL, res.Body)) ||
		s.try(own) ||
		s.try(guesses(base)) ||
		s.try(foreign)
}

// try reads addresses, keeps those that are feeds, and reports whether there are
// any.
func (s *search) try(addresses []string) bool {
	left := most
	for _, address := range addresses {
		if left == 0 || s.stopped != nil {
			break
		}
		if s.asked[address] {
			continue
		}
		s.asked[address] = true
		left--
		res, err := s.client.Get(s.ctx, fetch.Request{URL: address})
		if err != nil {
			if s.ctx.Err() != nil || isBusy(err) {
				s.stopped = err
			}
			continue
		}
		if c, err := read(res); err == nil {
			s.add(*c)
		}
	}
	return len(s.found) > 0
}

// isBusy reports an origin that wants to be left alone for a while.
func isBusy(err error) bool {
	var e *fetch.Error
	return errors.As(err, &e) && (e.Status == http.StatusTooManyRequests || e.RetryAfter > 0)
}

// add keeps a candidate, one of each address.
func (s *search) add(c Candidate) {
	if !slices.ContainsFunc(s.found, func(o Candidate) bool { return o.URL == c.URL }) {
		s.found = append(s.found, c)
	}
}

// best are the candidates, those with items first, or else what stopped the
// search.
func (s *search) best() ([]Candidate, error) {
	if len(s.found) == 0 {
		return nil, s.stopped
	}
	slices.SortStableFunc(s.found, func(a, b Candidate) int {
		return cmp.Compare(min(len(b.Items), 1), min(len(a.Items), 1))
	})
	return s.found, nil
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

// guesses are where most programs that publish feeds put them: those of a folder
// before those of the whole site.
func guesses(base *url.URL) []string {
	paths := []string{"/feed", "/atom.xml", "/rss.xml", "/index.xml"}
	if dir := base.Path[:strings.LastIndex(base.Path, "/")+1]; dir != "/" && dir != "" {
		paths = []string{dir + "feed", dir + "index.xml", "/feed", "/rss.xml"}
	}
	list := make([]string, len(paths))
	for i, path := range paths {
		list[i] = base.ResolveReference(&url.URL{Path: path}).String()
	}
	return list
}
