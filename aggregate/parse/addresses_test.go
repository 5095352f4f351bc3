package parse

import (
	"strings"
	"testing"
)

// TestAddresses is C28 for links that are not written as addresses: what is meant is
// plain and is read, or the link is absent, and a problem tells which.
func TestAddresses(t *testing.T) {
	const mended, refused = "address-mended", "address-refused"
	tests := []struct{ name, link, want, code string }{
		{"in quotes", `"https://h.com/q"`, "https://h.com/q", mended},
		{"in typographic quotes", `“https://h.com/q”`, "https://h.com/q", mended},
		{"in angle brackets", `&lt;https://h.com/q&gt;`, "https://h.com/q", mended},
		{"escaped link", `&lt;a href="https://h.com/a"&gt;page&lt;/a&gt;`, "https://h.com/a", mended},
		{"link", `<a href="https://h.com/a">page</a>`, "https://h.com/a", mended},
		{"one slash", `http:/h.com/x`, "http://h.com/x", mended},
		{"backslashes", `http:\\h.com\x`, "http://h.com/x", ""},
		{"escaped in a section", `<![CDATA[https://h.com/5?a=1&amp;b=2]]>`, "https://h.com/5?a=1&b=2", mended},
		{"escaped twice", `https://h.com/5?a=1&amp;amp;b=2`, "https://h.com/5?a=1&b=2", mended},
		{"number in a section", `<![CDATA[https://h.com/5?a=1&#038;b=2]]>`, "https://h.com/5?a=1&b=2", mended},
		{"escaped section", `&lt;![CDATA[https://h.com/6]]&gt;`, "https://h.com/6", ""},
		{"no host", `http://`, "", refused},
		{"no host but a path", `http:///x`, "", refused},
		{"broken host", `http://[::1`, "", refused},
		{"no slash", `https:x`, "", refused},
		{"blank in the host", `http://a b/`, "", refused},
		{"broken port", `http://h.com:x/`, "", refused},
		{"number as host", `http://[::1]:8080/`, "http://[::1]:8080/", ""},
		{"port", `https://h.com:8443/x?`, "https://h.com:8443/x?", ""},
		{"empty fragment", `https://h.com/6#`, "https://h.com/6#", ""},
		{"empty fragment in Chinese", `https://h.com/汉#`, "https://h.com/%E6%B1%89#", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			feed, problems, err := Parse(Document{
				Body: []byte(rssItem("<title>t</title><link>" + tt.link + "</link>")), URL: "http://f.example/feed",
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := feed.Items[0].Link; got != tt.want {
				t.Errorf("link %q, want %q", got, tt.want)
			}
			for _, code := range []string{mended, refused} {
				if got := hasCode(problems, code); got != (code == tt.code) {
					t.Errorf("problems %v, want %q", problems, tt.code)
				}
			}
		})
	}
}

// TestVerbatim is C31: what is opaque is not changed.
func TestVerbatim(t *testing.T) {
	tests := []struct{ name, body, path, want string }{
		{"id with blanks", atomEntry(`<id> a  b </id>`), "items[0].id", "a  b"},
		{"id that is encoded as a link", atomEntry(`<id>http://e.example/汉</id>`), "items[0].link", "http://e.example/%E6%B1%89"},
		{"id that is a link", atomEntry(`<id>http://e.example/汉</id>`), "items[0].id", "http://e.example/汉"},
		{"scheme", atomEntry(`<category term="t" scheme="http://www.blogger.com/atom/ns#"/>`), "items[0].tags[0].scheme", "http://www.blogger.com/atom/ns#"},
		{"scheme of the feed", atomFeed(`<category term="t" scheme='urn:x#'></category>`), "feed.tags[0].scheme", "urn:x#"},
		{"scheme that is no address", atomFeed(`<category term="t" scheme="Some words"/>`), "feed.tags[0].scheme", "Some words"},
		{"link", atomEntry(`<link href="https://x.example/6#"/>`), "items[0].link", "https://x.example/6#"},
		{"link of Atom in RSS", rssItem(`<atom:link href="https://x.example/6#"/>`), "items[0].link", "https://x.example/6#"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			feed, problems, err := Parse(Document{Body: []byte(tt.body), URL: "http://f.example/feed"})
			if err != nil {
				t.Fatal(err)
			}
			tree := jsonTree(t, feed.Inspect(problems))
			if got := lookup(tree, tt.path); strings.TrimSpace(got) != tt.want {
				t.Errorf("%s = %q, want %q", tt.path, got, tt.want)
			}
		})
	}
}
