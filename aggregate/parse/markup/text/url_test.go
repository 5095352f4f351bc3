package text

import "testing"

func TestResolve(t *testing.T) {
	base := ParseBase("https://example.org/a/b?q")
	tests := []struct{ in, want string }{
		{"c", "https://example.org/a/c"},
		{"/c d", "https://example.org/c%20d"},
		{"//host/x", "https://host/x"},
		{"?x=1", "https://example.org/a/b?x=1"},
		{"HTTP://X.example/%7e", "HTTP://X.example/%7e"},
		{" https://x.example/新 闻 ", "https://x.example/%E6%96%B0%20%E9%97%BB"},
		{"http://例え.テスト:81/新?q=é#ü", "http://xn--r8jz45g.xn--zckzah:81/%E6%96%B0?q=%C3%A9#%C3%BC"},
		{"https://x.example/\n\ta", "https://x.example/a"},
		{"javascript:alert(1)", ""},
		{"data:text/html,x", ""},
		{"file:///etc/passwd", ""},
		{"", ""},
	}
	for _, tt := range tests {
		if got := WebURL(base, tt.in); got != tt.want {
			t.Errorf("WebURL(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
