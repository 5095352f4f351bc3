package serve_test

import (
	"crypto/sha256"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/format"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/feeds/serve"
)

// documents are one of each kind.
func documents() []string {
	return []string{
		"/", "/atom.xml", "/rss.xml", "/feed.json", "/category/go/", "/category/go/atom.xml",
		"/source/gopher/rss.xml", "/opml.xml", "/sitemap.xml", "/robots.txt", "/style.css", "/icon.svg",
		feeds.ItemPath(coranto.NewItemID("gopher", "https://gopher.example/3")),
	}
}

// TestS01S54Types checks what documents say they are, and that readers of the address
// without an extension are told that it depends on Accept.
func TestS01S54Types(t *testing.T) {
	server := newServer(t)
	for _, tt := range []struct{ sentence, path, accept, media, vary string }{
		{"S01 Atom", "/atom.xml", "", "application/atom+xml; charset=utf-8", "Accept-Encoding"},
		{"S01 RSS", "/rss.xml", "", "application/rss+xml; charset=utf-8", "Accept-Encoding"},
		{"S01 JSON Feed", "/feed.json", "", "application/feed+json", "Accept-Encoding"},
		{"S01 OPML", "/opml.xml", "", "text/x-opml; charset=utf-8", "Accept-Encoding"},
		{"S01 no ?format", "/atom.xml?format=rss", "application/rss+xml",
			"application/atom+xml; charset=utf-8", "Accept-Encoding"},
		{"S01 negotiated", "/feed", "application/rss+xml", "application/rss+xml; charset=utf-8",
			"Accept, Accept-Encoding"},
		{"S02 as XML", "/atom.xml?view=xml", "", "application/xml; charset=utf-8", "Accept-Encoding"},
		{"S02 as XML", "/feed?view=xml", "application/rss+xml", "application/xml; charset=utf-8",
			"Accept, Accept-Encoding"},
		{"S02 no XML", "/feed.json?view=xml", "", "application/feed+json", "Accept-Encoding"},
		{"S02 no XML", "/?view=xml", "", "text/html; charset=utf-8", "Accept-Encoding"},
	} {
		response, body := ask(t, server, "GET", tt.path, "Accept: "+tt.accept)
		if response.StatusCode != 200 || response.Header.Get("Content-Type") != tt.media ||
			response.Header.Get("Vary") != tt.vary {
			t.Errorf("%s: %s is %d %s, Vary %s; want %s, %s", tt.sentence, tt.path, response.StatusCode,
				response.Header.Get("Content-Type"), response.Header.Get("Vary"), tt.media, tt.vary)
		}
		if strings.Contains(tt.media, "xml") &&
			!strings.HasPrefix(body, `<?xml version="1.0" encoding="UTF-8"?>`) {
			t.Errorf("S01 %s declares another encoding than UTF-8: %.60s", tt.path, body)
		}
		if strings.Contains(body, "xml-stylesheet") && strings.Contains(body, "xsl") {
			t.Errorf("S54 %s is read by way of XSLT: %.200s", tt.path, body)
		}
	}
}

// TestS02X17Headers looks at every kind of answer for what keeps browsers from guessing
// and from running anything.
func TestS02X17Headers(t *testing.T) {
	server := newServer(t)
	paths := append(documents(), "/feed", "/category/go", "/none", "/category/former/", "/favicon.ico",
		"/livez", "/atom.xml?view=xml", "/.well-known/security.txt")
	for _, path := range paths {
		response, _ := ask(t, server, "GET", path)
		h := response.Header
		if h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("S02 %s: no nosniff", path)
		}
		shown := strings.HasPrefix(h.Get("Content-Type"), "text/html") ||
			strings.HasPrefix(h.Get("Content-Type"), "image/svg") || strings.Contains(path, "view=xml")
		if !shown {
			continue
		}
		for _, want := range []string{
			"default-src 'none'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action",
		} {
			if !strings.Contains(h.Get("Content-Security-Policy"), want) {
				t.Errorf("X17 %s: Content-Security-Policy: %q lacks %s", path,
					h.Get("Content-Security-Policy"), want)
			}
		}
		if strings.Contains(path, "view=xml") {
			continue
		}
		if h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cross-Origin-Opener-Policy") != "same-origin" {
			t.Errorf("X17 %s: %v", path, h)
		}
	}
}

