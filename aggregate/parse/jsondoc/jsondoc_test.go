package jsondoc

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/parse/markup"
)

func codes(problems []coranto.Problem) string {
	var list []string
	for _, problem := range problems {
		list = append(list, problem.Code)
	}
	return strings.Join(list, " ")
}

func feedOf(items string) string { return `{"title":"t","items":[` + items + `]}` }

func TestPrepare(t *testing.T) {
	tests := []struct {
		name, body, want string
		truncated        bool
		codes            string
	}{
		{"clean", feedOf(`{"id":"1"}`), feedOf(`{"id":"1"}`), false, ""},
		{"line break", feedOf("{\"a\":\"b\nc\"}"), feedOf(`{"a":"b\nc"}`), false, "repaired"},
		{"line break behind a backslash", feedOf("{\"a\":\"b\\\nc\"}"), feedOf(`{"a":"b\nc"}`), false, "repaired"},
		{"control character", feedOf("{\"a\":\"b\x01c\",\"d\":\"\x02\"}"), feedOf(`{"a":"bc","d":""}`), false, "repaired"},
		{"early end", `{"items":[{"id":"1"},{"id":`, `{"items":[{"id":"1"}]}`, true, ""},
		{"early end in a text", "{\"items\":[{\"id\":\"1\t\"},{\"id\":\"2", `{"items":[{"id":"1\t"}]}`, true, "repaired"},
		{"early end before an item", `{"title":"t","items":[{"id"`, `{"title":"t","items":[{"id"`, false, ""},
		{"no JSON", `[}`, `[}`, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Prepare([]byte(tt.body))
			if err != nil || string(got.Body) != tt.want || got.Truncated != tt.truncated {
				t.Errorf("Prepare = %s, %v, error %v, want %s, %v", got.Body, got.Truncated, err, tt.want, tt.truncated)
			}
			if codes(got.Problems) != tt.codes {
				t.Errorf("problems = %v, want %q", got.Problems, tt.codes)
			}
		})
	}
}

func TestPrepareCutsTexts(t *testing.T) {
	for name, text := range map[string]string{
		"words":       strings.Repeat("word ", maxString/5+1),
		"characters":  strings.Repeat("漢字", maxString/6+1),
		"escapes":     "a" + strings.Repeat(`\u6f22`, maxString/6+1),
		"backslashes": strings.Repeat(`\\`, maxString/2+1),
		"quotes":      "a" + strings.Repeat(`\"`, maxString/2+1),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Prepare([]byte(feedOf(`{"id":"1","title":"` + text + `"}`)))
			if err != nil {
				t.Fatal(err)
			}
			if !json.Valid(got.Body) || !utf8.Valid(got.Body) || len(got.Body) > maxString+100 {
				t.Errorf("body is %d bytes and ends in %q, want valid JSON of about %d",
					len(got.Body), got.Body[len(got.Body)-20:], maxString)
			}
			if codes(got.Problems) != "text-cut" {
				t.Errorf("problems = %v, want text-cut", got.Problems)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	prepare := func(b []byte) error { _, err := Prepare(b); return err }
	tests := []struct {
		name  string
		do    func([]byte) error
		build func(n int) string
		most  int
		limit string // in the error
	}{
		{"depth", prepare, func(n int) string { return strings.Repeat("[", n) }, maxDepth, "256 deep"},
		{"number", prepare, func(n int) string { return "[" + strings.Repeat("1", n) + "]" }, maxNumber, "1024 bytes"},
		{"items", prepare, func(n int) string { return feedOf(strings.Repeat("{},", n)) }, maxItems, "500000 items"},
		{"values", Check, func(n int) string {
			return "[" + strings.Repeat(`"a,[{",`, n-1) + `"b"]`
		}, maxValues, "400000 values"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := tt.do([]byte(tt.build(tt.most))); err != nil {
				t.Errorf("at the limit: error = %v, want none", err)
			}
			err := tt.do([]byte(tt.build(tt.most + 1)))
			if !errors.Is(err, markup.ErrHostile) || !strings.Contains(err.Error(), tt.limit) {
				t.Errorf("just over: error = %v, want one that wraps ErrHostile and names %q", err, tt.limit)
			}
		})
	}
}

func TestSplit(t *testing.T) {
	tests := []struct {
		name, body string
		items      int // -1 means that it can't be told
	}{
		{"two", feedOf(`{"a":"}]"} , {"b":[{}]}`), 2},
		{"blanks", `{ "items" : [ {} ] , "title":"t" }`, 1},
		{"name in a text", `{"title":"\"items\":[","items":[{}]}`, 1},
		{"name further down", `{"a":{"items":[{},{}]},"items":[{}]}`, 1},
		{"none", feedOf(""), -1},
		{"two lists", `{"items":[{}],"items":[{}]}`, -1},
		{"other values", feedOf(`{},1`), -1},
		{"null", `{"items":null}`, -1},
		{"early end", `{"items":[{"a":"b`, -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parts, ok := Split([]byte(tt.body))
			if want := tt.items >= 0; ok != want || ok && parts.Len() != tt.items {
				t.Errorf("Split = %d items, %v, want %d, %v", parts.Len(), ok, tt.items, want)
			}
		})
	}
}

