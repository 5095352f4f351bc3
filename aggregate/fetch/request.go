package fetch

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coranto/coranto"
)

// acceptFeeds asks for a feed, and takes what there is.
const acceptFeeds = "application/atom+xml, application/rss+xml, application/feed+json, " +
	"application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"

// Request says what to fetch.
type Request struct {
	URL string // absolute, http or https, without user and password

	// Validators of the last good response, as a Response gave them to store.
	// They are sent to ValidatorURL only, which may be where URL redirects to;
	// "" means URL itself.
	ETag         string
	LastModified string
	ValidatorURL string

	Accept string      // "" means feeds first, then anything
	Header http.Header // of this request, see CheckHeader; dropped when a redirect leaves the host

	// Access is the source's own way of being asked. Headers, cookies, password
	// and trust are for the scheme, host and port of URL alone; the rest goes
	// along with redirects.
	Access coranto.Access

	MaxBody int64 // bytes after decoding; 0 means that of Access, or else the client's

	// Page marks the page of a post. Pages have a queue of their own at each host,
	// which lets two through at a time and starts them a second apart (P60); Options
	// can say otherwise.
	Page bool

	// Spacing is the least time between the start of this page and of the next at
	// its host, where that is more than the client's; 0 means no more.
	Spacing time.Duration

	// Allow is asked before each hop, redirects included, and may ask the network
	// itself; its error ends the exchange. nil allows everything.
	Allow func(ctx context.Context, url string) error
}

// ErrHeader reports a header that a source can't set.
var ErrHeader = errors.New("header not allowed")

// ErrCredentials reports a URL that carries a user or password, which would end
// up in published feeds and in logs.
var ErrCredentials = errors.New("user and password in a URL are refused")

// CheckHeader reports whether a source may set a header: not one that belongs
// to the connection, to the client itself or to a proxy, and no value that
// would break out of its line. The error wraps ErrHeader.
func CheckHeader(name, value string) error {
	key := textproto.CanonicalMIMEHeaderKey(name)
	if !isToken(key) || reservedHeader(key) {
		return fmt.Errorf("%w: %q", ErrHeader, name)
	}
	if !isFieldValue(value) {
		return fmt.Errorf("%w: %q has control characters", ErrHeader, name)
	}
	return nil
}

// reservedHeader takes the canonical form of a name.
func reservedHeader(key string) bool {
	for _, prefix := range []string{"Proxy-", "X-Forwarded-", "If-", "Sec-"} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return slices.Contains([]string{
		"Accept-Encoding", "Connection", "Content-Encoding", "Content-Length", "Expect",
		"Forwarded", "Host", "Http2-Settings", "Keep-Alive", "Range", "Remote-User", "Te",
		"Trailer", "Transfer-Encoding", "Upgrade", "Via", "X-Real-Ip",
	}, key)
}

// isToken reports whether s is a field name (RFC 9110 §5.1).
func isToken(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`()<>@,;:\"/[]?={}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}

// isFieldValue reports whether s can be sent as a field value (RFC 9110 §5.5).
func isFieldValue(s string) bool {
	for _, c := range []byte(s) {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// parse checks the request and returns its URL without the fragment.
func (r *Request) parse() (*url.URL, error) {
	for name, values := range r.Header {
		for _, value := range values {
			if err := CheckHeader(name, value); err != nil {
				return nil, err
			}
		}
	}
	if err := checkAccess(r.Access); err != nil {
		return nil, err
	}
	u, err := url.Parse(r.URL)
	if err != nil {
		return nil, errors.New("malformed URL")
	}
	u.Fragment, u.RawFragment = "", ""
	return u, checkURL(u)
}

// checkAccess reports what of an access can't be sent. The error shows no value.
func checkAccess(a coranto.Access) error {
	for name, value := range a.Headers {
		if err := CheckHeader(name, value); err != nil {
			return err
		}
	}
	switch {
	case !isFieldValue(a.UserAgent):
		return fmt.Errorf("%w: user agent has control characters", ErrHeader)
	case !isFieldValue(a.Cookies):
		return fmt.Errorf("%w: cookies have control characters", ErrHeader)
	case strings.Contains(a.User, ":"):
		return fmt.Errorf("%w: a user's name has no colon (RFC 7617 §2)", ErrHeader)
	}
	return nil
}

// checkURL is asked of every URL before it is requested, also of redirects.
func checkURL(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("scheme %q is refused: use http or https", u.Scheme)
	case u.Hostname() == "":
		return errors.New("URL without a host")
	case u.User != nil:
		return ErrCredentials
	}
	return nil
}

// plainURL is a URL as errors and logs may show it: without user and password.
func plainURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "an address that is none"
	}
	if u.User == nil {
		return raw
	}
	u.User = nil
	return u.String()
}

// sameOrigin reports whether two URLs share scheme, host and port.
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && hostPort(a) == hostPort(b)
}

// header builds the headers of one hop. Those of the source itself go only to
// the host it named, and validators only to the URL that gave them.
func (x *exchange) header() http.Header {
	h := maps.Clone(x.client.header)
	if x.req.Accept != "" {
		h["Accept"] = []string{x.req.Accept}
	}
	if agent := x.req.Access.UserAgent; agent != "" {
		h["User-Agent"] = []string{agent}
	}
	if x.own {
		x.ownHeader(h)
	}
	if !x.conditional {
		return h
	}
	if x.req.ETag != "" {
		h["If-None-Match"] = []string{x.req.ETag}
	}
	if x.req.LastModified != "" {
		h["If-Modified-Since"] = []string{x.req.LastModified}
	}
	return h
}

// ownHeader adds what only the source's own host may see.
func (x *exchange) ownHeader(h http.Header) {
	a := &x.req.Access
	for name, value := range a.Headers {
		h[textproto.CanonicalMIMEHeaderKey(name)] = []string{value}
	}
	if a.Cookies != "" {
		h["Cookie"] = []string{a.Cookies}
	}
	if a.User != "" || a.Password != "" {
		pair := base64.StdEncoding.EncodeToString([]byte(a.User + ":" + a.Password))
		h["Authorization"] = []string{"Basic " + pair}
	}
	for name, values := range x.req.Header {
		h[textproto.CanonicalMIMEHeaderKey(name)] = values
	}
}