// TestS03TagIsOfTheBytes gives no two different bodies one ETag, whatever the coding,
// and no body two.
func TestS03TagIsOfTheBytes(t *testing.T) {
	server := newServer(t)
	tagOf := make(map[[32]byte]string)
	bodyOf := make(map[string][32]byte)
	for _, path := range documents() {
		for _, coding := range []string{"identity", "gzip", "br", "zstd"} {
			response, body := ask(t, server, "GET", path, "Accept-Encoding: "+coding+", *;q=0")
			tag, sum := response.Header.Get("Etag"), sha256.Sum256([]byte(body))
			if tag == "" || strings.HasPrefix(tag, "W/") {
				t.Errorf("%s %s: ETag %s is not a strong one", path, coding, tag)
			}
			if other, ok := tagOf[sum]; ok && other != tag {
				t.Errorf("%s %s: the same bytes have the tags %s and %s", path, coding, tag, other)
			}
			if other, ok := bodyOf[tag]; ok && other != sum {
				t.Errorf("%s %s: other bytes have the tag %s too", path, coding, tag)
			}
			tagOf[sum], bodyOf[tag] = tag, sum
		}
	}
}

// TestS03ProxyTags asks again as readers do behind Apache, nginx and CDNs that code
// answers themselves: 304 with and without each coding (Apache bug 45023).
func TestS03ProxyTags(t *testing.T) {
	server := newServer(t)
	for _, path := range documents() {
		for _, first := range []string{"identity", "gzip", "br", "zstd"} {
			response, _ := ask(t, server, "GET", path, "Accept-Encoding: "+first+", *;q=0")
			tag := strings.Trim(response.Header.Get("Etag"), `"`)
			for _, then := range []string{"identity", "gzip", "br", "zstd"} {
				for _, form := range []string{`"%s"`, `W/"%s"`, `"%s-gzip"`, `W/"%s-gzip"`, `"%s-br"`} {
					again, body := ask(t, server, "GET", path, "Accept-Encoding: "+then+", *;q=0",
						"If-None-Match: "+fmt.Sprintf(form, tag))
					if again.StatusCode != 304 || body != "" {
						t.Errorf("%s in %s, asked again in %s with %s: status %d, want 304", path, first, then,
							fmt.Sprintf(form, tag), again.StatusCode)
					}
				}
			}
		}
	}
}

// TestS04LastModified is when the store last changed, also when an old item comes late.
func TestS04LastModified(t *testing.T) {
	server := newServer(t)
	for _, path := range []string{"/", "/atom.xml", "/rss.xml", "/feed.json", "/category/go/"} {
		response, _ := ask(t, server, "GET", path)
		if got := response.Header.Get("Last-Modified"); got != "Mon, 02 Mar 2026 10:00:00 GMT" {
			t.Errorf("%s: Last-Modified: %s, want the time of the commit", path, got)
		}
	}
}

// TestS04NotModified compares a 304 with the 200 that it stands for.
func TestS04NotModified(t *testing.T) {
	server := newServer(t)
	for _, path := range append(documents(), "/feed") {
		whole, _ := ask(t, server, "GET", path, "Accept-Encoding: gzip")
		response, body := ask(t, server, "GET", path, "Accept-Encoding: gzip",
			"If-None-Match: "+whole.Header.Get("Etag"))
		if response.StatusCode != 304 || body != "" || response.Header.Get("Content-Type") != "" {
			t.Fatalf("%s: status %d with %d bytes of %q", path, response.StatusCode, len(body),
				response.Header.Get("Content-Type"))
		}
		for _, name := range []string{
			"Etag", "Cache-Control", "Vary", "Date", "Expires", "Content-Location", "Last-Modified", "Link",
			"Access-Control-Allow-Origin",
		} {
			got, want := response.Header.Values(name), whole.Header.Values(name)
			if name == "Date" && len(got) == 1 && len(want) == 1 {
				continue
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %s: %q in the 304, %q in the 200", path, name, got, want)
			}
		}
	}
}

