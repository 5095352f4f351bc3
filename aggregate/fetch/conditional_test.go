package fetch

import (
	"bufio"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/coranto/coranto"
)

// again is the next request for what a response said.
func again(resp *Response) Request {
	return Request{URL: resp.Requested, ETag: resp.ETag, LastModified: resp.LastModified,
		ValidatorURL: resp.ValidatorURL}
}

// P01–P05, P09, P16, P17: two visits to an origin; what the second one sends.
func TestValidators(t *testing.T) {
	tests := []struct {
		name     string
		first    http.Header
		etag     string // of the second request
		modified string
	}{
		{"P02 no date of its own", http.Header{"Date": {"Mon, 02 Mar 2026 10:00:00 GMT"}}, "", ""},
		{"P03 both together", http.Header{"Etag": {`"a"`}, "Last-Modified": {"Mon, 02 Mar 2026 10:00:00 GMT"}},
			`"a"`, "Mon, 02 Mar 2026 10:00:00 GMT"},
		{"P01 weak and odd", http.Header{"Etag": {`W/"a b\\"`}, "Last-Modified": {"garbage"}},
			`W/"a b\\"`, "garbage"},
		{"P09 weak", http.Header{"Etag": {`W/"a"`}}, `W/"a"`, ""},
		{"P09 strong", http.Header{"Etag": {`"a"`}}, `"a"`, ""},
		{"P01 without quotes", http.Header{"Etag": {`a,b`}}, `a,b`, ""},
		{"P01 not ASCII", http.Header{"Etag": {"\"é\xff\""}}, "\"é\xff\"", ""},
		{"P16 future", http.Header{"Last-Modified": {"Tue, 19 Jan 2038 03:14:07 GMT"}},
			"", "Tue, 19 Jan 2038 03:14:07 GMT"},
		{"P17 Expires: 0", http.Header{"Etag": {`"e"`}, "Expires": {"0"}}, `"e"`, ""},
		{"P17 no-store", http.Header{"Etag": {`"n"`}, "Cache-Control": {"no-store"}}, `"n"`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				maps.Copy(w.Header(), tt.first)
			})
			c := newClient(t, Options{})
			get(t, c, again(get(t, c, Request{URL: o.URL})))
			h := o.last(t).Header
			if got := h.Get("If-None-Match"); got != tt.etag {
				t.Errorf("If-None-Match: %q, want %q", got, tt.etag)
			}
			if got := h.Get("If-Modified-Since"); got != tt.modified {
				t.Errorf("If-Modified-Since: %q, want %q", got, tt.modified)
			}
		})
	}
}

// P04, P05: validators follow the last response, a 304 included.
func TestValidatorsReplaced(t *testing.T) {
	const old = "Mon, 02 Mar 2026 10:00:00 GMT"
	tests := []struct {
		name     string
		status   int
		header   http.Header
		etag     string
		modified string
	}{
		{"P04 200 with a new ETag", 200, http.Header{"Etag": {`"b"`}, "Last-Modified": {old}}, `"b"`, old},
		{"P04 200 without one", 200, http.Header{"Last-Modified": {old}}, "", old},
		{"P04 200 with none", 200, nil, "", ""},
		{"P05 304 with none", 304, nil, `"a"`, old},
		{"B22 304 with a new ETag", 304, http.Header{"Etag": {`"b"`}}, `"b"`, old},
		{"P05 304 with a new date", 304, http.Header{"Last-Modified": {"x"}}, `"a"`, "x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				maps.Copy(w.Header(), tt.header)
				w.WriteHeader(tt.status)
			})
			resp := get(t, newClient(t, Options{}), Request{URL: o.URL, ETag: `"a"`, LastModified: old})
			if resp.ETag != tt.etag || resp.LastModified != tt.modified {
				t.Errorf("validators %q %q, want %q %q",
					resp.ETag, resp.LastModified, tt.etag, tt.modified)
			}
			if resp.NotModified != (tt.status == 304) || resp.ValidatorURL != o.URL {
				t.Errorf("NotModified %v, ValidatorURL %q", resp.NotModified, resp.ValidatorURL)
			}
		})
	}
}

