// Package local is how commands speak with the server of the same program over HTTP, on
// this machine.
package local

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/coranto/coranto/aggregate/sanitize"
	"github.com/coranto/coranto/cmd/coranto/show"
)

// URL is where readers on this machine reach a listener, with a slash at the end.
func URL(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "http://localhost/"
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port) + "/"
}

// patience bounds a question to the server on this machine.
const patience = 5 * time.Second

// Status asks the server that listens there for operators. What it says when it can't tell is the error.
func Status(ctx context.Context, listen string) (*show.Status, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, URL(listen)+"status", nil)
	if err != nil {
		return nil, err
	}
	res, err := Transport().RoundTrip(req)
	if err != nil {
		return nil, fmt.Errorf("ask the server at %s: %w", listen, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server at %s: %s", listen, reason(res))
	}
	result := new(show.Status)
	if err := json.NewDecoder(res.Body).Decode(result); err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", listen, err)
	}
	return result, nil
}

// Ready asks the server that listens there for readers whether it is ready; the error
// says that it is not.
func Ready(ctx context.Context, listen string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, URL(listen)+"readyz", nil)
	if err != nil {
		return err
	}
	res, err := Transport().RoundTrip(req)
	if err != nil {
		return fmt.Errorf("ask the server at %s: %w", listen, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the server at %s is not ready: %s", listen, res.Status)
	}
	return nil
}

// reason is what our own server says when it can't do what it is asked; the status
// where it is another one.
func reason(res *http.Response) string {
	if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/plain") {
		return res.Status
	}
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<10))
	if err != nil {
		return res.Status
	}
	return cmp.Or(sanitize.Line(string(text)), res.Status)
}

// Transport talks to our own server on this machine, which the guarded
// client would refuse to. It follows no redirect and uses no proxy.
func Transport() *http.Transport { return &http.Transport{DisableKeepAlives: true} }