// TestS06Head compares HEAD with GET field by field, in each coding and for each kind of
// answer.
func TestS06Head(t *testing.T) {
	server := newServer(t)
	paths := append(documents(), "/feed", "/category/go", "/none", "/category/former/", "/favicon.ico",
		"/livez", "/healthz")
	for _, path := range paths {
		for _, coding := range []string{"identity", "gzip", "br", "zstd"} {
			get, whole := ask(t, server, "GET", path, "Accept-Encoding: "+coding)
			head, body := ask(t, server, "HEAD", path, "Accept-Encoding: "+coding)
			get.Header.Del("Date")
			head.Header.Del("Date")
			length := get.Header.Get("Content-Length")
			if get.StatusCode == http.StatusPermanentRedirect {
				get.Header.Del("Content-Length") // of the line of text that net/http adds to a GET
				head.Header.Del("Content-Length")
			} else if length != fmt.Sprint(len(whole)) {
				t.Errorf("%s %s: Content-Length: %q for %d bytes", path, coding, length, len(whole))
			}
			if body != "" || get.StatusCode != head.StatusCode ||
				fmt.Sprint(get.Header) != fmt.Sprint(head.Header) {
				t.Errorf("%s %s: HEAD has %d %v\nGET has %d %v", path, coding, head.StatusCode, head.Header,
					get.StatusCode, get.Header)
			}
		}
	}
}

// TestS06Ranges takes parts of a document in each coding, as a client does that was cut
// off.
func TestS06Ranges(t *testing.T) {
	server := newServer(t)
	const path = "/category/go/atom.xml"
	for _, coding := range []string{"identity", "gzip", "br", "zstd"} {
		accept := "Accept-Encoding: " + coding
		full, whole := ask(t, server, "GET", path, accept)
		tag, date, size := full.Header.Get("Etag"), full.Header.Get("Last-Modified"), len(whole)
		if full.Header.Get("Accept-Ranges") != "bytes" {
			t.Errorf("%s: Accept-Ranges: %q", coding, full.Header.Get("Accept-Ranges"))
		}
		tests := []struct {
			name   string
			fields []string
			status int
			body   string
			extent string // Content-Range
		}{
			{"a part", []string{"Range: bytes=10-19"}, 206, whole[10:20], fmt.Sprintf("bytes 10-19/%d", size)},
			{"the rest", []string{"Range: bytes=100-"}, 206, whole[100:],
				fmt.Sprintf("bytes 100-%d/%d", size-1, size)},
			{"the end", []string{"Range: bytes=-7"}, 206, whole[size-7:],
				fmt.Sprintf("bytes %d-%d/%d", size-7, size-1, size)},
			{"more than there is", []string{"Range: bytes=5-999999999"}, 206, whole[5:],
				fmt.Sprintf("bytes 5-%d/%d", size-1, size)},
			{"beyond", []string{"Range: bytes=999999999-"}, 416, "", fmt.Sprintf("bytes */%d", size)},
			{"another unit", []string{"Range: lines=1-2"}, 416, "", ""},
			{"of these bytes", []string{"Range: bytes=0-4", "If-Range: " + tag}, 206, whole[:5],
				fmt.Sprintf("bytes 0-4/%d", size)},
			{"of this time", []string{"Range: bytes=0-4", "If-Range: " + date}, 206, whole[:5],
				fmt.Sprintf("bytes 0-4/%d", size)},
			{"of other bytes", []string{"Range: bytes=0-4", `If-Range: "x"`}, 200, whole, ""},
			{"of a weak tag", []string{"Range: bytes=0-4", "If-Range: W/" + tag}, 200, whole, ""},
			{"of another time", []string{"Range: bytes=0-4", "If-Range: Mon, 02 Mar 2026 09:00:00 GMT"},
				200, whole, ""},
			{"of what is there", []string{"Range: bytes=0-4", "If-None-Match: " + tag}, 304, "", ""},
			{"more parts than there is", []string{"Range: bytes=" + strings.Repeat("0-,", 20) + "0-"},
				200, whole, ""},
		}
		for _, tt := range tests {
			response, body := ask(t, server, "GET", path, append(tt.fields, accept)...)
			if response.StatusCode != tt.status {
				t.Errorf("%s, %s: status %d, want %d", coding, tt.name, response.StatusCode, tt.status)
				continue
			}
			if got := response.Header.Get("Content-Range"); tt.extent != "" && got != tt.extent {
				t.Errorf("%s, %s: Content-Range: %q, want %q", coding, tt.name, got, tt.extent)
			}
			if tt.status == 416 {
				continue
			}
			if body != tt.body {
				t.Errorf("%s, %s: %d bytes, want %d", coding, tt.name, len(body), len(tt.body))
			}
			if tt.status != 304 && response.Header.Get("Content-Length") != fmt.Sprint(len(tt.body)) {
				t.Errorf("%s, %s: Content-Length: %q, want %d", coding, tt.name,
					response.Header.Get("Content-Length"), len(tt.body))
			}
			if got := response.Header.Get("Etag"); got != tag {
				t.Errorf("%s, %s: ETag: %s, want %s", coding, tt.name, got, tag)
			}
		}
		head, _ := ask(t, server, "HEAD", path, accept, "Range: bytes=10-19")
		if head.StatusCode != 200 || head.Header.Get("Content-Length") != fmt.Sprint(size) {
			t.Errorf("%s: HEAD with a range: %d, %s bytes; want it passed over (RFC 9110 §14.2)", coding,
				head.StatusCode, head.Header.Get("Content-Length"))
		}
	}
}

