package hub

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/internal/oneline"
)

// Times between two attempts to deliver.
const (
	shortestWait = 30 * time.Second
	longestWait  = 6 * time.Hour
	longestAsked = 24 * time.Hour // that a subscriber may ask us to wait
)

// dispatch begins deliveries while there are places and somebody to take them. The
// caller holds h.mu.
func (h *Hub) dispatch() {
	if h.delivering == nil || h.delivering.Err() != nil {
		return
	}
	ctx := h.delivering
	for {
		e := h.line.take()
		if e == nil {
			return
		}
		h.flights.Go(func() { h.deliver(ctx, e) })
	}
}

// Errors of deliveries that mean something of their own.
var (
	errEnded       = errors.New("the subscriber wants no more") // 410
	errExpired     = errors.New("the lease is over")
	errUnreached   = errors.New("the subscriber could not be reached")
	errUnpublished = errors.New("the topic is not published")
	errUnmade      = errors.New("the topic's document can't be made now")
)

// result is what came of a delivery.
type result struct {
	has   string        // the document that the subscriber has then
	asked time.Duration // the subscriber asks to be left alone; 0 when it does not
	took  time.Duration // of the answer; negative when nobody was asked
	err   error         // nil when the subscriber has the newest document
}

// deliver brings an entry's subscriber the newest document, unless it has that.
func (h *Hub) deliver(ctx context.Context, e *entry) {
	r := result{took: -1}
	doc, err := h.opts.Publisher.Get(ctx, e.path)
	switch {
	case errors.Is(err, feeds.ErrNotFound):
		r.err = errUnpublished
	case err != nil:
		r.err = fmt.Errorf("%w: %w", errUnmade, err)
	default:
		sub, hash := h.compared(e, doc)
		r.has = hash
		if h.now().After(sub.Until) {
			r.err = errExpired
		} else if sub.Has != hash {
			began := h.now()
			r.asked, r.err = h.bring(ctx, &sub, doc)
			r.took = h.now().Sub(began)
		}
	}
	h.land(ctx, e, r)
}

// compared is an entry's subscription as it is now, and hashOf its topic's document.
func (h *Hub) compared(e *entry, doc *publish.Edition) (subscription, string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if t := h.table.topics[e.path]; t != nil {
		return e.subscription, t.hashOf(doc.ETag, doc.Body)
	}
	return e.subscription, hashOf(doc.Body)
}

// bring sends a document to a callback (WebSub §7). A redirect is an answer like any
// other that is not 2xx.
func (h *Hub) bring(
	ctx context.Context, sub *subscription, doc *publish.Edition,
) (asked time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, h.opts.Timeout)
	defer cancel()
	body := bytes.NewReader(doc.Body)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, sub.Callback, body)
	if err != nil {
		return 0, err
	}
	fields := make(http.Header)
	doc.SetValidators(fields, publish.Identity)
	req.Header = http.Header{
		"Content-Type": {doc.MediaType},
		"Link":         fields["Link"],
		"User-Agent":   {h.opts.UserAgent},
	}
	if sub.Secret != "" {
		req.Header.Set("X-Hub-Signature", "sha256="+sign(sub.Secret, doc.Body))
	}
	res, err := h.send(req)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errUnreached, err)
	}
	defer res.Body.Close()
	// The connection can be used again if the answer is short.
	_, _ = io.CopyN(io.Discard, res.Body, maxAnswer)
	switch {
	case res.StatusCode/100 == 2:
		return 0, nil
	case res.StatusCode == http.StatusGone:
		return 0, errEnded
	}
	return retryAfter(res.Header, h.now()), fmt.Errorf("the subscriber answered %s", res.Status)
}

func sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// retryAfter is how long an answer asks to be left alone (RFC 9110 §10.2.3), within
// bounds; 0 when it does not.
func retryAfter(header http.Header, now time.Time) time.Duration {
	field := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(field, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, longestAsked)
	}
	if at, err := http.ParseTime(field); err == nil {
		return min(max(at.Sub(now), 0), longestAsked)
	}
	return 0
}

// land notes what came of a delivery and begins others. One that was cut off because
// this process ends, or its turn, has not failed.
func (h *Hub) land(ctx context.Context, e *entry, r result) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case errors.Is(r.err, errUnreached) && ctx.Err() == nil:
		h.line.unreached(e.peer, h.now())
	case r.took >= 0 && !errors.Is(r.err, errUnreached):
		h.line.reached(e.peer, r.took)
	}
	h.line.land(e)
	switch {
	case e.over:
	case r.err == nil || ctx.Err() == nil:
		h.note(e, r)
	default:
		e.Owed = cmp.Or(e.Owed, h.now())
		h.soil(e)
	}
	h.dispatch()
}

func (h *Hub) note(e *entry, r result) {
	switch {
	case r.err == nil:
		h.settle(e, r.has)
	case errors.Is(r.err, errUnpublished):
		h.settle(e, e.Has)
	case errors.Is(r.err, errEnded), errors.Is(r.err, errExpired):
		h.log.Info("subscription ended", "url", e.peer.name, "err", r.err)
		h.end(e)
	default:
		h.fail(e, r)
	}
}

// settle notes that a subscriber has a document. If that may have changed meanwhile,
// it is looked at again.
func (h *Hub) settle(e *entry, has string) {
	after := e.subscription
	after.Has, after.Owed, after.Fails, after.Next, after.Error = has, time.Time{}, 0, time.Time{}, ""
	if after != e.subscription {
		e.subscription = after
		h.soil(e)
	}
	if e.again {
		h.line.push(e)
	}
}

// fail notes that a subscriber could not be brought a document, and lets it wait for
// the next attempt. A document that could not be made is no failure of the subscriber's.
func (h *Hub) fail(e *entry, r result) {
	now := h.now()
	if !errors.Is(r.err, errUnmade) {
		if e.Fails++; e.Fails == 1 {
			h.log.Warn("subscriber not reached; tried again until its lease is over",
				"url", e.peer.name, "err", r.err)
		}
	}
	e.Error = oneline.Of(r.err.Error())
	e.Owed = cmp.Or(e.Owed, now)
	e.Next = now.Add(max(min(shortestWait<<min(max(e.Fails-1, 0), 20), longestWait), r.asked))
	h.line.hold(e)
	h.soil(e)
}

// end takes a subscription out, in memory and then in the store.
func (h *Hub) end(e *entry) {
	h.table.remove(e)
	h.soil(e)
}
