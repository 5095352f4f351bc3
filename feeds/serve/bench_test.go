package serve_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// sink is a response writer that keeps nothing but the status.
type sink struct {
	header http.Header
	status int
	bytes  int
}

func (s *sink) Header() http.Header    { return s.header }
func (s *sink) WriteHeader(status int) { s.status = status }
func (s *sink) Write(b []byte) (int, error) {
	s.bytes += len(b)
	return len(b), nil
}

// answer is the status of an answer.
func answer(h http.Handler, path string, fields http.Header) int {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header = fields
	s := &sink{header: make(http.Header)}
	h.ServeHTTP(s, r)
	return s.status
}

func BenchmarkServe(b *testing.B) {
	handler := newHandler(b)
	tag := httptest.NewRecorder()
	handler.ServeHTTP(tag, httptest.NewRequest(http.MethodGet, "/atom.xml", nil))
	for _, bench := range []struct {
		name   string
		fields http.Header
		status int
	}{
		{"plain", http.Header{}, 200},
		{"gzip", http.Header{"Accept-Encoding": {"gzip, deflate, br;q=0.9"}}, 200},
		{"304", http.Header{"If-None-Match": tag.Header()["Etag"]}, 304},
	} {
		b.Run(bench.name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, "/atom.xml", nil)
			r.Header = bench.fields
			b.ReportAllocs()
			for b.Loop() {
				s := &sink{header: make(http.Header)}
				handler.ServeHTTP(s, r)
				if s.status != bench.status {
					b.Fatalf("status %d, want %d", s.status, bench.status)
				}
				b.SetBytes(int64(s.bytes))
			}
		})
	}
}