// TestS06Parts takes two parts at once.
func TestS06Parts(t *testing.T) {
	server := newServer(t)
	_, whole := ask(t, server, "GET", "/atom.xml", "Accept-Encoding: gzip")
	response, body := ask(t, server, "GET", "/atom.xml", "Accept-Encoding: gzip",
		"Range: bytes=0-9,20-29")
	media, params, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if response.StatusCode != 206 || media != "multipart/byteranges" || err != nil {
		t.Fatalf("%d %s, want 206 and multipart/byteranges", response.StatusCode, media)
	}
	parts := multipart.NewReader(strings.NewReader(body), params["boundary"])
	for _, want := range []string{whole[:10], whole[20:30]} {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := io.ReadAll(part); string(got) != want {
			t.Errorf("a part of %q, want %q", got, want)
		}
	}
}

// TestS06Preconditions keeps what must not be answered from being (RFC 9110 §13.1.1).
func TestS06Preconditions(t *testing.T) {
	server := newServer(t)
	full, _ := ask(t, server, "GET", "/atom.xml", "Accept-Encoding: gzip")
	tag := full.Header.Get("Etag")
	for _, tt := range []struct {
		field  string
		status int
	}{
		{"If-Match: " + tag, 200},
		{"If-Match: *", 200},
		{`If-Match: "x", ` + tag, 200},
		{"If-Match: W/" + tag, 412},
		{`If-Match: "x"`, 412},
		{"If-Unmodified-Since: Mon, 02 Mar 2026 10:00:00 GMT", 200},
		{"If-Unmodified-Since: Mon, 02 Mar 2026 09:59:59 GMT", 412},
		{"If-Unmodified-Since: yesterday", 200},
	} {
		response, _ := ask(t, server, "GET", "/atom.xml", "Accept-Encoding: gzip", tt.field)
		if response.StatusCode != tt.status {
			t.Errorf("%s: status %d, want %d", tt.field, response.StatusCode, tt.status)
		}
		if tt.status == 412 && response.Header.Get("Etag") != "" {
			t.Errorf("%s: the page of an error has the ETag of the document", tt.field)
		}
	}
}

// TestS06Methods allows three.
func TestS06Methods(t *testing.T) {
	server := newServer(t)
	for _, path := range []string{"/", "/atom.xml", "/none", "/livez", "/.well-known/security.txt"} {
		for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECTED", "get"} {
			response, _ := ask(t, server, method, path)
			if response.StatusCode != 405 || response.Header.Get("Allow") != "GET, HEAD, OPTIONS" {
				t.Errorf("%s %s: %d, Allow: %q", method, path, response.StatusCode,
					response.Header.Get("Allow"))
			}
		}
		response, body := ask(t, server, "OPTIONS", path)
		if response.StatusCode != 204 || body != "" ||
			response.Header.Get("Allow") != "GET, HEAD, OPTIONS" {
			t.Errorf("OPTIONS %s: %d, Allow: %q", path, response.StatusCode, response.Header.Get("Allow"))
		}
	}
}

