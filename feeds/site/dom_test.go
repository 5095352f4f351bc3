package site_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/site"
)

// get makes a page that must exist.
func get(t *testing.T, p *site.Pages, path string) *feeds.Document {
	t.Helper()
	doc, err := p.Page(t.Context(), path)
	if err != nil {
		t.Fatalf("Page(%s): %v", path, err)
	}
	return doc
}

// tree makes a page and parses it.
func tree(t *testing.T, p *site.Pages, path string) *html.Node {
	t.Helper()
	return parse(t, get(t, p, path).Body)
}

func parse(t *testing.T, body []byte) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// find returns the elements below n that have the name and all the attributes,
// given as "key=value".
func find(n *html.Node, name string, attributes ...string) []*html.Node {
	var found []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && (d.Data == name || name == "*") && hasAll(d, attributes) {
			found = append(found, d)
		}
	}
	return found
}

func hasAll(n *html.Node, attributes []string) bool {
	for _, a := range attributes {
		key, value, _ := strings.Cut(a, "=")
		if got, ok := attr(n, key); !ok || got != value {
			return false
		}
	}
	return true
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

// one returns the only such element.
func one(t *testing.T, n *html.Node, name string, attributes ...string) *html.Node {
	t.Helper()
	found := find(n, name, attributes...)
	if len(found) != 1 {
		t.Fatalf("got %d <%s %s>, want 1", len(found), name, strings.Join(attributes, " "))
	}
	return found[0]
}

// text is the text of an element with its white space collapsed.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func contains(t *testing.T, what, got string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(got, want) {
			t.Errorf("%s = %q, want %q in it", what, got, want)
		}
	}
}
