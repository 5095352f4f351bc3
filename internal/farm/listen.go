package farm

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Start opens one listener per host, all on loopback, and serves until Close.
// With Port 0 it first finds a port that is free on all of them. The error says
// which host could not be opened; nothing is left open then.
func (f *Farm) Start() error {
	config, err := f.tlsConfig()
	if err != nil {
		return fmt.Errorf("start farm: %w", err)
	}
	if err := f.listen(); err != nil {
		return fmt.Errorf("start farm: %w", err)
	}
	f.server = &http.Server{
		Handler:           f,
		ErrorLog:          log.New(io.Discard, "", 0),
		IdleTimeout:       time.Minute,
		ReadHeaderTimeout: time.Minute,
		ConnContext:       f.connContext,
		ConnState:         f.connState,
		TLSConfig:         config,
	}
	for _, l := range f.listeners {
		f.serving.Go(func() { f.serve(l) })
	}
	return nil
}

// Close ends all connections, also those that hang, and waits until nobody
// listens any more. It may be called more than once, and without Start.
func (f *Farm) Close() {
	if f.server != nil { // before closed, lest what hangs gets an empty answer
		_ = f.server.Close() // nothing can be done about a listener that won't close
	}
	f.closing.Do(func() { close(f.closed) })
	f.serving.Wait()
}

func (f *Farm) serve(l net.Listener) {
	if f.TLS {
		l = tls.NewListener(l, f.server.TLSConfig)
	}
	_ = f.server.Serve(l) // always ErrServerClosed, or the listener is gone
}

// listen opens all hosts on the configured port, or on any free one.
func (f *Farm) listen() error {
	if f.Port != 0 {
		return f.listenOn(f.Port)
	}
	const tries = 50
	var errs []error
	for range tries {
		err := f.listenOn(0)
		if err == nil {
			f.forgetBodies()
			return nil
		}
		errs = append(errs, err)
	}
	f.Port = 0
	return fmt.Errorf("no port is free on %d hosts: %w", f.Hosts, errors.Join(errs...))
}

// listenOn opens all hosts; with port 0 the first host chooses for all.
func (f *Farm) listenOn(port int) error {
	f.Port = port
	for h := range f.Hosts {
		l, err := net.Listen("tcp4", net.JoinHostPort(HostIP(h), strconv.Itoa(f.Port)))
		if err != nil {
			f.closeListeners()
			return fmt.Errorf("host %d: %w", h, err)
		}
		f.Port = l.Addr().(*net.TCPAddr).Port
		f.listeners = append(f.listeners, l)
	}
	return nil
}

func (f *Farm) closeListeners() {
	for _, l := range f.listeners {
		_ = l.Close() // it is given up
	}
	f.listeners = nil
}

// forgetBodies drops what was rendered before the port was known.
func (f *Farm) forgetBodies() {
	for i := range f.slots {
		f.slots[i].cached.Store(nil)
	}
}

// hostKey is the key of a connection's host in its context.
type hostKey struct{}

func (f *Farm) connContext(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, hostKey{}, hostIndex(c.LocalAddr()))
}

func (f *Farm) connState(c net.Conn, state http.ConnState) {
	h := &f.hosts[hostIndex(c.LocalAddr())]
	switch state {
	case http.StateNew:
		f.totals.conns.Add(1)
		h.conns.Add(1)
		raise(&h.maxConns, h.openConns.Add(1))
		raise(&f.totals.maxConns, f.totals.openConns.Add(1))
	case http.StateClosed, http.StateHijacked:
		h.openConns.Add(-1)
		f.totals.openConns.Add(-1)
	}
}

// hostIndex is the inverse of HostIP.
func hostIndex(a net.Addr) int {
	t, ok := a.(*net.TCPAddr)
	if !ok {
		return 0
	}
	ip := t.IP.To4()
	return (int(ip[1])-16)*62500 + int(ip[2])*250 + int(ip[3]) - 1
}
