// Package page reads the pages behind items, as politely as a reader can: an
// origin's robots.txt is asked first and obeyed for every redirect (P70, P53),
// its Crawl-delay is kept, two pages of a host are asked for at a time and a
// second apart at least (P60), what failed is left alone for a day (P69), and no
// page is longer than 5 MiB.
//
// A Reader hands over a page and what its author wishes to be done with it. What
// is kept of it, and whether it is read at all, is for the caller: an item's
// Attempts tell when its page is due, which is once for each content that the
// item has had (P73).
package page

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"time"

	"golang.org/x/net/html/charset"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/robots"
)

// Why a page is not read although its origin could be asked.
var (
	// ErrDisallowed means that robots.txt, or its absence behind an error,
	// does not allow the page. Nothing was asked of it.
	ErrDisallowed = errors.New("robots.txt does not allow it")

	// ErrNotHTML means that the address leads to something else than a page.
	ErrNotHTML = errors.New("not an HTML page")
)

// failurePause is for how long a page that failed is not asked for again (P69).
const failurePause = 24 * time.Hour

// accept asks for a page and takes nothing else.
const accept = "text/html, application/xhtml+xml, */*;q=0.1"

// Options configures a Reader. Fetch must be set; the zero of every other field is
// ready for use.
type Options struct {
	Fetch    *fetch.Client
	Robots   *robots.Policy // nil means one of the Reader's own, asked through Fetch
	Agent    string         // the product token that wishes are for; "" means robots.Agent
	MaxBody  int64          // bytes of a page after decoding; 0 means 5 MiB
	Failures int            // addresses remembered as failed; 0 means 10,000
	Now      coranto.Clock  // nil means time.Now
}

// Reader reads pages. It is safe for concurrent use, and one is meant to serve the
// whole program.
type Reader struct {
	opts   Options
	failed *failures
}

// Page is one page as its origin sent it.
type Page struct {
	Requested string        // the address asked for
	URL       string        // the one that answered, after redirects; the base of its links
	Status    int           // 200 or 203
	Charset   string        // that it was read in, by the names of the WHATWG
	Size      int           // bytes before they became UTF-8
	Body      []byte        // UTF-8
	Refreshed bool          // a meta element sent us here from another page (P54)
	Wishes    robots.Wishes // of its header and its head, and of a page that sent us here
}

// New returns a reader that has met no failure yet.
func New(opts Options) *Reader {
	opts.Agent = cmp.Or(opts.Agent, robots.Agent)
	opts.MaxBody = cmp.Or(opts.MaxBody, 5<<20)
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Robots == nil {
		opts.Robots = robots.New(robots.Options{
			Fetch: robots.Through(opts.Fetch), Agent: opts.Agent, Now: opts.Now,
		})
	}
	return &Reader{opts: opts, failed: newFailures(cmp.Or(opts.Failures, 10_000))}
}

// Read fetches a page. It waits for its host's turn, which may take long where many
// pages of one host are wanted. A page that failed in the last day is not asked
// for: the error is the one it had; neither is one of a host that is left alone.
//
// The error wraps ErrDisallowed or ErrNotHTML, is a *fetch.Error, or is one of
// package robots.
func (r *Reader) Read(ctx context.Context, address string) (*Page, error) {
	if err := r.failed.recall(address, r.opts.Now()); err != nil {
		return nil, err
	}
	page, err := r.read(ctx, address)
	if err != nil && ctx.Err() == nil {
		r.remember(address, err)
	}
	return page, err
}

// remember keeps a failure for a day, or longer where the origin asked for that.
// What was not asked at all is none: of that robots.txt or the host's wish decide.
func (r *Reader) remember(address string, err error) {
	pause := failurePause
	var e *fetch.Error
	if errors.As(err, &e) {
		pause = max(pause, e.RetryAfter)
	}
	if e == nil || e.Kind != fetch.KindForbidden && e.Kind != fetch.KindWait {
		r.failed.remember(address, err, r.opts.Now().Add(pause))
	}
}

// read fetches a page and, once, the one that it sends browsers to.
func (r *Reader) read(ctx context.Context, address string) (*Page, error) {
	page, err := r.get(ctx, address)
	if err != nil {
		return nil, err
	}
	next := refreshOf(page)
	if next == "" {
		return page, nil
	}
	there, err := r.get(ctx, next)
	if err != nil {
		return nil, err
	}
	there.Requested, there.Refreshed = address, true
	there.Wishes = there.Wishes.Or(page.Wishes)
	return there, nil
}

func (r *Reader) get(ctx context.Context, address string) (*Page, error) {
	rules, err := r.opts.Robots.Rules(ctx, address)
	if err != nil {
		return nil, err
	}
	res, err := r.opts.Fetch.Get(ctx, fetch.Request{
		URL: address, Accept: accept, MaxBody: r.opts.MaxBody,
		Page: true, Spacing: rules.Delay, Allow: r.allow,
	})
	if err != nil {
		return nil, err
	}
	return r.page(res)
}

// allow asks the robots.txt of each hop.
func (r *Reader) allow(ctx context.Context, address string) error {
	rules, err := r.opts.Robots.Rules(ctx, address)
	if err != nil {
		return err
	}
	line, allowed := rules.Match(address)
	switch {
	case allowed:
		return nil
	case rules.Assumed:
		return fmt.Errorf("%w: it can't be read", ErrDisallowed)
	}
	return fmt.Errorf("%w: %s", ErrDisallowed, line)
}

// page takes an answer that is a page.
func (r *Reader) page(res *fetch.Response) (*Page, error) {
	if !isHTML(res) {
		return nil, fmt.Errorf("read %s: %w: %q", res.URL, ErrNotHTML, res.ContentType)
	}
	coding, name, _ := charset.DetermineEncoding(res.Body, res.ContentType)
	body, err := coding.NewDecoder().Bytes(res.Body)
	if err != nil {
		return nil, fmt.Errorf("read %s as %s: %w", res.URL, name, err)
	}
	wishes := robots.HeaderWishes(res.Header, r.opts.Agent).Or(robots.PageWishes(body, r.opts.Agent))
	return &Page{
		Requested: res.Requested, URL: res.URL, Status: res.Status,
		Charset: name, Size: len(res.Body), Body: body, Wishes: wishes,
	}, nil
}

// isHTML goes by what the origin says, and by the bytes when it says nothing.
func isHTML(res *fetch.Response) bool {
	kind, _, err := mime.ParseMediaType(cmp.Or(res.ContentType, http.DetectContentType(res.Body)))
	return err == nil && (kind == "text/html" || kind == "application/xhtml+xml")
}
