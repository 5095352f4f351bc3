package opml_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto/aggregate/opml"
)

func TestParse(t *testing.T) {
	tests := []struct {
		name     string
		body     string
		want     []opml.Subscription
		problems int
		err      error
	}{
		{
			name: "folders become categories",
			body: `<opml version="2.0"><body><outline text="Tech"><outline text="Go">
				<outline type="rss" text="Blog" xmlUrl="https://go.dev/feed" htmlUrl="https://go.dev/"/></outline></outline>
				<outline text="Alone" xmlUrl="http://a.example/rss"/></body></opml>`,
			want: []opml.Subscription{
				{Title: "Blog", Feed: "https://go.dev/feed", Home: "https://go.dev/", Folders: []string{"Tech", "Go"}},
				{Title: "Alone", Feed: "http://a.example/rss"},
			},
		},
		{
			name: "the same feed in two folders",
			body: `<opml><body><outline text="A"><outline text="x" xmlUrl="http://a.example/"/></outline>
				<outline text="B"><outline text="x" xmlUrl="http://a.example/"/></outline></body></opml>`,
			want: []opml.Subscription{{Title: "x", Feed: "http://a.example/", Folders: []string{"A", "B"}}},
		},
		{
			name: "addresses that are none",
			body: `<opml><body><outline text="x" xmlUrl="javascript:alert(1)"/><outline text="y" xmlUrl="feed.xml"/>
				<outline text="z" xmlUrl="https://z.example/?a=1&b=2"/></body></opml>`,
			want:     []opml.Subscription{{Title: "z", Feed: "https://z.example/?a=1&b=2"}},
			problems: 2,
		},
		{name: "not OPML", body: `<html><body>hello</body></html>`, err: opml.ErrNotOPML},
		{name: "empty", body: ``, err: opml.ErrNotOPML},
		{name: "too deep", body: `<opml><body>` + strings.Repeat(`<outline text="f">`, 40), err: opml.ErrTooLarge},
		{
			name: "deepest",
			body: `<opml><body>` + strings.Repeat(`<outline text="f">`, opml.MaxDepth) +
				`<outline xmlUrl="http://a.example/"/>` +
				strings.Repeat(`</outline>`, opml.MaxDepth) + `</body></opml>`,
			want: []opml.Subscription{{
				Feed: "http://a.example/", Folders: slices.Repeat([]string{"f"}, opml.MaxDepth),
			}},
		},
		{
			name: "a folder too deep",
			body: `<opml><body>` + strings.Repeat(`<outline text="f">`, opml.MaxDepth+1) +
				strings.Repeat(`</outline>`, opml.MaxDepth+1) + `</body></opml>`,
			err: opml.ErrTooLarge,
		},
		{name: "too large", body: strings.Repeat(" ", opml.MaxBytes+1), err: opml.ErrTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, problems, err := opml.Parse(strings.NewReader(tt.body))
			if !errors.Is(err, tt.err) {
				t.Fatalf("error = %v, want %v", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("subscriptions (-want +got):\n%s", diff)
			}
			if len(problems) != tt.problems {
				t.Errorf("problems = %v, want %d", problems, tt.problems)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`<opml version="2.0"><body><outline text="x" xmlUrl="http://a.example/"/></body></opml>`)
	f.Add(`<?xml version="1.0" encoding="gb2312"?><opml><outline text="&nbsp;" xmlUrl="https://h/">`)
	f.Fuzz(func(t *testing.T, body string) {
		list, _, _ := opml.Parse(strings.NewReader(body))
		for _, s := range list {
			if !strings.HasPrefix(s.Feed, "http") {
				t.Errorf("feed %q is no web address", s.Feed)
			}
		}
	})
}
