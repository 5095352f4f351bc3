package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"time"
)

// maxHops is how many redirects are followed.
const maxHops = 5

// exchange is one Get: a request and the redirects it leads through.
type exchange struct {
	walk
	req  Request
	resp *Response

	url         string // of the hop in hand
	own         bool   // no redirect has left the host that the source named
	conditional bool   // its request carries validators
	cancel      context.CancelCauseFunc
	deadline    *time.Timer // of the whole exchange
}

// follow requests u and whatever it redirects to.
func (x *exchange) follow(parent context.Context, u *url.URL) (*Response, error) {
	if x.req.ValidatorURL == "" {
		x.req.ValidatorURL = u.String()
	}
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	x.cancel = cancel
	defer x.stop()
	for {
		next, err := x.turn(ctx, u)
		if err != nil {
			return nil, x.failed(ctx, u, err)
		}
		if next == nil {
			x.resp.RetryAfter, x.resp.WaitHost = x.wait, x.asker
			return x.resp, nil
		}
		x.own = x.own && sameOrigin(u, next)
		u = next
	}
}

// turn waits for the host to be free and makes one hop, if it may and the host is not
// to be left alone. The deadline of the exchange begins when the first host is free.
func (x *exchange) turn(ctx context.Context, u *url.URL) (*url.URL, error) {
	if err := x.allowed(ctx, u); err != nil {
		return nil, err
	}
	if err := x.enter(ctx, u); err != nil {
		return nil, err
	}
	defer x.leave(u)
	if x.deadline == nil {
		x.deadline = x.expire("timed out after", cmp.Or(x.req.Access.Timeout, x.client.opts.Timeout))
	}
	return x.hop(ctx, u)
}

// allowed asks the caller about a hop.
func (x *exchange) allowed(ctx context.Context, u *url.URL) error {
	if x.req.Allow == nil {
		return nil
	}
	err := x.req.Allow(ctx, u.String())
	if err == nil || ctx.Err() != nil {
		return err
	}
	return &Error{Kind: KindForbidden, Err: err}
}

// expire ends the exchange after d, unless the timer is stopped.
func (x *exchange) expire(text string, d time.Duration) *time.Timer {
	return time.AfterFunc(d, func() { x.cancel(&timeout{text, d}) })
}

func (x *exchange) stop() {
	if x.deadline != nil {
		x.deadline.Stop()
	}
}

// hop is one request and its answer: where to go next, or nil at the end.
func (x *exchange) hop(ctx context.Context, u *url.URL) (*url.URL, error) {
	x.url = u.String()
	x.conditional = x.owns(x.url)
	way, err := x.client.way(ctx, x.req.Access, u, x.own)
	if err != nil {
		return nil, err
	}
	req := &http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: x.header()}
	res, err := way.RoundTrip(req.WithContext(x.twice(ctx)))
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	x.heed(u, res)
	switch res.StatusCode {
	case http.StatusOK, http.StatusNonAuthoritativeInfo:
		return nil, x.accept(res)
	case http.StatusIMUsed:
		if x.resp.Delta = isDelta(res.Header); x.resp.Delta {
			return nil, x.accept(res)
		}
	case http.StatusNotModified:
		return nil, x.notModified(res)
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		drain(res.Body)
		return x.redirect(u, res)
	}
	drain(res.Body)
	return nil, statusError(res)
}

// errTries is why an exchange ends when net/http would try it once more.
var errTries = errors.New("the origin refuses each connection or stream")

// twice lets net/http send a request a second time, as it does where the first one
// met a closed connection or was refused unread, and no more often (P37).
func (x *exchange) twice(ctx context.Context) context.Context {
	tries := 0
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		if tries++; tries > 2 {
			x.cancel(errTries)
		}
	}})
}

// statusError is the answer of an origin that has nothing for us.
func statusError(res *http.Response) *Error {
	e := &Error{Status: res.StatusCode, Kind: KindStatus}
	switch {
	case res.Header.Get("Cf-Mitigated") == "challenge":
		e.Err = ErrChallenge
	case res.StatusCode == http.StatusUnauthorized, res.StatusCode == http.StatusForbidden:
		e.Err = ErrRefused
	}
	return e
}

