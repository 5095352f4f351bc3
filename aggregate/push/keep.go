package push

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

const (
	firstWait   = time.Hour      // for a verification, before the hub is asked again
	longestWait = 24 * time.Hour // between two attempts
	changeAfter = 24 * time.Hour // before a source's other offer is followed
	otherAfter  = 3              // attempts, before another hub of the source is asked
	mostHubs    = 32             // asked at a time
)

// step is what a source's subscription needs now.
type step int

const (
	stepNone step = iota
	stepSubscribe
	stepUnsubscribe
	stepForget // what is left of it means nothing any more
)

// Keep asks hubs where a subscription is to be begun, renewed, tried again or ended,
// makes sources due that counted on a hub whose lease is over (P31), and returns when
// all hubs have answered. It looks at the sources for which the time has come or that
// were told by Look; the first time, and once an hour, at all.
func (s *Subscriber) Keep(ctx context.Context) error {
	var asking sync.WaitGroup
	err := s.keep(ctx, &asking)
	asking.Wait()
	return cmp.Or(err, ctx.Err())
}

// Look has the next Keep look at a source: something may have changed of where its
// hubs are, or of when it would be visited without them.
func (s *Subscriber) Look(id coranto.SourceID) { s.agenda.note(id, time.Time{}) }

// keep looks at sources and begins to ask hubs. Hubs don't wait for each other; one
// that is still being asked is asked for more another time.
func (s *Subscriber) keep(ctx context.Context, asking *sync.WaitGroup) error {
	now := s.now().UTC()
	byHost := make(map[string][]task)
	ids, all := s.agenda.due(now)
	if !all && len(ids) == 0 {
		return nil
	}
	for rec, err := range s.store.Sources(ctx, storage.SourceQuery{IDs: ids}) {
		if err != nil {
			s.agenda.again()
			return fmt.Errorf("list sources: %w", err)
		}
		t, err := s.look(ctx, rec, now)
		if err != nil {
			s.agenda.again()
			return err
		}
		if t.step == stepSubscribe || t.step == stepUnsubscribe {
			host := coranto.Source{URL: t.sub.Hub}.Host()
			byHost[host] = append(byHost[host], t)
		}
	}
	for host, tasks := range byHost {
		until, ok := s.hubs.enter(host, now)
		if !ok {
			s.postpone(tasks, until)
			continue
		}
		asking.Go(func() {
			defer s.hubs.leave(host)
			select {
			case s.asking <- struct{}{}:
				defer func() { <-s.asking }()
				s.askAll(ctx, host, tasks)
			case <-ctx.Done():
			}
		})
	}
	return nil
}

// look does what a source needs without a hub, and returns what it needs of one.
func (s *Subscriber) look(
	ctx context.Context, rec storage.SourceRecord, now time.Time,
) (task, error) {
	s.remember(rec.State.Push.Subscription, now)
	s.fallBack(ctx, rec, now)
	t, err := s.next(rec, now)
	switch t.step {
	case stepNone:
		if at := s.appointment(rec, now); !at.IsZero() {
			s.agenda.note(rec.ID, at)
		}
	case stepForget:
		s.save(ctx, rec, storage.Subscription{})
	}
	return t, err
}

// appointment is when a source that needs nothing now may need something; zero for
// never.
func (s *Subscriber) appointment(rec storage.SourceRecord, now time.Time) (at time.Time) {
	state := &rec.State
	sub, fallback := state.Push.Subscription, state.Push.Fallback
	if sub != (storage.Subscription{}) {
		at = sub.Again
		if sub.Pending != storage.ModeUnsubscribe && s.wanted(rec) && !s.fits(state.Push) {
			at = sub.Asked.Add(changeAfter)
		}
	}
	if fallback.IsZero() || s.fallen[rec.ID].Equal(fallback) {
		return at
	}
	fallback = later(fallback, later(state.Wait, sub.Until))
	if at.IsZero() || fallback.Before(at) {
		at = fallback
	}
	return later(at, now)
}

// postpone has sources looked at another time.
func (s *Subscriber) postpone(tasks []task, until time.Time) {
	for _, t := range tasks {
		s.agenda.note(t.rec.ID, until)
	}
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

// task is a request to a hub for a subscription.
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
	if t.step == stepSubscribe {
		hubs := rec.State.Push.Hubs
		other := !t.sub.Active(now) && t.sub.Fails%otherAfter == otherAfter-1 && len(hubs) > 1
		if t.sub.Hub == "" || other {
			i := slices.Index(hubs, t.sub.Hub) + 1
			err = s.begin(&t, hubs[i%len(hubs)])
		}
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

// save replaces the subscription of a source as rec has it, and reports whether that
// succeeded.
func (s *Subscriber) save(
	ctx context.Context, rec storage.SourceRecord, sub storage.Subscription,
) bool {
	err := s.store.SetSubscription(ctx, rec.ID, rec.State.Push.Subscription, sub)
	if err != nil && !errors.Is(err, storage.ErrConflict) {
		s.log.Error("subscription not stored", "source", string(rec.ID), "err", err)
	}
	s.Look(rec.ID)
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
