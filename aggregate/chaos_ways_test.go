package aggregate_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// document is a feed of so many posts.
func (c *chaos) document(i, posts int, now time.Time) string {
	var b strings.Builder
	b.WriteString(feedHead)
	for n := range posts {
		guid := fmt.Sprintf("%d-%d", i, n)
		if i%20 == 3 {
			guid = fmt.Sprintf("session-%d-%d", c.random.Uint64(), n)
		}
		date := time.Date(2026, 2, 1, n, i, 0, 0, time.UTC)
		if i%20 == 4 && n == 0 {
			date = now.AddDate(1, 0, 0)
		}
		fmt.Fprintf(&b, "<item><guid isPermaLink=\"false\">%s</guid><title>Post %d of %d</title>"+
			"<link>https://news.example/%d/%d</link><pubDate>%s</pubDate><description>Text of %d.</description></item>\n",
			guid, n, i, i, n, date.Format(time.RFC1123Z), n)
	}
	b.WriteString("</channel></rss>")
	return b.String()
}

// fail answers in one of the ways; leave is called before the visitor can know that
// the answer is over.
func (c *chaos) fail(w http.ResponseWriter, r *http.Request, way, doc, etag string, leave func()) {
	header := w.Header()
	switch way {
	case "429":
		header.Set("Retry-After", "1200")
		w.WriteHeader(http.StatusTooManyRequests)
	case "500", "503", "404", "204", "304":
		var status int
		_, _ = fmt.Sscan(way, &status)
		w.WriteHeader(status)
	case "redirect loop":
		http.Redirect(w, r, "http://"+r.Host+strings.TrimSuffix(r.URL.Path, "/")+"/x", http.StatusFound)
	case "redirect to TLS":
		http.Redirect(w, r, "https://"+r.Host+"/tls", http.StatusMovedPermanently)
	case "redirect to nowhere":
		header.Set("Location", "http://[::")
		w.WriteHeader(http.StatusMovedPermanently)
	case "HTML":
		header.Set("ETag", `"html"`)
		_, _ = io.WriteString(w, "<!doctype html><html><body>Please pay</body></html>")
	case "nothing":
	case "binary":
		_, _ = w.Write(bytes.Repeat([]byte{0x89, 'P', 0, 0xff}, 500))
	case "no item":
		_, _ = io.WriteString(w, feedHead+"</channel></rss>")
	case "bad gzip":
		header.Set("Content-Encoding", "gzip")
		_, _ = io.WriteString(w, doc)
	case "gzip that ends":
		header.Set("Content-Encoding", "gzip")
		coded := gzipped(strings.NewReader(doc))
		_, _ = w.Write(coded[:len(coded)/2])
	case "bomb":
		header.Set("Content-Encoding", "gzip")
		_, _ = w.Write(c.bomb)
	case "good with another ETag":
		header.Set("ETag", fmt.Sprintf(`"flip-%d"`, len(doc)%2))
		_, _ = io.WriteString(w, doc)
	case "good with another date":
		for _, name := range []string{"Date", "Last-Modified", "Expires"} {
			header.Set(name, c.now().AddDate(len(doc)%5-2, 0, 0).Format(http.TimeFormat))
		}
		_, _ = io.WriteString(w, doc)
	case "good after 103":
		w.WriteHeader(http.StatusEarlyHints)
		_, _ = io.WriteString(w, doc)
	case "good in pieces":
		for half := len(doc) / 2; len(doc) > 0; doc, half = doc[half:], len(doc)-half {
			_, _ = io.WriteString(w, doc[:half])
			_ = http.NewResponseController(w).Flush()
		}
	case "":
		if etag != "" {
			header.Set("ETag", etag)
		}
		if etag != "" && r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = io.WriteString(w, doc)
	default:
		c.failRaw(w, r, way, doc, leave)
	}
}

// failRaw answers in one of the ways that no server would.
func (c *chaos) failRaw(w http.ResponseWriter, r *http.Request, way, doc string, leave func()) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	defer leave()
	head := "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
	switch way {
	case "reset":
		_, _ = io.WriteString(conn, head)
		_ = conn.(*net.TCPConn).SetLinger(0)
	case "truncation":
		leave()
		fmt.Fprintf(conn, "%sConnection: close\r\n\r\n%s", head, doc[:len(doc)/2])
	case "too long a length":
		leave()
		fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n%s", head, len(doc)+100, doc)
	case "too short a length":
		leave()
		fmt.Fprintf(conn, "%sConnection: close\r\nContent-Length: %d\r\n\r\n%s", head, len(doc)/2, doc)
	case "trickle":
		fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n%s", head, len(doc), doc[:10])
		waitForVisitor(conn, leave)
	case "slow headers":
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n")
		waitForVisitor(conn, leave)
	case "1xx flood":
		leave()
		for range 2000 {
			_, _ = io.WriteString(conn, "HTTP/1.1 102 Processing\r\n\r\n")
		}
	case "large header":
		leave()
		fmt.Fprintf(conn, "%sX-Large: %s\r\n\r\n", head, strings.Repeat("x", 2<<20))
	case "no HTTP":
		leave()
		_, _ = io.WriteString(conn, "220 mail.example ESMTP\r\n")
	}
}

// waitForVisitor waits until the visitor has had enough.
func waitForVisitor(conn net.Conn, leave func()) {
	leave()
	_, _ = io.Copy(io.Discard, conn)
}

func gzipped(r io.Reader) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.Copy(z, r)
	_ = z.Close()
	return b.Bytes()
}
