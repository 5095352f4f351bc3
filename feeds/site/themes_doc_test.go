package site

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestThemesDoc compares docs/THEMES.md with what templates are given: it names every
// field, and none that there isn't.
func TestThemesDoc(t *testing.T) {
	doc, err := os.ReadFile("../../docs/THEMES.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]any{
		"Every page": frame{}, "list.html": listView{}, "item.html": itemView{},
		"source.html": sourceView{}, "categories.html, sources.html": directoryView{},
		"subscribe.html": subscribeView{}, "problem.html": problemView{},
		"A day": day{}, "A story": story{}, "A credit": credit{}, "A link": link{},
		"A line": line{}, "A feed": feedLink{}, "A picture": picture{}, "A medium": medium{},
		"A rhythm": rhythm{},
	}
	found := 0
	for section := range strings.SplitSeq(string(doc), "\n## ") {
		title, text, _ := strings.Cut(section, "\n")
		value, ok := sections[title]
		if !ok {
			continue
		}
		found++
		var named []string
		for _, row := range regexp.MustCompile("(?m)^\\| `\\.(\\w+)` \\|").FindAllStringSubmatch(text, -1) {
			named = append(named, row[1])
		}
		if got, want := sorted(named), sorted(fieldsOf(value)); !slices.Equal(got, want) {
			t.Errorf("%s: THEMES.md has %v, the code %v", title, got, want)
		}
	}
	if found != len(sections) {
		t.Errorf("THEMES.md has %d of %d sections", found, len(sections))
	}
	for _, name := range append(templateNames(), styleFile, extraFile, iconFile) {
		if !strings.Contains(string(doc), name) {
			t.Errorf("THEMES.md does not name %s", name)
		}
	}
}

// fieldsOf are the exported fields of a struct without those that it embeds.
func fieldsOf(value any) []string {
	var names []string
	for f := range reflect.TypeOf(value).Fields() {
		if !f.Anonymous && f.IsExported() {
			names = append(names, f.Name)
		}
	}
	return names
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }
