// Package ping tells hubs elsewhere that feeds published here changed (W3C WebSub §6).
//
// # Contract
//
// A hub is told of a topic after its new bytes can be had, once for all changes since
// it was told last, and of one topic at most once a minute. A hub that does not take it
// is told again a few times. The place in the log up to which hubs were told is a value
// of the store, so that they hear of what was committed while no process ran; two
// processes may both tell them, which does no harm.
package ping

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/hub/wave"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/storage"
)

// Limits of what a hub is told.
const (
	pace      = time.Minute      // from one ping about a topic to the next
	firstWait = 30 * time.Second // after a ping that was not taken; doubled each time
	attempts  = 6                // at one ping
	saveEvery = 10 * time.Second // the place in the log, at most
	timeout   = 15 * time.Second // of one ping
	maxAnswer = 8 << 10          // bytes that are read of an answer
)

// cursorName is the value that holds the place in the log, behind cursorMark.
const (
	cursorName = "~hub/pings"
	cursorMark = "="
)

// Options configures a Pinger. Store, Publisher, Transport and Hubs are required.
type Options struct {
	Store     storage.Store
	Publisher *publish.Publisher // of Store
	Transport http.RoundTripper  // asks hubs
	Hubs      []string           // absolute URLs
	UserAgent string             // "" means the program's name and version
	Clock     coranto.Clock      // nil means time.Now
	Logger    *slog.Logger       // nil logs nothing
}

// Pinger pings hubs while Run runs.
type Pinger struct {
	opts  Options
	now   coranto.Clock
	log   *slog.Logger
	hubs  []*hub
	known map[string]string // ETags of documents that hubs know of, by path
	place string            // as it is stored
	next  string            // to be stored when nothing is pending
	saved time.Time         // when that was looked at last
	bad   bool              // the store failed the last time, and that was said
}

// hub is what one of them is to be told.
type hub struct {
	url    string
	mu     sync.Mutex
	topics map[string]*topic // by their addresses
	busy   bool
}

// topic is what a hub is to be told of one. It is kept while it is pending and for its
// pace.
type topic struct {
	pending bool
	next    time.Time // no ping before
	fails   int       // of this ping
}

// New returns a Pinger.
func New(opts Options) *Pinger {
	opts.UserAgent = cmp.Or(opts.UserAgent, "Coranto/"+coranto.Version+" (+"+coranto.HomeURL+")")
	p := &Pinger{
		opts: opts, now: opts.Clock, known: make(map[string]string),
		log: cmp.Or(opts.Logger, slog.New(slog.DiscardHandler)),
	}
	if p.now == nil {
		p.now = time.Now
	}
	for _, address := range opts.Hubs {
		p.hubs = append(p.hubs, &hub{url: address, topics: make(map[string]*topic)})
	}
	return p
}

// Run pings until ctx ends. It outlives failures of the store.
func (p *Pinger) Run(ctx context.Context) {
	var from storage.Cursor
	for {
		var err error
		if from, err = p.begin(ctx); err == nil {
			break
		}
		p.complain(err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(wave.PollEvery):
		}
	}
	p.save(ctx, true) // so that what comes while the first pings fail is not forgotten
	var pings sync.WaitGroup
	wave.Follow(ctx, p.opts.Store, from, wave.Follower{
		Fail: p.complain,
		Take: func(ctx context.Context, w wave.Wave) error {
			err := p.take(ctx, w)
			p.dispatch(ctx, &pings)
			return err
		},
		Beat: func(ctx context.Context) {
			p.dispatch(ctx, &pings)
			p.save(ctx, false)
		},
	})
	pings.Wait()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	p.save(ctx, true)
}

// begin is the place in the log from which to go on: the end where none is stored.
func (p *Pinger) begin(ctx context.Context) (storage.Cursor, error) {
	values, err := p.opts.Store.Values(ctx, cursorName, "", 1)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", cursorName, err)
	}
	if len(values) == 1 && values[0].Name == cursorName {
		p.place = string(values[0].Data)
		p.next = p.place
		return storage.Cursor(strings.TrimPrefix(p.place, cursorMark)), nil
	}
	end, err := p.opts.Store.LogEnd(ctx)
	if err != nil {
		return "", fmt.Errorf("find end of changes: %w", err)
	}
	p.next = cursorMark + string(end)
	return end, nil
}

// take finds the documents that a wave changed. Of a log that was forgotten unread, the
// feeds of the whole site stand for all.
func (p *Pinger) take(ctx context.Context, w wave.Wave) error {
	scopes := w.Scopes
	if w.All {
		scopes = []feeds.Scope{{}}
	}
	if err := p.opts.Publisher.CatchUp(ctx); err != nil {
		return err
	}
	for _, scope := range scopes {
		for _, f := range p.opts.Publisher.Formats() {
			path := scope.Path() + f.File
			doc, err := p.opts.Publisher.Get(ctx, path)
			if errors.Is(err, feeds.ErrNotFound) {
				continue
			}
			if err != nil {
				return fmt.Errorf("look at topic %s: %w", path, err)
			}
			if p.known[path] != doc.ETag {
				p.known[path] = doc.ETag
				p.tell(p.opts.Publisher.Site().Absolute(path))
			}
		}
	}
	p.next, p.bad = cursorMark+string(w.Next), false
	return nil
}

