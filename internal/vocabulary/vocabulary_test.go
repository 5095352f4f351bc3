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

// Every element names a vocabulary, is in one table, and every child is an element.
func TestElements(t *testing.T) {
	parts := 0
	for _, part := range []table{
		itunes(), episodes(), episodeFiles(), payments(), media(), mediaTerms(), places(), discussions(),
	} {
		parts += len(part)
	}
	if parts != len(elements()) {
		t.Errorf("the list has %d elements, its parts %d", len(elements()), parts)
	}
	for name, rule := range elements() {
		prefix, local, _ := strings.Cut(name, ":")
		if Namespace(prefix) == "" || local == "" || !slices.Contains(Prefixes(), prefix) {
			t.Errorf("%s can't be found", name)
		}
		for _, child := range rule.children {
			_, local, _ := strings.Cut(child, ":")
			if !Known(child) || Child(name, local) != child {
				t.Errorf("%s has the child %s, which is no element", name, child)
			}
		}
		for _, need := range append(slices.Clone(rule.needs), rule.enough) {
			if need != "" && rule.attrs[need] == nil {
				t.Errorf("%s needs %s, which it may not have", name, need)
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
		{"http://", ""},
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
		{name: "thread that runs", element: "thr:in-reply-to", attrs: attrs{"ref": "JavaScript:alert(1)"}},
		{name: "thread of nobody's scheme", element: "thr:in-reply-to", attrs: attrs{"ref": "steam://run/1"}},
		{name: "chat", element: "podcast:chat",
			attrs: attrs{"server": "irc.x.example:6697", "protocol": "irc", "space": "#a"},
			want:  "protocol=irc server=irc.x.example:6697 space=#a"},
		{name: "chat at an address", element: "podcast:chat",
			attrs: attrs{"server": "wss://x.example/", "protocol": "nostr"},
			want:  "protocol=nostr server=wss://x.example/"},
		{name: "chat that runs", element: "podcast:chat",
			attrs: attrs{"server": "javascript:alert(1)", "protocol": "irc"}},
		{name: "word that runs", element: "podcast:txt", value: "x",
			attrs: attrs{"purpose": "data:text/html,x"}, want: "x"},
		{name: "pictures", element: "podcast:images",
			attrs: attrs{"srcset": " https://x.example/w_100,h_200/a.png 100w,\nhttps://x.example/b.png 1.5x , https://x.example/c, "},
			want:  "srcset=https://x.example/w_100,h_200/a.png 100w, https://x.example/b.png 1.5x, https://x.example/c"},
		{name: "pictures of no size", element: "podcast:images",
			attrs: attrs{"srcset": "https://x.example/a 100q, https://x.example/b 1.5w, data:x 1w"}},
		{name: "language without end", element: "podcast:transcript",
			attrs: attrs{"url": "https://x.example/t", "type": "text/vtt; charset=utf-8",
				"language": strings.Repeat("a-", 60) + "a"},
			want: "type=text/vtt url=https://x.example/t"},
		{name: "place in words", element: "media:location", attrs: attrs{"description": "Here"},
			want: "description=Here"},
		{name: "text that is no UTF-8", element: "podcast:txt", value: strings.Repeat("\x80", 5000),
			want: "…"},
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
	if len(kept) != 1 || len(kept[0].Children) != mostElements-1 || lost.Cut != 1001-mostElements {
		t.Errorf("kept %d elements, cut %d, want %d chapters kept", len(kept), lost.Cut, mostElements-1)
	}
}

// One attribute can't take more than an item may, and what is too long for the rest
// of it leaves the place to what comes after.
func TestCleanBoundsAttributes(t *testing.T) {
	source := func(n int) string { return strings.Repeat("https://x.example/a.png 1w, ", n) }
	chapter := coranto.Extension{Name: "psc:chapters"}
	for i := range 20 {
		chapter.Children = append(chapter.Children, coranto.Extension{Name: "psc:chapter", Attrs: attrs{
			"start": "1", "title": "T", "href": "https://x.example/" + strings.Repeat(string('a'+rune(i)), 1900),
		}})
	}
	after := coranto.Extension{Name: "itunes:episode", Value: "1"}
	tests := []struct {
		name string
		in   coranto.Extension
		cut  int
	}{
		{"a megabyte of pictures", coranto.Extension{Name: "podcast:images", Attrs: attrs{"srcset": source(40_000)}}, 0},
		{"a picture with a megabyte of size", coranto.Extension{Name: "podcast:images",
			Attrs: attrs{"srcset": "https://x.example/a.png " + strings.Repeat("w", 1<<20)}}, 0},
		{"chapters with long links", chapter, 12},
	}
	for _, tt := range tests {
		kept, lost := plain().Clean([]coranto.Extension{tt.in, after})
		if size := sizeOf(kept); size > mostBytes {
			t.Errorf("%s: %d bytes, want at most %d", tt.name, size, mostBytes)
		}
		if len(kept) == 0 || kept[len(kept)-1].Name != after.Name || lost.Cut != tt.cut {
			t.Errorf("%s: cut %d, want %d and the element after it kept", tt.name, lost.Cut, tt.cut)
		}
	}
}

func sizeOf(list []coranto.Extension) int {
	size := 0
	for _, e := range list {
		size += len(e.Name) + len(e.Value) + sizeOf(e.Children)
		for name, value := range e.Attrs {
			size += len(name) + len(value)
		}
	}
	return size
}

// What is not kept takes no place from what comes after it.
func TestCleanCountsWhatIsKept(t *testing.T) {
	long := strings.Repeat("x", 400)
	tests := []struct {
		name string
		in   coranto.Extension
		want int // elements kept, with the transcript
	}{
		{"titles after the first", coranto.Extension{Name: "itunes:title", Value: long}, 2},
		{"files without an address", coranto.Extension{Name: "media:content", Attrs: attrs{"medium": "image"}}, 1},
		{"values without a recipient", coranto.Extension{
			Name: "podcast:value", Attrs: attrs{"type": long, "method": "x"},
			Children: []coranto.Extension{{Name: "podcast:valueTimeSplit", Attrs: attrs{"duration": "1"}}},
		}, 1},
	}
	for _, tt := range tests {
		list := slices.Repeat([]coranto.Extension{tt.in}, mostElements)
		list = append(list, coranto.Extension{
			Name: "podcast:transcript", Attrs: attrs{"url": "https://x.example/t", "type": "text/vtt"},
		})
		kept, lost := plain().Clean(list)
		if len(kept) != tt.want || kept[len(kept)-1].Name != "podcast:transcript" || lost.Cut != 0 {
			t.Errorf("%s: kept %d, cut %d; want %d and the transcript", tt.name, len(kept), lost.Cut, tt.want)
		}
	}
}

// FuzzClean holds the contract: what is cleaned once is clean, and no text or
// attribute is longer than it may be.
func FuzzClean(f *testing.F) {
	f.Add("1:02:03", "https://x.example/")
	f.Add("45 -71", "image/png; q=1")
	f.Add(strings.Repeat("金", 300), "\xff\x00en_US")
	f.Add("x", " https://x.example/a,b 100w,https://x.example/c,")
	all := slices.Sorted(maps.Keys(elements()))
	f.Fuzz(func(t *testing.T, value, attr string) {
		for _, name := range all {
			in := coranto.Extension{Name: name, Value: value, Attrs: attrs{}}
			for a := range elements()[name].attrs {
				in.Attrs[a] = attr
			}
			once, _ := plain().Clean([]coranto.Extension{in})
			twice, lost := plain().Clean(once)
			if inShort(once) != inShort(twice) || len(lost.Broken) > 0 {
				t.Fatalf("%s: %q, cleaned again %q", name, inShort(once), inShort(twice))
			}
			if size := sizeOf(once); size > mostBytes {
				t.Fatalf("%s has %d bytes", name, size)
			}
			for _, mode := range []coranto.Republish{coranto.RepublishExcerpt, coranto.RepublishTitle} {
				if less := inShort(Cut(once, mode)); len(less) > len(inShort(once)) {
					t.Fatalf("%s: %q, cut to %s %q", name, inShort(once), mode, less)
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

func TestMembers(t *testing.T) {
	kept, lost := Members(map[string]string{
		"_a": ` { "b" : "<b>" } `, "_source": "1", "_extensions": "1", "_no name": "1", "x": "1",
		"_bad": "{", "_z": `"` + strings.Repeat("x", mostMembers) + `"`,
	})
	if len(kept) != 1 || kept["_a"] != `{"b":"<b>"}` || lost != 4 {
		t.Errorf("kept %v, lost %d; want _a, lost 4", kept, lost)
	}
}
