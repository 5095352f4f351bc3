package push

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/hosts"
	"github.com/coranto/coranto/internal/host"
	"github.com/coranto/coranto/internal/oneline"
	"github.com/coranto/coranto/storage"
)

// perTurn is how many things a host is asked for before others have its place.
const perTurn = 100

// remember tells the client for how long the host of a hub wants to be left alone, as
// far as an earlier process wrote it down.
func (s *Subscriber) remember(sub storage.Subscription, now time.Time) {
	if sub.Wait.After(now) && sub.Wait.Sub(now) <= hosts.Longest {
		s.client.Hosts().Ask(host.Of(sub.Hub), sub.Wait, now)
	}
}

// askAll asks the hubs of one host for several subscriptions, until one fails: then the
// host rests, and all that it is to be asked for waits.
func (s *Subscriber) askAll(ctx context.Context, host string, tasks []task) {
	for i, t := range tasks {
		if i == perTurn {
			s.postpone(tasks[i:], time.Time{})
			return
		}
		err := s.ask(ctx, t)
		if ctx.Err() != nil {
			s.postpone(tasks[i:], time.Time{})
			return
		}
		if err == nil {
			s.hubs.well(host)
			continue
		}
		if refused, wait := refusal(t, err); !refused {
			until := s.hubs.rest(host, s.now().UTC(), wait)
			s.postpone(tasks[i+1:], until)
			return
		}
	}
}

// refusal reports whether a failure concerns one subscription alone, and else for how
// long the hub asks to be left alone; 0 when it does not say.
func refusal(t task, err error) (one bool, wait time.Duration) {
	var e *fetch.Error
	if !errors.As(err, &e) {
		return false, 0
	}
	if e.Status == 0 && e.Kind != fetch.KindWait {
		return t.rec.Access.Proxy != "", 0 // which may be what has failed
	}
	return e.Status/100 == 4 && e.Status != http.StatusTooManyRequests, e.RetryAfter
}

// ask asks a hub for a subscription or its end. The subscription is stored first: a
// hub may verify before it answers.
func (s *Subscriber) ask(ctx context.Context, t task) error {
	t.pending(s.now().UTC())
	if !s.save(ctx, t.rec, t.sub) {
		return nil // somebody else was quicker
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
		return nil
	}
	if ctx.Err() == nil {
		s.log.Warn("hub not asked", "source", string(t.rec.ID), "url", t.sub.Hub, "err", err)
		s.failed(ctx, t, err)
	}
	return err
}

// pending notes that a hub is about to be asked. If it was asked before and nothing
// came of it, that has failed.
func (t *task) pending(now time.Time) {
	mode := storage.ModeSubscribe
	if t.step == stepUnsubscribe {
		mode = storage.ModeUnsubscribe
		t.sub.Until = earliest(t.sub.Until, now) // nobody counts on it from here on
	}
	if t.sub.Pending == mode {
		fail(&t.sub, "the hub did not verify what it was asked")
	}
	t.sub.Pending, t.sub.Asked, t.sub.Again = mode, now, now.Add(wait(t.sub.Fails))
}

// wait is how long a hub is left alone that was asked in vain some times.
func wait(fails int) time.Duration {
	return min(firstWait<<min(fails, 10), longestWait)
}

// failed notes that a hub could not be asked, unless it verified all the same. A host
// that is left alone because it asked for that has not failed once more.
func (s *Subscriber) failed(ctx context.Context, t task, cause error) {
	rec, found := s.source(ctx, t.rec.ID)
	sub, now := rec.State.Push.Subscription, s.now().UTC()
	if !found || sub.Pending != t.sub.Pending || !sub.Asked.Equal(t.sub.Asked) {
		return
	}
	if sub.Pending == storage.ModeSubscribe {
		sub.Pending = ""
	}
	var e *fetch.Error
	sub.Wait = time.Time{}
	if errors.As(cause, &e) && e.WaitHost == host.Of(sub.Hub) && !errors.Is(cause, hosts.ErrSilent) {
		sub.Wait = now.Add(e.RetryAfter)
	}
	if e != nil && e.Kind == fetch.KindWait {
		if sub.Pending == storage.ModeUnsubscribe { // it stands until the hub is asked to end it
			sub.Pending, sub.Until = "", t.rec.State.Push.Subscription.Until
		}
		sub.Again, sub.LastError = now.Add(e.RetryAfter), oneline.Of(cause.Error())
		s.save(ctx, rec, sub)
		return
	}
	fail(&sub, cause.Error())
	sub.Again = now.Add(wait(sub.Fails))
	if e != nil {
		sub.Again = now.Add(max(wait(sub.Fails), e.RetryAfter))
	}
	s.save(ctx, rec, sub)
}

// fail notes one more failure.
func fail(sub *storage.Subscription, why string) {
	sub.Fails++
	sub.LastError = oneline.Of(why)
}
