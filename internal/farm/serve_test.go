package farm_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coranto/coranto/internal/farm"
)

// start opens a farm on any free port until the test ends.
func start(t *testing.T, cfg farm.Config) *farm.Farm {
	t.Helper()
	f := farm.New(cfg)
	if err := f.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

// client follows no redirects and keeps no connection longer than the test.
func client(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// get asks like a client with a name and the given headers (name, value, …).
func get(t *testing.T, c *http.Client, url string, headers ...string) (*http.Response, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("User-Agent", "farmtest/1")
	for k := 0; k < len(headers); k += 2 {
		r.Header.Set(headers[k], headers[k+1])
	}
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, body
}

func TestServesItsBytes(t *testing.T) {
	f := start(t, farm.Config{Seed: 3, Feeds: 6, Hosts: 3})
	c := client(t)
	for i := range f.Len() {
		resp, body := get(t, c, f.FeedURL(i))
		if resp.StatusCode != http.StatusOK || !bytes.Equal(body, f.Body(i)) {
			t.Errorf("%s: status %d and %d bytes, want 200 and the %d of Body", f.FeedURL(i),
				resp.StatusCode, len(body), len(f.Body(i)))
		}
		item := f.Window(i)[2]
		if !bytes.Contains(body, []byte(item.URL)) {
			t.Errorf("%s: no item %s", f.FeedURL(i), item.URL)
		}
		if _, page := get(t, c, item.URL); !bytes.Contains(page, []byte(f.Item(i, item.Index, 0).HTML)) {
			t.Errorf("%s: the page lacks the article", item.URL)
		}
	}
	if got := f.Complaints(); len(got) > 0 {
		t.Errorf("a polite client is complained about: %q", got)
	}
	if h := f.Host(1); h.Requests != 4 || h.MaxInflight != 1 || f.Asked(1) != 1 {
		t.Errorf("host 1 = %+v, feed 1 asked %d times, want 4 requests, 1 feed", h, f.Asked(1))
	}
	if s := f.Stats(); s.FeedRequests != 6 || s.PageRequests != 6 || s.MaxInflightPerHost != 1 {
		t.Errorf("stats = %+v, want 6 feeds, 6 pages, one request at a time", s)
	}
}

func TestConditionalRequests(t *testing.T) {
	f := start(t, farm.Config{Seed: 3, Feeds: 2, Hosts: 1})
	c := client(t)
	resp, _ := get(t, c, f.FeedURL(1))
	tag, date := resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")
	tests := []struct {
		name    string
		headers []string
		status  int
	}{
		{"the tag", []string{"If-None-Match", tag}, 304},
		{"the tag as a weak one", []string{"If-None-Match", "W/" + tag}, 304},
		{"another tag", []string{"If-None-Match", `"other"`}, 200},
		{"another tag beats the date", []string{"If-None-Match", `"x"`, "If-Modified-Since", date}, 200},
		{"the date", []string{"If-Modified-Since", date}, 304},
		{"an old date", []string{"If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT"}, 200},
		{"no date", []string{"If-Modified-Since", "yesterday"}, 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp, body := get(t, c, f.FeedURL(1), tt.headers...)
			if resp.StatusCode != tt.status {
				t.Errorf("status = %d, want %d", resp.StatusCode, tt.status)
			}
			if tt.status == 304 && len(body) > 0 {
				t.Errorf("a 304 has %d bytes", len(body))
			}
		})
	}
	f.Advance(1)
	if resp, _ := get(t, c, f.FeedURL(1), "If-None-Match", tag); resp.StatusCode != 200 {
		t.Errorf("status after a change = %d, want 200", resp.StatusCode)
	}
}

func TestFaults(t *testing.T) {
	f := start(t, farm.Config{Seed: 3, Feeds: 6, Hosts: 6, RetryAfter: 30, Faults: map[int]farm.Class{
		1: farm.NotFound, 2: farm.Gone, 3: farm.TooMany, 4: farm.ServerError, 5: farm.Redirect,
	}})
	c := client(t)
	for i, want := range []int{200, 404, 410, 429, 500, 302} {
		resp, _ := get(t, c, f.FeedURL(i))
		if resp.StatusCode != want {
			t.Errorf("feed %d: status = %d, want %d", i, resp.StatusCode, want)
		}
		if retry := resp.Header.Get("Retry-After"); (retry == "30") != (want == 429) {
			t.Errorf("feed %d: Retry-After = %q with status %d", i, retry, want)
		}
	}
	resp, _ := get(t, c, f.FeedURL(5))
	if resp, body := get(t, c, resp.Header.Get("Location")); !bytes.Equal(body, f.Body(5)) {
		t.Errorf("the new address answers %d with %d bytes, want the feed", resp.StatusCode, len(body))
	}
	f.SetClass(1, farm.OK)
	if resp, _ := get(t, c, f.FeedURL(1)); resp.StatusCode != 200 {
		t.Errorf("status once repaired = %d, want 200", resp.StatusCode)
	}
}

func TestHangEndsWithTheFarm(t *testing.T) {
	f := farm.New(farm.Config{Feeds: 1, Faults: map[int]farm.Class{0: farm.Hang}})
	if err := f.Start(); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, f.FeedURL(0), nil)
		if err != nil {
			t.Error(err)
			return
		}
		if resp, err := client(t).Do(r); err == nil {
			resp.Body.Close()
			t.Errorf("a hanging feed answers %s", resp.Status)
		}
	})
	for f.Stats().Status["0"] == 0 {
		if t.Context().Err() != nil {
			t.Fatal("the request never arrived")
		}
	}
	f.Close()
	wg.Wait()
}

