package fetch

import (
	"net/http"
	"testing"
	"time"
)

func at() time.Time { return time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC) }

// P20: RFC 9111 §4.2.1.
func TestFreshness(t *testing.T) {
	const (
		date  = "Mon, 02 Mar 2026 10:00:00 GMT"
		later = "Mon, 02 Mar 2026 11:00:00 GMT"
		early = "Mon, 02 Mar 2026 09:00:00 GMT"
	)
	cc := func(lines ...string) http.Header { return http.Header{"Cache-Control": lines} }
	tests := []struct {
		name   string
		header http.Header
		want   time.Duration
		none   bool
	}{
		{name: "nothing", header: http.Header{"Date": {date}}, none: true},
		{name: "max-age", header: cc("max-age=3600"), want: time.Hour},
		{name: "among others", header: cc("public, max-age=60, must-revalidate"), want: time.Minute},
		{name: "case and space", header: cc(" Public ,  MAX-AGE=60 "), want: time.Minute},
		{name: "quoted", header: cc(`max-age="60"`), want: time.Minute},
		{name: "zero", header: cc("max-age=0")},
		{name: "negative", header: cc("max-age=-1")},
		{name: "no integer", header: cc("max-age=1.5")},
		{name: "empty", header: cc("max-age=")},
		{name: "twice, the shorter", header: cc("max-age=60, max-age=30"), want: 30 * time.Second},
		{name: "on two lines", header: cc("max-age=30", "max-age=60"), want: 30 * time.Second},
		{name: "with no-cache", header: cc("max-age=60, no-cache")},
		{name: "no-store", header: cc("no-store")},
		{name: "no-cache of a field", header: cc(`max-age=60, no-cache="Set-Cookie"`), want: time.Minute},
		{name: "s-maxage alone", header: cc("s-maxage=60"), none: true},
		{name: "s-maxage is not ours", header: cc("s-maxage=60, max-age=5"), want: 5 * time.Second},
		{name: "private", header: cc("private"), none: true},
		{name: "age", header: http.Header{"Cache-Control": {"max-age=60"}, "Age": {"20"}},
			want: 40 * time.Second},
		{name: "too old", header: http.Header{"Cache-Control": {"max-age=60"}, "Age": {"80"}}},
		{name: "odd age", header: http.Header{"Cache-Control": {"max-age=60"}, "Age": {"x"}},
			want: time.Minute},
		{name: "Expires", header: http.Header{"Expires": {later}, "Date": {date}}, want: time.Hour},
		{name: "Expires by the origin's clock", header: http.Header{"Expires": {later},
			"Date": {early}}, want: 2 * time.Hour},
		{name: "Expires without Date", header: http.Header{"Expires": {later}}, want: time.Hour},
		{name: "Expires and Age", header: http.Header{"Expires": {later}, "Date": {date},
			"Age": {"600"}}, want: 50 * time.Minute},
		{name: "Expires past", header: http.Header{"Expires": {early}, "Date": {date}}},
		{name: "Expires 0", header: http.Header{"Expires": {"0"}}}, // P17
		{name: "Expires -1", header: http.Header{"Expires": {"-1"}}},
		{name: "max-age before Expires", header: http.Header{"Cache-Control": {"max-age=60"},
			"Expires": {later}, "Date": {date}}, want: time.Minute},
		{name: "beyond all numbers", header: cc("max-age=9223372036854775808"),
			want: 9223372036 * time.Second}, // P22
	}
	for _, tt := range tests {
		t.Run("P20 "+tt.name, func(t *testing.T) {
			got, ok := freshness(tt.header, at())
			if got != tt.want || ok == tt.none {
				t.Errorf("freshness %v %v, want %v %v", got, ok, tt.want, !tt.none)
			}
		})
	}
}

// P35, B23: the forms of Retry-After.
func TestRetryAfter(t *testing.T) {
	tests := []struct {
		value string
		want  time.Duration
	}{
		{"", 0}, {"3600", time.Hour}, {" 5 ", 5 * time.Second}, {"0", 0},
		{"Mon, 02 Mar 2026 11:00:00 GMT", time.Hour},
		{"Monday, 02-Mar-26 11:00:00 GMT", time.Hour},
		{"Mon Mar  2 11:00:00 2026", time.Hour},
		{"Mon, 02 Mar 2026 09:00:00 GMT", 0},
		{"Mon, 02 Mar 2099 09:00:00 GMT", maxWait},
		{"-5", 0}, {"soon", 0}, {"1.5", 0}, {"1e3", 0},
		{"1000000000000000000", maxWait}, {"1000000000000000000000000000000", maxWait},
		{"604801", maxWait},
	}
	for _, tt := range tests {
		t.Run("B23 "+tt.value, func(t *testing.T) {
			if got := retryAfter(http.Header{"Retry-After": {tt.value}}, at()); got != tt.want {
				t.Errorf("Retry-After: %q = %v, want %v", tt.value, got, tt.want)
			}
		})
	}
}

func FuzzFreshness(f *testing.F) {
	f.Add("max-age=60, no-cache", "0", "20", "5")
	f.Add(`max-age="9223372036854775807"`, "Mon, 02 Mar 2026 11:00:00 GMT", "-1", "soon")
	f.Fuzz(func(t *testing.T, control, expires, age, after string) {
		h := http.Header{"Cache-Control": {control}, "Expires": {expires}, "Age": {age},
			"Retry-After": {after}}
		if life, _ := freshness(h, at()); life < 0 {
			t.Errorf("freshness %v, want none below zero", life)
		}
		if wait := retryAfter(h, at()); wait < 0 || wait > maxWait {
			t.Errorf("wait %v, want 0 to 7 days", wait)
		}
	})
}
