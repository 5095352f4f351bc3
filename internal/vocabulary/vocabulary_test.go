package vocabulary

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/coranto/coranto"
)

type attrs = map[string]string

// plain cleans as a caller would who knows addresses by their scheme.
func plain() Cleaner {
	return Cleaner{
		URL: func(s string) string {
			if strings.HasPrefix(s, "https://") {
				return s
			}
			return ""
		},
		Text: strings.TrimSpace,
	}
}

// Every element names a vocabulary of the list, and every child is an element.
func TestElements(t *testing.T) {
	for _, list := range []map[string]element{itunes, podcast, media, places, discussions} {
		for _, name := range slices.Sorted(maps.Keys(list)) {
			prefix, local, _ := strings.Cut(name, ":")
			rule, ok := lookup(name)
			if !ok || Namespace(prefix) == "" || local == "" || !Known(name) {
				t.Errorf("%s can't be found", name)
			}
			for _, child := range rule.children {
				_, local, _ := strings.Cut(child, ":")
				if !Known(child) || Child(name, local) != child {
					t.Errorf("%s has the child %s, which is no element", name, child)
				}
			}
			for _, need := range rule.needs {
				if rule.attrs[need] == nil {
					t.Errorf("%s needs %s, which it may not have", name, need)
				}
			}
		}
	}
}

func TestPrefix(t *testing.T) {
	tests := []struct{ namespace, want string }{
		{"http://www.itunes.com/DTDs/PodCast-1.0.dtd", "itunes"},
		{"http://podcastindex.org/namespace/1.0/", "podcast"},
		{"https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md", "podcast"},
		{"http://search.yahoo.com/mrss", "media"},
		{"http://www.w3.org/2003/01/geo/wgs84_pos", "geo"},
		{"http://purl.org/dc/elements/1.1/", ""},
		{"", ""},
	}
	for _, tt := range tests {
		if got := Prefix(tt.namespace); got != tt.want {
			t.Errorf("Prefix(%q) = %q, want %q", tt.namespace, got, tt.want)
		}
	}
}

func TestClean(t *testing.T) {
	tests := []struct {
		name, element, value string
		attrs                attrs
		want                 string // the element in short; "" when it is left out
	}{
		{name: "duration", element: "itunes:duration", value: " 1:02:03 ", want: "1:02:03"},
		{name: "duration with a fraction", element: "itunes:duration", value: "61.5", want: "61"},
		{name: "no duration", element: "itunes:duration", value: "1:75"},
		{name: "explicit", element: "itunes:explicit", value: "Explicit", want: "yes"},
		{name: "not explicit", element: "itunes:explicit", value: "False", want: "false"},
		{name: "episode type", element: "itunes:episodeType", value: "Bonus", want: "bonus"},
		{name: "no episode type", element: "itunes:episodeType", value: "pilot"},
		{name: "episode", element: "itunes:episode", value: "007", want: "7"},
		{name: "no episode", element: "itunes:episode", value: "0"},
		{name: "transcript", element: "podcast:transcript",
			attrs: attrs{"url": "https://x.example/t", "type": "text/VTT", "onclick": "x"},
			want:  "type=text/vtt url=https://x.example/t"},
		{name: "transcript without a type", element: "podcast:transcript",
			attrs: attrs{"url": "https://x.example/t"}},
		{name: "transcript that runs", element: "podcast:transcript",
			attrs: attrs{"url": "javascript:x", "type": "text/vtt"}},
		{name: "person", element: "podcast:person", value: "Ann",
			attrs: attrs{"role": "host", "img": "data:x"}, want: "Ann role=host"},
		{name: "person without a name", element: "podcast:person", attrs: attrs{"role": "host"}},
		{name: "soundbite", element: "podcast:soundbite",
			attrs: attrs{"startTime": "73.0", "duration": "60"}, want: "duration=60 startTime=73.0"},
		{name: "value without recipients", element: "podcast:value",
			attrs: attrs{"type": "lightning", "method": "keysend"}},
		{name: "chapters", element: "psc:chapters", attrs: attrs{"version": "1.2"}},
		{name: "file", element: "media:content",
			attrs: attrs{"url": "https://x.example/v", "medium": "VIDEO", "bitrate": "1e9", "lang": "en"},
			want:  "lang=en medium=video url=https://x.example/v"},
		{name: "thread", element: "thr:in-reply-to", attrs: attrs{"ref": "tag:x.example,2026:1"},
			want: "ref=tag:x.example,2026:1"},
		{name: "total", element: "thr:total", value: "-1"},
		{name: "point", element: "georss:point", value: "45.256,\n-71.92", want: "45.256 -71.92"},
		{name: "no point", element: "georss:point", value: "95 10"},
		{name: "half a line", element: "georss:line", value: "1 2 3"},
		{name: "polygon", element: "georss:polygon", value: "0 0 0 1 1 1 0 0", want: "0 0 0 1 1 1 0 0"},
		{name: "latitude", element: "geo:lat", value: "NaN"},
		{name: "element of nobody", element: "media:embed", attrs: attrs{"url": "https://x.example/"}},
		{name: "namespace of nobody", element: "evil:content", value: "x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := coranto.Extension{Name: tt.element, Value: tt.value, Attrs: tt.attrs}
			kept, lost := plain().Clean([]coranto.Extension{in})
			if got := inShort(kept); got != tt.want {
				t.Errorf("kept %q, want %q", got, tt.want)
			}
			if broken := len(lost.Broken) == 1; broken != (tt.want == "" && Known(tt.element)) {
				t.Errorf("lost %v", lost)
			}
		})
	}
}

