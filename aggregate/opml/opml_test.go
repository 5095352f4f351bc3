package opml_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

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
				{
					Title: "Blog", Feed: "https://go.dev/feed", Folders: []string{"Tech", "Go"},
					Attributes: map[string]string{"htmlUrl": "https://go.dev/"},
				},
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
		{
			name: "attributes of other readers",
			body: `<opml xmlns:frss="https://freshrss.org/opml"><body><outline text="x" title=" The  X " TYPE="RSS"
				XMLURL="http://a.example/" htmlurl="http://a.example/home" description="a &quot;b&quot;&#10;c"
				frss:cssFullContent="article &gt; p" odd:one="1" xml:lang="de" isComment="" category="/a/b,c"/></body></opml>`,
			want: []opml.Subscription{{Title: "The X", Feed: "http://a.example/", Attributes: map[string]string{
				"text": "x", "htmlUrl": "http://a.example/home", "description": "a \"b\"\nc",
				"frss:cssFullContent": "article > p", "xmlns:frss": "https://freshrss.org/opml",
				"odd:one": "1", "xmlns:odd": "odd", "xml:lang": "de", "isComment": "", "category": "/a/b,c",
			}}},
		},
		{
			name: "attributes that can't be kept",
			body: `<opml><body><outline text="x" xmlUrl="http://a.example/" htmlUrl="javascript:alert(1)"
				long="` + strings.Repeat("x", 3000) + `"/><outline text="y" xmlUrl="http://b.example/"
				htmlUrl="https://me:hunter2@b.example/" type="atom"/></body></opml>`,
			want: []opml.Subscription{
				{Title: "x", Feed: "http://a.example/"},
				{Title: "y", Feed: "http://b.example/", Attributes: map[string]string{"type": "atom"}},
			},
			problems: 3,
		},
		{
			name: "no title but the address",
			body: `<opml><body><outline text="http://a.example/" xmlUrl="http://a.example/"/></body></opml>`,
			want: []opml.Subscription{{Feed: "http://a.example/"}},
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
		t.Run("S52 "+tt.name, func(t *testing.T) {
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

// subscriptions draws lists as Parse gives them, by feed.
func subscriptions() *rapid.Generator[[]opml.Subscription] {
	text := rapid.SampledFrom([]string{"A", "b & <c>", "金融", `"q"`, "x:y", "é\u0301", "🙂", "two words"})
	name := rapid.SampledFrom([]string{"htmlUrl", "description", "isComment", "category", "grün", "a.b-c_1"})
	return rapid.Custom(func(t *rapid.T) []opml.Subscription {
		var list []opml.Subscription
		for i := range rapid.IntRange(0, 6).Draw(t, "subscriptions") {
			s := opml.Subscription{Feed: fmt.Sprintf("https://h%d.example/?a=1&b=%d", i, i)}
			s.Folders = rapid.SliceOfNDistinct(text, 0, 3, rapid.ID).Draw(t, "folders")
			slices.Sort(s.Folders)
			s.Folders = slices.Clip(append([]string(nil), s.Folders...))
			if rapid.Bool().Draw(t, "titled") {
				s.Title = text.Draw(t, "title")
			}
			s.Attributes = make(map[string]string)
			for _, n := range rapid.SliceOfNDistinct(name, 0, 4, rapid.ID).Draw(t, "names") {
				s.Attributes[n] = text.Draw(t, n) + "\n" + text.Draw(t, n)
				if n == "htmlUrl" {
					s.Attributes[n] = "https://home.example/"
				}
			}
			if rapid.Bool().Draw(t, "foreign") {
				s.Attributes["p:x"], s.Attributes["xmlns:p"] = text.Draw(t, "p:x"), "urn:p"
			}
			list = append(list, s)
		}
		return list
	})
}

// TestS52RoundTrip shows that Parse reads what Write wrote, whatever it is.
func TestS52RoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := subscriptions().Draw(t, "list")
		got, problems, err := opml.Parse(strings.NewReader(write(t, list)))
		if err != nil || len(problems) > 0 {
			t.Fatalf("Parse: %v, problems %v", err, problems)
		}
		for i := range got {
			slices.Sort(got[i].Folders)
		}
		byFeed := func(a, b opml.Subscription) int { return strings.Compare(a.Feed, b.Feed) }
		slices.SortFunc(got, byFeed)
		if diff := cmp.Diff(list, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("subscriptions (-want +got):\n%s", diff)
		}
	})
}

func write(t interface{ Fatal(...any) }, list []opml.Subscription) string {
	var b strings.Builder
	if err := opml.Write(&b, "", list); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestS52Write(t *testing.T) {
	got := write(t, []opml.Subscription{
		{Title: "One", Feed: "https://a.example/", Folders: []string{"B", "A & C"}, Attributes: map[string]string{
			"text": "1", "type": "atom", "x:y": "z", "xmlns:x": "urn:x",
		}},
		{Feed: "https://b.example/"},
	})
	want := `<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head>
    <title>Subscriptions</title>
  </head>
  <body>
    <outline text="https://b.example/" type="rss" xmlUrl="https://b.example/"></outline>
    <outline text="B">
      <outline text="1" title="One" type="atom" xmlUrl="https://a.example/" x:y="z" xmlns:x="urn:x"></outline>
    </outline>
    <outline text="A &amp; C">
      <outline text="1" title="One" type="atom" xmlUrl="https://a.example/" x:y="z" xmlns:x="urn:x"></outline>
    </outline>
  </body>
</opml>
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("OPML (-want +got):\n%s", diff)
	}
	if got := write(t, nil); !strings.Contains(got, "<outline") {
		t.Errorf("an empty list has no outline, which OPML requires: %s", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`<opml version="2.0"><body><outline text="x" xmlUrl="http://a.example/"/></body></opml>`)
	f.Add(`<?xml version="1.0" encoding="gb2312"?><opml><outline text="&nbsp;" xmlUrl="https://h/">`)
	f.Add(`<opml xmlns:a="u"><outline a:b=" c " b:a="" xml:id=x Text="" xmlUrl="https://h/"/></opml>`)
	f.Fuzz(func(t *testing.T, body string) {
		list, _, err := opml.Parse(strings.NewReader(body))
		for _, s := range list {
			if !strings.HasPrefix(s.Feed, "http") {
				t.Errorf("feed %q is no web address", s.Feed)
			}
		}
		if err != nil || len(list) == 0 {
			return
		}
		first := write(t, list)
		again, _, err := opml.Parse(strings.NewReader(first))
		if err != nil || len(again) != len(list) {
			t.Fatalf("what was written is read as %d of %d subscriptions: %v\n%s", len(again), len(list), err, first)
		}
		byFeed := func(a, b opml.Subscription) int { return strings.Compare(a.Feed, b.Feed) }
		slices.SortFunc(list, byFeed)
		slices.SortFunc(again, byFeed)
		for i := range list {
			if diff := cmp.Diff(list[i].Attributes, again[i].Attributes); diff != "" {
				t.Errorf("attributes (-first +second):\n%s", diff)
			}
		}
	})
}
