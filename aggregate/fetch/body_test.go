package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// encode applies codings in order.
func encode(t testing.TB, body []byte, codings ...string) []byte {
	t.Helper()
	for _, coding := range codings {
		var buf bytes.Buffer
		var w io.WriteCloser
		switch coding {
		case "gzip":
			w = gzip.NewWriter(&buf)
		case "br":
			w = brotli.NewWriterLevel(&buf, 4)
		case "zstd":
			z, err := zstd.NewWriter(&buf, zstd.WithEncoderConcurrency(1))
			if err != nil {
				t.Fatal(err)
			}
			w = z
		}
		if _, err := w.Write(body); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		body = buf.Bytes()
	}
	return body
}

func coded(header string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		if header != "" {
			w.Header().Set("Content-Encoding", header)
		}
		_, _ = w.Write(body)
	}
}

// P62, B15: codings as declared, and as they are.
func TestCodings(t *testing.T) {
	body := []byte("<?xml version='1.0'?>" + strings.Repeat("<item>fish</item>", 100))
	tests := []struct {
		header  string
		codings []string
		problem string
	}{
		{"", nil, ""},
		{"identity", nil, ""},
		{"gzip", []string{"gzip"}, ""},
		{"GZIP", []string{"gzip"}, ""},
		{"x-gzip", []string{"gzip"}, ""},
		{"br", []string{"br"}, ""},
		{"zstd", []string{"zstd"}, ""},
		{"gzip, br", []string{"gzip", "br"}, ""},
		{"br,zstd , gzip", []string{"br", "zstd", "gzip"}, ""},
		{"gzip, identity", []string{"gzip"}, ""},
		{"", []string{"gzip"}, "gzip-undeclared"},
		{"gzip", []string{"gzip", "gzip"}, "gzip-undeclared"},
		{"gzip", nil, "coding-wrong"},
		{"zstd", nil, "coding-wrong"},
		{"br", nil, "coding-wrong"},
		{"zstd", []string{"gzip"}, "coding-wrong"},
	}
	c := newClient(t, Options{})
	for _, tt := range tests {
		t.Run("B15 "+tt.header+" "+strings.Join(tt.codings, "+"), func(t *testing.T) {
			o := serve(t, coded(tt.header, encode(t, body, tt.codings...)))
			for range 2 { // the second time with used decoders
				resp := get(t, c, Request{URL: o.URL})
				if !bytes.Equal(resp.Body, body) {
					t.Errorf("body %.40q…, want %.40q…", resp.Body, body)
				}
				code := ""
				if len(resp.Problems) > 0 {
					code = resp.Problems[0].Code
				}
				if code != tt.problem {
					t.Errorf("problems %v, want %q", resp.Problems, tt.problem)
				}
			}
		})
	}
}

// P62: codings that are errors; the error names them.
func TestBadCodings(t *testing.T) {
	body := []byte(strings.Repeat("<item>fish</item>", 100))
	gz := encode(t, body, "gzip")
	broken := bytes.Clone(gz)
	broken[len(broken)-5] ^= 1
	tests := []struct {
		name, header string
		body         []byte
		kind         Kind
		cause        string
	}{
		{"P62 unknown", "compress", body, KindCoding, `content coding "compress" is unknown`},
		{"P62 not asked for", "deflate", body, KindCoding, `content coding "deflate" is unknown`},
		{"many", strings.Repeat("gzip,", 5), body, KindCoding, "too many content codings"},
		{"checksum", "gzip", broken, KindCoding, "decode body: gzip: invalid checksum"},
		{"no brotli", "br", []byte("\xff\xff\xff\xff\xff"), KindCoding, "decode body: brotli"},
		{"short", "gzip", gz[:len(gz)/2], KindTruncated, "the answer ended early"},
		{"short zstd", "zstd", encode(t, body, "zstd")[:30], KindTruncated, "the answer ended early"},
		{"short br", "br", encode(t, body, "br")[:20], KindTruncated, "the answer ended early"},
		{"P65 window", "zstd", window(t), KindCoding, "decode body: window size exceeded"},
	}
	c := newClient(t, Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := serve(t, coded(tt.header, tt.body))
			e := getError(t, c, Request{URL: o.URL}, tt.kind)
			if !strings.HasPrefix(e.Cause(), tt.cause) {
				t.Errorf("cause %q, want %q", e.Cause(), tt.cause)
			}
		})
	}
}

// window is a zstd frame that asks for a window of 16 MiB.
func window(t *testing.T) []byte {
	t.Helper()
	var buf bytes.Buffer
	z, err := zstd.NewWriter(&buf, zstd.WithWindowSize(16<<20), zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // in two flushed pieces, so that the size is not known at first
		_, _ = z.Write([]byte("abc"))
		_ = z.Flush()
	}
	_ = z.Close()
	return buf.Bytes()
}

