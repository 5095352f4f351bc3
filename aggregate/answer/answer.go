// Package answer tells what the error of a visit says of the hosts that it met.
package answer

import (
	"errors"
	"time"

	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/internal/host"
)

// EndedAt is the host at which a visit to own ended, maybe after redirects.
func EndedAt(own string, err error) string {
	var e *fetch.Error
	if errors.As(err, &e) && e.URL != "" {
		return host.Of(e.URL)
	}
	return own
}

// Shut is the error of a visit that met, behind whatever redirects, a host that is
// to be left alone; nil when it was another.
func Shut(err error) *fetch.Error {
	var e *fetch.Error
	if errors.As(err, &e) && e.Kind == fetch.KindWait {
		return e
	}
	return nil
}

// Refusal is the status of an origin's answer, 0 when there was none, and for how
// long a host asks to be left alone.
func Refusal(err error) (status int, wait time.Duration) {
	var fetchErr *fetch.Error
	if !errors.As(err, &fetchErr) {
		return 0, 0
	}
	return fetchErr.Status, fetchErr.RetryAfter
}
