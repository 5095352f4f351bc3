package oneline_test

import (
	"strings"
	"testing"

	"github.com/coranto/coranto/internal/oneline"
)

func TestOf(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a line", "get x: 503", "get x: 503"},
		{"nothing", "", ""},
		{"several lines", " a\r\n\tb\n", "a b"},
		{"orders to a terminal", "a\x1b[2J\x07b\u0085c", "a [2J b c"},
		{"no UTF-8", "a\xffb", "ab"},
		{"a long one, not cut inside of a letter", strings.Repeat("é", 200), strings.Repeat("é", 150) + "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := oneline.Of(tt.text); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
