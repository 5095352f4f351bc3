package outage

import (
	"errors"
	"net"

	"github.com/coranto/coranto/aggregate/fetch"
)

// Unreached reports a visit that found nobody: no address, or no connection.
func Unreached(err error) bool {
	var e *fetch.Error
	if !errors.As(err, &e) {
		return false
	}
	var op *net.OpError
	switch e.Kind {
	case fetch.KindDNS, fetch.KindConnect:
		return true
	case fetch.KindTimeout:
		return errors.As(e.Err, &op) && op.Op == "dial"
	}
	return false
}

// Unproxied reports a visit that ended at a proxy. That says nothing of a host, but
// when it happens to all it is an outage of ours (P44).
func Unproxied(err error) bool {
	var e *fetch.Error
	return errors.As(err, &e) && e.Kind == fetch.KindProxy
}