// TestS08CacheControl follows what is planned for the sources of a scope.
func TestS08CacheControl(t *testing.T) {
	publisher, _ := newPublisher(t)
	fresh := time.Duration(0)
	handler := serve.Handler(serve.Options{Publisher: publisher,
		Fresh: func(s feeds.Scope) time.Duration {
			if s == feeds.CategoryScope("go") {
				return fresh
			}
			return 0
		}})
	tests := []struct {
		path    string
		fresh   time.Duration
		seconds int
	}{
		{"/category/go/atom.xml", 0, 300},
		{"/category/go/atom.xml", -time.Hour, 300},
		{"/category/go/atom.xml", 299 * time.Second, 300},
		{"/category/go/atom.xml", 359 * time.Second, 300},
		{"/category/go/atom.xml", 7*time.Minute + 59*time.Second, 420},
		{"/category/go/feed.json", 59 * time.Minute, 3540},
		{"/category/go/", 24 * time.Hour, 3600},
		{"/category/go/feed", 30 * time.Minute, 1800},
		{"/atom.xml", time.Hour, 300},
		{"/source/gopher/atom.xml", time.Hour, 300},
		{"/opml.xml", time.Hour, 300},
		{"/style.css", time.Hour, 300},
	}
	for _, tt := range tests {
		fresh = tt.fresh
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("GET", tt.path, nil))
		want := fmt.Sprintf("public, max-age=%d, stale-while-revalidate=%d, stale-if-error=604800",
			tt.seconds, 2*tt.seconds)
		if got := w.Header().Get("Cache-Control"); w.Code != 200 || got != want {
			t.Errorf("%s, nothing new for %s: %d, %s; want %s", tt.path, tt.fresh, w.Code, got, want)
		}
	}
}

// TestS09CORS opens feeds to scripts of other sites, and nothing else.
func TestS09CORS(t *testing.T) {
	server := newServer(t)
	for _, path := range append(documents(), "/feed", "/none") {
		for _, fields := range [][]string{{}, {"If-None-Match: *"}} {
			response, _ := ask(t, server, "GET", path, append(fields, "Origin: https://other.example")...)
			open := strings.HasSuffix(path, ".xml") || strings.HasSuffix(path, ".json") ||
				strings.HasSuffix(path, ".txt") || path == "/feed"
			origin := response.Header.Get("Access-Control-Allow-Origin")
			exposed := response.Header.Get("Access-Control-Expose-Headers")
			if (origin == "*") != open || (exposed == "ETag, Last-Modified, Link") != open {
				t.Errorf("S09 %s, %d: origin %q, exposed %q", path, response.StatusCode, origin, exposed)
			}
			if response.Header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("S09 %s: credentials are allowed", path)
			}
		}
	}
	publisher, _ := newPublisher(t, func(s *feeds.Site) {
		s.Categories[0].Formerly = []coranto.Slug{"golang"}
	})
	moved, _ := ask(t, newServerOf(t, serve.Handler(serve.Options{Publisher: publisher})), "GET",
		"/category/golang/atom.xml", "Origin: https://other.example")
	if moved.StatusCode != 308 || moved.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("S09 a script can't follow a renamed category: %d %v", moved.StatusCode, moved.Header)
	}
	response, _ := ask(t, server, "OPTIONS", "/atom.xml", "Origin: https://other.example",
		"Access-Control-Request-Method: GET", "Access-Control-Request-Headers: if-none-match, a-im")
	allowed := strings.ToLower(response.Header.Get("Access-Control-Allow-Headers"))
	for _, name := range []string{"if-none-match", "if-modified-since", "a-im", "range"} {
		if !strings.Contains(allowed, name) {
			t.Errorf("S09 a script may not send %s: %s", name, allowed)
		}
	}
}

