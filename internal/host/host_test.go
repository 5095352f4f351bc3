package host

import (
	"net/url"
	"testing"

	"github.com/coranto/coranto"
)

// P28, P36: one host has one name.
func TestNames(t *testing.T) {
	tests := []struct{ address, name, lane, key string }{
		{"https://a.example/f", "a.example", "a.example", "https://a.example/f"},
		{"https://a.example:443/f", "a.example", "a.example", "https://a.example/f"},
		{"http://a.example:80/f", "a.example", "a.example", "http://a.example/f"},
		{"http://a.example:443/f", "a.example:443", "a.example", "http://a.example:443/f"},
		{"HTTPS://A.Example./f#part", "a.example", "a.example", "https://a.example/f"},
		{"https://a.example.:8443", "a.example:8443", "a.example", "https://a.example:8443/"},
		{"https://Bücher.example/f", "xn--bcher-kva.example", "xn--bcher-kva.example",
			"https://xn--bcher-kva.example/f"},
		{"https://xn--bcher-kva.example/F?q=%41", "xn--bcher-kva.example", "xn--bcher-kva.example",
			"https://xn--bcher-kva.example/F?q=%41"},
		{"https://a.example/%41?", "a.example", "a.example", "https://a.example/%41?"},
		{"https://feeds.news.bbc.co.uk/f", "feeds.news.bbc.co.uk", "bbc.co.uk", "https://feeds.news.bbc.co.uk/f"},
		{"https://one.github.io/f", "one.github.io", "one.github.io", "https://one.github.io/f"},
		{"https://www.one.github.io:8443/f", "www.one.github.io:8443", "one.github.io",
			"https://www.one.github.io:8443/f"},
		{"https://github.io/f", "github.io", "github.io", "https://github.io/f"},
		{"http://127.0.0.1:8080/f", "127.0.0.1:8080", "127.0.0.1:8080", "http://127.0.0.1:8080/f"},
		{"http://[2001:DB8::1]:80/f", "[2001:db8::1]", "[2001:db8::1]", "http://[2001:db8::1]/f"},
		{"http://localhost:81/f", "localhost:81", "localhost:81", "http://localhost:81/f"},
		{"urn:x", "urn:x", "urn:x", "urn:x"},
		{"://", "://", "://", "://"},
	}
	for _, tt := range tests {
		t.Run("P28 "+tt.address, func(t *testing.T) {
			if got := Of(tt.address); got != tt.name {
				t.Errorf("name %q, want %q", got, tt.name)
			}
			if got := Lane(tt.address); got != tt.lane {
				t.Errorf("lane %q, want %q", got, tt.lane)
			}
			if got := Key(tt.address); got != tt.key {
				t.Errorf("key %q, want %q", got, tt.key)
			}
		})
	}
}

// The root package can't know of IDNA; of everything else it says the same.
func TestAgreesWithSource(t *testing.T) {
	for _, address := range []string{
		"https://a.example/f", "HTTP://A.example.:80/", "https://a.example:8443", "http://[::1]:80/", "x",
		"http://127.0.0.1:9/", "https://[FE80::1]:444/f", "https://a.example:/f",
	} {
		if got, want := (coranto.Source{URL: address}).Host(), Of(address); got != want {
			t.Errorf("Source.Host of %s: %q, want %q", address, got, want)
		}
	}
}

// No address breaks a name, and a name is its own name.
func FuzzNames(f *testing.F) {
	f.Add("https://Bücher.example.:443/f?q#x")
	f.Add("http://[::1%25eth0]:80/")
	f.Fuzz(func(t *testing.T, address string) {
		Key(address)
		Lane(address)
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.Scheme != "https" {
			return
		}
		name := Name(u)
		named, err := url.Parse("https://" + name)
		if err == nil && named.Hostname() != "" && Name(named) != name {
			t.Errorf("%q is named %q, and that %q", address, name, Name(named))
		}
	})
}
