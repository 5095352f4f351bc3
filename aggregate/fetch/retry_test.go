package fetch

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/http2"
)

// P37, P61: what is tried again, and how often. A request that was refused before it
// was looked at may be sent once more; nothing else is.
func TestRetries(t *testing.T) {
	t.Run("P37 new connections closed each time", func(t *testing.T) {
		var asked atomic.Int32
		addr := hangUp(t, 0, &asked)
		getError(t, newClient(t, Options{}), Request{URL: "http://" + addr}, KindConnect)
		if n := asked.Load(); n != 1 {
			t.Errorf("%d requests, want 1", n)
		}
	})
	t.Run("P37 kept connection closed, and the next one too", func(t *testing.T) {
		var asked atomic.Int32
		addr := hangUp(t, 1, &asked)
		c := newClient(t, Options{})
		get(t, c, Request{URL: "http://" + addr})
		getError(t, c, Request{URL: "http://" + addr}, KindConnect)
		if n := asked.Load(); n > 3 {
			t.Errorf("%d requests, want at most 3: one answered, one on the kept connection, one more", n)
		}
	})
	t.Run("P37 HTTP/2 streams refused each time", func(t *testing.T) {
		var asked atomic.Int32
		url, c := refuseStreams(t, &asked)
		_, err := c.Get(t.Context(), Request{URL: url})
		if err == nil || strings.Contains(err.Error(), "cancel") {
			t.Errorf("Get: %v, want what the origin did", err)
		}
		if n := asked.Load(); n > 2 {
			t.Errorf("%d requests, want at most 2", n)
		}
	})
}

// hangUp is an origin that answers a number of requests in all, and closes the
// connection at each further one.
func hangUp(t *testing.T, answers int32, asked *atomic.Int32) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	answer := func(conn net.Conn) {
		defer conn.Close()
		r := bufio.NewReader(conn)
		for {
			if _, err := http.ReadRequest(r); err != nil || asked.Add(1) > answers {
				return
			}
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfeed")
		}
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go answer(conn)
		}
	}()
	return l.Addr().String()
}

// refuseStreams is an origin that refuses each stream as if it had no time.
func refuseStreams(t *testing.T, asked *atomic.Int32) (url string, c *Client) {
	t.Helper()
	o := httptest.NewUnstartedServer(nil)
	o.EnableHTTP2 = true
	o.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){
		"h2": func(_ *http.Server, conn *tls.Conn, _ http.Handler) {
			if _, err := io.CopyN(io.Discard, conn, int64(len(http2.ClientPreface))); err != nil {
				return
			}
			f := http2.NewFramer(conn, conn)
			_ = f.WriteSettings()
			for {
				frame, err := f.ReadFrame()
				if err != nil {
					return
				}
				if _, ok := frame.(*http2.HeadersFrame); ok {
					asked.Add(1)
					_ = f.WriteRSTStream(frame.Header().StreamID, http2.ErrCodeRefusedStream)
				}
			}
		},
	}
	o.TLS = &tls.Config{NextProtos: []string{"h2"}}
	o.StartTLS()
	t.Cleanup(o.Close)
	roots := o.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	return o.URL, newClient(t, Options{RootCAs: roots})
}
