package hub

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/coranto/coranto/storage"
)

// Limits of questions to callbacks.
const (
	mostQuestions = 512 // that wait
	mostOfPeer    = 128 // of these, to the callbacks of one domain
	mostAsked     = 16  // asked at a time
	mostAskedPeer = 2
	maxAnswer     = 8 << 10 // bytes that are read of any answer
)

// question is a request whose callback is going to be asked whether it was meant.
type question struct {
	request
	path string // of the topic's document
	lane string // of the callback
	has  string // hashOf the document when it was asked for
}

// sub is the subscription that a question is about.
func (q *question) sub() *subscription {
	return &subscription{Topic: q.topic, Callback: q.callback}
}

// questions are those that wait, and how many are asked of whom. It is guarded by
// Hub.mu.
type questions struct {
	waiting []*question
	asking  map[string]int // by the lanes of callbacks
	asked   int
}

// enter lets a question wait for its turn, in the place of an earlier one about the same
// subscription.
func (h *Hub) enter(q *question) *refusal {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ctx == nil || !h.loaded {
		return later(http.StatusServiceUnavailable, soon, "the hub is not ready")
	}
	name := q.sub().name()
	earlier := slices.IndexFunc(h.questions.waiting, func(o *question) bool {
		return o.sub().name() == name
	})
	if no := h.decline(q, h.table.entries[name] != nil, earlier >= 0); no != nil {
		return no
	}
	if earlier >= 0 {
		h.questions.waiting = slices.Delete(h.questions.waiting, earlier, earlier+1)
	}
	h.questions.waiting = append(h.questions.waiting, q)
	h.askNext()
	return nil
}

// decline is why a question may not wait; nil when it may. stands says that there is the
// subscription that it is about, asked that a question about it waits.
func (h *Hub) decline(q *question, stands, asked bool) *refusal {
	switch {
	case !asked && h.questions.crowded(q.lane):
		return later(http.StatusTooManyRequests, soon, "too many requests wait for their callbacks")
	case q.mode == modeUnsubscribe && !stands && !asked && h.opts.Sole:
		return refuse(http.StatusNotFound, "there is no such subscription")
	case q.mode == modeSubscribe && !stands && h.full(q.lane):
		return later(http.StatusServiceUnavailable, time.Hour,
			"the hub has as many subscriptions as it can keep")
	// Who has confirmed before may always renew, whatever others do in its name.
	case !h.limits.take("to "+q.lane, h.now(), 1) && !stands:
		return later(http.StatusTooManyRequests, time.Minute,
			"too many requests for this callback's host")
	}
	return nil
}

// crowded reports whether no question to callbacks of a domain may be added.
func (qs *questions) crowded(lane string) bool {
	ofPeer := 0
	for _, o := range qs.waiting {
		if o.lane == lane {
			ofPeer++
		}
	}
	return len(qs.waiting) >= mostQuestions || ofPeer >= mostOfPeer
}

// full reports whether no subscription may be added for the callbacks of a domain.
func (h *Hub) full(lane string) bool {
	return len(h.table.entries) >= h.opts.MaxSubscriptions || h.table.held(lane) >= h.opts.MaxPerHost
}

// askNext asks what may be asked now. The caller holds h.mu.
func (h *Hub) askNext() {
	qs := &h.questions
	for i := 0; i < len(qs.waiting) && qs.asked < mostAsked; {
		q := qs.waiting[i]
		if qs.asking[q.lane] >= mostAskedPeer {
			i++
			continue
		}
		qs.waiting = slices.Delete(qs.waiting, i, i+1)
		started := h.spawn(func(ctx context.Context) {
			h.verify(ctx, q)
			h.mu.Lock()
			defer h.mu.Unlock()
			h.answered(q)
		})
		if !started {
			return
		}
		qs.asking[q.lane]++
		qs.asked++
	}
}

// answered gives a place back. The caller holds h.mu.
func (h *Hub) answered(q *question) {
	h.questions.asked--
	if h.questions.asking[q.lane]--; h.questions.asking[q.lane] == 0 {
		delete(h.questions.asking, q.lane)
	}
	h.askNext()
}

// verify asks a callback whether a request was meant, and does what was asked for if it
// was (WebSub §5.3).
func (h *Hub) verify(ctx context.Context, q *question) {
	lease := h.granted(q.lease)
	err := h.confirm(ctx, q, lease)
	if err != nil {
		h.limits.take("to "+q.lane, h.now(), failureCost)
		h.log.Info("subscriber did not confirm", "url", q.lane, "err", err)
		return
	}
	// What was confirmed counts, also when this process ends now.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastSave)
	defer cancel()
	if q.mode == modeUnsubscribe {
		err = h.drop(ctx, q)
	} else {
		err = h.accept(ctx, q, lease)
	}
	if err != nil {
		h.log.Error("subscription not stored", "url", q.lane, "err", err)
	}
}

