package push

import (
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
	"sync"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/internal/oneline"
	"github.com/coranto/coranto/storage"
)

const (
	firstWait   = time.Hour      // for a verification, before the hub is asked again
	longestWait = 24 * time.Hour // between two attempts
	changeAfter = 24 * time.Hour // before a source's other offer is followed
	otherAfter  = 3              // attempts, before another hub of the source is asked
	mostHubs    = 8              // asked at a time
)

// step is what a source's subscription needs now.
type step int

const (
	stepNone step = iota
	stepSubscribe
	stepUnsubscribe
	stepForget // what is left of it means nothing any more
)

// Keep looks through the sources once: it asks hubs where a subscription is to be
// begun, renewed, tried again or ended, and makes sources due that counted on a hub
// whose lease is over (P31). Each hub is asked for one thing after another, and no
// more after it has failed; hubs don't wait for each other.
func (s *Subscriber) Keep(ctx context.Context) error {
	now := s.now().UTC()
	byHub := make(map[string][]task)
	for rec, err := range s.store.Sources(ctx, storage.SourceQuery{}) {
		if err != nil {
			return fmt.Errorf("list sources: %w", err)
		}
		s.fallBack(ctx, rec, now)
		t, err := s.next(rec, now)
		if err != nil {
			return err
		}
		switch t.step {
		case stepNone:
		case stepForget:
			s.save(ctx, rec, storage.Subscription{})
		default:
			byHub[t.sub.Hub] = append(byHub[t.sub.Hub], t)
		}
	}
	places := make(chan struct{}, mostHubs)
	var hubs sync.WaitGroup
	for _, tasks := range byHub {
		places <- struct{}{}
		hubs.Go(func() {
			defer func() { <-places }()
			s.askAll(ctx, tasks)
		})
	}
	hubs.Wait()
	return ctx.Err()
}

// fallBack makes a source due that would have been visited by now, had it not
// counted on a hub. One visit is enough: it plans the next without the hub.
func (s *Subscriber) fallBack(ctx context.Context, rec storage.SourceRecord, now time.Time) {
	state := &rec.State
	at := state.Push.Fallback
	switch {
	case at.IsZero(), at.After(now), !state.Next.After(now), state.Wait.After(now),
		state.Push.Subscription.Active(now), s.fallen[rec.ID].Equal(at):
		return
	}
	s.fallen[rec.ID] = at
	s.log.Info("hub's lease is over; the source is visited again", "source", string(rec.ID))
	if err := s.store.DueNow(ctx, []coranto.SourceID{rec.ID}); err != nil {
		s.log.Warn("source not made due", "source", string(rec.ID), "err", err)
	}
}

// task is a request to a hub: sub is the subscription as it is to be once it was
// asked.
type task struct {
	step step
	rec  storage.SourceRecord
	sub  storage.Subscription
}

// next is what a source needs.
func (s *Subscriber) next(rec storage.SourceRecord, now time.Time) (task, error) {
	t := task{rec: rec, sub: rec.State.Push.Subscription}
	t.step = s.plan(rec, now)
	var err error
	switch t.step {
	case stepSubscribe:
		hubs := rec.State.Push.Hubs
		other := !t.sub.Active(now) && t.sub.Fails%otherAfter == otherAfter-1 && len(hubs) > 1
		if t.sub.Hub == "" || other {
			i := slices.Index(hubs, t.sub.Hub) + 1
			err = s.begin(&t, hubs[i%len(hubs)])
		}
		t.pending(storage.ModeSubscribe, now)
	case stepUnsubscribe:
		t.pending(storage.ModeUnsubscribe, now)
		t.sub.Until = earliest(t.sub.Until, now) // nobody counts on it from here on
	}
	return t, err
}

// plan decides which step is next.
func (s *Subscriber) plan(rec storage.SourceRecord, now time.Time) step {
	sub := rec.State.Push.Subscription
	wanted := s.wanted(rec)
	switch {
	case sub == (storage.Subscription{}):
		if wanted {
			return stepSubscribe
		}
		return stepNone
	case sub.Pending == storage.ModeUnsubscribe:
		return onceDue(sub.Again, now, stepForget) // the hub never came back to it
	case wanted && s.fits(rec.State.Push):
		return onceDue(sub.Again, now, stepSubscribe)
	case wanted && now.Before(sub.Asked.Add(changeAfter)):
		return stepNone
	case sub.Active(now):
		return stepUnsubscribe
	}
	return stepForget
}

// wanted reports whether a source is to have a subscription.
func (s *Subscriber) wanted(rec storage.SourceRecord) bool {
	return s.callback != "" && rec.State.Push.Offered() && !rec.Paused && !rec.Retired &&
		rec.State.Outcome != storage.OutcomeGone
}

// fits reports whether a subscription is what the origin offers, at our callback.
func (s *Subscriber) fits(p storage.Push) bool {
	sub := p.Subscription
	return sub.Topic == p.Topic && slices.Contains(p.Hubs, sub.Hub) &&
		strings.HasPrefix(sub.Callback, s.callback)
}

