package serve_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"

	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/feeds/serve"
)

// turnstile is a handler that limits clients, with a clock of its own.
type turnstile struct {
	http.Handler
	clock time.Time
	tag   string // of /atom.xml
}

func newTurnstile(t *testing.T, rate float64) *turnstile {
	t.Helper()
	publisher, _ := newPublisher(t)
	s := &turnstile{clock: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}
	s.Handler = serve.Handler(serve.Options{Publisher: publisher, Rate: rate,
		Now: func() time.Time { return s.clock }})
	s.tag = s.ask("127.0.0.1:1", "/atom.xml", "").Header().Get("Etag")
	return s
}

func (s *turnstile) ask(from, path, tag string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.send(w, from, path, tag)
	return w
}

func (s *turnstile) send(w http.ResponseWriter, from, path, tag string) {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.RemoteAddr = from
	if tag != "" {
		r.Header.Set("If-None-Match", tag)
	}
	s.ServeHTTP(w, r)
}

// until is the number of answers until the first 429, at most most.
func (s *turnstile) until(from, path, tag string, most int) int {
	for n := range most {
		w := &sink{header: make(http.Header)}
		if s.send(w, from, path, tag); w.status == http.StatusTooManyRequests {
			return n
		}
	}
	return most
}

// TestS11Abusers are told to wait, and nobody else is.
func TestS11Abusers(t *testing.T) {
	tests := []struct {
		name      string
		rate      float64
		from      string
		path      string
		tag       string // "now" stands for the ETag of /atom.xml
		answers   int    // until the first 429, of 1000
		afterHalf int    // more after half a minute
	}{
		{"an abuser", 2, "203.0.113.5:1000", "/atom.xml", "", 120, 60},
		{"one who asks for what there is not", 2, "203.0.113.5:1000", "/none", "", 120, 60},
		{"one who pretends", 2, "203.0.113.5:1000", "/atom.xml", `"x"`, 120, 60},
		{"one of IPv6", 2, "[2001:db8::1]:1000", "/atom.xml", "", 120, 60},
		{"one of IPv4 by way of IPv6", 2, "[::ffff:203.0.113.5]:1000", "/atom.xml", "", 120, 60},
		{"a reader that has it", 2, "203.0.113.5:1000", "/atom.xml", "now", 1000, 1000},
		{"a proxy beside us", 2, "127.0.0.1:1000", "/atom.xml", "", 1000, 1000},
		{"a proxy in the next room", 2, "10.1.2.3:1000", "/atom.xml", "", 1000, 1000},
		{"a proxy of IPv6", 2, "[fd00::1]:1000", "/atom.xml", "", 1000, 1000},
		{"a health check", 2, "203.0.113.5:1000", "/healthz", "", 1000, 1000},
		{"no limit", 0, "203.0.113.5:1000", "/atom.xml", "", 1000, 1000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newTurnstile(t, tt.rate)
			tag := tt.tag
			if tag == "now" {
				tag = s.tag
			}
			if got := s.until(tt.from, tt.path, tag, 1000); got != tt.answers {
				t.Errorf("%d answers, want %d", got, tt.answers)
			}
			s.clock = s.clock.Add(30 * time.Second)
			if got := s.until(tt.from, tt.path, tag, 1000); got != tt.afterHalf {
				t.Errorf("%d answers after half a minute, want %d", got, tt.afterHalf)
			}
			s.clock = s.clock.Add(-time.Hour) // a clock that is put back gives and takes nothing
			if got := s.until(tt.from, tt.path, tag, 1000); tt.answers < 1000 && got != 0 {
				t.Errorf("%d answers before the first, want none", got)
			}
		})
	}
}

// TestS11Refusal is a 429 that says when to come again, and is kept by nobody.
func TestS11Refusal(t *testing.T) {
	s := newTurnstile(t, 1)
	s.until("203.0.113.5:1", "/atom.xml", "", 100)
	w := s.ask("203.0.113.5:1", "/atom.xml", "")
	if w.Code != 429 || w.Header().Get("Retry-After") != "60" || w.Header().Get("Etag") != "" ||
		w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	s.clock = s.clock.Add(time.Minute)
	if w := s.ask("203.0.113.5:1", "/atom.xml", ""); w.Code != 200 {
		t.Errorf("status %d after the time to wait", w.Code)
	}
}