// relations collects the links of a feed's document by relation.
func relations(t *testing.T, media, body string) map[string][]string {
	t.Helper()
	found := make(map[string][]string)
	if strings.Contains(media, "json") {
		var feed struct {
			Self string `json:"feed_url"`
			Hubs []struct{ URL string }
		}
		if err := json.Unmarshal([]byte(body), &feed); err != nil {
			t.Fatal(err)
		}
		found["self"] = []string{feed.Self}
		for _, hub := range feed.Hubs {
			found["hub"] = append(found["hub"], hub.URL)
		}
		return found
	}
	decoder := xml.NewDecoder(strings.NewReader(body))
	for depth := 0; ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		switch element := token.(type) {
		case xml.StartElement:
			depth++
			if element.Name.Space != "http://www.w3.org/2005/Atom" || element.Name.Local != "link" ||
				depth > 3 {
				continue
			}
			attr := make(map[string]string)
			for _, a := range element.Attr {
				attr[a.Name.Local] = a.Value
			}
			if attr["rel"] == "self" || attr["rel"] == "hub" {
				found[attr["rel"]] = append(found[attr["rel"]], attr["href"])
			}
		case xml.EndElement:
			depth--
		}
	}
}

// TestS10Links compares the Link field with the links in the document.
func TestS10Links(t *testing.T) {
	for _, hubs := range [][]string{nil, {"https://news.example/hub"},
		{"https://news.example/hub", "https://hub.example/"}} {
		publisher, _ := newPublisher(t, func(s *feeds.Site) { s.Hubs = hubs })
		handler := serve.Handler(serve.Options{Publisher: publisher})
		for _, path := range []string{"/atom.xml", "/rss.xml", "/feed.json", "/category/go/atom.xml",
			"/category/go/rss.xml", "/source/gopher/feed.json", "/category/go/feed"} {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
			header := make(map[string][]string)
			for _, link := range w.Header().Values("Link") {
				url, rel, _ := strings.Cut(strings.TrimPrefix(link, "<"), `>; rel="`)
				header[strings.TrimSuffix(rel, `"`)] = append(header[strings.TrimSuffix(rel, `"`)], url)
			}
			embedded := relations(t, w.Header().Get("Content-Type"), w.Body.String())
			if len(header["self"]) != 1 || len(header["hub"]) != len(hubs) ||
				fmt.Sprint(header["self"]) != fmt.Sprint(embedded["self"]) {
				t.Errorf("%s with %d hubs: Link says %v, the document %v", path, len(hubs), header, embedded)
			}
		}
	}
}

// TestS14Categories tells apart a category that was, one that was renamed, and one that
// never was.
func TestS14Categories(t *testing.T) {
	publisher, pages := newPublisher(t, func(s *feeds.Site) {
		s.Categories[0].Formerly = []coranto.Slug{"golang"}
	})
	server := newServerOf(t, serve.Handler(serve.Options{Publisher: publisher,
		NotFound: pages.NotFound, Problem: pages.Problem}))
	for _, tt := range []struct {
		path     string
		status   int
		location string
	}{
		{"/category/golang/", 308, "/planet/category/go/"},
		{"/category/golang", 308, "/planet/category/go/"},
		{"/category/golang/atom.xml", 308, "/planet/category/go/atom.xml"},
		{"/planet/category/golang/rss.xml", 308, "/planet/category/go/rss.xml"},
		{"/category/golang/feed", 308, "/planet/category/go/feed"},
		{"/category/former/", 410, ""},
		{"/category/former/feed.json", 410, ""},
		{"/category/former", 410, ""},
		{"/category/never/", 404, ""},
		{"/category/never/atom.xml", 404, ""},
		{"/source/never/atom.xml", 404, ""},
	} {
		response, body := ask(t, server, "GET", tt.path)
		if response.StatusCode != tt.status || response.Header.Get("Location") != tt.location {
			t.Errorf("%s: %d, Location %q; want %d, %q", tt.path, response.StatusCode,
				response.Header.Get("Location"), tt.status, tt.location)
		}
		if tt.status == 308 && !strings.Contains(response.Header.Get("Cache-Control"), "max-age=300,") {
			t.Errorf("%s: Cache-Control: %s", tt.path, response.Header.Get("Cache-Control"))
		}
		if strings.Contains(body, "<rss") || strings.Contains(body, "<feed") {
			t.Errorf("S12 %s: an error looks like a feed", tt.path)
		}
	}
}

