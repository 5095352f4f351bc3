// Package robots tells which pages of an origin may be fetched, by its
// robots.txt (RFC 9309), and what a page wishes to be done with it, by its
// header and head.
//
// It governs what the program fetches by itself: the pages behind items. It
// does not govern what somebody asked for by name: a source's feed, which is
// published to be read by programs, and the address given to `coranto add`,
// which is a request of the operator's own.
//
// The package does no input or output: a Policy is given a Fetcher, which in
// this program is Through with the one HTTP client.
package robots

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coranto/coranto"
)

// Agent is the product token that rules for this program name.
const Agent = "Coranto"

// How long an answer holds.
const (
	lifetime = 24 * time.Hour // of a file, the most that RFC 9309 §2.4 allows
	pause    = time.Hour      // after an origin was out of reach, unless it asks for more
)

// ErrAddress reports an address that is no absolute web address.
var ErrAddress = errors.New("not an http or https address")

// Answer is what an origin answered when it was asked for its robots.txt, after
// redirects.
type Answer struct {
	Status     int // of the last response; a redirect's when it could not be followed
	Body       []byte
	RetryAfter time.Duration // how long the origin asks to wait; 0 when it did not
}

// Fetcher asks for a robots.txt. The error means that nobody answered.
type Fetcher func(ctx context.Context, address string) (Answer, error)

// Options configures a Policy. Fetch must be set; the zero of every other field
// is ready for use.
type Options struct {
	Fetch    Fetcher
	Agent    string        // the product token to look for; "" means Agent
	MaxHosts int           // origins remembered; 0 means 1000
	MaxBytes int           // of the rules remembered; 0 means 8 MiB
	Now      coranto.Clock // nil means time.Now
}

// Policy remembers the rules of origins, each for a day at most. It is safe for
// concurrent use; one origin is asked once at a time.
type Policy struct {
	opts Options

	mu      sync.Mutex
	origins map[string]*origin
	bytes   int
}

// origin is what is known of one scheme, host and port. Its fields are for
// whoever holds turn, but for used and cost, which are the Policy's.
type origin struct {
	turn  chan struct{}
	rules Rules
	until time.Time // rules hold; zero before the first answer
	good  *Rules    // those of the last file that was read

	used time.Time
	cost int
}

// New returns a policy that knows nothing yet.
func New(opts Options) *Policy {
	opts.Agent = cmp.Or(opts.Agent, Agent)
	opts.MaxHosts = cmp.Or(opts.MaxHosts, 1000)
	opts.MaxBytes = cmp.Or(opts.MaxBytes, 8<<20)
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Policy{opts: opts, origins: make(map[string]*origin)}
}

// Rules are those that hold for a page. Its origin is asked when nothing is
// known of it or what is known has aged (P71): a file holds for a day; an
// origin without one (any 4xx but 429) allows everything; one that is out of
// reach (5xx, 429, no answer) nothing, unless its file was read before. The
// error wraps ErrAddress or is that of ctx.
func (p *Policy) Rules(ctx context.Context, page string) (Rules, error) {
	address, err := fileOf(page)
	if err != nil {
		return Rules{}, err
	}
	o := p.origin(address)
	select {
	case o.turn <- struct{}{}:
		defer func() { <-o.turn }()
	case <-ctx.Done():
		return Rules{}, fmt.Errorf("ask %s: %w", address, ctx.Err())
	}
	if p.opts.Now().Before(o.until) {
		return o.rules, nil
	}
	answer, err := p.opts.Fetch(ctx, address)
	if ctx.Err() != nil {
		return Rules{}, fmt.Errorf("ask %s: %w", address, ctx.Err())
	}
	p.learn(o, answer, err)
	p.weigh(address, o)
	return o.rules, nil
}

// Allowed reports whether a page may be fetched now. The error is that of Rules.
func (p *Policy) Allowed(ctx context.Context, page string) (bool, error) {
	rules, err := p.Rules(ctx, page)
	if err != nil {
		return false, err
	}
	return rules.Allow(page), nil
}

// fileOf is the address of the robots.txt that governs a page (RFC 9309 §2.3).
func fileOf(page string) (string, error) {
	u, err := url.Parse(page)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("robots.txt of %q: %w", page, ErrAddress)
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}).String(), nil
}

// origin finds or begins an origin's entry.
func (p *Policy) origin(address string) *origin {
	p.mu.Lock()
	defer p.mu.Unlock()
	o, known := p.origins[address]
	if !known {
		o = &origin{turn: make(chan struct{}, 1)}
		p.origins[address] = o
	}
	o.used = p.opts.Now()
	return o
}

// learn takes an answer by its status.
func (p *Policy) learn(o *origin, answer Answer, err error) {
	now := p.opts.Now()
	o.until = now.Add(lifetime)
	switch status := answer.Status; {
	case err != nil, status == http.StatusTooManyRequests, status < 200, status >= 500:
		o.until = now.Add(min(max(pause, answer.RetryAfter), lifetime))
		o.rules = nothing()
		if o.good != nil {
			o.rules = *o.good
		}
	case status < 300:
		rules := Parse(answer.Body, p.opts.Agent)
		o.rules, o.good = rules, &rules
	default: // none there (§2.3.1.3), or not to be found behind its redirects (§2.3.1.2)
		o.rules, o.good = Rules{}, nil
	}
}

// weigh counts what an origin's rules cost, and forgets what was unused longest
// when all of them cost too much.
func (p *Policy) weigh(address string, o *origin) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.origins[address] != o { // forgotten in the meantime
		return
	}
	cost := o.rules.size()
	p.bytes += cost - o.cost
	o.cost = cost
	for len(p.origins) > 1 && (len(p.origins) > p.opts.MaxHosts || p.bytes > p.opts.MaxBytes) {
		p.forgetOldest(address)
	}
}

// forgetOldest spares the origin that has just answered.
func (p *Policy) forgetOldest(spared string) {
	oldest := ""
	for address, o := range p.origins {
		if address != spared && (oldest == "" || o.used.Before(p.origins[oldest].used)) {
			oldest = address
		}
	}
	p.bytes -= p.origins[oldest].cost
	delete(p.origins, oldest)
}