// tell notes that a topic changed.
func (p *Pinger) tell(address string) {
	for _, h := range p.hubs {
		h.mu.Lock()
		t := h.topics[address]
		if t == nil {
			t = new(topic)
			h.topics[address] = t
		}
		t.pending = true
		h.mu.Unlock()
	}
}

// dispatch pings each hub that is to be told something now, and none of them twice at a
// time.
func (p *Pinger) dispatch(ctx context.Context, pings *sync.WaitGroup) {
	for _, h := range p.hubs {
		h.mu.Lock()
		if !h.busy && h.due(p.now()) != "" {
			h.busy = true
			pings.Go(func() { p.pingAll(ctx, h) })
		}
		h.mu.Unlock()
	}
}

// due is a topic of which the hub is to be told now; "" when there is none. It forgets
// those of which nothing is left to say. The caller holds h.mu.
func (h *hub) due(now time.Time) string {
	for address, t := range h.topics {
		switch {
		case t.next.After(now):
		case t.pending:
			return address
		default:
			delete(h.topics, address)
		}
	}
	return ""
}

// pingAll pings a hub until there is nothing to tell it now.
func (p *Pinger) pingAll(ctx context.Context, h *hub) {
	for {
		h.mu.Lock()
		address := h.due(p.now())
		if address == "" || ctx.Err() != nil {
			h.busy = false
			h.mu.Unlock()
			return
		}
		t := h.topics[address]
		t.pending = false // what changes from here on is told again
		h.mu.Unlock()
		err := p.ping(ctx, h.url, address)
		h.mu.Lock()
		p.settle(ctx, h, address, t, err)
		h.mu.Unlock()
	}
}

// settle notes what came of a ping. The caller holds h.mu.
func (p *Pinger) settle(ctx context.Context, h *hub, address string, t *topic, err error) {
	now := p.now()
	switch {
	case err == nil:
		t.fails, t.next = 0, now.Add(pace)
		return
	case ctx.Err() != nil:
		t.pending = true
		return
	}
	if t.fails++; t.fails < attempts {
		t.pending, t.next = true, now.Add(firstWait<<(t.fails-1))
		p.log.Debug("hub not told of a change", "url", h.url, "err", err)
		return
	}
	t.fails, t.next = 0, now.Add(pace)
	p.log.Warn("hub not told of a change", "url", h.url, "topic", address, "err", err)
}

// ping tells a hub of a topic. hub.url is what hubs have always read, hub.topic what
// else some do.
func (p *Pinger) ping(ctx context.Context, hub, topic string) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	form := url.Values{"hub.mode": {"publish"}, "hub.url": {topic}, "hub.topic": {topic}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, hub, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header = http.Header{
		"Content-Type": {"application/x-www-form-urlencoded"}, "User-Agent": {p.opts.UserAgent},
	}
	res, err := p.opts.Transport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.CopyN(io.Discard, res.Body, maxAnswer)
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("the hub answered %s", res.Status)
	}
	return nil
}

// save stores the place in the log when all is told that was found before it.
func (p *Pinger) save(ctx context.Context, now bool) {
	if at := p.now(); !now && !at.Before(p.saved) && at.Sub(p.saved) < saveEvery {
		return
	}
	p.saved = p.now()
	if p.next == p.place || p.pending() {
		return
	}
	change := storage.ValueChange{Name: cursorName, New: []byte(p.next)}
	if p.place != "" {
		change.Old = []byte(p.place)
	}
	err := p.opts.Store.SetValues(ctx, []storage.ValueChange{change})
	if errors.Is(err, storage.ErrConflict) {
		err = p.reread(ctx)
	} else if err == nil {
		p.place = p.next
	}
	if err != nil {
		p.complain(fmt.Errorf("store the place in the log: %w", err))
	}
}

// reread takes the place as another process has stored it; ours follows next time.
func (p *Pinger) reread(ctx context.Context) error {
	next := p.next
	_, err := p.begin(ctx)
	p.next = next
	return err
}

func (p *Pinger) pending() bool {
	for _, h := range p.hubs {
		h.mu.Lock()
		waits := h.busy
		for _, t := range h.topics {
			waits = waits || t.pending
		}
		h.mu.Unlock()
		if waits {
			return true
		}
	}
	return false
}

// complain tells the first of a row of errors.
func (p *Pinger) complain(err error) {
	if !p.bad {
		p.bad = true
		p.log.Error("hubs are not told of changes", "err", err)
	}
}
