package opml_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
			name: "folders stay nested",
			body: `<opml version="2.0"><body><outline text="Tech"><outline text="Go">
				<outline type="rss" text="Blog" xmlUrl="https://go.dev/feed" htmlUrl="https://go.dev/"/></outline></outline>
				<outline text="Alone" xmlUrl="http://a.example/rss"/></body></opml>`,
			want: []opml.Subscription{
				{
					Title: "Blog", Feed: "https://go.dev/feed", Folders: []opml.Path{{"Tech", "Go"}},
					Attributes: map[string]string{"htmlUrl": "https://go.dev/"},
				},
				{Title: "Alone", Feed: "http://a.example/rss"},
			},
		},
		{
			name: "the same feed in two folders",
			body: `<opml><body><outline text="A"><outline text="x" xmlUrl="http://a.example/"/></outline>
				<outline text="B"><outline text="x" xmlUrl="http://a.example/"/></outline></body></opml>`,
			want: []opml.Subscription{{Title: "x", Feed: "http://a.example/", Folders: []opml.Path{{"A"}, {"B"}}}},
		},
		{
			name: "the same feed with other words, on top and in a folder",
			body: `<opml><body><outline text="x" a="1" b="2" xmlUrl="http://a.example/"/><outline text="B">
				<outline text="x" b="3" c="4" xmlUrl="http://a.example/"/></outline></body></opml>`,
			want: []opml.Subscription{{
				Title: "x", Feed: "http://a.example/", Folders: []opml.Path{{}, {"B"}},
				Attributes: map[string]string{"a": "1", "b": "2", "c": "4"},
			}},
			problems: 1,
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
				Feed: "http://a.example/", Folders: []opml.Path{slices.Repeat(opml.Path{"f"}, opml.MaxDepth)},
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
			if diff := cmp.Diff(tt.want, got.Subscriptions); diff != "" {
				t.Errorf("subscriptions (-want +got):\n%s", diff)
			}
			if len(problems) != tt.problems {
				t.Errorf("problems = %v, want %d", problems, tt.problems)
			}
		})
	}
}

// TestFolders holds what is kept of folders, and what is told of them.
func TestFolders(t *testing.T) {
	const body = `<opml xmlns:f="urn:f"><body>
<outline text="A" title="The A" f:icon="a.png" description="d"><outline text="B" isOpen="true">
<outline text="x" xmlUrl="http://a.example/"/></outline></outline>
<outline text="Empty"/><outline color="red"><outline text="y" xmlUrl="/relative"/></outline>
</body></opml>`
	list, problems, err := opml.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	want := []opml.Folder{
		{Path: opml.Path{"The A"}, Attributes: map[string]string{
			"text": "A", "description": "d", "f:icon": "a.png", "xmlns:f": "urn:f",
		}},
		{Path: opml.Path{"The A", "B"}, Attributes: map[string]string{"isOpen": "true"}},
		{Path: opml.Path{"Empty"}},
	}
	t.Run("S52 attributes of folders", func(t *testing.T) {
		if diff := cmp.Diff(want, list.Folders); diff != "" {
			t.Errorf("folders (-want +got):\n%s", diff)
		}
	})
	t.Run("S52 what is left out has its line", func(t *testing.T) {
		text := fmt.Sprint(problems)
		for _, want := range []string{"line 4: a folder without a name", `line 4 y: "/relative" is no http or https`} {
			if !strings.Contains(text, want) {
				t.Errorf("problems %v lack %q", text, want)
			}
		}
	})
}

// tree draws a folder's outlines: feeds with numbers of their own, and folders with
// names of their own.
func tree(t *rapid.T, depth int, number *int) string {
	text := rapid.SampledFrom([]string{"A", "b &amp; &lt;c&gt;", "金融", "&quot;q&quot;", "x:y", "é\u0301", "🙂", "two words"})
	name := rapid.SampledFrom([]string{"description", "isComment", "category", "grün", "a.b-c_1", "p:x"})
	attributes := func() string {
		var out strings.Builder
		for _, n := range rapid.SliceOfNDistinct(name, 0, 4, rapid.ID).Draw(t, "names") {
			fmt.Fprintf(&out, " %s=%q", n, text.Draw(t, n))
		}
		return out.String()
	}
	var out strings.Builder
	for range rapid.IntRange(0, 3).Draw(t, "feeds") {
		*number += rapid.IntRange(0, 1).Draw(t, "another") // or the last one once more
		fmt.Fprintf(&out, `<outline text="%d" title="%[1]d" type="rss" xmlUrl="https://h%[1]d.example/?a=1&amp;b" n="%[1]d"/>`, *number)
	}
	for _, folder := range rapid.SliceOfNDistinct(text, 0, min(2, opml.MaxDepth-depth), rapid.ID).Draw(t, "folders") {
		fmt.Fprintf(&out, `<outline text="%s"%s>%s</outline>`, folder, attributes(), tree(t, depth+1, number))
	}
	return out.String()
}

