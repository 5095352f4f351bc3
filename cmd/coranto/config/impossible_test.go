package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto/cmd/coranto/config"
)

// TestImpossible writes a value that can't be into each key of how origins are
// asked: each is refused at its place, with a remedy.
func TestImpossible(t *testing.T) {
	tests := []struct {
		name   string
		file   string // the place is at its ^, which is not part of it
		text   string // what the problem says of it
		remedy string
	}{
		{"a password alone", "sources: [{id: a, url: 'https://a.example/', ^password: x}]", "without a user", "add user:"},
		{"X03 host: an address", `fetch: {allow_hosts: [^"http://x"]}`, "more than a host", "intra.example"},
		{"X03 host: empty", `fetch: {allow_hosts: [^""]}`, "empty", "intra.example"},
		{"X03 host: a network", `fetch: {allow_hosts: [^10.0.0.0/8]}`, "is a network", "under allow_networks"},
		{"X03 host: IPv6 network", `fetch: {allow_hosts: [^"fd00::/8"]}`, "is a network", "under allow_networks"},
		{"X03 host: spaces", `fetch: {allow_hosts: [^a b]}`, "no host", "intra.example"},
		{"X03 host: a star", `fetch: {allow_hosts: [^"*.example.org"]}`, "a star", "list each host"},
		{"X03 host: port out of range", `fetch: {allow_hosts: [a.example, ^"b.example:65536"]}`, "no port", "8000"},
		{"X03 host: port 0", `fetch: {allow_hosts: [^"b.example:0"]}`, "no port", "8000"},
		{"X03 host: no port", `fetch: {allow_hosts: [^"b.example:"]}`, "no port", "8000"},
		{"X03 host: only a port", `fetch: {allow_hosts: [^":80"]}`, "no host", "8000"},
		{"X03 host: a user", `fetch: {allow_hosts: [^"me@b.example"]}`, "more than a host", "intra.example"},
		{"X03 host: two dots", `fetch: {allow_hosts: [^b..example]}`, "no host", "intra.example"},
		{"X03 host: a long label", `fetch: {allow_hosts: [^` + strings.Repeat("x", 64) + `]}`, "no host", "intra"},
		{"X05 host: a number", `fetch: {allow_hosts: [^"127.1"]}`, "no host", "intra.example"},
		{"X05 host: with a zone", `fetch: {allow_hosts: [^"fe80::1%eth0"]}`, "no host", "intra.example"},
		{"X03 host: a mapping", "fetch:\n  allow_hosts:\n    ^a.example: 80", "a list is wanted", "hyphen"},

		{"X03 network: a host", `fetch: {allow_networks: [^intra.example]}`, "no network", "under allow_hosts"},
		{"X03 network: too many bits", `fetch: {allow_networks: [^10.0.0.0/33]}`, "no network", "10.1.2.3"},
		{"X03 network: empty", `fetch: {allow_networks: [^""]}`, "no network", "10.1.2.3"},
		{"X03 network: a zone", `fetch: {allow_networks: [^"fe80::1%eth0"]}`, "no network", "10.1.2.3"},
		{"X03 network: mapped", `fetch: {allow_networks: [^"::ffff:10.0.0.0/104"]}`, "no connection", "IPv4"},
		{"X03 port: out of range", `fetch: {allow_ports: [^65536]}`, "out of range", "from 1 to 65535"},
		{"X03 port: 0", `fetch: {allow_ports: [^0]}`, "out of range", "from 1 to 65535"},
		{"X03 port: a word", `fetch: {allow_ports: [^http]}`, "no whole number", "from 1 to 65535"},

		{"P68 proxy: no scheme", `fetch: {proxy: ^"proxy.example:3128"}`, "proxy", "http://proxy.example:3128"},
		{"P68 proxy: a port too high", `fetch: {proxy: ^"http://p.example:70000"}`, "no port", "3128"},
		{"P68 proxy: a path", `fetch: {proxy: ^"http://p.example/x"}`, "path", "3128"},
		{"P68 proxy of a source", "sources:\n  - url: https://a.example/\n    proxy: ^ftp://p.example", "proxy", "socks5"},
		{"P63 user agent", `fetch: {user_agent: ^"a\nb"}`, "control characters", "one line"},
		{"P63 contact: two lines", `site: {contact: ^"a@b.example\nX: y"}`, "mail address", "you@example.org"},
		{"P63 contact: nobody", `site: {contact: ^nobody}`, "mail address", "https://example.org/about"},
		{"P63 contact: parentheses", `site: {contact: ^"a@b.example)"}`, "mail address", "you@example.org"},
		{"P64 timeout", `fetch: {timeout: ^0s}`, "out of range", "from 1s"},
		{"P64 timeout without unit", `fetch: {timeout: ^30}`, "no duration", "unit"},
		{"P64 max_body", `fetch: {max_body: ^0}`, "out of range", "from 1"},
		{"P60 per_host", `fetch: {per_host: ^0}`, "out of range", "from 1"},
		{"P60 workers", `fetch: {workers: ^-1}`, "out of range", "from 1"},
		{"P21 interval: negative", "defaults: {every: ^-1h}", "out of range", "from 10s"},
		{"P21 interval: nothing", "defaults: {every: ^NaNd}", "out of range", "from 10s"},
		{"P21 interval: endless", "defaults: {every: ^1e300d}", "out of range", "from 10s"},
		{"P21 interval: a word", "defaults: {every: ^hourly}", "no duration", "1d"},
		{"P11 unconditional", source("unconditional: ^always"), "not known", "never"},
		{"P61 version", source("http: ^3"), "no version", "1.1"},
		{"P66 insecure", source("insecure: ^maybe"), "neither true nor false", "true or false"},
		{"P66 a file that is none", source("ca: ^missing.pem"), "missing.pem", "may read"},
		{"P66 ca and insecure", source("insecure: true\n    ^ca: ../config_test.go"), "insecure", "leave out"},
		{"X08 a header of the connection", source("headers: {^Host: a}"), "can't set", "leave it out"},
		{"X08 no name", source("headers: {^\"a b\": c}"), "no name", "X-Key"},
		{"X08 two lines", source("headers: {^X-Key: \"a\\nb\"}"), "control characters", "one line"},
		{"X08 twice", source("headers: {x-key: a, ^X-Key: b}"), "twice", "leave one out"},
		{"X08 cookies as a header", source("headers: {^cookie: a=b}"), "cookies", "key of their own"},
		{"X08 user agent as a header", source("headers: {^User-Agent: b}"), "User-Agent", "key of its own"},
		{"X08 authorization twice", source("user: me\n    ^headers: {Authorization: Bearer x}"), "Authorization",
			"leave one"},
		{"P13 cookies without a value", source("cookies: ^abc"), "no cookies", "name=value"},
		{"P13 cookies with their header", source("cookies: ^\"Cookie: a=b\""), "no cookies", "without Cookie:"},
		{"P13 cookies in two lines", source("cookies: ^\"a=b\\nc=d\""), "control characters", "one line"},
		{"basic: a colon", source("user: ^\"me:secret\""), "no colon", "password:"},
		{"basic: twice", source("password: x\n    ^password_file: y"), "twice", "leave out"},
		{"basic: no file", source("password_file: ^missing"), "missing", "may read"},
		{"P64 timeout of a source", source("timeout: ^11m"), "out of range", "to 10m"},
		{"P64 max_body of a source", source("max_body: ^2048"), "out of range", "to 1024"},
		{"max_items", source("max_items: ^0"), "out of range", "from 1"},
		{"S52 a folder without a name", "folders:\n  - ^opml: {a: b}", "no name", "path:"},
		{"S52 a folder too deep", "folders:\n  - path: ^[" + strings.Repeat("a,", 11) + "]", "deeper", "up to 10"},
		{"S52 a folder in two lines", source("folders: [^\"a\\nb\"]"), "not the name", "[outer, inner]"},
		{"X03 a source's port", "sources: [^\"https://a.example:70000/\"]", "no port", "65535"},
		{"X04 a source's scheme", "sources: [^\"file:///etc/passwd\"]", "can't be fetched", "https://"},
		{"R a password in an address", "sources: [^\"https://u:p@a.example/\"]", "password", "before the @"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before, after, found := strings.Cut(tt.file, "^")
			_, err := config.Parse("testdata/coranto.yaml", []byte(before+after))
			errs, ok := config.AsErrors(err)
			if !ok || !found {
				t.Fatalf("Parse error = %v, want a list of problems", err)
			}
			line := strings.Count(before, "\n") + 1
			col := len(before) - strings.LastIndex(before, "\n")
			for _, p := range errs.List {
				if p.Line == line && p.Col == col &&
					strings.Contains(p.Text, tt.text) && strings.Contains(p.Hint, tt.remedy) {
					return
				}
			}
			t.Errorf("want one in %d:%d of %q with remedy %q, got:\n%v", line, col, tt.text, tt.remedy, err)
		})
	}
}

// source is a file with one source that has a key more.
func source(key string) string { return "sources:\n  - url: https://a.example/\n    " + key }

// X03: what can be a host is taken as connections are made to it.
func TestHosts(t *testing.T) {
	c, err := config.Parse("coranto.yaml", []byte(`fetch: {allow_hosts: [Intra.Example., "wiki.example:8000",
  10.1.2.3, "10.1.2.3:8000", "[fd00::1]:8000", "[fd00::2]", "fd00::0:3", bücher.example, my_host, localhost]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"intra.example", "wiki.example:8000", "10.1.2.3", "10.1.2.3:8000", "[fd00::1]:8000", "fd00::2", "fd00::3",
		"xn--bcher-kva.example", "my_host", "localhost",
	}
	if diff := cmp.Diff(want, c.Fetch.AllowHosts); diff != "" {
		t.Errorf("hosts (-want +got):\n%s", diff)
	}
}
