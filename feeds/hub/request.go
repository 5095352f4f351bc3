package hub

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of a request.
const (
	maxForm   = 16 << 10 // bytes
	maxURL    = 2048     // bytes of a topic or a callback
	maxSecret = 199      // bytes (WebSub §5.1)
	minLease  = 5 * time.Minute
)

// Modes of a request.
const (
	modeSubscribe   = "subscribe"
	modeUnsubscribe = "unsubscribe"
)

// request is what a subscriber asks for (WebSub §5.1).
type request struct {
	mode     string
	topic    string
	callback string
	secret   string
	lease    time.Duration // 0 when it does not say
}

// refusal is why a request is not taken, for the one who made it.
type refusal struct {
	status int
	why    string
	after  time.Duration // when to ask again; 0 means never alike
}

func refuse(status int, format string, values ...any) *refusal {
	return &refusal{status: status, why: fmt.Sprintf(format, values...)}
}

// later refuses what may be taken after a while.
func later(status int, after time.Duration, why string) *refusal {
	return &refusal{status, why, after}
}

// parseRequest reads a form. Parameters that it does not know are passed over, and of
// one that comes twice the first counts.
func parseRequest(form []byte) (request, *refusal) {
	values, err := url.ParseQuery(string(form))
	if err != nil {
		return request{}, refuse(http.StatusBadRequest, "the form can't be read")
	}
	r := request{
		mode:     values.Get("hub.mode"),
		topic:    values.Get("hub.topic"),
		callback: values.Get("hub.callback"),
		secret:   values.Get("hub.secret"),
	}
	switch {
	case r.mode == "publish":
		return r, refuse(http.StatusBadRequest,
			"this hub is told of changes by its own publisher alone, and needs no ping")
	case r.mode != modeSubscribe && r.mode != modeUnsubscribe:
		return r, refuse(http.StatusBadRequest, "hub.mode must be subscribe or unsubscribe")
	case !utf8.ValidString(r.topic + r.callback + r.secret):
		return r, refuse(http.StatusBadRequest, "the form is not in UTF-8")
	case r.topic == "" || len(r.topic) > maxURL:
		return r, refuse(http.StatusBadRequest, "hub.topic must be the address of a feed")
	case len(r.secret) > maxSecret:
		return r, refuse(http.StatusBadRequest, "hub.secret must be shorter than 200 bytes")
	}
	if why := checkCallback(r.callback); why != "" {
		return r, refuse(http.StatusBadRequest, "hub.callback %s", why)
	}
	if text := values.Get("hub.lease_seconds"); text != "" {
		seconds, err := strconv.ParseUint(text, 10, 63)
		if err != nil {
			return r, refuse(http.StatusBadRequest, "hub.lease_seconds must be a decimal number")
		}
		const longest = 100 * 365 * 24 * time.Hour
		r.lease = max(time.Duration(min(seconds, uint64(longest/time.Second)))*time.Second, 1)
	}
	return r, nil
}

// checkCallback is what is wrong with a callback; "" when nothing is. Whether it is at
// an address that may be called, the transport says.
func checkCallback(callback string) string {
	u, err := url.Parse(callback)
	switch {
	case len(callback) > maxURL:
		return fmt.Sprintf("must not be longer than %d bytes", maxURL)
	case err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "":
		return "must be an absolute URL"
	case u.Scheme != "http" && u.Scheme != "https":
		return "must be an http or https URL"
	case u.User != nil:
		return "must not hold a password: what can't be guessed belongs into the path or query"
	case strings.Contains(callback, "#"):
		return "must not have a fragment"
	}
	return ""
}

// granted is the lease of a subscription.
func (h *Hub) granted(asked time.Duration) time.Duration {
	if asked == 0 {
		return h.opts.Lease
	}
	return min(max(asked, minLease), h.opts.MaxLease).Truncate(time.Second)
}
