package format

import "testing"

func TestAddress(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"as it is", "https://example.org/a?b=c&d=%20#e", "https://example.org/a?b=c&d=%20#e"},
		{"scheme in capitals", "HTTP://example.org/", "http://example.org/"},
		{"letters that are not ASCII", "https://example.org/é", "https://example.org/%C3%A9"},
		{"space and quotes", ` https://example.org/a "b" `, "https://example.org/a%20%22b%22"},
		{"brackets of IPv6", "http://[::1]:80/[x]", ""},
		{"stray percent", "https://example.org/100%", "https://example.org/100%25"},
		{"second fragment", "https://example.org/#a#b", "https://example.org/#a%23b"},
		{"no path", "https://example.org?q", "https://example.org?q"},
		{"relative", "/a", ""},
		{"no host", "https:///a", ""},
		{"host that is none", "https://a b/", ""},
		{"script", "javascript:alert(1)", ""},
		{"other scheme", "ftp://example.org/", ""},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := address(tt.in); got != tt.want {
				t.Errorf("address(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		"https://Example.ORG":        "https://example.org/",
		"https://example.org?q=A":    "https://example.org/?q=A",
		"https://example.org:81/A#b": "https://example.org:81/A#b",
		"":                           "",
	} {
		if got := canonical(in); got != want {
			t.Errorf("canonical(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestEmail(t *testing.T) {
	for in, want := range map[string]string{
		"ann@example.org": "ann@example.org", "mailto:ann@example.org": "ann@example.org",
		"Ann <ann@example.org>": "", "ann@localhost": "", "": "", "ann at example.org": "",
	} {
		if got := email(in); got != want {
			t.Errorf("email(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMediaType(t *testing.T) {
	tests := []struct{ name, given, url, want string }{
		{"as given", "audio/mpeg", "https://a.example/1.ogg", "audio/mpeg"},
		{"from the file", "", "https://a.example/1.MP3?x=.png", "audio/mpeg"},
		{"given in vain", "mp3", "https://a.example/1.m4a", "audio/mp4"},
		{"unknown", "", "https://a.example/1", "application/octet-stream"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := mediaType(tt.given, tt.url); got != tt.want {
				t.Errorf("mediaType(%q, %q) = %q, want %q", tt.given, tt.url, got, tt.want)
			}
		})
	}
}