// TestS15Host asks under other hosts' names: nothing in any answer may come from there.
func TestS15Host(t *testing.T) {
	server := newServer(t)
	for _, path := range append(documents(), "/feed", "/category/go", "/category/former/",
		"/favicon.ico", "/.well-known/security.txt") {
		plain, want := ask(t, server, "GET", path)
		response, body := ask(t, server, "GET", path, "Host: evil.example", "X-Forwarded-Host: evil.example",
			"X-Forwarded-Proto: gopher", "X-Forwarded-Prefix: /evil", "Forwarded: host=evil.example",
			"X-Original-URL: /evil", "X-Rewrite-URL: /evil", "Referer: https://evil.example/")
		response.Header.Del("Date")
		plain.Header.Del("Date")
		if body != want || fmt.Sprint(response.Header) != fmt.Sprint(plain.Header) {
			t.Errorf("%s depends on the host that was asked: %v, want %v", path, response.Header,
				plain.Header)
		}
	}
}

// TestS36NoIndex keeps pages that show the whole content from search engines, in the
// answer as in the page, and never lets robots.txt hide that.
func TestS36NoIndex(t *testing.T) {
	server := newServer(t)
	page, body := ask(t, server, "GET",
		feeds.ItemPath(coranto.NewItemID("gopher", "https://gopher.example/3")))
	if page.Header.Get("X-Robots-Tag") != "noindex" || !strings.Contains(body, `content="noindex`) {
		t.Errorf("X-Robots-Tag: %q, and in the page %v", page.Header.Get("X-Robots-Tag"),
			strings.Contains(body, `content="noindex`))
	}
	if _, robots := ask(t, server, "GET", "/robots.txt"); strings.Contains(robots, "Disallow: /") {
		t.Errorf("robots.txt keeps crawlers from reading noindex:\n%s", robots)
	}
}

// TestS53WellKnown has what is expected at fixed places, and nothing else there.
func TestS53WellKnown(t *testing.T) {
	publisher, pages := newPublisher(t)
	now := func() time.Time { return time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC) }
	with := newServerOf(t, serve.Handler(serve.Options{Publisher: publisher, Contact: "ops@news.example",
		Now: now, NotFound: pages.NotFound}))
	page := newServerOf(t, serve.Handler(serve.Options{Publisher: publisher,
		Contact: "https://news.example/about", Now: now}))
	without := newServer(t)
	const security = "/.well-known/security.txt"
	tests := []struct {
		server *httptest.Server
		path   string
		status int
		body   string // what it holds
	}{
		{with, security, 200, "Contact: mailto:ops@news.example\n" +
			"Canonical: https://news.example/.well-known/security.txt\nExpires: 2027-06-01T00:00:00Z\n"},
		{page, security, 200, "Contact: https://news.example/about\n"},
		{without, security, 404, ""},
		{with, "/.well-known/", 404, ""},
		{with, "/.well-known/change-password", 404, ""},
		{with, "/.well-known/security.txt/", 404, ""},
		{with, "/category/.well-known/security.txt", 404, ""},
		{with, "/healthz", 200, "ready\n"},
		{with, "/livez", 200, "ok\n"},
		{with, "/readyz", 200, "ready\n"},
		{with, "/robots.txt", 200, "Sitemap: https://news.example/planet/sitemap.xml\n"},
		{with, "/sitemap.xml", 200, "<loc>https://news.example/planet/category/go/</loc>"},
		{with, "/favicon.ico", 308, ""},
		{with, "/icon.svg", 200, "<svg"},
	}
	for _, tt := range tests {
		response, body := ask(t, tt.server, "GET", tt.path)
		if response.StatusCode != tt.status || !strings.Contains(body, tt.body) {
			t.Errorf("%s: %d %q, want %d and %q", tt.path, response.StatusCode, body, tt.status, tt.body)
		}
	}
	if icon, _ := ask(t, with, "GET", "/favicon.ico"); icon.Header.Get("Location") != "/planet/icon.svg" {
		t.Errorf("/favicon.ico leads to %q", icon.Header.Get("Location"))
	}
}

