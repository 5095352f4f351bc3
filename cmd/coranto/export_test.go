package main

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
)

// fileOf appends a list to a new file, as import does, and reads that.
func fileOf(t *rapid.T, list []opml.Subscription) *config.Config {
	a := newAdditions(config.Default())
	for _, sub := range list {
		if err := a.add(sub); err != nil {
			t.Fatal(err)
		}
	}
	text, err := config.Append(config.DefaultName, []byte(config.Template), a.sources, a.categories)
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse(config.DefaultName, text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// exported is what export writes of a file, as import reads it, by feed.
func exported(t *rapid.T, c *config.Config) []opml.Subscription {
	var b bytes.Buffer
	if err := opml.Write(&b, "", subscriptions(c)); err != nil {
		t.Fatal(err)
	}
	list, problems, err := opml.Parse(&b)
	if err != nil || len(problems) > 0 {
		t.Fatalf("read what was exported: %v, %v", err, problems)
	}
	for i := range list {
		slices.Sort(list[i].Folders)
	}
	slices.SortFunc(list, func(a, b opml.Subscription) int { return strings.Compare(a.Feed, b.Feed) })
	return list
}

// TestS52ImportExport shows that a list goes through the operator's file
// unchanged, and that what is exported can be imported with the same result.
func TestS52ImportExport(t *testing.T) {
	text := rapid.SampledFrom([]string{
		"C", "C++", "C#", "金融 & more", `"q": <x>`, "- a", "on", "1.5", "null", "# no", "🙂", `back\slash`, "two three",
	})
	rapid.Check(t, func(t *rapid.T) {
		var list []opml.Subscription
		for i := range rapid.IntRange(0, 5).Draw(t, "subscriptions") {
			sub := opml.Subscription{
				Feed:    fmt.Sprintf("https://h%d.example/?a=1&b=%%20", i),
				Title:   rapid.SampledFrom([]string{"", "One: two", "on", "金融", `"q"`, "#"}).Draw(t, "title"),
				Folders: rapid.SliceOfNDistinct(text, 0, 3, strings.ToLower).Draw(t, "folders"),
			}
			slices.Sort(sub.Folders)
			names := rapid.SampledFrom([]string{"description", "isComment", "on", "a.b", "grün", "xml:lang"})
			for _, name := range rapid.SliceOfNDistinct(names, 0, 3, rapid.ID).Draw(t, "names") {
				if sub.Attributes == nil {
					sub.Attributes = make(map[string]string)
				}
				sub.Attributes[name] = text.Draw(t, name)
			}
			if rapid.Bool().Draw(t, "foreign") && sub.Attributes != nil {
				sub.Attributes["p:x"], sub.Attributes["xmlns:p"] = text.Draw(t, "p:x"), "urn:p"
			}
			list = append(list, sub)
		}
		first := exported(t, fileOf(t, list))
		if diff := cmp.Diff(list, first, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("through the file (-in +out):\n%s", diff)
		}
		again := exported(t, fileOf(t, first))
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("import of the export (-first +second):\n%s", diff)
		}
	})
}
