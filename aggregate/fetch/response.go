package fetch

import (
	"net/http"
	"time"

	"github.com/coranto/coranto"
)

// Response is what an origin answered: a 200 with its body, or a 304.
type Response struct {
	Requested   string   // the URL asked for
	URL         string   // the one that answered, after redirects; the base of relative links
	Status      int      // 200, 203, 226 or 304
	NotModified bool     // 304: what is stored is still good; Body is nil
	Delta       bool     // 226: Body has only what is new; what it leaves out is still there
	Body        []byte   // decoded; the caller's to keep; empty when the origin sent nothing
	ContentType string   // as sent
	Link        []string // the values of the Link headers, as sent (RFC 8288)

	// Header is all that the origin said of a page, as sent; nil when the request
	// was for none.
	Header http.Header

	// Validators to store in place of the request's, byte for byte as sent
	// (RFC 9110 §8.8): those of this response, and for a 304 also those of the
	// request that it did not replace. "" means to forget the stored one.
	ETag         string
	LastModified string
	ValidatorURL string

	// Freshness is how long the origin asks not to be asked again (RFC 9111
	// §4.2.1), never negative. HasFreshness is false when it did not say.
	Freshness    time.Duration
	HasFreshness bool

	// RetryAfter is the longest wait that a redirect on the way, or the 304, asked
	// for (RFC 9110 §10.2.3), and WaitHost the host of it; 0 when none did. At most 7
	// days.
	RetryAfter time.Duration
	WaitHost   string

	Permanent bool // there were redirects, and all of them permanent (301, 308)
	Hops      []Hop

	Date     time.Time         // the origin's clock; zero when it sent none
	Took     time.Duration     // the wait for the host's turn included
	Problems []coranto.Problem // a coding undeclared or declared wrongly
}

// Hop is one redirect that was followed: the URL that sent it and its status.
type Hop struct {
	URL    string
	Status int
}

// maxValidator is the longest validator worth sending back.
const maxValidator = 4 << 10

// validator is a header as it can be sent back; "" when it can't be.
func validator(h http.Header, name string) string {
	v := h.Get(name)
	if len(v) > maxValidator || !isFieldValue(v) {
		return ""
	}
	return v
}
