package score

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

const good = "Reader/1.0 (+https://reader.example/)"

// request is one that a visitor makes some time after the last.
type request struct {
	after  time.Duration
	path   string
	header []string // name, value in turn
}

// every is the same request n times, the first after a while.
func every(gap time.Duration, n int, path string, after time.Duration, header ...string) []request {
	list := make([]request, n)
	for i := range list {
		list[i] = request{gap, path, header}
	}
	list[0].after = after
	return list
}

// TestJudge makes each mistake once.
func TestJudge(t *testing.T) {
	private := []string{"User-Agent", good, "Authorization", "Basic cmVhZGVyOnNlY3JldA==",
		"Cookie", "session=1", "X-Key", "key"}
	first := request{path: "/both", header: []string{"User-Agent", good}}
	tests := []struct {
		name     string
		requests []request
		demerits int
	}{
		{"R20 one request", []request{first}, 0},
		{"R20 unconditional again", []request{first, {2 * time.Hour, "/both", []string{"User-Agent", good}}}, 2},
		{"R20 too soon", []request{first, {time.Minute, "/both", []string{"User-Agent", good,
			"If-None-Match", `"post-0"`, "If-Modified-Since", dated(0)}}}, 1},
		{"R20 in good time", []request{first, {2 * time.Hour, "/both", []string{"User-Agent", good,
			"If-None-Match", `"post-0"`, "If-Modified-Since", dated(0)}}}, 0},
		{"R20 an invented date", []request{first, {2 * time.Hour, "/both", []string{"User-Agent", good,
			"If-None-Match", `"post-0"`, "If-Modified-Since", dated(7)}}}, 1},
		{"R20 within max-age", []request{{0, "/max-age", []string{"User-Agent", good}}, {2 * time.Hour, "/max-age",
			[]string{"User-Agent", good, "If-None-Match", `"post-0"`, "If-Modified-Since", dated(0)}}}, 1},
		{"R20 cookie, referer, query", []request{{0, "/both?x=1", []string{"User-Agent", good,
			"Cookie", "visitor=1", "Referer", "https://a.example/"}}}, 3},
		{"R20 nobody", []request{{0, "/both", nil}}, 1},
		{"R20 favicon", []request{first, {0, "/favicon.ico", []string{"User-Agent", good}}}, 1},
		{"R20 no-cache", []request{{0, "/both", []string{"User-Agent", good, "Pragma", "no-cache",
			"Cache-Control", "no-cache"}}}, 2},
		{"R20 a validator that was not given", []request{first, {2 * time.Hour, "/both", []string{"User-Agent", good,
			"If-None-Match", `W/"post-0"`, "If-Modified-Since", dated(0)}}}, 1},
		{"R20 validators for a redirect", []request{{0, "/detour", []string{"User-Agent", good,
			"If-None-Match", `"a"`}}}, 1},
		{"R20 no gzip", []request{{0, "/both", []string{"User-Agent", good, "Accept-Encoding", "identity"}}}, 1},
		{"P23 bare within a day", []request{{0, "/bare", []string{"User-Agent", good}},
			{20 * time.Hour, "/bare", []string{"User-Agent", good}}}, 1},
		{"P20 fresh by a clock that is behind", []request{{0, "/behind", []string{"User-Agent", good}},
			{3 * time.Hour, "/behind", []string{"User-Agent", good, "If-None-Match", `"post-0"`,
				"If-Modified-Since", dated(0)}}}, 1},
		{"P20 no longer fresh by a clock that is ahead", []request{{0, "/ahead", []string{"User-Agent", good}},
			{13 * time.Hour, "/ahead", []string{"User-Agent", good, "If-None-Match", `"post-0"`,
				"If-Modified-Since", "Tue, 19 Jan 2038 03:14:07 GMT"}}}, 1},
		{"P16 an odd date is not echoed", []request{{0, "/ahead", []string{"User-Agent", good}},
			{2 * time.Hour, "/ahead", []string{"User-Agent", good, "If-None-Match", `"post-0"`}}}, 1},
		{"P20 never asked again", []request{{0, "/ahead", []string{"User-Agent", good}},
			{13 * time.Hour, "/both", []string{"User-Agent", good}}}, 1},
		{"P53 secrets at their host", []request{{0, "/private", private}}, 0},
		{"P53 secrets kept from their host", []request{{0, "/private", []string{"User-Agent", good}}}, 3},
		{"P53 secrets sent to another host", []request{{0, "/private", private}, {0, "/stranger", private}}, 3},
		{"P35 Retry-After in RFC 850's date", []request{{25 * time.Hour, "/later", []string{"User-Agent", good}},
			{7 * time.Hour, "/later", []string{"User-Agent", good}}}, 1},
		{"P35 Retry-After in asctime's date", []request{{73 * time.Hour, "/later-still", []string{"User-Agent", good}},
			{8 * time.Hour, "/later-still", []string{"User-Agent", good}}}, 1},
		{"P35 waited for", []request{{73 * time.Hour, "/later-still", []string{"User-Agent", good}},
			{9 * time.Hour, "/later-still", []string{"User-Agent", good}}}, 0},
		{"P36 another feed that is due meanwhile", []request{
			{23 * time.Hour, "/later-neighbor", []string{"User-Agent", good}},
			{2 * time.Hour, "/later", []string{"User-Agent", good}},
			{2 * time.Hour, "/later-neighbor", []string{"User-Agent", good, "If-None-Match", `"post-11"`}}}, 1},
		{"P36 the date of HTTP, another feed", []request{{49 * time.Hour, "/closed", []string{"User-Agent", good}},
			{9 * time.Hour, "/closed-neighbor", []string{"User-Agent", good}}}, 1},
		{"P40 gone for days", every(13*time.Hour, 8, "/gone", 2*day, "User-Agent", good), 2},
		{"P51 permanently moved", every(13*time.Hour, 6, "/moved", 0, "User-Agent", good), 2},
		{"P51 permanently moved to another host", every(13*time.Hour, 6, "/host-moved", 0, "User-Agent", good), 2},
		{"P51 moved for now", every(13*time.Hour, 6, "/detour", 0, "User-Agent", good), 0},
		{"R20 Retry-After of the host", []request{{11 * time.Hour, "/busy", []string{"User-Agent", good}},
			{time.Hour, "/busy-neighbor", []string{"User-Agent", good}}}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
			o, err := New(func() time.Time { return now })
			if err != nil {
				t.Fatal(err)
			}
			defer o.Close()
			never, err := o.Report(io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			visited := map[string]bool{}
			for _, r := range tt.requests {
				now = now.Add(r.after)
				ask(t, o.where(r.path), r.header)
				if name, _, _ := strings.Cut(r.path[1:], "?"); o.offers(name) {
					visited[name] = true
				}
			}
			var text strings.Builder
			got, err := o.Report(&text)
			if err != nil {
				t.Fatal(err)
			}
			if got -= never - len(visited); got != tt.demerits {
				t.Errorf("%d demerits, want %d:\n%s", got, tt.demerits, text.String())
			}
		})
	}
}

func (o *Origin) offers(name string) bool {
	for _, h := range o.hosts {
		for _, f := range h.feeds {
			if f.name == name {
				return true
			}
		}
	}
	return false
}

// where is the address of a path at the host that has it.
func (o *Origin) where(path string) string {
	name, _, _ := strings.Cut(strings.TrimSuffix(path[1:], "/hub"), "?")
	for _, h := range o.hosts {
		for _, f := range h.feeds {
			if f.name == name {
				return h.url + path
			}
		}
	}
	return o.hosts[0].url + path
}

func ask(t *testing.T, url string, header []string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
}
