// Package score is an origin that marks the manners of a feed reader, after the
// example of the feed reader score: feeds of several kinds on several hosts, each
// with a way of its own to be got wrong, and a judge who compares every request
// with what was answered before.
//
// Time is the caller's clock: a week of visits takes as long as its requests. The
// origin listens on loopback and stays there.
package score

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coranto/coranto"
)

// Origin is all hosts. It is safe for concurrent use.
type Origin struct {
	now     coranto.Clock
	began   time.Time
	hosts   []*host
	servers []*http.Server
}

// host is one address with its feeds and what its visitors did.
type host struct {
	origin *Origin
	url    string

	mu        sync.Mutex
	feeds     []*feed
	quiet     time.Time // it asked to be left alone until then
	strangers []string  // what it was asked for that nobody offered
}

// New starts the origin. It must be closed.
func New(now coranto.Clock) (*Origin, error) {
	o := &Origin{now: now, began: now()}
	for _, feeds := range roster() {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			o.Close()
			return nil, fmt.Errorf("listen on loopback: %w", err)
		}
		h := &host{origin: o, url: "http://" + listener.Addr().String(), feeds: feeds}
		server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
		o.hosts, o.servers = append(o.hosts, h), append(o.servers, server)
		go func() { _ = server.Serve(listener) }() // ends with Close
	}
	o.direct()
	return o, nil
}

// direct gives the feeds that redirect to another host its address.
func (o *Origin) direct() {
	urls := make(map[string]string)
	for _, h := range o.hosts {
		for _, f := range h.feeds {
			urls[f.name] = h.url + "/" + f.name
		}
	}
	for _, h := range o.hosts {
		h.mu.Lock()
		for _, f := range h.feeds {
			f.leads = urls[f.leads]
		}
		h.mu.Unlock()
	}
}

// Close stops the origin.
func (o *Origin) Close() {
	for _, s := range o.servers {
		_ = s.Close()
	}
}

// Sources are the feeds, to be subscribed to.
func (o *Origin) Sources() []coranto.Source {
	var sources []coranto.Source
	for _, h := range o.hosts {
		for _, f := range h.feeds {
			if !f.hidden {
				id := coranto.SourceID(f.name)
				sources = append(sources, coranto.Source{ID: id, URL: h.url + "/" + f.name, Access: f.access})
			}
		}
	}
	return sources
}

// ServeHTTP answers a request and marks it.
func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := h.origin.now().UTC()
	h.mu.Lock()
	defer h.mu.Unlock()
	name, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	for _, f := range h.feeds {
		if f.name == name && f.hub && rest == hubPath {
			f.takeSubscription(h, now, w, r)
			return
		}
		if f.name == name {
			a := f.answer(now.Sub(h.origin.began), rest, r)
			f.judge(h, now, rest, r, a)
			h.send(w, now, a)
			return
		}
	}
	h.strangers = append(h.strangers, r.URL.Path)
	w.WriteHeader(http.StatusNotFound)
}

// send writes an answer, and a cookie that nobody should send back.
func (h *host) send(w http.ResponseWriter, now time.Time, a answer) {
	header := w.Header()
	header.Set("Set-Cookie", "visitor=1; Path=/")
	for name, value := range a.header(now) {
		if value != "" {
			header[name] = []string{value}
		}
	}
	if a.wait > 0 {
		h.quiet = now.Add(a.wait)
		if a.date != "" {
			h.quiet = h.quiet.Truncate(time.Second) // as a date can say it
		}
		header.Set("Retry-After", a.waitText(now))
	}
	w.WriteHeader(a.status)
	if a.status == http.StatusOK {
		_, _ = w.Write([]byte(a.body))
	}
}