func inShort(list []coranto.Extension) string {
	var words []string
	for _, e := range list {
		if e.Value != "" {
			words = append(words, e.Value)
		}
		for _, name := range slices.Sorted(maps.Keys(e.Attrs)) {
			words = append(words, name+"="+e.Attrs[name])
		}
	}
	return strings.Join(words, " ")
}

func TestCleanIsBounded(t *testing.T) {
	many := make([]coranto.Extension, 10_000)
	for i := range many {
		many[i] = coranto.Extension{Name: "podcast:person", Value: "A"}
	}
	kept, lost := plain().Clean(many)
	if len(kept) != mostElements || len(kept)+lost.Cut != len(many) {
		t.Errorf("kept %d and cut %d of %d, want %d kept", len(kept), lost.Cut, len(many), mostElements)
	}
	long := coranto.Extension{Name: "media:text", Value: strings.Repeat("金", 10_000)}
	kept, lost = plain().Clean([]coranto.Extension{long, long, long, long, long, long, long, long})
	if len(kept) > mostBytes/longText+1 || len(kept[0].Value) > longText || lost.Cut == 0 {
		t.Errorf("kept %d texts of %d bytes, cut %d", len(kept), len(kept[0].Value), lost.Cut)
	}
	chapters := coranto.Extension{Name: "psc:chapters"}
	for range 1000 {
		chapters.Children = append(chapters.Children, coranto.Extension{
			Name: "psc:chapter", Attrs: attrs{"start": "1", "title": "A"},
		})
	}
	kept, lost = plain().Clean([]coranto.Extension{chapters})
	if len(kept) != 1 || len(kept[0].Children) != mostElements || lost.Cut != 1000-mostElements {
		t.Errorf("kept %d elements, cut %d, want %d chapters kept", len(kept), lost.Cut, mostElements)
	}
}

