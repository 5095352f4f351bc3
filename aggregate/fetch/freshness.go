package fetch

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxWait is the longest Retry-After that is believed.
const maxWait = 7 * 24 * time.Hour

// freshness is how much longer a response stays fresh for a private cache (RFC
// 9111 §4.2.1): max-age, else Expires minus Date, less its Age. Contradictions
// and values that make no sense are taken as stale. The second result is false
// when the origin says nothing of it. Heuristics are left to the schedule.
func freshness(h http.Header, now time.Time) (time.Duration, bool) {
	life, ok := lifetime(h, now)
	if !ok {
		return 0, false
	}
	age, valid := seconds(h.Get("Age"))
	if !valid {
		age = 0
	}
	return max(life-age, 0), true
}

func lifetime(h http.Header, now time.Time) (time.Duration, bool) {
	life, ok := time.Duration(math.MaxInt64), false
	for _, line := range h["Cache-Control"] {
		for directive := range strings.SplitSeq(line, ",") {
			name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
			switch strings.ToLower(name) {
			case "no-cache", "no-store":
				if value == "" {
					return 0, true
				}
			case "max-age":
				age, _ := seconds(strings.Trim(value, `"`))
				life, ok = min(life, age), true
			}
		}
	}
	if ok {
		return life, true
	}
	return expiry(h, now)
}

// expiry is the lifetime after Expires; one that is no date, like 0, means stale
// (RFC 9111 §5.3).
func expiry(h http.Header, now time.Time) (time.Duration, bool) {
	values := h["Expires"]
	if len(values) == 0 {
		return 0, false
	}
	expires, err := http.ParseTime(values[0])
	if err != nil {
		return 0, true
	}
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		date = now
	}
	return max(expires.Sub(date), 0), true
}

// retryAfter is how long an origin asks to be left alone (RFC 9110 §10.2.3), as
// seconds or as one of the three forms of a date; 0 when it does not or when
// what it says makes no sense.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if wait, ok := seconds(value); ok {
		return min(wait, maxWait)
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(date.Sub(now), 0), maxWait)
}

// seconds reads delta-seconds (RFC 9111 §1.2.2): digits only. A number too large
// to hold is the largest there is.
func seconds(s string) (time.Duration, bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	const most = math.MaxInt64 / int64(time.Second)
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > most {
		n = most
	}
	return time.Duration(n) * time.Second, true
}
