package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/config"
)

// How a source is asked, with what the file names beside it.
func TestAccess(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "coranto.yaml")
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("from a file\r\nmore\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse(path, []byte(`
fetch: {proxy: environment, allow_hosts: [intra.example, "wiki.example:8000"]}
sources:
  - url: https://a.example/feed
    user_agent: Planet/1
    headers: {x-api-key: k, Accept-Language: "de, en"}
    cookies: a=1; b=2
    user: me
    password_file: secret
    proxy: socks5://u:p@127.0.0.1:1080
    insecure: true
    http: 1.1
    timeout: 90s
    max_body: 40
  - {url: https://b.example/feed, user: me, password: 0123, proxy: none, http: auto}
`))
	if err != nil {
		t.Fatal(err)
	}
	if c.Fetch.Proxy != coranto.ProxyEnvironment {
		t.Errorf("fetch.proxy %q, want that of the environment", c.Fetch.Proxy)
	}
	if diff := cmp.Diff([]string{"intra.example", "wiki.example:8000"}, c.Fetch.AllowHosts); diff != "" {
		t.Errorf("fetch.allow_hosts (-want +got):\n%s", diff)
	}
	want := []coranto.Access{
		{
			UserAgent: "Planet/1", Cookies: "a=1; b=2", User: "me", Password: "from a file",
			Headers: map[string]string{"X-Api-Key": "k", "Accept-Language": "de, en"},
			Proxy:   "socks5://u:p@127.0.0.1:1080", Insecure: true, HTTP1: true,
			Timeout: 90 * time.Second, MaxBody: 40 << 20,
		},
		{User: "me", Password: "0123", Proxy: coranto.ProxyNone},
	}
	for i, src := range c.Sources {
		if diff := cmp.Diff(want[i], src.Access); diff != "" {
			t.Errorf("source %d (-want +got):\n%s", i, diff)
		}
	}
}

// X08: what a source can't have is refused with its place and a remedy, and without
// the secrets that stand there.
func TestAccessErrors(t *testing.T) {
	text, err := os.ReadFile("testdata/access.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, err = config.Parse("testdata/coranto.yaml", text)
	errs, ok := config.AsErrors(err)
	if !ok {
		t.Fatalf("Parse error = %v, want a list of problems", err)
	}
	for _, name := range []string{"Host", "proxy-authorization", "X-Forwarded-For"} {
		t.Run("X08 "+name, func(t *testing.T) {
			if !strings.Contains(errs.Error(), "can't set the header \""+name+"\"") {
				t.Errorf("not refused in:\n%v", errs)
			}
		})
	}
	if strings.Contains(errs.Detail()+errs.Error(), "canary") {
		t.Errorf("a secret is shown:\n%s", errs.Detail())
	}
	for _, p := range errs.List {
		if p.Line < 2 || p.Hint == "" {
			t.Errorf("problem without a place or a remedy: %+v", p)
		}
	}
}