var errNoEcho = errors.New("the answer is not the challenge")

// confirm is nil when a callback answers with the challenge it is asked with.
func (h *Hub) confirm(ctx context.Context, q *question, lease time.Duration) error {
	challenge, err := h.draw()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, h.opts.Timeout)
	defer cancel()
	target := asking(q, challenge, lease)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, http.NoBody)
	if err != nil {
		return err
	}
	req.Header = http.Header{"User-Agent": {h.opts.UserAgent}}
	res, err := h.send(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	switch {
	case err != nil:
		return err
	case res.StatusCode/100 != 2:
		return fmt.Errorf("the subscriber answered %s", res.Status)
	case !bytes.Equal(body, []byte(challenge)):
		return errNoEcho
	}
	return nil
}

// asking is the URL of a question: the callback, whose own query stays as it is.
func asking(q *question, challenge string, lease time.Duration) string {
	add := url.Values{"hub.mode": {q.mode}, "hub.topic": {q.topic}, "hub.challenge": {challenge}}
	if q.mode == modeSubscribe {
		add.Set("hub.lease_seconds", strconv.FormatInt(int64(lease/time.Second), 10))
	}
	sign := "?"
	if strings.Contains(q.callback, "?") {
		sign = "&"
	}
	return q.callback + sign + add.Encode()
}

// draw is a text that can't be guessed: 256 random bits.
func (h *Hub) draw() (string, error) {
	var b [32]byte
	if _, err := io.ReadFull(h.opts.Random, b[:]); err != nil {
		return "", fmt.Errorf("draw a challenge: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// tries is how often a change is begun anew because another process came first.
const tries = 3

// accept stores a subscription that was confirmed, in the place of an earlier one whose
// subscriber has what it has.
func (h *Hub) accept(ctx context.Context, q *question, lease time.Duration) error {
	sub := *q.sub()
	sub.Secret, sub.Until, sub.Has = q.secret, h.now().Add(lease), q.has
	err := h.change(ctx, &sub, func(was *subscription) []byte {
		if was != nil {
			sub.Has, sub.Owed = was.Has, was.Owed
		}
		return sub.encode()
	})
	if err != nil {
		return err
	}
	h.log.Info("subscription confirmed", "url", q.lane, "lease", lease)
	return nil
}

// drop removes a subscription whose end was confirmed.
func (h *Hub) drop(ctx context.Context, q *question) error {
	return h.change(ctx, q.sub(), func(*subscription) []byte { return nil })
}

// change replaces the value of a subscription by what next makes of it, in the store and
// in memory; was is nil when there is none.
func (h *Hub) change(
	ctx context.Context, sub *subscription, next func(was *subscription) []byte,
) error {
	h.writing.Lock()
	defer h.writing.Unlock()
	name := sub.name()
	var err error
	for range tries {
		var old []byte
		if old, err = h.value(ctx, name); err != nil {
			return err
		}
		data := next(h.was(name, old))
		if old == nil && data == nil {
			return nil
		}
		err = h.store.SetValues(ctx, []storage.ValueChange{{Name: name, Old: old, New: data}})
		if err == nil {
			h.changed(name, sub, data)
			return nil
		}
		if !errors.Is(err, storage.ErrConflict) {
			break
		}
	}
	return fmt.Errorf("store subscription %s: %w", name, err)
}

// was is the subscription of a stored value, with the outcomes that memory alone knows.
func (h *Hub) was(name string, data []byte) *subscription {
	h.mu.Lock()
	defer h.mu.Unlock()
	was, err := decodeSubscription(name, data)
	if err != nil {
		return nil
	}
	if e := h.table.entries[name]; e != nil {
		was.Has, was.Owed = e.Has, e.Owed
	}
	return &was
}

// changed has memory know what was stored.
func (h *Hub) changed(name string, sub *subscription, data []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if data == nil {
		if e := h.table.entries[name]; e != nil {
			h.table.remove(e)
		}
		return
	}
	path, _ := h.topicPath(sub.Topic)
	e := h.table.add(*sub, data, path)
	if e.state == waiting {
		h.line.release(e)
	}
	if h.delivering != nil && path != "" {
		h.line.push(e) // the document may have changed since it was asked for
		h.dispatch()
	}
}
