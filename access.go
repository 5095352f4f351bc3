package coranto

import (
	"strings"
	"time"
)

// Words that stand in the place of a proxy's URL.
const (
	ProxyNone        = "none"        // ask directly, whatever holds for all
	ProxyEnvironment = "environment" // as HTTP_PROXY, HTTPS_PROXY and NO_PROXY say
)

// Access is how a source is asked, where that differs from how all are. The zero
// value asks like all. It may hold secrets, so its text forms name what is set
// and never show a value.
type Access struct {
	UserAgent string            // "" means the program's
	Headers   map[string]string // values by canonical name; nil when there are none
	Cookies   string            // value of the Cookie header; "" sends none
	User      string            // of basic authentication (RFC 7617); "" means none
	Password  string
	Proxy     string // URL, ProxyNone or ProxyEnvironment; "" means the one for all
	CA        string // certificates in PEM that are trusted besides the system's

	Insecure bool          // certificates are not verified
	HTTP1    bool          // HTTP/2 is not spoken
	Believed bool          // a 304 is believed however long nothing else was heard (P11)
	Timeout  time.Duration // of a whole exchange; 0 means the one for all
	MaxBody  int64         // bytes, decoded; 0 means the one for all
}

// String names what is set, without a value: "headers, password".
func (a Access) String() string {
	var names []string
	for _, part := range []struct {
		name string
		set  bool
	}{
		{"user agent", a.UserAgent != ""},
		{"headers", len(a.Headers) > 0},
		{"cookies", a.Cookies != ""},
		{"password", a.User != "" || a.Password != ""},
		{"proxy", a.Proxy != ""},
		{"authority", a.CA != ""},
		{"not verified", a.Insecure},
		{"HTTP/1.1", a.HTTP1},
		{"304 believed", a.Believed},
		{"timeout", a.Timeout != 0},
		{"size", a.MaxBody != 0},
	} {
		if part.set {
			names = append(names, part.name)
		}
	}
	return strings.Join(names, ", ")
}

// GoString is String, so that %#v shows no secret either.
func (a Access) GoString() string { return "Access(" + a.String() + ")" }

// MarshalText is String, so that JSON shows no secret either.
func (a Access) MarshalText() ([]byte, error) { return []byte(a.String()), nil }
