package fetch

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// Post sends a form and reports whether it was taken, which any 2xx says. It asks
// as politely and as carefully as Get: addresses are checked, a host is asked for
// one thing at a time, and the whole takes no longer than the timeout.
//
// Redirects that keep the method (307 and 308, RFC 9110 §15.4.8) are followed, but
// never from https to http: forms carry secrets. For the same reason the error, an
// *Error, has nothing of the form, nor of the answer, which may repeat it.
func (c *Client) Post(ctx context.Context, target string, form url.Values) error {
	u, err := (&Request{URL: target}).parse()
	if err != nil {
		return &Error{URL: plainURL(target), Kind: KindRequest, Err: err}
	}
	body := form.Encode()
	for range maxHops + 1 {
		next, err := c.postOnce(ctx, u, body)
		if err != nil || next == nil {
			return err
		}
		u = next
	}
	return &Error{URL: plainURL(u.String()), Kind: KindRedirect, Err: errors.New("too many redirects")}
}

// postOnce waits for the host to be free and sends the form: where to send it
// next, or nil at the end.
func (c *Client) postOnce(ctx context.Context, u *url.URL, body string) (*url.URL, error) {
	host := hostPort(u)
	if err := c.gate.enter(ctx, host); err != nil {
		return nil, failure(ctx, u, err)
	}
	defer c.gate.leave(host)
	limit := c.opts.Timeout
	ctx, cancel := context.WithTimeoutCause(ctx, limit, &timeout{"timed out after", limit})
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(body))
	if err != nil {
		return nil, failure(ctx, u, err)
	}
	req.Header = http.Header{
		"Accept":       {"*/*"},
		"Content-Type": {"application/x-www-form-urlencoded"},
		"User-Agent":   c.header["User-Agent"],
	}
	res, err := c.Transport().RoundTrip(req)
	if err != nil {
		return nil, failure(ctx, u, err)
	}
	defer res.Body.Close()
	drain(res.Body)
	next, err := c.posted(u, res)
	if err != nil {
		return nil, failure(ctx, u, err)
	}
	return next, nil
}

// posted is what the answer to a form means.
func (c *Client) posted(u *url.URL, res *http.Response) (*url.URL, error) {
	switch status := res.StatusCode; {
	case status >= 200 && status < 300:
		return nil, nil
	case status != http.StatusTemporaryRedirect && status != http.StatusPermanentRedirect:
		return nil, statusError(res, retryAfter(res.Header, c.opts.Now()))
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
