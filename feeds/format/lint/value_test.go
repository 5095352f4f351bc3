package lint_test

import (
	"testing"

	"github.com/coranto/coranto/feeds/format/lint"
)

func TestIsIRI(t *testing.T) {
	for in, want := range map[string]bool{
		"https://example.org/":     true,
		"HTTP://example.org":       true,
		"https://例え.jp/文章":         true,
		"tag:example.org,2025:a":   true,
		"urn:isbn:1234":            true,
		"yt:video:abc":             true,
		"x-a+b.c1:d":               true,
		"":                         false,
		"1":                        false,
		":a":                       false,
		"a:":                       false,
		"1a:b":                     false,
		"é:a":                      false,
		"https:///a":               false,
		"http:example.org":         false,
		"https://example.org/a b":  false,
		"https://example.org/<":    false,
		"https://example.org/\n":   false,
		"https://example.org/\xff": false,
		"tag:example.org:a":        false,
		"tag:example.org,25:a":     false,
		"urn:uuid:1":               false,
		"urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6": true,
	} {
		if got := lint.IsIRI(in); got != want {
			t.Errorf("IsIRI(%q) = %v, want %v", in, got, want)
		}
	}
}

func TestIsMediaType(t *testing.T) {
	for in, want := range map[string]bool{
		"audio/mpeg": true, "text/html; charset=utf-8": true, "application/atom+xml;type=entry": true,
		"": false, "mp3": false, "a/b/c": false, "a /b": false, "text/html;": false,
	} {
		if got := lint.IsMediaType(in); got != want {
			t.Errorf("IsMediaType(%q) = %v, want %v", in, got, want)
		}
	}
}