// An empty body is no failure of fetching, whatever its coding.
func TestEmptyBody(t *testing.T) {
	for _, coding := range []string{"", "gzip", "br", "zstd"} {
		o := serve(t, coded(coding, nil))
		if resp := get(t, newClient(t, Options{}), Request{URL: o.URL}); len(resp.Body) != 0 {
			t.Errorf("%s: body %q, want none", coding, resp.Body)
		}
	}
}

// P64, P65, C3, B14: bodies over the limits, with and without an honest length.
func TestBodyLimits(t *testing.T) {
	zeros := make([]byte, 4<<20)
	noise := make([]byte, 300<<10)
	r := rand.NewChaCha8([32]byte{})
	_, _ = r.Read(noise)
	opts := Options{MaxBody: 200 << 10, MaxEncoded: 100 << 10}
	wide := Options{MaxBody: 1 << 30}
	tests := []struct {
		name   string
		opts   Options
		req    Request
		header string
		body   []byte
		cause  string // "" when it passes
	}{
		{"C03 at the limit", opts, Request{}, "", noise[:200<<10], ""},
		{"C03 over the limit", opts, Request{}, "", noise[:200<<10+1], "body over 200 KiB"},
		{"request's limit", opts, Request{MaxBody: 5000}, "", noise[:5001], "body over 5000 bytes"},
		{"request's wider limit", opts, Request{MaxBody: 300 << 10}, "", noise, ""},
		{"C03 encoded", opts, Request{}, "gzip", encode(t, noise[:150<<10], "gzip"), "body over 100 KiB"},
		{"C03 decoded", opts, Request{}, "gzip", encode(t, zeros, "gzip"), "body over 200 KiB"},
		{"undeclared", opts, Request{}, "", encode(t, zeros, "gzip"), "body over 200 KiB"},
		{"gzip bomb", wide, Request{}, "gzip", encode(t, zeros, "gzip"),
			"body grows more than 200 times when decoded"},
		{"brotli bomb", wide, Request{}, "br", encode(t, zeros, "br"),
			"body grows more than 200 times when decoded"},
		{"zstd bomb", wide, Request{}, "zstd", encode(t, zeros, "zstd"),
			"body grows more than 200 times when decoded"},
		{"P65 nested bomb", wide, Request{}, "gzip, gzip", encode(t, zeros, "gzip", "gzip"),
			"body grows more than 200 times when decoded"},
		{"P65 small ratio", wide, Request{}, "gzip", encode(t, zeros[:1<<20], "gzip"), ""},
	}
	for _, tt := range tests {
		for _, flush := range []bool{false, true} {
			t.Run(fmt.Sprint("B14 ", tt.name, " flush ", flush), func(t *testing.T) {
				o := serve(t, func(w http.ResponseWriter, r *http.Request) {
					if flush { // a body in chunks, of no declared length
						w.Header().Set("Content-Encoding", tt.header)
						w.(http.Flusher).Flush()
					}
					coded(tt.header, tt.body)(w, r)
				})
				c := newClient(t, tt.opts)
				tt.req.URL = o.URL
				if tt.cause == "" {
					get(t, c, tt.req)
					return
				}
				e := getError(t, c, tt.req, KindTooLarge)
				if e.Cause() != tt.cause || !errors.Is(e, ErrTooLarge) {
					t.Errorf("cause %q, want %q", e.Cause(), tt.cause)
				}
			})
		}
	}
}

// B16: a length that lies.
func TestContentLength(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: "
	c := newClient(t, Options{})
	t.Run("B16 longer than the body", func(t *testing.T) {
		getError(t, c, Request{URL: "http://" + raw(t, head+"10\r\n\r\nhello")}, KindTruncated)
	})
	t.Run("B16 shorter than the body", func(t *testing.T) {
		resp := get(t, c, Request{URL: "http://" + raw(t, head+"3\r\n\r\nhello")})
		if string(resp.Body) != "hel" {
			t.Errorf("body %q, want hel", resp.Body)
		}
	})
}

// Whatever bytes come in whatever coding, decoding ends within the limits.
func FuzzDecode(f *testing.F) {
	body := []byte("<rss><channel/></rss>")
	for _, coding := range []string{"", "gzip", "br", "zstd"} {
		data := body
		if coding != "" {
			data = encode(f, body, coding)
		}
		f.Add(coding, data)
		f.Add(coding+",gzip", data)
	}
	c := New(Options{MaxBody: 1 << 20})
	f.Fuzz(func(t *testing.T, coding string, data []byte) {
		codings, err := declared(http.Header{"Content-Encoding": {coding}})
		if err != nil {
			return
		}
		x := &exchange{walk: walk{client: c}, resp: new(Response)}
		m := &meter{r: bytes.NewReader(data), maxIn: 1 << 20, maxOut: 1 << 20}
		if err := x.decode(m, codings); err == nil && len(x.resp.Body) > 1<<20 {
			t.Errorf("%d bytes decoded, want at most 1 MiB", len(x.resp.Body))
		}
	})
}
