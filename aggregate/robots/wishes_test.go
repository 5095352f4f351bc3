package robots_test

import (
	"net/http"
	"testing"

	"github.com/coranto/coranto/aggregate/robots"
)

func TestP72HeaderWishes(t *testing.T) {
	tests := []struct {
		name   string
		header http.Header
		want   robots.Wishes
	}{
		{"nothing", nil, robots.Wishes{}},
		{"a list", http.Header{"X-Robots-Tag": {"noindex, NOARCHIVE"}}, robots.Wishes{NoIndex: true, NoArchive: true}},
		{"none", http.Header{"X-Robots-Tag": {"none"}}, robots.Wishes{NoIndex: true}},
		{"two headers", http.Header{"X-Robots-Tag": {"nosnippet", "noai"}}, robots.Wishes{NoSnippet: true, NoAI: true}},
		{"for us", http.Header{"X-Robots-Tag": {"Coranto: nosnippet, noarchive"}},
			robots.Wishes{NoSnippet: true, NoArchive: true}},
		{"for another", http.Header{"X-Robots-Tag": {"otherbot: noindex, nofollow"}}, robots.Wishes{}},
		{"for another, then for us", http.Header{"X-Robots-Tag": {"otherbot: noindex, coranto: noai"}},
			robots.Wishes{NoAI: true}},
		{"directives with values", http.Header{"X-Robots-Tag": {"max-snippet: 0, max-image-preview: large, noai"}},
			robots.Wishes{NoSnippet: true, NoAI: true}},
		{"a date", http.Header{"X-Robots-Tag": {"unavailable_after: 25 Jun 2010 15:00:00 PST, noindex"}},
			robots.Wishes{NoIndex: true}},
		{"reserved", http.Header{"Tdm-Reservation": {"1"}}, robots.Wishes{Reserved: true}},
		{"not reserved", http.Header{"Tdm-Reservation": {"0"}}, robots.Wishes{}},
	}
	for _, tt := range tests {
		t.Run("P72 "+tt.name, func(t *testing.T) {
			if got := robots.HeaderWishes(tt.header, "Coranto"); got != tt.want {
				t.Errorf("wishes = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestP72PageWishes(t *testing.T) {
	tests := []struct {
		name, page string
		want       robots.Wishes
	}{
		{"none", "<head><meta name=description content=noindex>", robots.Wishes{}},
		{"robots", `<META NAME="Robots" CONTENT="noarchive,nosnippet">`, robots.Wishes{NoArchive: true, NoSnippet: true}},
		{"for us", `<meta content=noai name=coranto />`, robots.Wishes{NoAI: true}},
		{"for another", `<meta name=otherbot content=noindex>`, robots.Wishes{}},
		{"reserved", `<meta name="tdm-reservation" content="1">`, robots.Wishes{Reserved: true}},
		{"in the body", `<head></head><body><meta name=robots content=noindex>`, robots.Wishes{}},
	}
	for _, tt := range tests {
		t.Run("P72 "+tt.name, func(t *testing.T) {
			got := robots.PageWishes([]byte(tt.page), "Coranto")
			if got != tt.want {
				t.Errorf("wishes = %+v, want %+v", got, tt.want)
			}
			if want := got.NoIndex || got.NoSnippet || got.NoArchive; got.ExcerptOnly() != want {
				t.Errorf("ExcerptOnly = %v, want %v", got.ExcerptOnly(), want)
			}
		})
	}
}
