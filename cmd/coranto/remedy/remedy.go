// Package remedy tells operators what they may do about a request that failed.
package remedy

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/coranto/coranto/aggregate/fetch"
)

// For adds to the error of a request what the operator may do about it.
func For(err error) error {
	var failure *fetch.Error
	if !errors.As(err, &failure) {
		return err
	}
	if hint := hintOf(failure); hint != "" {
		return fmt.Errorf("%w (%s)", err, hint)
	}
	return err
}

// hintOf is "" where the error says it.
func hintOf(e *fetch.Error) string {
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return "write the source into the file by hand, with user: and password:, headers: or cookies:"
	case http.StatusNotFound, http.StatusGone:
		return "open the site in a browser and look for a link called RSS, Atom or feed"
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		if e.RetryAfter > 0 {
			return fmt.Sprintf("it asks to be left alone for %s; then try again", e.RetryAfter.Round(time.Second))
		}
		return "it asks to be left alone; try again later"
	}
	switch e.Kind {
	case fetch.KindDNS:
		return "is the name spelled right, and this machine online?"
	case fetch.KindConnect, fetch.KindTimeout:
		return "does it open in a browser? if so, is a proxy needed: fetch.proxy"
	case fetch.KindTLS:
		return "of an authority of your own? write the source into the file by hand, with ca:"
	case fetch.KindTooLarge:
		return "if it is meant to be that large: fetch.max_body"
	}
	return ""
}
