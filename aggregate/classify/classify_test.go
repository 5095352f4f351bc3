package classify

import (
	"slices"
	"strings"
	"testing"

	"github.com/coranto/coranto"
)

func TestFile(t *testing.T) {
	categories := []coranto.Category{
		{Slug: "go", Include: []string{"golang", "Go 1.26"}},
		{Slug: "quiet", Exclude: []string{"sponsored", "广告"}},
		{Slug: "plain"},
		{Slug: "markets", Include: []string{"股票"}, Exclude: []string{"crypto"}},
	}
	tests := []struct {
		name   string
		source coranto.Source
		title  string
		text   string
		want   []coranto.Slug
	}{
		{name: "where the source says", source: in("quiet", "plain"), title: "News",
			want: []coranto.Slug{"plain", "quiet"}},
		{name: "a source without categories", title: "News"},
		{name: "sorted, once", source: in("quiet", "go", "go", "quiet"), title: "golang",
			want: []coranto.Slug{"go", "quiet"}},
		{name: "pulled in by a word of the category", source: in("plain"), title: "Learn Golang",
			want: []coranto.Slug{"go", "plain"}},
		{name: "pulled in by the text", title: "News", text: "with Go  1.26 and more",
			want: []coranto.Slug{"go"}},
		{name: "kept out by the category", source: in("quiet", "plain"), title: "Sponsored: soap",
			want: []coranto.Slug{"plain"}},
		{name: "kept out in Chinese", source: in("quiet"), title: "【广告】新品"},
		{name: "kept out though pulled in", title: "股票与Crypto"},
		{name: "a category no one described", source: in("other"), title: "News",
			want: []coranto.Slug{"other"}},
		{name: "has a word of the source", source: with(in("plain"), "rust", ""),
			title: "Rust 2.0",
			want:  []coranto.Slug{"plain"}},
		{name: "has no word of the source", source: with(in("plain"), "rust", ""),
			title: "Trust"},
		{name: "has none, but one of a category", source: with(in("plain"), "rust", ""),
			title: "Golang", want: []coranto.Slug{"go"}},
		{name: "has a word the source excludes", source: with(in("plain"), "", "golang"),
			title: "Golang"},
		{name: "blank words say nothing", source: with(in("plain"), " ", "\t"), title: "x",
			want: []coranto.Slug{"plain"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := New(Options{Categories: categories})
			it := &coranto.Item{Title: tt.title}
			before := slices.Clone(tt.source.Categories)
			if got := c.File(tt.source, it, tt.text); !slices.Equal(got, tt.want) {
				t.Errorf("File = %q, want %q", got, tt.want)
			}
			if !slices.Equal(tt.source.Categories, before) {
				t.Errorf("File changed the source's categories to %q", tt.source.Categories)
			}
		})
	}
}

func in(slugs ...coranto.Slug) coranto.Source { return coranto.Source{Categories: slugs} }

func with(src coranto.Source, include, exclude string) coranto.Source {
	if include != "" {
		src.Include = []string{include}
	}
	if exclude != "" {
		src.Exclude = []string{exclude}
	}
	return src
}

func TestWhereWordsAreLookedFor(t *testing.T) {
	c := New(Options{Categories: []coranto.Category{{Slug: "x", Include: []string{"needle work"}}}})
	tests := []struct {
		name string
		item coranto.Item
		text string
		want bool
	}{
		{"title", coranto.Item{Title: "Needle work"}, "", true},
		{"summary", coranto.Item{Summary: "of needle work"}, "", true},
		{"tag", coranto.Item{Tags: []coranto.Tag{{Term: "needle work"}}}, "", true},
		{"label of a tag", coranto.Item{Tags: []coranto.Tag{{Term: "1",
			Label: "needle work"}}}, "", true},
		{"author", coranto.Item{Authors: []coranto.Person{{Name: "Needle Work"}}}, "", true},
		{"text", coranto.Item{}, "fine needle work", true},
		{"not markup", coranto.Item{Content: "<p>needle work</p>"}, "", false},
		{"not across fields", coranto.Item{Title: "needle", Summary: "work"}, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := len(c.File(coranto.Source{}, &tt.item, tt.text)) == 1; got != tt.want {
				t.Errorf("found = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestWords(t *testing.T) {
	tests := []struct {
		word, text string
		want       bool
	}{
		{"go", "Go!", true},
		{"go", "good", false},
		{"go", "ergo", false},
		{"go", "ergo, go", true},
		{"go", "cargo good go-lang", true},
		{"go", "用Go写的", true},
		{"go", "go2", false},
		{"go", "gö", false},
		{"go", "go\u0308", false},
		{"C++", "modern c++17", true},
		{"C++", "objc++", false},
		{".NET", "ASP.NET", true},
		{".net", "the net", false},
		{"straße", "STRASSE", false}, // simple folding keeps lengths
		{"ΟΔΟΣ", "οδος", true},
		{"привет", "ПРИВЕТ!", true},
		{"привет", "приветы", false},
		{"K", "300 \u212a", true}, // the Kelvin sign
		{"证券", "中国证券报", true},
		{"A股", "今日A股大涨", true},
		{"カメラ", "新しいカメラです", true},
		{"서울", "서울에서", true},
		{"new york", "New\n\t York", true},
		{"new york", "New\u00a0York", true},
		{"new york", "newyork", false},
		{"  new  york ", "in New York.", true},
		{"𐐀", "𐐨", true},
		{"x", "", false},
		{"a\xff", "A\xff", true},
	}
	for _, tt := range tests {
		s := newSubject(&coranto.Item{}, tt.text)
		if got := s.hasAny(prepare([]string{tt.word})); got != tt.want {
			t.Errorf("%q in %q = %v, want %v", tt.word, tt.text, got, tt.want)
		}
	}
}

func FuzzWords(f *testing.F) {
	f.Add("go", "Go, good")
	f.Add("证券", "中国证券报")
	f.Add("c++", "C++")
	f.Add("\xff", "a\xffb")
	f.Add("aa", "aaaa aa")
	f.Fuzz(func(t *testing.T, word, text string) {
		list := prepare([]string{word})
		if newSubject(&coranto.Item{}, text).hasAny(list) && len(text) == 0 {
			t.Errorf("%q was found in nothing", word)
		}
		if len(list) == 1 && !newSubject(&coranto.Item{Title: word}, "").hasAny(list) {
			t.Errorf("%q was not found in itself", word)
		}
	})
}

func BenchmarkFile(b *testing.B) {
	categories := []coranto.Category{
		{Slug: "a", Include: []string{"golang", "kubernetes", "compiler", "linker", "goroutine"}},
		{Slug: "b", Include: []string{"股票", "证券", "基金"}, Exclude: []string{"advert", "sponsor"}},
	}
	c := New(Options{Categories: categories})
	it := &coranto.Item{Title: "A title of usual length", Summary: "An excerpt of the text."}
	for _, bb := range []struct{ name, text string }{
		{"english", strings.Repeat("words of a post as they come, one after the other. ", 82)},
		{"chinese", strings.Repeat("业内人士认为行业景气度仍在提升。", 85)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.SetBytes(int64(len(bb.text)))
			b.ReportAllocs()
			for b.Loop() {
				c.File(in("c"), it, bb.text)
			}
		})
	}
}
