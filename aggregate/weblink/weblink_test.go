package weblink_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto/aggregate/weblink"
)

func TestParse(t *testing.T) {
	alternate := []string{"alternate"}
	tests := []struct {
		name   string
		values []string
		want   []weblink.Link
	}{
		{name: "none"},
		{"one", []string{`</feed>; rel="alternate"; type="application/rss+xml"`},
			[]weblink.Link{{Target: "/feed", Rel: alternate, Type: "application/rss+xml"}}},
		{"without quotes", []string{`</feed>;rel=alternate;type=application/rss+xml`},
			[]weblink.Link{{Target: "/feed", Rel: alternate, Type: "application/rss+xml"}}},
		{"several in one value", []string{`<https://hub.example/>; rel=hub, <a,b;c>; rel="self Alternate"`},
			[]weblink.Link{{Target: "https://hub.example/", Rel: []string{"hub"}},
				{Target: "a,b;c", Rel: []string{"self", "alternate"}}}},
		{"several values", []string{`<a>; rel=hub`, `<b>; rel=self`},
			[]weblink.Link{{Target: "a", Rel: []string{"hub"}}, {Target: "b", Rel: []string{"self"}}}},
		{"comma and bracket in a title", []string{`<a>; title="x, <b>; \"y\""; rel=alternate, <c>`},
			[]weblink.Link{{Target: "a", Title: `x, <b>; "y"`, Rel: alternate}, {Target: "c"}}},
		{"the first rel counts", []string{`<a>; rel=alternate; rel=self`}, []weblink.Link{{Target: "a", Rel: alternate}}},
		{"names in capitals, spaces", []string{` < a > ; REL = "alternate" ; TYPE="Text/XML;charset=x"`},
			[]weblink.Link{{Target: "a", Rel: alternate, Type: "text/xml"}}},
		{"parameters without a value", []string{`<a>; crossorigin; rel=preload`},
			[]weblink.Link{{Target: "a", Rel: []string{"preload"}}}},
		{"another's link", []string{`<a>; anchor="/b"; rel=alternate`},
			[]weblink.Link{{Target: "a", Anchor: "/b", Rel: alternate}}},
		{"broken", []string{`<a; rel=alternate`, `a>; rel=x`, `<b>; rel="alternate`},
			[]weblink.Link{{Target: "b", Rel: alternate}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, weblink.Parse(tt.values)); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLimit(t *testing.T) {
	links := weblink.Parse([]string{strings.Repeat("<a>,", 5000), "<b>"})
	if len(links) != 100 {
		t.Errorf("%d links, want 100", len(links))
	}
}

func TestResolve(t *testing.T) {
	base, err := url.Parse("https://a.example/x/y")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ target, want string }{
		{"z#top", "https://a.example/x/z"},
		{"//b.example/", "https://b.example/"},
		{"javascript:alert(1)", ""},
		{"https://me:pw@b.example/", ""},
		{"%zz", ""},
	}
	for _, tt := range tests {
		if got := (weblink.Link{Target: tt.target}).Resolve(base); got != tt.want {
			t.Errorf("Resolve(%q) = %q, want %q", tt.target, got, tt.want)
		}
	}
	if (weblink.Link{Rel: []string{"hub"}, Anchor: "/b"}).Is("hub") {
		t.Error("a link of something else is taken for the response's")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`<a>; rel="x\"`, `;;=,<>;=`)
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, l := range weblink.Parse([]string{a, b}) {
			if strings.ContainsAny(l.Target, ">") {
				t.Errorf("target %q has a bracket", l.Target)
			}
		}
	})
}