func onceDue(at, now time.Time, then step) step {
	if now.Before(at) {
		return stepNone
	}
	return then
}

// begin makes a new subscription at a hub, with a callback that nobody can guess and
// a secret if the hub can be given one (WebSub §5.1).
func (s *Subscriber) begin(t *task, hub string) error {
	token, err := s.draw()
	if err != nil {
		return err
	}
	old := t.sub
	t.sub = storage.Subscription{
		Hub: hub, Topic: t.rec.State.Push.Topic, Fails: old.Fails,
		Callback: s.callback + url.PathEscape(string(t.rec.ID)) + tokenMark + token,
	}
	if secure(hub) {
		secret, err := s.draw()
		if err != nil {
			return err
		}
		t.sub.Secret = storage.Secret(secret)
	}
	return nil
}

// draw is a text that can't be guessed: 256 random bits.
func (s *Subscriber) draw() (string, error) {
	var b [32]byte
	if _, err := io.ReadFull(s.random, b[:]); err != nil {
		return "", fmt.Errorf("draw a secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// pending notes that a hub is about to be asked. If it was asked before and nothing
// came of it, that has failed.
func (t *task) pending(mode storage.SubscriptionMode, now time.Time) {
	if t.sub.Pending == mode {
		fail(&t.sub, "the hub did not verify what it was asked")
	}
	t.sub.Pending, t.sub.Asked, t.sub.Again = mode, now, now.Add(wait(t.sub.Fails))
}

// wait is how long a hub is left alone that was asked in vain some times.
func wait(fails int) time.Duration {
	return min(firstWait<<min(fails, 10), longestWait)
}

// askAll asks one hub for several subscriptions, until it fails.
func (s *Subscriber) askAll(ctx context.Context, tasks []task) {
	for _, t := range tasks {
		if ctx.Err() != nil || !s.ask(ctx, t) {
			return
		}
	}
}

// ask asks a hub for a subscription or its end. The subscription is stored first: a
// hub may verify before it answers. The result is whether to go on with that hub.
func (s *Subscriber) ask(ctx context.Context, t task) bool {
	if !s.save(ctx, t.rec, t.sub) {
		return true // somebody else was quicker
	}
	form := url.Values{
		"hub.mode":     {string(t.sub.Pending)},
		"hub.topic":    {t.sub.Topic},
		"hub.callback": {t.sub.Callback},
	}
	if t.sub.Pending == storage.ModeSubscribe {
		form.Set("hub.lease_seconds", strconv.FormatInt(int64(s.lease/time.Second), 10))
		if t.sub.Secret != "" {
			form.Set("hub.secret", string(t.sub.Secret))
		}
	}
	err := s.client.Post(ctx, t.sub.Hub, form, t.rec.Source)
	if err == nil {
		s.log.Debug("hub asked", "source", string(t.rec.ID), "url", t.sub.Hub)
		return true
	}
	if ctx.Err() != nil {
		return false
	}
	s.log.Warn("hub not asked", "source", string(t.rec.ID), "url", t.sub.Hub, "err", err)
	var refused *fetch.Error
	status, after := 0, time.Duration(0)
	if errors.As(err, &refused) {
		status, after = refused.Status, refused.RetryAfter
	}
	s.failed(ctx, t, err, after)
	return status/100 == 4 && status != http.StatusTooManyRequests
}

// failed notes that a hub could not be asked, unless it verified all the same.
func (s *Subscriber) failed(ctx context.Context, t task, cause error, after time.Duration) {
	rec, found := s.source(ctx, t.rec.ID)
	sub, now := rec.State.Push.Subscription, s.now().UTC()
	if !found || sub.Pending != t.sub.Pending || !sub.Asked.Equal(t.sub.Asked) {
		return
	}
	fail(&sub, cause.Error())
	if sub.Pending == storage.ModeSubscribe {
		sub.Pending = ""
	}
	sub.Again = now.Add(max(wait(sub.Fails), after))
	s.save(ctx, rec, sub)
}

// fail notes one more failure.
func fail(sub *storage.Subscription, why string) {
	sub.Fails++
	sub.LastError = oneline.Of(why)
}

// save replaces the subscription of a source as rec has it, and reports whether that
// succeeded.
func (s *Subscriber) save(
	ctx context.Context, rec storage.SourceRecord, sub storage.Subscription,
) bool {
	err := s.store.SetSubscription(ctx, rec.ID, rec.State.Push.Subscription, sub)
	if err != nil && !errors.Is(err, storage.ErrConflict) {
		s.log.Error("subscription not stored", "source", string(rec.ID), "err", err)
	}
	return err == nil
}

// source reads one source.
func (s *Subscriber) source(ctx context.Context, id coranto.SourceID) (storage.SourceRecord, bool) {
	for rec, err := range s.store.Sources(ctx, storage.SourceQuery{IDs: []coranto.SourceID{id}}) {
		if err != nil {
			s.log.Error("source not read", "source", string(id), "err", err)
			break
		}
		return rec, true
	}
	return storage.SourceRecord{}, false
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
