package edit_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/opml"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/config/edit"
)

// block is what TestAppend adds, with the indentation that a file asks for.
func block(indent string) string {
	return indent + "- id: new\n" + indent + "  url: https://new.example/rss\n" +
		indent + "  title: \"A \\\"b\\\": c\"\n" + indent + "  categories: [go]\n" +
		indent + "  folders: [[\"The Web\", \"Go: it\"], [go]]\n" + indent + "  opml: {\"htmlUrl\": \"https://new.example/\", \"p:x\": \"y: \\\"z\\\"\"}\n"
}

func TestAppend(t *testing.T) {
	added := []edit.Addition{{
		Source: coranto.Source{
			ID: "new", URL: "https://new.example/rss", Title: `A "b": c`, Categories: []coranto.Slug{"go"},
		},
		Outline: config.Outline{
			Attributes: map[string]string{"htmlUrl": "https://new.example/", "p:x": "y: \"z\""},
			Folders:    []opml.Path{{"The Web", "Go: it"}, {"go"}},
		},
	}}
	titled := []coranto.Category{{Slug: "go", Title: "Go"}}
	crlf := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	const goes = "categories:\n  go: {title: Go}\n"
	tests := []struct{ name, before, want string }{
		{"empty file", "", "sources:\n" + block("  ") + goes},
		{
			"comments and other keys stay",
			"# mine\nsources:\n  # first\n  - url: https://a.example/ # a\n\n# end\n" +
				"categories:\n  go: Go # kept\nlisten: :9090\n",
			"# mine\nsources:\n  # first\n  - url: https://a.example/ # a\n" + block("  ") +
				"\n# end\ncategories:\n  go: Go # kept\nlisten: :9090\n",
		},
		{
			"list without indentation",
			"sources:\n- https://a.example/\nlisten: :9090\n",
			"sources:\n- https://a.example/\n" + block("") + "listen: :9090\n" + goes,
		},
		{
			"empty values give way",
			"sources: []\ncategories: {}\n",
			"sources:\n" + block("  ") + goes,
		},
		{
			"remark beside an empty key",
			"sources:  # my remark\ncategories: {go: Go}\n",
			"sources:  # my remark\n" + block("  ") + "categories: {go: Go}\n",
		},
		{
			"remark beside an empty value",
			"sources: [] # x\ncategories: ~ # y\n",
			"sources: # x\n" + block("  ") + "categories: # y\n  go: {title: Go}\n",
		},
		{
			"blank lines at the end",
			"categories: {go: Go}\nsources:\n  - https://a.example/\n\n\n",
			"categories: {go: Go}\nsources:\n  - https://a.example/\n" + block("  ") + "\n\n",
		},
		{
			"no end of the last line",
			"categories: {go: Go}\nsources:\n  - https://a.example/",
			"categories: {go: Go}\nsources:\n  - https://a.example/\n" + block("  "),
		},
		{
			"lines that end as on Windows",
			crlf("# mine\nsources:\n  - https://a.example/ # a\n\nlisten: :9090\n"),
			crlf("# mine\nsources:\n  - https://a.example/ # a\n" + block("  ") +
				"\nlisten: :9090\n" + goes),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := edit.Append("coranto.yaml", []byte(tt.before), edit.Additions{Sources: added, Categories: titled})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("file (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAppendRefuses shows that a list which is not extended is told with the
// remedy, and that an id that YAML would not read as text is quoted.
func TestAppendRefuses(t *testing.T) {
	added := []edit.Addition{{Source: coranto.Source{ID: "null", URL: "https://new.example/rss"}}}
	_, err := edit.Append("coranto.yaml", []byte("sources: [https://a.example/]\n"), edit.Additions{Sources: added})
	if err == nil || !strings.Contains(err.Error(), "one to a line first") {
		t.Errorf("Append to a list on one line: error %v, want the remedy", err)
	}
	if _, err := edit.Append("coranto.yaml", nil, edit.Additions{Sources: added}); err != nil {
		t.Errorf("Append of the id null: %v", err)
	}
}

func TestAppendToTemplate(t *testing.T) {
	added := []edit.Addition{{Source: coranto.Source{ID: "new", URL: "https://new.example/rss"}}}
	text, err := edit.Append("coranto.yaml", []byte(config.Template), edit.Additions{Sources: added})
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse("coranto.yaml", text)
	if err != nil || len(c.Sources) != 1 {
		t.Fatalf("after Append: %v, %v, want one source", c, err)
	}
	if strings.Count(string(text), "#") != strings.Count(config.Template, "#") {
		t.Error("a comment of the template is lost")
	}
}
