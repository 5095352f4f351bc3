package serve_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

func TestS07Codings(t *testing.T) {
	server := newServer(t)
	_, want := ask(t, server, "GET", "/atom.xml")
	tests := []struct {
		accept string
		coding string // of the answer; "406" for none
	}{
		{"", ""},
		{"gzip", "gzip"},
		{"GZip", "gzip"},
		{"x-gzip", "gzip"},
		{"gzip, deflate", "gzip"},
		{"gzip, deflate, br", "br"},
		{"gzip, deflate, br, zstd", "br"},
		{"gzip, zstd", "zstd"},
		{"br;q=0.9, zstd", "zstd"},
		{"gzip;q=1.0, br;q=0.9, zstd;q=0.8", "gzip"},
		{"gzip;q=0.001, br;q=0.002", "br"},
		{"deflate", ""},
		{"*", "br"},
		{"*;q=0.5, br;q=0", "zstd"},
		{"gzip;q=0", ""},
		{"gzip;q=0, *", "br"},
		{"identity", ""},
		{"identity;q=1, gzip;q=0.5", ""},
		{"identity;q=0.5, gzip", "gzip"},
		{"identity;q=0, br", "br"},
		{"identity;q=0", "406"},
		{"*;q=0", "406"},
		{"gzip;q=0, identity;q=0", "406"},
		{"*;q=0, identity", ""},
		{"gzip;q=x", ""},
		{"gzip;q=2", ""},
		{"gzip;q=1.", "gzip"},
		{"gzip ; Q=0.3 , ,", "gzip"},
	}
	for _, tt := range tests {
		t.Run(tt.accept, func(t *testing.T) {
			response, body := ask(t, server, "GET", "/atom.xml", "Accept-Encoding: "+tt.accept)
			if vary := response.Header.Get("Vary"); vary != "Accept-Encoding" {
				t.Errorf("Vary: %q", vary)
			}
			if tt.coding == "406" {
				if response.StatusCode != 406 {
					t.Errorf("status %d, want 406", response.StatusCode)
				}
				return
			}
			if got := response.Header.Get("Content-Encoding"); got != tt.coding {
				t.Fatalf("coding %q, want %q", got, tt.coding)
			}
			if got := decode(t, tt.coding, body); got != want {
				t.Errorf("body decodes to %d bytes, want the %d of the document", len(got), len(want))
			}
		})
	}
}

func decode(t *testing.T, coding, body string) string {
	t.Helper()
	var r io.Reader = strings.NewReader(body)
	var err error
	switch coding {
	case "gzip":
		r, err = gzip.NewReader(r)
	case "br":
		r = brotli.NewReader(r)
	case "zstd":
		r, err = zstd.NewReader(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := io.Copy(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSmallBodyIsNotCoded(t *testing.T) {
	server := newServer(t)
	for accept, want := range map[string]string{"gzip": "", "gzip, identity;q=0": "gzip"} {
		response, _ := ask(t, server, "GET", "/robots.txt", "Accept-Encoding: "+accept)
		if got := response.Header.Get("Content-Encoding"); got != want {
			t.Errorf("%s: coding %q, want %q", accept, got, want)
		}
	}
}

func TestS01Formats(t *testing.T) {
	server := newServer(t)
	const (
		atom = "/planet/category/go/atom.xml"
		rss  = "/planet/category/go/rss.xml"
		json = "/planet/category/go/feed.json"
	)
	tests := []struct {
		name, accept string
		want         string // Content-Location; "" for the page
	}{
		{"nothing said", "", atom},
		{"anything", "*/*", atom},
		{"atom", "application/atom+xml", atom},
		{"rss", "application/rss+xml", rss},
		{"rss before anything", "application/rss+xml, */*", rss},
		{"json", "application/json", json},
		{"json feed by weight", "application/rss+xml;q=0.5, application/feed+json;q=0.6", json},
		{"xml", "text/xml, text/html;q=0.5", atom},
		{"not atom", "application/atom+xml;q=0, */*", rss},
		{
			"a reader", "application/rss+xml, application/rdf+xml;q=0.8, application/atom+xml;q=0.6, " +
				"application/xml;q=0.4, text/xml;q=0.4", rss,
		},
		{"a reader that takes html too", "text/html, application/atom+xml", atom},
		{"a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8", ""},
		{"what we don't have", "image/png", atom},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var fields []string
			if tt.accept != "" {
				fields = append(fields, "Accept: "+tt.accept)
			}
			response, _ := ask(t, server, "GET", "/category/go/feed", fields...)
			if got := response.Header.Get("Content-Location"); got != tt.want {
				t.Errorf("Content-Location: %q, want %q", got, tt.want)
			}
			if got := response.Header.Get("Vary"); got != "Accept, Accept-Encoding" {
				t.Errorf("Vary: %q", got)
			}
			if tt.want == "" && (response.StatusCode != 303 ||
				response.Header.Get("Location") != "/planet/category/go/") {
				t.Errorf("status %d, Location %q; want 303 and the page", response.StatusCode,
					response.Header.Get("Location"))
			}
		})
	}
	if response, _ := ask(t, server, "GET", "/category/none/feed"); response.StatusCode != 404 {
		t.Errorf("feed of an unknown category: status %d, want 404", response.StatusCode)
	}
}
