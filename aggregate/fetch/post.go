package fetch

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/coranto/coranto"
)

// Post sends a form on behalf of a source and reports whether it was taken, which any
// 2xx says. It asks as politely and as carefully as Get: addresses are checked, a host
// is asked for one thing at a time and not while it wants to be left alone, and the
// whole takes no longer than the timeout.
//
// The form takes the source's way: its proxy, version of HTTP and patience (P68). The
// source's headers, cookies and password are not sent, and its trust counts only for
// the scheme, host and port of its own URL. The zero Source has no wishes.
//
// Redirects that keep the method (307 and 308, RFC 9110 §15.4.8) are followed, but
// never from https to http: forms carry secrets. For the same reason the error, an
// *Error, has nothing of the form, nor of the answer, which may repeat it.
func (c *Client) Post(
	ctx context.Context, target string, form url.Values, src coranto.Source,
) error {
	u, err := (&Request{URL: target}).parse()
	if err != nil {
		return &Error{URL: plainURL(target), Kind: KindRequest, Err: err}
	}
	p := posting{walk: walk{client: c, gate: c.gate}, body: form.Encode(), access: src.Access}
	p.home, _ = url.Parse(src.URL) // nil trusts nobody beyond the usual
	for range maxHops + 1 {
		next, err := p.once(ctx, u)
		if err != nil {
			return p.failed(ctx, u, err)
		}
		if next == nil {
			return nil
		}
		u = next
	}
	return &Error{URL: plainURL(u.String()), Kind: KindRedirect, Err: errors.New("too many redirects")}
}

// posting is one Post: a form and the redirects that it follows.
type posting struct {
	walk
	body   string
	access coranto.Access
	home   *url.URL // of the source; nil for none
}

// once waits for the host to be free and sends the form: where to send it next, or nil
// at the end.
func (p *posting) once(ctx context.Context, u *url.URL) (*url.URL, error) {
	if err := p.enter(ctx, u); err != nil {
		return nil, err
	}
	defer p.leave(u)
	limit := cmp.Or(p.access.Timeout, p.client.opts.Timeout)
	ctx, cancel := context.WithTimeoutCause(ctx, limit, &timeout{"timed out after", limit})
	defer cancel()
	next, err := p.send(ctx, u)
	if err != nil {
		return nil, failure(ctx, u, err)
	}
	return next, nil
}

// send makes one request and reads its answer.
func (p *posting) send(ctx context.Context, u *url.URL) (*url.URL, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(p.body))
	if err != nil {
		return nil, err
	}
	req.Header = http.Header{
		"Accept":       {"*/*"},
		"Content-Type": {"application/x-www-form-urlencoded"},
		"User-Agent":   p.client.header["User-Agent"],
	}
	way, err := p.client.way(ctx, p.access, u, p.home != nil && sameOrigin(p.home, u))
	if err != nil {
		return nil, err
	}
	res, err := way.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	drain(res.Body)
	return p.posted(u, res)
}

// posted is what the answer to a form means.
func (p *posting) posted(u *url.URL, res *http.Response) (*url.URL, error) {
	p.heed(u, res)
	switch status := res.StatusCode; {
	case status >= 200 && status < 300:
		return nil, nil
	case status != http.StatusTemporaryRedirect && status != http.StatusPermanentRedirect:
		return nil, statusError(res)
	}
	next, err := u.Parse(res.Header.Get("Location"))
	if err != nil || res.Header.Get("Location") == "" {
		err = errors.New("redirect without a good Location")
	} else if u.Scheme == "https" && next.Scheme != "https" {
		err = errors.New("redirect from https to http")
	} else {
		err = checkURL(next)
	}
	if err != nil {
		return nil, &Error{Status: res.StatusCode, Kind: KindRedirect, Err: err}
	}
	return next, nil
}
