package publish_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/publish"
)

// S10: the Link field of a feed names itself once and every hub; a page has none.
func TestS10Links(t *testing.T) {
	p := newPress(t)
	reader := feeds.NewReader(p.store, feeds.Site{
		URL: "https://news.example/", Hubs: []string{"https://news.example/hub", "https://hub.example/"},
	})
	p.Publisher = newPublisher(t, p.store, reader, nil)
	header := make(http.Header)
	p.get(t, "/atom.xml").SetValidators(header, publish.Gzip)
	want := []string{
		`<https://news.example/atom.xml>; rel="self"`,
		`<https://news.example/hub>; rel="hub"`, `<https://hub.example/>; rel="hub"`,
	}
	if got := header["Link"]; !slices.Equal(got, want) {
		t.Errorf("Link %q, want %q", got, want)
	}
	header = make(http.Header)
	p.get(t, "/").SetValidators(header, publish.Gzip)
	if got := header["Link"]; got != nil {
		t.Errorf("Link %q of a page, want none", got)
	}
}