func TestParts(t *testing.T) {
	parts, ok := Split([]byte(feedOf(
		`{"id":"1","date_modified":"M","date_published":"P"},{"id":"2","date_published":3},{"id":"3"}`)))
	if !ok {
		t.Fatal("Split reports false, want three items")
	}
	if got := parts.Dates(0); !slices.Equal(got, []string{"P", "M"}) {
		t.Errorf("Dates(0) = %q, want P M", got)
	}
	if got := parts.Dates(1); got != nil {
		t.Errorf("Dates(1) = %q, want none: a number is not looked at", got)
	}
	if got, want := string(parts.Only([]int{0, 2})),
		feedOf(`{"id":"1","date_modified":"M","date_published":"P"},{"id":"3"}`); got != want {
		t.Errorf("Only(0, 2) = %s, want %s", got, want)
	}
	here, there := parts.Marks("http://a.example/", []int{1}), parts.Marks("http://b.example/", nil)
	if here[0] == 0 || here[1] != 0 || here[2] == here[0] || there[0] == here[0] || there[1] == 0 {
		t.Errorf("Marks = %d without item 1, %d elsewhere, want 0 for it alone, all others different", here, there)
	}
}

func TestFix(t *testing.T) {
	tests := []struct{ name, item, want, codes string }{
		{"right", `{"authors":[{"name":"A"}],"id":"1","tags":["a"]}`, `{"authors":[{"name":"A"}],"id":"1","tags":["a"]}`, ""},
		{"author of 1.0", `{"author":{"name":"A"}}`, `{"authors":[{"name":"A"}]}`, ""},
		{"author as a text", `{"author":"A"}`, `{"authors":[{"name":"A"}]}`, "json-people"},
		{"authors before author", `{"author":"B","authors":[{"name":"A"}]}`, `{"authors":[{"name":"A"}]}`, "json-people"},
		{"tags as a text", `{"tags":"a, b"}`, `{"tags":["a","b"]}`, "json-tags"},
		{"tags as objects", `{"tags":[{"name":"a"},3]}`, `{"tags":["a","3"]}`, "json-tags"},
		{"one attachment", `{"attachments":{"url":"u"}}`, `{"attachments":[{"mime_type":"","title":"","url":"u"}]}`, "json-attachments"},
		{"numbers", `{"id":12345678901234567890,"title":7,"url":8}`, `{"id":12345678901234567890,"title":"7","url":"8"}`, "json-type"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Fix([]byte(`{"items":[` + tt.item + `]}`))
			if want := `{"items":[` + tt.want + `]}`; err != nil || string(got.Body) != want {
				t.Fatalf("Fix = %s, %v, want %s", got.Body, err, want)
			}
			if len(got.Items) != 1 || codes(got.Items[0]) != tt.codes || len(got.Problems) > 0 {
				t.Errorf("problems = %v, of items %v, want %q of one item", got.Problems, got.Items, tt.codes)
			}
		})
	}
	got, err := Fix([]byte(`{"author":"A","items":[7,{"id":"1"},null]}`))
	if want := `{"authors":[{"name":"A"}],"items":[{"id":"1"}]}`; err != nil || string(got.Body) != want {
		t.Errorf("Fix = %s, %v, want %s", got.Body, err, want)
	}
	if want := "json-people json-item"; codes(got.Problems) != want {
		t.Errorf("problems = %v, want %q", got.Problems, want)
	}
	if _, err := Fix([]byte(`[1]`)); err == nil {
		t.Error("Fix of a list gives no error, want that of the decoder")
	}
}

