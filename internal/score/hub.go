package score

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// lease is how long the hub of a feed tells of changes before it is asked again.
const lease = 3 * day

// hubPath is where the hub of a feed is, below the feed's name.
const hubPath = "hub"

// subscription is what a hub knows of its subscriber (W3C WebSub).
type subscription struct {
	callback string
	until    time.Time // end of the lease; zero when there is none
	post     int       // that was told last
	news     bool      // told since the last visit
	told     bool      // anything, so that the subscriber may count on it
}

// takeSubscription answers a subscriber and marks what is wrong with it.
func (f *feed) takeSubscription(h *host, now time.Time, w http.ResponseWriter, r *http.Request) {
	rec, sub := &f.record, &f.record.sub
	f.judgeHeader(now, r)
	if r.Method != http.MethodPost {
		rec.demerit(now, "asked its hub by %s", r.Method)
	}
	topic, callback := h.url+"/"+f.name, r.PostFormValue("hub.callback")
	switch {
	case r.PostFormValue("hub.mode") != "subscribe" || r.PostFormValue("hub.topic") != topic:
		rec.demerit(now, "asked its hub to %s %s, not to subscribe to the feed",
			r.PostFormValue("hub.mode"), r.PostFormValue("hub.topic"))
		w.WriteHeader(http.StatusBadRequest)
		return
	case sub.until.Sub(now) > lease/2:
		rec.demerit(now, "asked its hub again %s before the end of the lease", sub.until.Sub(now))
	}
	if err := verify(r.Context(), callback, topic); err != nil {
		rec.demerit(now, "does not stand by its subscription: %v", err)
		w.WriteHeader(http.StatusForbidden)
		return
	}
	if sub.until.Before(now) {
		*sub = subscription{post: int(now.Sub(h.origin.began) / f.every)}
	}
	sub.callback, sub.until = callback, now.Add(lease)
	w.WriteHeader(http.StatusAccepted)
}

// verify asks a subscriber whether it meant it (WebSub §5.3).
func verify(ctx context.Context, callback, topic string) error {
	const challenge = "a-word-that-only-this-hub-knows"
	query := url.Values{
		"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.challenge": {challenge},
		"hub.lease_seconds": {fmt.Sprint(int(lease.Seconds()))},
	}
	body, err := call(ctx, http.MethodGet, callback+"?"+query.Encode(), "")
	if err == nil && body != challenge {
		err = errors.New("it does not say the word")
	}
	return err
}

// call asks a subscriber on this machine.
func call(ctx context.Context, method, address, body string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/rss+xml")
	}
	transport := &http.Transport{DisableKeepAlives: true}
	res, err := transport.RoundTrip(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		return "", fmt.Errorf("its callback says %s", res.Status)
	}
	var text bytes.Buffer
	_, err = io.Copy(&text, io.LimitReader(res.Body, 1<<10))
	return text.String(), err
}

// judgePush marks visits that a hub makes needless: once it has told something, one
// a day is enough, and one for each time that it tells (P31).
func (f *feed) judgePush(now time.Time) {
	sub, last := &f.record.sub, f.record.last[""]
	if sub.told && !sub.news && now.Before(sub.until) && now.Sub(last) < day {
		f.record.demerit(now, "asked %s after the last time although its hub had nothing to tell", now.Sub(last))
	}
}

// Deliver lets the hubs tell of posts that they have not told of yet.
func (o *Origin) Deliver(ctx context.Context) {
	now := o.now().UTC()
	for _, h := range o.hosts {
		h.mu.Lock()
		for _, f := range h.feeds {
			f.deliver(ctx, now, int(now.Sub(o.began)/f.every))
		}
		h.mu.Unlock()
	}
}

func (f *feed) deliver(ctx context.Context, now time.Time, post int) {
	sub := &f.record.sub
	if !now.Before(sub.until) || post == sub.post {
		return
	}
	sub.post, sub.news, sub.told = post, true, true
	if _, err := call(ctx, http.MethodPost, sub.callback, f.document(post)); err != nil {
		f.record.demerit(now, "does not take what its hub tells: %v", err)
	}
}
