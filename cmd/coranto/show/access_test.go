package show_test

import (
	"strings"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/show"
)

// TestAccess shows how a source is asked, and none of its secrets.
func TestAccess(t *testing.T) {
	rec := record("paper")
	rec.Access = coranto.Access{
		Headers: map[string]string{"X-Key": "canary"}, Cookies: "a=canary", User: "canary", Password: "canary",
		Proxy: "http://me:canary@proxy.example:3128", CA: "canary",
	}
	all := coranto.Access{Proxy: "socks5://127.0.0.1:1080"}
	tests := []struct {
		name     string
		insecure bool
		own      bool
		want     []string
	}{
		{"P66 not verified", true, true, []string{"certificate    NOT VERIFIED"}},
		{"P66 verified", false, true, []string{"certificate    verified, by authorities of its own"}},
		{"P68 own proxy", false, true, []string{"proxy          http://***@proxy.example:3128"}},
		{"P68 the proxy for all", false, false, []string{"proxy          socks5://127.0.0.1:1080"}},
		{"X08 headers, cookies", false, true, []string{"headers        X-Key\n", "cookies        sent", "password       sent"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := rec
			if !tt.own {
				rec.Access = coranto.Access{}
			}
			rec.Access.Insecure = tt.insecure
			view := show.NewSource(&rec, all)
			text := string(printed(t, false, view))
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("lacks %q:\n%s", want, text)
				}
			}
			if both := text + string(printed(t, true, view)); strings.Contains(both, "canary") {
				t.Errorf("a secret is shown:\n%s", both)
			}
		})
	}
}
