//go:build linux

package fetch

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto/internal/child"
)

// TestBombs is B14–B16: bodies that grow, lie or never end take little time and
// memory, each in a process of its own.
func TestBombs(t *testing.T) {
	if task := child.Task(); task != "" {
		fetchBomb(t, task)
		return
	}
	if child.Raced() {
		t.Skip("the race detector makes figures meaningless")
	}
	zeros := make([]byte, 200<<20)
	steep := steepest(150) // grows as much as it may
	feed := bytes.Clone(steepest(20)[:9<<20])
	copy(feed, "<?xml")
	tests := []struct {
		name   string
		header string
		body   []byte
		want   string
	}{
		{"gzip bomb", "gzip", encode(t, zeros, "gzip"), "body grows more than 200 times"},
		{"gzip bomb undeclared", "", encode(t, zeros, "gzip"), "body grows more than 200 times"},
		{"gzip bomb nested", "gzip, gzip", encode(t, zeros, "gzip", "gzip"), "body grows more than 200 times"},
		{"gzip bomb nested undeclared", "gzip", encode(t, zeros, "gzip", "gzip"), "body grows more than 200 times"},
		{"brotli bomb", "br", encode(t, zeros, "br"), "body grows more than 200 times"},
		{"zstd bomb", "zstd", encode(t, zeros, "zstd"), "body grows more than 200 times"},
		{"all codings", "gzip, br, zstd, gzip", encode(t, zeros, "gzip", "br", "zstd", "gzip"),
			"body grows more than 200 times"},
		{"too many codings", "gzip, gzip, gzip, gzip, gzip", encode(t, feed, "gzip"), "too many content codings"},
		{"gzip below the ratio", "gzip", encode(t, steep, "gzip"), "body over 15 MiB"},
		{"brotli below the ratio", "br", encode(t, steep, "br"), "body over 15 MiB"},
		{"zstd below the ratio", "zstd", encode(t, steep, "zstd"), "body over 15 MiB"},
		{"plain", "", steep, "body over 15 MiB"},
		{"B15 plain declared as gzip", "gzip", feed, "9437184 coding-wrong"},
		{"B15 plain declared as brotli", "br", feed, "9437184 coding-wrong"},
		{"B15 gzip undeclared", "", encode(t, feed, "gzip"), "9437184 gzip-undeclared"},
		{"largest body", "", steep[:15<<20], "15728640"},
		{"largest body coded", "gzip", encode(t, steep[:15<<20], "gzip"), "15728640"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := serve(t, coded(tt.header, tt.body))
			measureBomb(t, o.URL, tt.want)
		})
	}
	t.Run("B16 longer than declared", func(t *testing.T) {
		head := "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
		measureBomb(t, "http://"+raw(t, head+string(feed)), "3")
	})
	t.Run("B16 shorter than declared", func(t *testing.T) {
		head := "HTTP/1.1 200 OK\r\nContent-Length: 14000000\r\n\r\n"
		measureBomb(t, "http://"+raw(t, head+string(feed)), "the answer ended early")
	})
	t.Run("B16 declared to be huge", func(t *testing.T) {
		head := "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
		measureBomb(t, "http://"+raw(t, head+string(feed)), "body over 15 MiB")
	})
	t.Run("never ends", func(t *testing.T) {
		o := serve(t, func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = w.Write(feed)
			}
		})
		measureBomb(t, o.URL, "body over 15 MiB")
	})
}

// steepest is 20 MiB that codings shorten by at most a ratio.
func steepest(ratio int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < 20<<20; i++ {
		fmt.Fprintf(&b, "%08x", uint32(i)*2654435761)
		b.Write(make([]byte, 4*ratio))
	}
	return b.Bytes()
}

func measureBomb(t *testing.T, url, want string) {
	t.Helper()
	c := child.Within(t, "TestBombs", url, 200*time.Millisecond, 64<<20)
	t.Log(c)
	if !strings.Contains(c.Answer, want) {
		t.Errorf("got %q, want %q", c.Answer, want)
	}
	c.Check(t, 200*time.Millisecond, 64<<20)
}

// fetchBomb fetches a URL and answers with the length of the body and the codes of
// the problems.
func fetchBomb(t *testing.T, url string) {
	c := newClient(t, Options{})
	child.Measure(t, func() (string, error) {
		resp, err := c.Get(t.Context(), Request{URL: url})
		if err != nil {
			return "", err
		}
		answer := []string{strconv.Itoa(len(resp.Body))}
		for _, p := range resp.Problems {
			answer = append(answer, p.Code)
		}
		return strings.Join(answer, " "), nil
	})
}