func TestHangEndsWithTheClient(t *testing.T) {
	f := start(t, farm.Config{Feeds: 1, Faults: map[int]farm.Class{0: farm.Hang}})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.FeedURL(0), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client(t).Do(r)
	if err == nil {
		resp.Body.Close()
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want %v", err, context.DeadlineExceeded)
	}
}

func TestComplaints(t *testing.T) {
	both := func(t *testing.T, f *farm.Farm, c *http.Client) {
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { get(t, c, f.FeedURL(0)) })
		}
		wg.Wait()
	}
	twice := func(headers ...string) func(*testing.T, *farm.Farm, *http.Client) {
		return func(t *testing.T, f *farm.Farm, c *http.Client) {
			get(t, c, f.FeedURL(0))
			get(t, c, f.FeedURL(0), headers...)
		}
	}
	tests := []struct {
		name   string
		cfg    farm.Config
		ask    func(*testing.T, *farm.Farm, *http.Client)
		wanted []string
	}{
		{"polite", farm.Config{}, twice("If-None-Match", "x"), nil},
		{"no validators given", farm.Config{PNoValidators: 1}, twice(), nil},
		{"two at a time", farm.Config{PNoValidators: 1, Latency: 300 * time.Millisecond}, both,
			[]string{"127.16.0.1: 2 requests at a time"}},
		{"two at a time, allowed",
			farm.Config{PNoValidators: 1, Latency: 50 * time.Millisecond, PerHost: 2}, both, nil},
		{"validators withheld", farm.Config{}, twice(),
			[]string{"feed 0: 1 request without the validators given before"}},
		{"too early", farm.Config{P429: 1}, twice(),
			[]string{"feed 0: 1 request before Retry-After had passed"}},
		{"no name", farm.Config{PNoValidators: 1}, twice("User-Agent", ""),
			[]string{"127.16.0.1: 1 request without a User-Agent of its own"}},
		{"referer", farm.Config{PNoValidators: 1}, twice("Referer", "http://127.0.0.1/"),
			[]string{"127.16.0.1: 1 request with a Referer"}},
		{"cookie", farm.Config{PNoValidators: 1}, twice("Cookie", "a=b"),
			[]string{"127.16.0.1: 1 request with a Cookie"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.cfg.Seed, tt.cfg.Feeds = 3, 1
			f := start(t, tt.cfg)
			tt.ask(t, f, client(t))
			if got := f.Complaints(); !slices.Equal(got, tt.wanted) {
				t.Errorf("complaints = %q, want %q", got, tt.wanted)
			}
			f.Reset()
			if got := f.Complaints(); len(got) > 0 {
				t.Errorf("complaints after Reset = %q", got)
			}
		})
	}
}

