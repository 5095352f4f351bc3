package slug_test

import (
	"strings"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/internal/slug"
)

func TestMake(t *testing.T) {
	tests := []struct{ text, want string }{
		{"Go", "go"},
		{"The Go Blog", "the-go-blog"},
		{"  Café — Zürich!  ", "cafe-zurich"},
		{"What's new", "whats-new"},
		{"go.dev/blog", "go-dev-blog"},
		{"证券时报网", "zhengquanshibaowang"},
		{"ＡＢＣ１", "abc1"},
		{"../../etc/passwd", "etc-passwd"},
		{strings.Repeat("ab ", 40), strings.TrimRight(strings.Repeat("ab-", 21)+"a", "-")},
	}
	for _, tt := range tests {
		got := slug.Make(tt.text)
		if got != tt.want {
			t.Errorf("Make(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func FuzzMake(f *testing.F) {
	f.Add("")
	f.Add("ไทย")
	f.Add("\u202e../x\x00")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := coranto.ParseSlug(slug.Make(text)); err != nil {
			t.Errorf("Make(%q): %v", text, err)
		}
	})
}
