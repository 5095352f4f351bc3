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
site: {title: 金融消息, url: https://news.example.org, language: zh-CN, timezone: Asia/Shanghai}
fetch: {timeout: 20s, allow_networks: [127.0.0.0/8, 10.0.0.1], allow_ports: [8180]}
defaults: {every: 30m, republish: excerpt}
sources:
  - https://b.example/feed/
  - id: go
    url: https://go.dev/blog/feed.atom
    categories: [web, go, go]
    every: auto
    exclude: sponsored
categories:
  go: Go
  web: {title: The Web, limit: 20, include: [html, css]}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []coranto.Source{
		{ID: "b-example", URL: "https://b.example/feed/", Every: 30 * time.Minute, Republish: "excerpt"},
		{
			ID: "go", URL: "https://go.dev/blog/feed.atom", Categories: []coranto.Slug{"go", "web"},
			Exclude: []string{"sponsored"}, Every: 30 * time.Minute, Republish: "excerpt",
		},
	}
	if diff := cmp.Diff(want, c.Sources); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
	if got := c.Site.Category("web"); got.Title != "The Web" || got.Limit != 20 || len(got.Include) != 2 {
		t.Errorf("category web = %+v, want its title, limit and words", got)
	}
	if c.Fetch.Timeout != 20*time.Second || len(c.Fetch.AllowNetworks) != 2 || c.Fetch.AllowPorts[0] != 8180 {
		t.Errorf("fetch = %+v, want what the file says", c.Fetch)
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

func TestAppend(t *testing.T) {
	added := []coranto.Source{{ID: "new", URL: "https://new.example/rss", Title: `A "b": c`, Categories: []coranto.Slug{"go"}}}
	titled := []coranto.Category{{Slug: "go", Title: "Go"}}
	tests := []struct{ name, before, want string }{
		{"empty file", "", "sources:\n  - id: new\n    url: https://new.example/rss\n    title: \"A \\\"b\\\": c\"\n    categories: [go]\ncategories:\n  go: {title: Go}\n"},
		{
			"comments and other keys stay",
			"# mine\nsources:\n  # first\n  - url: https://a.example/ # a\n\n# end\ncategories:\n  go: Go # kept\nlisten: :9090\n",
			"# mine\nsources:\n  # first\n  - url: https://a.example/ # a\n  - id: new\n    url: https://new.example/rss\n    title: \"A \\\"b\\\": c\"\n    categories: [go]\n\n# end\ncategories:\n  go: Go # kept\nlisten: :9090\n",
		},
		{
			"list without indentation",
			"sources:\n- https://a.example/\nlisten: :9090\n",
			"sources:\n- https://a.example/\n- id: new\n  url: https://new.example/rss\n  title: \"A \\\"b\\\": c\"\n  categories: [go]\nlisten: :9090\ncategories:\n  go: {title: Go}\n",
		},
		{
			"empty values give way",
			"sources: []\ncategories: {}\n",
			"sources:\n  - id: new\n    url: https://new.example/rss\n    title: \"A \\\"b\\\": c\"\n    categories: [go]\ncategories:\n  go: {title: Go}\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := config.Append("coranto.yaml", []byte(tt.before), added, titled)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("file (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAppendToTemplate(t *testing.T) {
	added := []coranto.Source{{ID: "new", URL: "https://new.example/rss"}}
	text, err := config.Append("coranto.yaml", []byte(config.Template), added, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse("coranto.yaml", text)
	if err != nil || len(c.Sources) != 1 {
		t.Fatalf("after Append: %v, %v, want one source", c, err)
	}
	if strings.Count(string(text), "#") != strings.Count(config.Template, "#") {
		t.Error("a comment of the template is lost")
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
