package text

import (
	"strings"
	"testing"
)

// TestNewLimit is B13.
func TestNewLimit(t *testing.T) {
	text := New(strings.Repeat("漢", 1<<20), Loose, nil)
	if !text.Cut || len(text.Value) > MaxLength || !strings.HasSuffix(text.Value, "漢…") {
		t.Errorf("cut %v, %d bytes, ends with %q", text.Cut, len(text.Value), text.Value[len(text.Value)-6:])
	}
}

func TestRead(t *testing.T) {
	own := ReadEntities(`<!ENTITY corp "ACME"><!ENTITY file SYSTEM "x">`)
	tests := []struct {
		name  string
		in    Written
		plain string
		flaws Flaw
	}{
		{"as it is", Written{}, "", 0},
		{"reference", Written{Raw: []byte("AT&amp;T")}, "AT&T", 0},
		{"ampersand", Written{Raw: []byte("AT&T")}, "AT&T", BareAmpersand},
		{"entity of HTML", Written{Raw: []byte("caf&eacute;")}, "café", UndeclaredEntity},
		{"entity of the document", Written{Raw: []byte("&corp;")}, "ACME", 0},
		{"entity that is refused", Written{Raw: []byte("&file;")}, "&file;", UnknownEntity},
		{"comparison", Written{Raw: []byte("1 < 2")}, "1 < 2", BareLess},
		{"comment", Written{Raw: []byte("a<!-- b -->c")}, "ac", 0},
		{"section", Written{Raw: []byte("<![CDATA[a < b]]>")}, "a < b", 0},
		{"control", Written{Raw: []byte("a\x01b")}, "ab", ControlCharacter},
		{"C1 control", Written{Raw: []byte("it\u0092s")}, "it’s", WindowsCharacter},
		{"loss", Written{Raw: []byte("a\ufffd")}, "a\ufffd", DamagedCharacter},
		{"elements", Written{Raw: []byte("a <b>b</b>")}, "a b", UnescapedMarkup},
		{"elements of XHTML", Written{Raw: []byte("<div>a</div>"), Type: "xhtml", Markup: true}, "a", 0},
		{"HTML", Written{Raw: []byte("&lt;b>a&lt;/b>"), Type: "html"}, "a", 0},
		{"text", Written{Raw: []byte("&lt;b>a"), Type: "text"}, "<b>a", 0},
		{"Base64", Written{Raw: []byte("PGI+eDwvYj4="), Mode: "base64"}, "x", 0},
		{"no Base64", Written{Raw: []byte("a b!"), Mode: "base64"}, "a b!", UndecodableBase64},
		{"file", Written{Raw: []byte("/wAB"), Type: "image/png"}, "", BinaryContent},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.in.Read(Loose, own)
			if got.Plain() != tt.plain || got.Flaws != tt.flaws {
				t.Errorf("%q with flaws %b, want %q with %b", got.Plain(), got.Flaws, tt.plain, tt.flaws)
			}
		})
	}
}

func TestResolveHTML(t *testing.T) {
	base := ParseBase("https://example.org/a/b")
	tests := []struct{ in, want string }{
		{`<p>no address</p>`, `<p>no address</p>`},
		{`<a href="https://x.example/">x</a>`, `<a href="https://x.example/">x</a>`},
		{`<p><img src='c.png'></p>`, `<p><img src="https://example.org/a/c.png"></p>`},
		{`<img srcset="c 1x, /d 2x">`,
			`<img srcset="https://example.org/a/c 1x, https://example.org/d 2x">`},
		{`<!-- <a href="c"> --><script>"<a href='c'>"</script>`,
			`<!-- <a href="c"> --><script>"<a href='c'>"</script>`},
	}
	for _, tt := range tests {
		if got := ResolveHTML(base, tt.in); got != tt.want {
			t.Errorf("ResolveHTML(%s) = %s, want %s", tt.in, got, tt.want)
		}
	}
}