// TestS11PoliteBesideAnAbuser polls conditionally every five minutes from the address of
// somebody who takes all that there is.
func TestS11PoliteBesideAnAbuser(t *testing.T) {
	s := newTurnstile(t, 1)
	for range 12 {
		if got := s.until("203.0.113.5:1", "/", "", 100); got != 60 {
			t.Fatalf("the abuser has %d answers, want 60", got)
		}
		for _, path := range []string{"/atom.xml", "/category/go/rss.xml"} {
			if w := s.ask("203.0.113.5:2", path, `"older"`); w.Code != 200 {
				t.Errorf("%s: status %d", path, w.Code)
			}
		}
		if w := s.ask("203.0.113.6:1", "/", ""); w.Code != 200 {
			t.Errorf("status %d for the neighbor", w.Code)
		}
		s.clock = s.clock.Add(5 * time.Minute)
	}
}

// TestS11Memory counts more clients than it keeps: memory stays bounded, whoever is
// beyond is answered, and those who were kept are forgotten in time.
func TestS11Memory(t *testing.T) {
	s := newTurnstile(t, 1)
	fill := func() {
		for i := range 30_000 {
			from := fmt.Sprintf("%d.%d.%d.1:1", 20+i>>16, i>>8&255, i&255)
			w := &sink{header: make(http.Header)}
			if s.send(w, from, "/none", ""); w.status != 404 {
				t.Fatalf("client %d: status %d", i, w.status)
			}
		}
	}
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	fill()
	if grown := heap() - before; grown > 8<<20 {
		t.Errorf("30,000 clients take %d KB", grown>>10)
	}
	s.clock = s.clock.Add(time.Hour)
	if got := s.until("203.0.113.5:1", "/none", "", 100); got != 60 {
		t.Errorf("an abuser has %d answers when there is room again, want 60", got)
	}
	runtime.KeepAlive(s)
}

// TestHeapStaysFlat asks 20,000 times for what a client has, and for the whole: nothing
// is left behind, and nothing is compressed again.
func TestHeapStaysFlat(t *testing.T) {
	publisher, _ := newPublisher(t)
	server := newServerOf(t, serve.Handler(serve.Options{Publisher: publisher}))
	tag := make(map[string]string)
	codings := []string{"identity", "gzip", "br", "zstd"}
	for _, coding := range codings {
		response, _ := ask(t, server, "GET", "/atom.xml", "Accept-Encoding: "+coding)
		tag[coding] = response.Header.Get("Etag")
	}
	edition, err := publisher.Get(t.Context(), "/atom.xml")
	if err != nil {
		t.Fatal(err)
	}
	var bytes [4]*byte
	for c := range bytes {
		bytes[c] = &edition.Bytes(codingAt(c))[0]
	}
	heap := func() int64 {
		var m runtime.MemStats
		for range 2 { // the second collects what pools kept through the first
			runtime.GC()
		}
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	poll := func(n int) {
		for i := range n {
			coding := codings[i%4]
			response, _ := ask(t, server, "GET", "/atom.xml", "Accept-Encoding: "+coding,
				"If-None-Match: "+tag[coding])
			if response.StatusCode != 304 {
				t.Fatalf("status %d", response.StatusCode)
			}
		}
	}
	poll(100)
	before := heap()
	poll(20_000)
	if grown := heap() - before; grown > 256<<10 {
		t.Errorf("the heap grew by %d KB in 20,000 requests", grown>>10)
	}
	again, err := publisher.Get(t.Context(), "/atom.xml")
	if err != nil || again != edition {
		t.Fatalf("the document was made again: %v", err)
	}
	for c := range bytes {
		if &again.Bytes(codingAt(c))[0] != bytes[c] {
			t.Errorf("%s was coded again", codingAt(c))
		}
	}
}

func codingAt(i int) publish.Coding { return publish.Coding(i) }
