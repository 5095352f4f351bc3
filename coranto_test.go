package coranto_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/coranto/coranto"
)

func TestItemID(t *testing.T) {
	id := coranto.NewItemID("news", "https://example.org/1")
	text := id.String()
	if len(text) != 26 || strings.Trim(text, "abcdefghijklmnopqrstuv0123456789") != "" {
		t.Errorf("String() = %q, want 26 lower-case letters and digits", text)
	}
	if back, err := coranto.ParseItemID(text); err != nil || back != id {
		t.Errorf("ParseItemID(%q) = %v, %v, want %v", text, back, err, id)
	}
	if coranto.NewItemID("new", "shttps://example.org/1") == id {
		t.Error("another split of source and identity gives the same id")
	}
	for _, bad := range []string{"", "abc", text + "0", strings.Repeat("!", 26), "../../etc/passwd"} {
		if _, err := coranto.ParseItemID(bad); !errors.Is(err, coranto.ErrItemID) {
			t.Errorf("ParseItemID(%q) error = %v, want ErrItemID", bad, err)
		}
	}
}

func TestParseSlug(t *testing.T) {
	for _, good := range []string{"go", "a", "0", "21-jingji", strings.Repeat("a", 64)} {
		if got, err := coranto.ParseSlug(good); err != nil || string(got) != good {
			t.Errorf("ParseSlug(%q) = %q, %v, want it", good, got, err)
		}
	}
	for _, bad := range []string{"", "-a", "a-", "A", "中文", "a/b", "..", "a b", strings.Repeat("a", 65)} {
		if _, err := coranto.ParseSlug(bad); !errors.Is(err, coranto.ErrSlug) {
			t.Errorf("ParseSlug(%q) error = %v, want ErrSlug", bad, err)
		}
	}
}

func TestAttributionOverrides(t *testing.T) {
	feed := coranto.Attribution{Title: "Its own", Language: "de", Rights: "all mine", Link: "https://a.example/"}
	tests := []struct {
		name string
		src  coranto.Source
		want coranto.Attribution
	}{
		{
			name: "the feed's own words stay",
			src:  coranto.Source{URL: "https://a.example/feed"},
			want: coranto.Attribution{Title: "Its own", Language: "de", Rights: "all mine", Link: "https://a.example/", Feed: "https://a.example/feed"},
		},
		{
			name: "the operator's words win",
			src:  coranto.Source{URL: "https://a.example/feed", Title: "Ours", Language: "fr", Rights: "CC0", License: "https://l.example/"},
			want: coranto.Attribution{
				Title: "Ours", Language: "fr", Rights: "CC0", License: "https://l.example/",
				Link: "https://a.example/", Feed: "https://a.example/feed",
			},
		},
	}
	for _, tt := range tests {
		got := tt.src.Attribution(feed)
		if got.Title != tt.want.Title || got.Language != tt.want.Language || got.Rights != tt.want.Rights ||
			got.License != tt.want.License || got.Feed != tt.want.Feed || got.Link != tt.want.Link {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
	nameless := coranto.Source{URL: "https://A.example:8443/feed"}.Attribution(coranto.Attribution{})
	if nameless.Title != "a.example:8443" {
		t.Errorf("title of a feed without one = %q, want its host", nameless.Title)
	}
}

func TestProblemString(t *testing.T) {
	p := coranto.Problem{Code: "charset-guessed", Text: "the charset was guessed"}
	if got, want := p.String(), "the charset was guessed (charset-guessed)"; got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
	p.Place = "item 3"
	if got, want := p.String(), "item 3: the charset was guessed (charset-guessed)"; got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
}
