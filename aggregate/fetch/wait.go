package fetch

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/coranto/coranto/aggregate/hosts"
	"github.com/coranto/coranto/internal/host"
)

// walk is the way of one exchange from host to host: it waits at their gates, and
// leaves those alone that asked for it (P36).
type walk struct {
	client  *Client
	gate    *gate
	spacing time.Duration        // after this one's start at a host; 0 means none
	told    map[string]time.Time // until when hosts of this exchange asked to wait

	wait  time.Duration // the longest that was asked for, and by which host
	asker string
}

// enter waits until a host is free and may be asked. What it asked for while this
// request waited counts. Without an error the caller must leave.
func (w *walk) enter(ctx context.Context, u *url.URL) error {
	name := host.Name(u)
	if err := w.gate.enterPaced(ctx, name, w.spacing); err != nil {
		return err
	}
	err := w.client.open(name, w.told[name])
	if err != nil {
		w.gate.leave(name)
	}
	return err
}

func (w *walk) leave(u *url.URL) { w.gate.leave(host.Name(u)) }

// heed notes how long the host of an answer asks to be left alone. What a redirect
// asks for is for later requests (RFC 9110 §10.2.3): waiting before it is followed
// would mean never to arrive.
func (w *walk) heed(u *url.URL, res *http.Response) {
	name := host.Name(u)
	wait, until := w.client.heed(name, res)
	if wait == 0 {
		return
	}
	if w.told == nil {
		w.told = make(map[string]time.Time)
	}
	if until.After(w.told[name]) {
		w.told[name] = until
	}
	if wait > w.wait {
		w.wait, w.asker = wait, name
	}
}

// failed is the error of an exchange that ended at u, with what hosts asked for on
// the way.
func (w *walk) failed(ctx context.Context, u *url.URL, err error) *Error {
	e := failure(ctx, u, err)
	if e.Kind != KindWait {
		e.RetryAfter, e.WaitHost = w.wait, w.asker
	}
	return e
}

// open reports a host that is not to be asked now, unless this exchange itself was
// told so.
func (c *Client) open(name string, told time.Time) error {
	now := c.opts.Now()
	until, why := c.opts.Hosts.Shut(name, now)
	if why == nil || until.Equal(told) {
		return nil
	}
	return &Error{
		Kind: KindWait, Until: until, RetryAfter: until.Sub(now), WaitHost: name,
		Err: fmt.Errorf("%w: not before %s", why, until.UTC().Format(time.DateTime+" MST")),
	}
}

// heed notes for all requests to come how long the host of an answer asks to be left
// alone, and until when that is; 0 when it is fine.
func (c *Client) heed(name string, res *http.Response) (wait time.Duration, until time.Time) {
	if res.StatusCode < http.StatusMultipleChoices {
		return 0, time.Time{}
	}
	now := c.opts.Now()
	wait = retryAfter(res.Header, now)
	if wait == 0 && res.StatusCode == http.StatusTooManyRequests {
		wait = hosts.Quiet
	}
	if wait == 0 {
		return 0, time.Time{}
	}
	until = now.Add(wait)
	c.opts.Hosts.Ask(name, until, now)
	return wait, until
}
