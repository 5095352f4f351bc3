package tags

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func nested(n int) string {
	return "<rss>" + strings.Repeat("<a>", n-1) + strings.Repeat("</a>", n-1) + "</rss>"
}

func declaring(n int) string {
	var b strings.Builder
	b.WriteString("<rss><z")
	for i := range n {
		fmt.Fprintf(&b, ` xmlns:n%d="u"`, i)
	}
	return b.String() + "/></rss>"
}

func attributed(n int) string {
	return "<rss><z" + strings.Repeat(` a="1"`, n) + "/></rss>"
}

// TestGuardLimits is X20: just under a limit passes, just over is an error that
// names it.
func TestGuardLimits(t *testing.T) {
	tests := []struct {
		limit    string
		document func(n int) string
		most     int
	}{
		{"nested more than", nested, maxDepth},
		{"namespaces declared in one tag", declaring, maxXMLNS},
		{"attributes in one tag", attributed, maxAttributes},
		{"element name longer", func(n int) string { return "<rss><" + strings.Repeat("a", n) + "/></rss>" }, maxName},
		{"tags", func(n int) string { return "<rss>" + strings.Repeat("<a/>", n-2) + "</rss>" }, maxTokens},
	}
	for _, tt := range tests {
		t.Run(tt.limit, func(t *testing.T) {
			if _, err := Guard([]byte(tt.document(tt.most))); err != nil {
				t.Errorf("just under: %v", err)
			}
			_, err := Guard([]byte(tt.document(tt.most + 1)))
			if !errors.Is(err, ErrHostile) || !strings.Contains(err.Error(), tt.limit) {
				t.Errorf("just over: error = %v, want one that wraps ErrHostile and names %q", err, tt.limit)
			}
		})
	}
}
