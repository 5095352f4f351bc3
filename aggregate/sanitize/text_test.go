package sanitize

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestLine(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "A title", "A title"},
		{"empty", "", ""},
		{"blank", " \t\n\u3000", ""},
		{"white space", "  a \t b\r\n\u00a0c\u3000d\u2028e ", "a b c d e"},
		{"controls", "a\x00b\x0b\x1bc\u0085d\x7fe", "ab c de"},
		{"B35: a header", "a\r\nSet-Cookie: x", "a Set-Cookie: x"},
		{"B35: overrides", "a\u202egpj.exe\u202c \u2066b\u2069", "agpj.exe b"},
		{"marks stay", "\u200fعربي\u200e", "\u200fعربي\u200e"},
		{"invalid bytes", "a\xffb\xc3", "a\ufffdb\ufffd"},
		{"forbidden in XML", "a\ufffeb\uffffc\ufeffd", "abcd"},
		{"markup is text", "<b>a</b> &amp;", "<b>a</b> &amp;"},
		{"Chinese", "中国　证券报\n上海", "中国 证券报 上海"},
		{"emoji", "a 👩‍👩‍👧 b", "a 👩‍👩‍👧 b"},
	}
	for _, tt := range tests {
		if got := Line(tt.in); got != tt.want {
			t.Errorf("%s: Line(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

// TestText is B30 among others: what a title of type html becomes.
func TestText(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"A title", "A title"},
		{"A <b>bold</b> title", "A bold title"},
		{"Tom &amp; Jerry", "Tom & Jerry"},
		{"&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"},
		{"&amp;lt;b&amp;gt;", "&lt;b&gt;"},
		{"<script>alert(1)</script>a<style>x</style>", "a"},
		{"1 < 2 & 3 > 2", "1 < 2 & 3 > 2"},
		{"<p>a</p><p>b</p>c<br>d", "a b c d"},
		{"in<i>ter</i>national", "international"},
		{"&a8; &#x202e;x", "&a8; x"},
		{"a<!-- b -->c", "ac"},
		{"<textarea>a</textarea>b", "b"},
		{"《<em>标题</em>》", "《标题》"},
		{"unfinished <b", "unfinished"},
	}
	for _, tt := range tests {
		if got := Text(tt.in); got != tt.want {
			t.Errorf("Text(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	tests := []struct {
		name, in string
		max      int
		want     string
	}{
		{"short", "A few words", 20, "A few words"},
		{"exactly", "A few words", 11, "A few words"},
		{"between words", "The quick brown fox", 12, "The quick…"},
		{"at a word's end", "The quick brown fox", 10, "The quick…"},
		{"without a comma", "The quick, brown fox", 12, "The quick…"},
		{"within a long word", "Donaudampfschifffahrt", 8, "Donauda…"},
		{"within a long word after a short one", "a Donaudampfschifffahrt", 10, "a Donauda…"},
		{"Chinese", "中国证券报记者获悉", 5, "中国证券…"},
		{"Chinese, before punctuation", "中国证券，记者获悉", 6, "中国证券…"},
		{"Chinese, after punctuation", "中国证券。记者获悉", 6, "中国证券。…"},
		{"Chinese, no open bracket", "中国证券《记者获悉", 6, "中国证券…"},
		{"mixed", "发布Go 1.26版本说明", 9, "发布Go…"},
		{"Japanese", "新しいカメラが発売された", 7, "新しいカメラ…"},
		{"one rune", "abc", 1, "…"},
		{"nothing", "abc", 0, ""},
		{"negative", "abc", -1, ""},
		{"no letter without its accent", "abcde\u0301fgh", 6, "abcd…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Excerpt(tt.in, tt.max)
			if got != tt.want {
				t.Errorf("Excerpt(%q, %d) = %q, want %q", tt.in, tt.max, got, tt.want)
			}
			if n := utf8.RuneCountInString(got); n > max(tt.max, 0) {
				t.Errorf("%q has %d runes, want at most %d", got, n, tt.max)
			}
		})
	}
}

func TestURL(t *testing.T) {
	base := pageURL(t)
	tests := []struct{ name, in, want string }{
		{"absolute", "https://x.example/a?b=c&d#e", "https://x.example/a?b=c&d#e"},
		{"port", "http://x.example:8080/", "http://x.example:8080/"},
		{"upper case", "HTTP://X.Example/A", "http://x.example/A"},
		{"no path", "https://x.example", "https://x.example"},
		{"of the host", "/a", "https://origin.example/a"},
		{"of the host, up", "/a/../b/./c", "https://origin.example/b/c"},
		{"of the directory", "a.png", "https://origin.example/news/a.png"},
		{"up", "../a.png", "https://origin.example/a.png"},
		{"query", "?b=2", "https://origin.example/news/post.html?b=2"},
		{"fragment", "#f", "https://origin.example/news/post.html?id=1#f"},
		{"B29: of the scheme", "//x.example/a", "https://x.example/a"},
		{"B29: spaces", " https://x.example/a b \n", "https://x.example/a%20b"},
		{"B29: Chinese", "https://x.example/新闻?q=报",
			"https://x.example/%E6%96%B0%E9%97%BB?q=%E6%8A%A5"},
		{"B29: Chinese host", "https://例子.测试/", "https://xn--fsqu00a.xn--0zwm56d/"},
		{"lone percent", "https://x.example/100%/%zz%41", "https://x.example/100%25/%25zz%41"},
		{"quotes", `https://x.example/a"b<c>`, "https://x.example/a%22b%3Cc%3E"},
		{"brackets", "https://x.example/a?b[]=1|2", "https://x.example/a?b[]=1%7C2"},
		{"two fragments", "https://x.example/#a#b", "https://x.example/#a%23b"},
		{"backslashes", `\\x.example\a`, "https://x.example/a"},
		{"line breaks", "https://x.exa\nmple/a\tb", "https://x.example/ab"},
		{"user", "https://u:p@x.example/", "https://x.example/"},
		{"IPv6", "http://[2001:DB8::1]:80/", "http://[2001:db8::1]:80/"},
		{"empty", "", ""},
		{"blank", " \x00", ""},
		{"X12: javascript", "javascript:alert(1)", ""},
		{"X12: in disguise", "\x01 JaVa\tScRiPt:alert(1)", ""},
		{"X12: data", "data:image/png;base64,AAAA", ""},
		{"X12: file", "file:///etc/passwd", ""},
		{"mail", "mailto:a@x.example", ""},
		{"no host", "https:///a", ""},
		{"only a port", "https://:80/", ""},
		{"opaque", "https:x.example", ""},
		{"spaces in the host", "https://x example/", ""},
		{"quotes in the host", `https://x".example/`, ""},
		{"bad port", "https://x.example:http/", ""},
		{"bad host", "https://[::1", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := URL(tt.in, base)
			if got != tt.want {
				t.Errorf("URL(%q) = %q, want %q", tt.in, got, tt.want)
			}
			if again := URL(got, base); again != got {
				t.Errorf("a second pass makes %q of %q", again, got)
			}
			absolute := strings.Contains(tt.in, ":") && !strings.HasPrefix(tt.in, "//")
			if alone := URL(tt.in, nil); absolute && alone != tt.want || !absolute && alone != "" {
				t.Errorf("without a base URL(%q) = %q", tt.in, alone)
			}
		})
	}
}

func FuzzURL(f *testing.F) {
	for _, in := range []string{"https://x.example/a b", "//x", "\\\\x", "http://例.jp/%",
		"java\tscript:x", "?#"} {
		f.Add(in)
	}
	base := pageURL(f)
	f.Fuzz(func(t *testing.T, in string) {
		got := URL(in, base)
		if again := URL(got, base); again != got {
			t.Errorf("URL(%q) = %q, then %q", in, got, again)
		}
		if got != "" && !strings.HasPrefix(got, "http://") && !strings.HasPrefix(got, "https://") {
			t.Errorf("URL(%q) = %q", in, got)
		}
		if strings.ContainsAny(got, " \"<>\\^`{|}\n") {
			t.Errorf("URL(%q) = %q is not encoded", in, got)
		}
	})
}
