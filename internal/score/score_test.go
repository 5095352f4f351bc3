package score

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestJudge makes each mistake once.
func TestJudge(t *testing.T) {
	const good = "Reader/1.0 (+https://reader.example/)"
	type request struct {
		after  time.Duration
		path   string
		header []string // name, value in turn
	}
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
	for _, src := range o.Sources() {
		if string(src.ID) == name {
			return true
		}
	}
	return false
}

// where is the address of a path at the host that has it.
func (o *Origin) where(path string) string {
	name, _, _ := strings.Cut(path[1:], "?")
	for _, src := range o.Sources() {
		if string(src.ID) == name {
			return strings.TrimSuffix(src.URL, "/"+name) + path
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