// FuzzClean holds the contract: what is cleaned once is clean, and no text or
// attribute is longer than it may be.
func FuzzClean(f *testing.F) {
	f.Add("1:02:03", "https://x.example/")
	f.Add("45 -71", "image/png; q=1")
	f.Add(strings.Repeat("金", 300), "\xff\x00en_US")
	var all []string
	for _, list := range []map[string]element{itunes, podcast, media, places, discussions} {
		all = slices.AppendSeq(all, maps.Keys(list))
	}
	slices.Sort(all)
	f.Fuzz(func(t *testing.T, value, attr string) {
		for _, name := range all {
			in := coranto.Extension{Name: name, Value: value, Attrs: attrs{}}
			rule, _ := lookup(name)
			for a := range rule.attrs {
				in.Attrs[a] = attr
			}
			once, _ := plain().Clean([]coranto.Extension{in})
			twice, lost := plain().Clean(once)
			if inShort(once) != inShort(twice) || len(lost.Broken) > 0 {
				t.Fatalf("%s: %q, cleaned again %q", name, inShort(once), inShort(twice))
			}
			for _, e := range once {
				if len(e.Value) > longText {
					t.Fatalf("%s has a text of %d bytes", name, len(e.Value))
				}
			}
		}
	})
}

func TestCleanTwiceIsOnce(t *testing.T) {
	group := []coranto.Extension{{Name: "media:group", Children: []coranto.Extension{
		{Name: "media:content", Attrs: attrs{"url": "https://x.example/v"}, Children: []coranto.Extension{
			{Name: "media:thumbnail", Attrs: attrs{"url": "https://x.example/i", "time": "12:05:35.5"}},
			{Name: "itunes:duration", Value: "1"},
		}},
		{Name: "media:group"},
		{Name: "media:title", Value: "one"},
		{Name: "media:title", Value: "two"},
	}}}
	once, _ := plain().Clean(group)
	twice, lost := plain().Clean(once)
	if len(once) != 1 || len(once[0].Children) != 2 || len(once[0].Children[0].Children) != 1 {
		t.Fatalf("kept %+v, want a group with one file with one picture and a title", once)
	}
	if inShort(twice[0].Children[0].Children) != inShort(once[0].Children[0].Children) || len(lost.Broken) > 0 {
		t.Errorf("cleaning twice gives %+v, once %+v", twice, once)
	}
}

// A mode that does not republish the text does not republish it by another name.
func TestCut(t *testing.T) {
	list := []coranto.Extension{
		{Name: "itunes:episode", Value: "1"},
		{Name: "itunes:subtitle", Value: "short"},
		{Name: "itunes:summary", Value: "long"},
		{Name: "media:group", Children: []coranto.Extension{
			{Name: "media:content", Attrs: attrs{"url": "https://x.example/v"}},
			{Name: "media:description", Value: "long"},
			{Name: "media:thumbnail", Attrs: attrs{"url": "https://x.example/i"}},
		}},
	}
	tests := []struct {
		mode            coranto.Republish
		elements, media int
	}{
		{coranto.RepublishAsGiven, 4, 3},
		{coranto.RepublishFull, 4, 3},
		{coranto.RepublishExcerpt, 3, 2},
		{coranto.RepublishTitle, 2, 1},
	}
	for _, tt := range tests {
		got := Cut(list, tt.mode)
		if n := len(got[len(got)-1].Children); len(got) != tt.elements || n != tt.media {
			t.Errorf("%s: %d elements, %d of media, want %d and %d", tt.mode, len(got), n, tt.elements, tt.media)
		}
	}
	if len(list[3].Children) != 3 {
		t.Error("the list that was cut lost elements itself")
	}
}

func TestMembers(t *testing.T) {
	kept, lost := Members(map[string]string{
		"_a": ` { "b" : "<b>" } `, "_source": "1", "_extensions": "1", "_no name": "1", "x": "1",
		"_bad": "{", "_z": `"` + strings.Repeat("x", mostMembers) + `"`,
	})
	if len(kept) != 1 || kept["_a"] != `{"b":"<b>"}` || lost != 4 {
		t.Errorf("kept %v, lost %d; want _a, lost 4", kept, lost)
	}
}
