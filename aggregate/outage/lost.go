package outage

import (
	"errors"
	"net"
	"syscall"

	"github.com/coranto/coranto/aggregate/fetch"
)

// Unreached reports a visit that found nobody: no address, no connection, or no way to
// the other end of one that was kept. A server that closes a connection is there.
func Unreached(err error) bool {
	var e *fetch.Error
	if !errors.As(err, &e) {
		return false
	}
	var op *net.OpError
	switch e.Kind {
	case fetch.KindDNS:
		return true
	case fetch.KindConnect, fetch.KindTimeout:
		return errors.As(e.Err, &op) && op.Op == "dial" ||
			errors.Is(e.Err, syscall.EHOSTUNREACH) || errors.Is(e.Err, syscall.ENETUNREACH)
	}
	return false
}

// Unproxied reports a visit that ended at a proxy. That says nothing of a host, but
// when it happens to all it is an outage of ours (P44).
func Unproxied(err error) bool {
	var e *fetch.Error
	return errors.As(err, &e) && e.Kind == fetch.KindProxy
}
