package show

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coranto/coranto"
)

// Access is how a source is asked, with what holds for all where it says nothing of
// its own. It has no secret: of headers the names, of a proxy its host.
type Access struct {
	UserAgent string   `json:"user_agent,omitempty"` // absent: the program's own
	Headers   []string `json:"headers,omitempty"`
	Cookies   bool     `json:"cookies,omitempty"`
	Password  bool     `json:"password,omitempty"`
	Proxy     string   `json:"proxy,omitempty"`
	Authority bool     `json:"ca,omitempty"`
	Insecure  bool     `json:"insecure,omitempty"`
	HTTP      string   `json:"http,omitempty"`          // absent: what the origin speaks best
	Whole     string   `json:"unconditional,omitempty"` // "never": its 304 are believed
	Timeout   float64  `json:"timeout_s,omitempty"`
	MaxBody   int64    `json:"max_body_bytes,omitempty"`
}

// NewAccess lays a source's own access over that for all.
func NewAccess(own, all coranto.Access) Access {
	return Access{
		UserAgent: cmp.Or(own.UserAgent, all.UserAgent),
		Headers:   slices.Sorted(maps.Keys(own.Headers)),
		Cookies:   own.Cookies != "",
		Password:  own.User+own.Password != "",
		Proxy:     withoutUser(cmp.Or(own.Proxy, all.Proxy)),
		Authority: own.CA != "",
		Insecure:  own.Insecure,
		Whole:     said(own.Believed, "never"),
		Timeout:   cmp.Or(own.Timeout, all.Timeout).Seconds(),
		MaxBody:   cmp.Or(own.MaxBody, all.MaxBody),
		HTTP:      said(own.HTTP1, "1.1"),
	}
}

// withoutUser is a proxy as it may be shown.
func withoutUser(proxy string) string {
	u, err := url.Parse(proxy)
	switch {
	case err != nil:
		return "set"
	case u.User != nil:
		return u.Scheme + "://***@" + u.Host
	}
	return proxy
}

// pairs are what is shown of it, each under its key in the operator's file.
func (a *Access) pairs() [][2]string {
	trust := ""
	switch {
	case a.Insecure:
		trust = "NOT VERIFIED, as the file says: anybody on the way can change what it says"
	case a.Authority:
		trust = "verified, by authorities of its own too"
	}
	timeout, most := "", ""
	if a.Timeout > 0 {
		timeout = time.Duration(a.Timeout * float64(time.Second)).String()
	}
	if a.MaxBody > 0 {
		most = size(a.MaxBody)
	}
	return [][2]string{
		{"user agent", a.UserAgent}, {"headers", strings.Join(a.Headers, ", ")},
		{"cookies", said(a.Cookies, "sent")}, {"password", said(a.Password, "sent")},
		{"proxy", a.Proxy}, {"certificate", trust}, {"http", a.HTTP},
		{"unconditional", a.Whole}, {"timeout", timeout}, {"max body", most},
	}
}

func said(is bool, word string) string {
	if is {
		return word
	}
	return ""
}