// TestX40Hidden gives neither dotfiles nor directories.
func TestX40Hidden(t *testing.T) {
	server := newServer(t)
	for _, path := range []string{
		"/.git/config", "/.env", "/category/.hidden/", "/category/go/.htaccess", "/category/", "/source/",
		"/item/", "/debug/pprof/", "/debug/vars", "/metrics", "/status", "/admin/", "/..", "/./",
		"/category/..%2f..%2fetc/passwd",
	} {
		if response, _ := ask(t, server, "GET", path); response.StatusCode != 404 {
			t.Errorf("%s: status %d, want 404", path, response.StatusCode)
		}
	}
}

// TestX40Limits holds the server to its own limits.
func TestX40Limits(t *testing.T) {
	s := serve.NewServer(http.NotFoundHandler(), nil)
	if s.ReadHeaderTimeout != 5*time.Second || s.ReadTimeout == 0 || s.WriteTimeout == 0 ||
		s.IdleTimeout == 0 || s.MaxHeaderBytes != 32<<10 {
		t.Errorf("timeouts %s, %s, %s, %s and %d bytes of header", s.ReadHeaderTimeout, s.ReadTimeout,
			s.WriteTimeout, s.IdleTimeout, s.MaxHeaderBytes)
	}
	server := newServer(t)
	response, _ := ask(t, server, "GET", "/", "X-Long: "+strings.Repeat("x", 64<<10))
	if response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("64 KB of header: status %d, want 431", response.StatusCode)
	}
}

// TestS12LastGood gives what there was when nothing new can be made.
func TestS12LastGood(t *testing.T) {
	n := newNewsroom(t)
	n.post(t, map[int]string{0: "Post 0"})
	broken := false
	formats := format.All()
	for i := range formats {
		generate := formats[i].Generate
		formats[i].Generate = func(w io.Writer, f *feeds.Feed) error {
			if broken {
				_, _ = io.WriteString(w, "<feed><entry>half of")
				return errors.New("no ink")
			}
			return generate(w, f)
		}
	}
	reader := feeds.NewReader(n.store, feeds.Site{URL: "https://news.example/"})
	publisher := publish.New(publish.Options{Store: n.store, Reader: reader, Formats: formats})
	server := newServerOf(t, serve.Handler(serve.Options{Publisher: publisher}))
	first, want := ask(t, server, "GET", "/atom.xml")
	broken = true
	n.post(t, map[int]string{1: "Post 1"})
	if err := publisher.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	tag := first.Header.Get("Etag")
	again, body := ask(t, server, "GET", "/atom.xml")
	if again.StatusCode != 200 || body != want || again.Header.Get("Etag") != tag {
		t.Errorf("status %d, ETag %s; want the last good one, %s", again.StatusCode,
			again.Header.Get("Etag"), tag)
	}
	if known, _ := ask(t, server, "GET", "/atom.xml", "If-None-Match: "+tag); known.StatusCode != 304 {
		t.Errorf("status %d for who has it, want 304", known.StatusCode)
	}
	never, body := ask(t, server, "GET", "/rss.xml")
	if never.StatusCode != 500 || strings.Contains(body, "half of") {
		t.Errorf("status %d with %q for what was never made, want 500", never.StatusCode, body)
	}
	broken = false
	if _, body := ask(t, server, "GET", "/atom.xml"); !strings.Contains(body, "Post 1") {
		t.Error("the new one is not made when it can be again")
	}
}

// TestS12NoErrorWithSuccess makes no document of what fails: neither a page nor a feed.
func TestS12NoErrorWithSuccess(t *testing.T) {
	store := closedStore(t)
	reader := feeds.NewReader(store, feeds.Site{URL: "https://news.example/"})
	publisher, _ := newPublisher(t)
	broken := publish.New(publish.Options{Store: store, Reader: reader, Formats: publisher.Formats()})
	server := newServerOf(t, serve.Handler(serve.Options{Publisher: broken}))
	for _, path := range []string{"/atom.xml", "/feed.json", "/category/go/rss.xml", "/feed", "/opml.xml"} {
		response, body := ask(t, server, "GET", path)
		if response.StatusCode != 500 || response.Header.Get("Retry-After") == "" ||
			response.Header.Get("Cache-Control") != "no-store" || response.Header.Get("Etag") != "" ||
			strings.Contains(body, "<") {
			t.Errorf("%s: %d %v %q", path, response.StatusCode, response.Header, body)
		}
	}
}
