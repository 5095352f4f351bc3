package lists

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/coranto/coranto/aggregate/opml"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/config/edit"
)

// fileOf appends a list to a new file, as import does, and reads that.
func fileOf(t *rapid.T, list opml.List) *config.Config {
	a := New(config.Default())
	a.More.Folders = list.Folders
	for _, sub := range list.Subscriptions {
		if err := a.Add(sub); err != nil {
			t.Fatal(err)
		}
	}
	text, err := edit.Append(config.DefaultName, []byte(config.Template), a.More)
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse(config.DefaultName, text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// exported is what export writes of a file.
func exported(t *rapid.T, c *config.Config) string {
	var b bytes.Buffer
	if err := opml.Write(&b, "", Subscriptions(c)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// readList is what import reads in a document.
func readList(t *rapid.T, document string) opml.List {
	list, problems, err := opml.Parse(strings.NewReader(document))
	if err != nil || len(problems) > 0 {
		t.Fatalf("read %s: %v, %v", document, err, problems)
	}
	return list
}

// sorted is a list without its order, which the file may change.
func sorted(list opml.List) opml.List {
	slices.SortFunc(list.Subscriptions, func(a, b opml.Subscription) int { return strings.Compare(a.Feed, b.Feed) })
	slices.SortFunc(list.Folders, func(a, b opml.Folder) int { return slices.Compare(a.Path, b.Path) })
	for _, sub := range list.Subscriptions {
		slices.SortFunc(sub.Folders, func(a, b opml.Path) int { return slices.Compare(a, b) })
	}
	return list
}

// attributes draws what other readers write; nil for nothing.
func attributes(t *rapid.T, text *rapid.Generator[string]) map[string]string {
	var set map[string]string
	names := rapid.SampledFrom([]string{"description", "isComment", "on", "a.b", "grün", "xml:lang", "p:x"})
	for _, name := range rapid.SliceOfNDistinct(names, 0, 3, rapid.ID).Draw(t, "names") {
		if set == nil {
			set = make(map[string]string)
		}
		set[name] = text.Draw(t, name)
		if name == "p:x" {
			set["xmlns:p"] = "urn:p"
		}
	}
	return set
}

// TestS52ImportExport shows that a list goes through the operator's file
// unchanged, and that what is exported can be imported with the same result.
func TestS52ImportExport(t *testing.T) {
	text := rapid.SampledFrom([]string{
		"C", "C++", "C#", "金融 & more", `"q": <x>`, "- a", "on", "1.5", "null", "# no", "🙂", `back\slash`, "two three",
	})
	paths := rapid.Custom(func(t *rapid.T) opml.Path {
		return rapid.SliceOfN(text, 0, opml.MaxDepth).Draw(t, "path")
	})
	same := func(p opml.Path) string { return fmt.Sprintf("%q", p) }
	rapid.Check(t, func(t *rapid.T) {
		var list opml.List
		for i := range rapid.IntRange(1, 5).Draw(t, "subscriptions") {
			list.Subscriptions = append(list.Subscriptions, opml.Subscription{
				Feed:       fmt.Sprintf("https://h%d.example/?a=1&b=%%20", i),
				Title:      rapid.SampledFrom([]string{"", "One: two", "on", "金融", `"q"`, "#"}).Draw(t, "title"),
				Folders:    rapid.SliceOfNDistinct(paths, 0, 3, same).Draw(t, "folders"),
				Attributes: attributes(t, text),
			})
		}
		for _, path := range rapid.SliceOfNDistinct(paths, 0, 3, same).Draw(t, "folders") {
			if len(path) > 0 {
				list.Folders = append(list.Folders, opml.Folder{Path: path, Attributes: attributes(t, text)})
			}
		}
		var b bytes.Buffer
		if err := opml.Write(&b, "", list); err != nil {
			t.Fatal(err)
		}
		first := exported(t, fileOf(t, readList(t, b.String())))
		diff := cmp.Diff(sorted(readList(t, b.String())), sorted(readList(t, first)), cmpopts.EquateEmpty())
		if diff != "" {
			t.Fatalf("through the file (-in +out):\n%s", diff)
		}
		again := exported(t, fileOf(t, readList(t, first)))
		if diff := cmp.Diff(sorted(readList(t, first)), sorted(readList(t, again)), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("import of the export (-first +second):\n%s", diff)
		}
	})
}

// TestFoldersFollowCategories shows what becomes of imported folders when the
// operator edits the file.
func TestFoldersFollowCategories(t *testing.T) {
	const folders = "    folders: [[Tech, Go], [News, Daily]]\n"
	tests := []struct {
		name       string
		categories string
		want       []opml.Path
	}{
		{"S52 as imported", "[tech, go, news, daily]", []opml.Path{{"Tech", "Go"}, {"News", "Daily"}}},
		{"S52 taken out of one", "[tech, go, news]", []opml.Path{{"Tech", "Go"}, {"news"}}},
		{"S52 put into another", "[tech, go, web]", []opml.Path{{"Tech", "Go"}, {"The Web"}}},
		{"S52 out of all", "[]", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := config.Parse("coranto.yaml", []byte("sources:\n  - url: https://a.example/\n    categories: "+
				tt.categories+"\n"+folders+"categories: {web: The Web}\n"))
			if err != nil {
				t.Fatal(err)
			}
			got := Subscriptions(c).Subscriptions[0].Folders
			if diff := cmp.Diff(tt.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("folders (-want +got):\n%s", diff)
			}
		})
	}
}