// shape is a document without what nobody means: the order of siblings, and a feed
// that is twice in one folder.
func shape(t interface{ Fatal(...any) }, document string) []string {
	type element struct {
		Attributes []xml.Attr `xml:",any,attr"`
		Outlines   []element  `xml:"outline"`
	}
	var doc struct {
		Outlines []element `xml:"body>outline"`
	}
	if err := xml.Unmarshal([]byte(document), &doc); err != nil {
		t.Fatal(err)
	}
	var lines []string
	var walk func(path string, list []element)
	walk = func(path string, list []element) {
		for _, e := range list {
			var pairs []string
			for _, a := range e.Attributes {
				if a.Name.Local != "p" {
					pairs = append(pairs, fmt.Sprintf("%s:%s=%q", a.Name.Space, a.Name.Local, a.Value))
				}
			}
			slices.Sort(pairs)
			below := path + " / " + strings.Join(pairs, " ")
			lines = append(lines, below)
			walk(below, e.Outlines)
		}
	}
	walk("", doc.Outlines)
	slices.Sort(lines)
	return slices.Compact(lines)
}

// TestS52RoundTrip shows that Write gives back the tree that Parse read, whatever it
// is, and that what is written is read and written again.
func TestS52RoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := 0
		body := `<opml version="2.0" xmlns:p="urn:p"><head/><body><outline text="0" title="0" type="rss" ` +
			`xmlUrl="https://h.example/"/>` + tree(t, 0, &number) + `</body></opml>`
		list, problems, err := opml.Parse(strings.NewReader(body))
		if err != nil || len(problems) > 0 {
			t.Fatalf("Parse: %v, problems %v", err, problems)
		}
		first := write(t, list)
		if diff := cmp.Diff(shape(t, body), shape(t, first)); diff != "" {
			t.Fatalf("tree (-in +out):\n%s\nof %s", diff, body)
		}
		again, _, err := opml.Parse(strings.NewReader(first))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(shape(t, first), shape(t, write(t, again))); diff != "" {
			t.Errorf("second time (-first +second):\n%s", diff)
		}
	})
}

func write(t interface{ Fatal(...any) }, list opml.List) string {
	var b strings.Builder
	if err := opml.Write(&b, "", list); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestS52Write(t *testing.T) {
	got := write(t, opml.List{Subscriptions: []opml.Subscription{
		{Title: "One", Feed: "https://a.example/", Folders: []opml.Path{{"B"}, {"B", "A & C"}}, Attributes: map[string]string{
			"text": "1", "type": "atom", "x:y": "z", "xmlns:x": "urn:x",
		}},
		{Feed: "https://b.example/"},
	}, Folders: []opml.Folder{{Path: opml.Path{"B"}, Attributes: map[string]string{"color": "red", "text": "b"}}}})
	want := `<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head>
    <title>Subscriptions</title>
  </head>
  <body>
    <outline text="https://b.example/" type="rss" xmlUrl="https://b.example/"></outline>
    <outline text="b" title="B" color="red">
      <outline text="1" title="One" type="atom" xmlUrl="https://a.example/" x:y="z" xmlns:x="urn:x"></outline>
      <outline text="A &amp; C">
        <outline text="1" title="One" type="atom" xmlUrl="https://a.example/" x:y="z" xmlns:x="urn:x"></outline>
      </outline>
    </outline>
  </body>
</opml>
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("OPML (-want +got):\n%s", diff)
	}
	if got := write(t, opml.List{}); !strings.Contains(got, "<outline") {
		t.Errorf("an empty list has no outline, which OPML requires: %s", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`<opml version="2.0"><body><outline text="x" xmlUrl="http://a.example/"/></body></opml>`)
	f.Add(`<?xml version="1.0" encoding="gb2312"?><opml><outline text="&nbsp;" xmlUrl="https://h/">`)
	f.Add(`<opml xmlns:a="u"><outline a:b=" c " b:a="" xml:id=x Text="" xmlUrl="https://h/"/></opml>`)
	f.Fuzz(func(t *testing.T, body string) {
		list, _, err := opml.Parse(strings.NewReader(body))
		for _, s := range list.Subscriptions {
			if !strings.HasPrefix(s.Feed, "http") {
				t.Errorf("feed %q is no web address", s.Feed)
			}
		}
		if err != nil {
			return
		}
		first := write(t, list)
		again, _, err := opml.Parse(strings.NewReader(first))
		if err != nil {
			t.Fatalf("what was written is not read: %v\n%s", err, first)
		}
		diff := cmp.Diff(shape(t, first), shape(t, write(t, again)))
		if len(list.Subscriptions)+len(list.Folders) > 0 && diff != "" {
			t.Errorf("written again (-first +second):\n%s", diff)
		}
	})
}