// A validator too long to be sent back is forgotten.
func TestValidatorTooLong(t *testing.T) {
	o := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"`+fmt.Sprintf("%05000d", 1)+`"`)
	})
	if resp := get(t, newClient(t, Options{}), Request{URL: o.URL}); resp.ETag != "" {
		t.Errorf("ETag of %d bytes kept", len(resp.ETag))
	}
}

// P05: freshness comes with a 304 too.
func TestFreshnessOf304(t *testing.T) {
	t.Run("P05 freshness", func(t *testing.T) {
		o := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", "max-age=7200")
			w.WriteHeader(http.StatusNotModified)
		})
		resp := get(t, newClient(t, Options{}), Request{URL: o.URL, ETag: `"a"`})
		if !resp.HasFreshness || resp.Freshness != 2*time.Hour {
			t.Errorf("freshness %v %v, want 2h", resp.Freshness, resp.HasFreshness)
		}
	})
}

// P10, B22: 304 to a request that had no condition.
func TestUnaskedNotModified(t *testing.T) {
	t.Run("P10 unasked", func(t *testing.T) {
		o := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNotModified)
		})
		c := newClient(t, Options{})
		if e := getError(t, c, Request{URL: o.URL}, KindProtocol); !errors.Is(e, ErrUnasked) {
			t.Errorf("error %v, want ErrUnasked", e)
		}
		getError(t, c, Request{URL: o.URL, ETag: `"a"`, ValidatorURL: "http://b.example/"}, KindProtocol)
	})
}

// P10, B22: 304 with a body, which HTTP does not allow.
func TestNotModifiedWithBody(t *testing.T) {
	t.Run("P10 with a body", func(t *testing.T) {
		addr := raw(t, "HTTP/1.1 304 Not Modified\r\nETag: \"b\"\r\nContent-Length: 5\r\n\r\nhello")
		resp := get(t, newClient(t, Options{}), Request{URL: "http://" + addr, ETag: `"a"`})
		if !resp.NotModified || len(resp.Body) != 0 || resp.ETag != `"b"` {
			t.Errorf("NotModified %v, body %q, ETag %q", resp.NotModified, resp.Body, resp.ETag)
		}
	})
}

// P15: a 226 with the manipulation "feed" brings only what is new; others bring
// nothing that can be read.
func TestDelta(t *testing.T) {
	tests := []struct {
		name, manipulation string
		ok                 bool
	}{
		{"P15 feed", "feed", true}, {"P15 Feed", " Feed ", true}, {"P15 none", "", false},
		{"P15 vcdiff", "vcdiff", false}, {"P15 feed and vcdiff", "feed, vcdiff", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("IM", tt.manipulation)
				w.Header().Set("ETag", `"b"`)
				w.WriteHeader(http.StatusIMUsed)
				_, _ = w.Write([]byte("new"))
			})
			req := Request{URL: o.URL, ETag: `"a"`,
				Access: coranto.Access{Headers: map[string]string{"A-IM": "feed"}}}
			if !tt.ok {
				getError(t, newClient(t, Options{}), req, KindStatus)
				return
			}
			resp := get(t, newClient(t, Options{}), req)
			if !resp.Delta || string(resp.Body) != "new" || resp.ETag != `"b"` {
				t.Errorf("delta %v, body %q, ETag %s; want the new ones", resp.Delta, resp.Body, resp.ETag)
			}
			if got := o.last(t).Header.Get("A-IM"); got != "feed" {
				t.Errorf("A-IM %q, want feed", got)
			}
		})
	}
}

// B38: an origin of two servers, each with its own validators.
func TestTwoBackends(t *testing.T) {
	turn := 0
	o := serve(t, func(w http.ResponseWriter, r *http.Request) {
		turn++
		etag := fmt.Sprintf(`"%d"`, turn%2)
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
		}
	})
	c := newClient(t, Options{})
	resp := get(t, c, Request{URL: o.URL})
	for range 4 {
		last := resp.ETag
		t.Run("B38 after "+last, func(t *testing.T) {
			resp = get(t, c, again(resp))
			if got := o.last(t).Header.Get("If-None-Match"); got != last {
				t.Errorf("If-None-Match %s, want %s of the last answer", got, last)
			}
			if resp.ETag == last || resp.NotModified {
				t.Errorf("ETag %s, not modified %v; want the other server's", resp.ETag, resp.NotModified)
			}
		})
	}
}

// raw is an origin that answers each connection's first request with bytes and
// closes it.
func raw(t *testing.T, answer string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				_, _ = conn.Write([]byte(answer))
			}
			conn.Close()
		}
	}()
	return l.Addr().String()
}