func TestHubs(t *testing.T) {
	tests := []struct {
		hubs string
		want []string
	}{
		{`[{"type":"websub","url":"a"},{"type":"rssCloud","url":"b"},{"type":"WebSub","url":"c"}]`, []string{"a", "c"}},
		{`"a"`, nil},
		{`null`, nil},
	}
	for _, tt := range tests {
		if got := Hubs([]byte(`{"hubs":` + tt.hubs + `}`)); !slices.Equal(got, tt.want) {
			t.Errorf("Hubs of %s = %q, want %q", tt.hubs, got, tt.want)
		}
	}
}

func TestMembers(t *testing.T) {
	got := Members([]byte(feedOf(`{"id":"1","_a":{"b": 1}},null,{"id":"2"}`)))
	want := []map[string]string{{"_a": `{"b": 1}`}, {}}
	if !slices.EqualFunc(got, want, maps.Equal) {
		t.Errorf("Members = %q, want %q", got, want)
	}
	for _, body := range []string{feedOf(`{"id":"1"}`), `{"_a":1,"items":2}`} {
		if got := Members([]byte(body)); got != nil {
			t.Errorf("Members of %s = %q, want nil", body, got)
		}
	}
}

// FuzzPrepare holds that what is prepared and taken apart stays valid where it was,
// with the same items, and that no document is changed in place.
func FuzzPrepare(f *testing.F) {
	for _, seed := range []string{
		feedOf(`{"id":"1","tags":"a,b"},{"id":"2","_x":[1]}`), "{\"items\":[{\"a\":\"b\n\"},{\"c\":\"",
		`{"author":"A","hubs":[{"type":"WebSub","url":"u"}],"items":[7,{"id":1.5}]}`, `[{]}`, `"\`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := string(body)
		doc, err := Prepare(body)
		if err != nil {
			if !errors.Is(err, markup.ErrHostile) {
				t.Errorf("error = %v, want one that wraps ErrHostile", err)
			}
			return
		}
		if json.Valid(body) && string(doc.Body) != before {
			t.Errorf("Prepare(%q) = %q, want it as it was: it is valid", before, doc.Body)
		}
		checkParts(t, doc.Body)
		if fixed, err := Fix(doc.Body); err == nil && !json.Valid(fixed.Body) {
			t.Errorf("Fix(%q) = %q, want valid JSON", doc.Body, fixed.Body)
		}
		Hubs(doc.Body)
		Members(doc.Body)
		if string(body) != before {
			t.Errorf("the document is %q now, want %q", body, before)
		}
	})
}

func checkParts(t *testing.T, body []byte) {
	parts, ok := Split(body)
	if !ok {
		return
	}
	all := make([]int, parts.Len())
	for i := range all {
		all[i] = i
		parts.Dates(i)
	}
	only := parts.Only(all)
	if json.Valid(body) && !json.Valid(only) {
		t.Errorf("Only(all) of %q = %q, want valid JSON", body, only)
	}
	if again, ok := Split(only); !ok || again.Len() != parts.Len() {
		t.Errorf("Split of %q = %d items, %v, want %d", only, again.Len(), ok, parts.Len())
	}
}
