package config_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/config"
)

var update = flag.Bool("update", false, "rewrite the golden files with what the code writes now")

func TestParse(t *testing.T) {
	c, err := config.Parse("coranto.yaml", []byte(`
data: /srv/news
admin: false
site:
  {title: 金融消息, url: https://news.example.org, language: zh-CN, timezone: Asia/Shanghai,
   contact: ops@example.org}
fetch: {timeout: 20s, allow_networks: [127.0.0.0/8, 10.0.0.1], allow_ports: [8180]}
sources:
  - https://b.example/feed/
  - id: go
    url: https://go.dev/blog/feed.atom
    categories: [web, go, go]
    every: auto
    exclude: sponsored
    index: false
defaults: {every: 30m, republish: excerpt, index: true}
categories:
  go: Go
  web: {title: The Web, limit: 20, include: [html, css]}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []coranto.Source{
		{
			ID: "b-example", URL: "https://b.example/feed/", Every: 30 * time.Minute,
			Republish: "excerpt", Index: true,
		},
		{
			ID: "go", URL: "https://go.dev/blog/feed.atom", Categories: []coranto.Slug{"go", "web"},
			Exclude: []string{"sponsored"}, Republish: "excerpt",
		},
	}
	if diff := cmp.Diff(want, c.Sources); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
	got := c.Site.Category("web")
	if got.Title != "The Web" || got.Limit != 20 || len(got.Include) != 2 {
		t.Errorf("category web = %+v, want its title, limit and words", got)
	}
	fetch := c.Fetch
	if fetch.Timeout != 20*time.Second || len(fetch.AllowNetworks) != 2 ||
		fetch.AllowPorts[0] != 8180 {
		t.Errorf("fetch = %+v, want what the file says", fetch)
	}
	if fetch.Contact != "ops@example.org" || c.Admin != "" {
		t.Errorf("contact %q, admin %q, want ops@example.org and none", fetch.Contact, c.Admin)
	}
}

// TestErrors holds every wrong file against what the operator is told.
func TestErrors(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no wrong files in testdata: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = config.Parse("coranto.yaml", text)
			errs, ok := config.AsErrors(err)
			if !ok {
				t.Fatalf("Parse error = %v, want a list of problems", err)
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".txt", []byte(errs.Detail()))
		})
	}
}

func TestTemplateIsValid(t *testing.T) {
	c, err := config.Parse("coranto.yaml", []byte(config.Template))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Sources) != 0 {
		t.Errorf("the template has %d sources, want none", len(c.Sources))
	}
}

func TestDocsAreCurrent(t *testing.T) {
	var got bytes.Buffer
	if err := config.WriteDocs(&got); err != nil {
		t.Fatal(err)
	}
	golden(t, "../../../docs/CONFIG.md", got.Bytes())
}

func TestNoPasswordIsPrinted(t *testing.T) {
	addresses := []string{
		"ftp://me:secret@files.example/feed", "https://me:secret@exa mple.org/", "me:secret@a.example/f",
		"https://me:sec/secret@a.example/", "//me:secret@a.example", "https://me:secret@[::1/",
		`https://me:se"secret@a.example/`, "https://me:100%secret@a.example/",
		"https://secret@a.example/", "ftp://b.example/https://me:secret@a.example/",
	}
	for _, address := range addresses {
		text := "sources:\n  - '" + address + "'\nstorage: '" + address + "'\n"
		_, err := config.Parse("coranto.yaml", []byte(text))
		errs, ok := config.AsErrors(err)
		if !ok {
			t.Errorf("%s is accepted", address)
			continue
		}
		if all := errs.Error() + errs.Detail(); strings.Contains(all, "secret") {
			t.Errorf("%s: the password is printed:\n%s", address, all)
		}
		if _, err := config.Address(address); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("Address(%q) = %v, want an error without the password", address, err)
		}
	}
	for _, harmless := range []string{
		"https://medium.com/@someone", "http://127.0.0.1:8080/@x", "contact: ops@example.org",
	} {
		if got := config.HidePassword(harmless); got != harmless {
			t.Errorf("HidePassword(%q) = %q, want it as it is", harmless, got)
		}
	}
}

func TestAddress(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"without its fragment", " https://a.example/feed#top ", "https://a.example/feed"},
		{"for feed readers", "feed://a.example/feed", "http://a.example/feed"},
		{"for feed readers, whole", "feed:https://a.example/feed", "https://a.example/feed"},
	} {
		if got, err := config.Address(tt.text); err != nil || got != tt.want {
			t.Errorf("%s: Address = %q, %v, want %q", tt.name, got, err, tt.want)
		}
	}
	for _, text := range []string{"feed:x", "feed:", "feeds://a.example/"} {
		if got, err := config.Address(text); err == nil {
			t.Errorf("Address(%q) = %q, want an error", text, got)
		}
	}
}

func TestSourceID(t *testing.T) {
	tests := []struct{ url, want string }{
		{"https://go.dev/blog/feed.atom", "go-dev-blog"},
		{"https://www.example.org/", "example-org"},
		{"http://127.0.0.1:8180/f/12.rss", "127-0-0-1-8180-f-12"},
		{"https://example.org/?feed=rss2", "example-org-feed-rss2"},
	}
	for _, tt := range tests {
		if got := config.SourceID(tt.url); string(got) != tt.want {
			t.Errorf("SourceID(%q) = %q, want %q", tt.url, got, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(config.Template)
	f.Add("sources: [{url: x}]")
	f.Add("a: &x [*x]")
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = config.Parse("coranto.yaml", []byte(text))
	})
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