// isDelta reports whether a 226 brings the new items of a feed, whole as they are
// (RFC 3229 §10.5.3 with the manipulation "feed").
func isDelta(h http.Header) bool {
	return strings.EqualFold(strings.TrimSpace(h.Get("Im")), "feed")
}

// redirect says where a redirect leads, after RFC 9110 §15.4.
func (x *exchange) redirect(u *url.URL, res *http.Response) (*url.URL, error) {
	fail := func(err error) error {
		return &Error{Status: res.StatusCode, Kind: KindRedirect, Err: err}
	}
	location := res.Header.Get("Location")
	if location == "" {
		return nil, fail(errors.New("redirect without a Location"))
	}
	next, err := u.Parse(location)
	if err != nil {
		return nil, fail(errors.New("redirect to a malformed URL"))
	}
	next.Fragment, next.RawFragment = "", ""
	if err := checkURL(next); err != nil {
		return nil, fail(fmt.Errorf("redirect: %w", err))
	}
	x.resp.Hops = append(x.resp.Hops, Hop{x.url, res.StatusCode})
	if len(x.resp.Hops) > maxHops {
		return nil, fail(fmt.Errorf("more than %d redirects", maxHops))
	}
	if slices.ContainsFunc(x.resp.Hops, func(h Hop) bool { return h.URL == next.String() }) {
		return nil, fail(errors.New("redirects go in a circle"))
	}
	return next, nil
}

// accept takes a full answer, its body and its validators.
func (x *exchange) accept(res *http.Response) error {
	x.note(res)
	x.resp.ETag = validator(res.Header, "Etag")
	x.resp.LastModified = validator(res.Header, "Last-Modified")
	return x.read(res)
}

// notModified takes a 304. Validators that it brings replace the ones it was
// asked with (RFC 9110 §15.4.5); the others stay good.
func (x *exchange) notModified(res *http.Response) error {
	if !x.conditional {
		return &Error{Status: res.StatusCode, Kind: KindProtocol, Err: ErrUnasked}
	}
	x.note(res)
	x.resp.NotModified = true
	x.resp.ETag = cmp.Or(validator(res.Header, "Etag"), x.req.ETag)
	x.resp.LastModified = cmp.Or(validator(res.Header, "Last-Modified"), x.req.LastModified)
	return nil
}

// note takes what a 200 and a 304 have in common.
func (x *exchange) note(res *http.Response) {
	r := x.resp
	r.URL, r.ValidatorURL = x.url, x.url
	r.Status = res.StatusCode
	r.ContentType = res.Header.Get("Content-Type")
	r.Link = res.Header.Values("Link")
	if x.req.Page {
		r.Header = res.Header
	}
	r.Freshness, r.HasFreshness = freshness(res.Header, x.client.opts.Now())
	r.Date, _ = http.ParseTime(res.Header.Get("Date"))
	r.Permanent = len(r.Hops) > 0 && !slices.ContainsFunc(r.Hops, func(h Hop) bool {
		return h.Status != http.StatusMovedPermanently && h.Status != http.StatusPermanentRedirect
	})
}

// owns reports whether there are validators and u is where they came from.
func (x *exchange) owns(u string) bool {
	return u == x.req.ValidatorURL && (x.req.ETag != "" || x.req.LastModified != "")
}

// failure is an error as Get returns it.
func failure(ctx context.Context, u *url.URL, err error) *Error {
	var e *Error
	if !errors.As(err, &e) {
		kind, why := reason(ctx, err)
		e = &Error{Kind: kind, Err: why}
	}
	e.URL = plainURL(u.String())
	return e
}

// reason prefers why the exchange was ended to what that broke.
func reason(ctx context.Context, err error) (Kind, error) {
	if ctx.Err() == nil {
		return classify(err)
	}
	why := context.Cause(ctx)
	switch {
	case errors.Is(why, context.DeadlineExceeded):
		return KindTimeout, why
	case errors.Is(why, errTries):
		return KindConnect, why
	}
	return KindCanceled, why
}

// drain reads what is left of a small body, so that its connection can be used
// again.
func drain(body io.Reader) {
	_, _ = io.CopyN(io.Discard, body, 16<<10)
}
