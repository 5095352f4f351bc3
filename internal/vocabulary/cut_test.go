package vocabulary

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/coranto/coranto"
)

// A mode that does not republish the text does not republish it by another name.
func TestCut(t *testing.T) {
	const page, image = "https://x.example/p", "https://x.example/i.jpg"
	tests := []struct {
		name           string
		in             coranto.Extension
		excerpt, title string // what is left, in short
	}{
		{"number", coranto.Extension{Name: "itunes:episode", Value: "1"}, "1", "1"},
		{"title", coranto.Extension{Name: "itunes:title", Value: "T"}, "T", "T"},
		{"short text", coranto.Extension{Name: "itunes:subtitle", Value: "short"}, "short", ""},
		{"long text", coranto.Extension{Name: "itunes:summary", Value: "long"}, "", ""},
		{"any text", coranto.Extension{Name: "podcast:txt", Value: "long"}, "", ""},
		{"text of a film", coranto.Extension{Name: "media:text", Value: "long", Attrs: attrs{"lang": "en"}}, "", ""},
		{"keywords", coranto.Extension{Name: "media:keywords", Value: "a, b"}, "a, b", ""},
		{"keywords of Apple", coranto.Extension{Name: "itunes:keywords", Value: "a, b"}, "a, b", ""},
		{"department", coranto.Extension{Name: "slash:department", Value: "free"}, "free", ""},
		{"place in words", coranto.Extension{Name: "media:location", Attrs: attrs{"description": "free"}},
			"description=free", ""},
		{"person", coranto.Extension{Name: "podcast:person", Value: "Ann", Attrs: attrs{"img": image, "href": page}},
			"Ann href=" + page + " img=" + image, "Ann href=" + page},
		{"funding", coranto.Extension{Name: "podcast:funding", Value: "free", Attrs: attrs{"url": page}},
			"free url=" + page, "url=" + page},
		{"category", coranto.Extension{Name: "media:category", Value: "free", Attrs: attrs{"label": "free"}},
			"free label=free", ""},
		{"picture", coranto.Extension{Name: "media:thumbnail", Attrs: attrs{"url": image}}, "url=" + image, ""},
		{"picture of Apple", coranto.Extension{Name: "itunes:image", Attrs: attrs{"href": image}}, "href=" + image, ""},
		{"pictures", coranto.Extension{Name: "podcast:images", Attrs: attrs{"srcset": image}}, "srcset=" + image, ""},
		{"file that is a picture", coranto.Extension{Name: "media:content", Attrs: attrs{"url": image, "medium": "image"}},
			"medium=image url=" + image, ""},
		{"file of a picture's type", coranto.Extension{Name: "media:content",
			Attrs: attrs{"url": image, "type": "image/png", "medium": "video"}},
			"medium=video type=image/png url=" + image, ""},
		{"file of no type", coranto.Extension{Name: "media:content", Attrs: attrs{"url": image}}, "url=" + image, ""},
		{"film", coranto.Extension{Name: "media:content", Attrs: attrs{"url": page, "type": "video/mp4"}},
			"type=video/mp4 url=" + page, "type=video/mp4 url=" + page},
	}
	for _, tt := range tests {
		list := []coranto.Extension{tt.in}
		for mode, want := range map[coranto.Republish]string{
			coranto.RepublishAsGiven: inShort(list), coranto.RepublishFull: inShort(list),
			coranto.RepublishExcerpt: tt.excerpt, coranto.RepublishTitle: tt.title,
		} {
			if got := inShort(Cut(list, mode)); got != want {
				t.Errorf("%s, %s: got %q, want %q", tt.name, mode, got, want)
			}
		}
	}
}

// Children are cut like their parents, and the list itself is left as it was.
func TestCutChildren(t *testing.T) {
	list := []coranto.Extension{
		{Name: "psc:chapters", Children: []coranto.Extension{
			{Name: "psc:chapter", Attrs: attrs{"start": "1", "title": "free"}},
		}},
		{Name: "media:group", Children: []coranto.Extension{
			{Name: "media:content", Attrs: attrs{"url": "https://x.example/v", "medium": "video"}},
			{Name: "media:description", Value: "long"},
			{Name: "media:thumbnail", Attrs: attrs{"url": "https://x.example/i"}},
		}},
	}
	for mode, want := range map[coranto.Republish][2]int{
		coranto.RepublishFull: {2, 3}, coranto.RepublishExcerpt: {2, 2}, coranto.RepublishTitle: {1, 1},
	} {
		got := Cut(list, mode)
		if n := len(got[len(got)-1].Children); len(got) != want[0] || n != want[1] {
			t.Errorf("%s: %d elements, %d of media, want %v", mode, len(got), n, want)
		}
	}
	if len(list[1].Children) != 3 {
		t.Error("the list that was cut lost elements itself")
	}
}

// Whatever of an element is free text or a picture, a title has none of it: filled
// with the words of a post, only names, titles and rights keep them.
func TestTitlesKeepNamesOnly(t *testing.T) {
	const words = "the words of the post"
	named := []string{
		"georss:featureName", "georss:featurename", "itunes:author", "itunes:title",
		"media:copyright", "media:credit", "media:license", "media:rating", "media:title",
		"podcast:license", "podcast:location", "podcast:person", "slash:section",
	}
	var kept []string
	for _, name := range slices.Sorted(maps.Keys(elements())) {
		in, _ := plain().Clean([]coranto.Extension{{Name: name, Value: words}})
		if strings.Contains(inShort(Cut(in, coranto.RepublishTitle)), words) {
			kept = append(kept, name)
		}
	}
	if !slices.Equal(kept, named) {
		t.Errorf("titles keep the texts of %v, want %v", kept, named)
	}
}