func TestRequestsTooCloseTogether(t *testing.T) {
	var now atomic.Int64 // seconds
	now.Store(1_770_000_000)
	cfg := farm.Config{Feeds: 1, PNoValidators: 1, MinGap: 10 * time.Second, RetryAfter: 3}
	cfg.Clock = func() time.Time { return time.Unix(now.Load(), 0) }
	f := start(t, cfg)
	c := client(t)
	get(t, c, f.FeedURL(0))
	now.Add(1)
	get(t, c, f.FeedURL(0))
	want := []string{"127.16.0.1: a request 1s after another"}
	if got := f.Complaints(); !slices.Equal(got, want) {
		t.Errorf("complaints = %q, want %q", got, want)
	}
	f.Reset()
	f.SetClass(0, farm.TooMany)
	get(t, c, f.FeedURL(0))
	now.Add(10)
	get(t, c, f.FeedURL(0))
	if got := f.Complaints(); len(got) > 0 {
		t.Errorf("complaints after waiting = %q, want none", got)
	}
}

func TestCookiesAreOffered(t *testing.T) {
	f := start(t, farm.Config{Feeds: 1, Cookies: true})
	if resp, _ := get(t, client(t), f.FeedURL(0)); len(resp.Cookies()) != 1 {
		t.Errorf("cookies = %v, want one", resp.Cookies())
	}
}

func TestTLS(t *testing.T) {
	f := start(t, farm.Config{Feeds: 2, Hosts: 2, TLS: true, CAFile: t.TempDir() + "/ca.pem"})
	c := client(t)
	transport := c.Transport.(*http.Transport)
	transport.TLSClientConfig = &tls.Config{RootCAs: f.CertPool(), MinVersion: tls.VersionTLS12}
	for i := range f.Len() {
		if resp, _ := get(t, c, f.FeedURL(i)); resp.StatusCode != 200 {
			t.Errorf("%s: status = %d, want 200", f.FeedURL(i), resp.StatusCode)
		}
	}
	if n := f.Stats().TLSHandshakes; n != 2 {
		t.Errorf("handshakes = %d, want 2", n)
	}
}

func TestOPML(t *testing.T) {
	for _, names := range []bool{false, true} {
		f := farm.New(farm.Config{Seed: 3, Feeds: 40, Names: names, Port: 8180})
		var out bytes.Buffer
		if err := f.OPML(&out); err != nil {
			t.Fatal(err)
		}
		type outline struct {
			Text     string    `xml:"text,attr"`
			URL      string    `xml:"xmlUrl,attr"`
			Outlines []outline `xml:"outline"`
		}
		var doc struct {
			Outlines []outline `xml:"body>outline"`
		}
		if err := xml.Unmarshal(out.Bytes(), &doc); err != nil {
			t.Fatalf("names %v: %v", names, err)
		}
		category := map[string]string{}
		for _, folder := range doc.Outlines {
			for _, o := range folder.Outlines {
				category[o.URL] = folder.Text
			}
		}
		for i := range f.Len() {
			want := f.AllCategories()[f.Feed(i).Category].Title
			if got := category[f.FeedURL(i)]; got != want {
				t.Errorf("names %v: %s is in folder %q, want %q", names, f.FeedURL(i), got, want)
			}
		}
	}
}

func TestStartSaysWhichPortIsTaken(t *testing.T) {
	f := start(t, farm.Config{Feeds: 1})
	port := strings.TrimPrefix(f.SiteURL(0), "http://127.16.0.1:")
	second := farm.New(farm.Config{Feeds: 1, Port: f.Port})
	defer second.Close()
	if err := second.Start(); err == nil || !strings.Contains(err.Error(), port) {
		t.Errorf("error = %v, want one that names port %s", err, port)
	}
}
