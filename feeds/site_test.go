package feeds_test

import (
	"testing"

	"github.com/coranto/coranto/feeds"
)

// S21 Minted ids are valid tag: URIs, however the operator spells the site's address.
func TestAuthority(t *testing.T) {
	tests := []struct{ url, host, wantURL, want string }{
		{"https://news.example.org", "", "https://news.example.org/", "tag:news.example.org,2025-01-01:x"},
		{"https://News.Example.ORG/Planet", "", "https://news.example.org/Planet/", "tag:news.example.org,2025-01-01:x"},
		{"https://新闻.example/", "", "https://xn--efvy88h.example/", "tag:xn--efvy88h.example,2025-01-01:x"},
		{"http://news.example.:80/新/", "", "http://news.example/%E6%96%B0/", "tag:news.example,2025-01-01:x"},
		{"http://localhost:8080/", "", "http://localhost:8080/", "tag:localhost,2025-01-01:x"},
		{"http://[::1]:8080/", "", "http://[::1]:8080/", "tag:coranto.invalid,2025-01-01:x"},
		{"http://my_host/", "", "http://my_host/", "tag:coranto.invalid,2025-01-01:x"},
		{"http://news.example/", "Other.Example", "http://news.example/", "tag:other.example,2025-01-01:x"},
		{"", "", "", "tag:coranto.invalid,2025-01-01:x"},
	}
	for _, tt := range tests {
		site := feeds.Site{URL: tt.url, Authority: feeds.Authority{Host: tt.host}}.WithDefaults()
		if got := site.MintID("x"); got != tt.want || site.URL != tt.wantURL {
			t.Errorf("site at %q of %q: URL %q, id %q; want %q and %q", tt.url, tt.host, site.URL, got, tt.wantURL, tt.want)
		}
	}
}
