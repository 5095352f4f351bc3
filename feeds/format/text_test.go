package format

import "testing"

func TestClean(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"as it is", "a\tb\nc 中文 😀", "a\tb\nc 中文 😀"},
		{"C0", "a\x00\x08\x0b\x1fb", "ab"},
		{"DEL and C1", "a\x7f\u0085\u009fb", "ab"},
		{"carriage return", "a\r\nb", "a \nb"},
		{"broken UTF-8", "a\xff\xc3b", "ab"},
		{"lone surrogate", "a\xed\xa0\x80b", "ab"},
		{"noncharacters", "a\ufdd0\ufffe\uffff\U0001FFFEb", "ab"},
		{"replacement character", "a\ufffdb", "ab"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := clean(tt.in); got != tt.want {
				t.Errorf("clean(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestLooksHTML(t *testing.T) {
	for in, want := range map[string]bool{
		"plain": false, "1 < 2": false, "AT&T": false, "a & b": false, "<p": false, "R&D; Q&A": false,
		"</b>": true, "&amp;": true, "&copy": true, "&#8217;": true, "&nbsp;": true, "a&1": true,
	} {
		if got := looksHTML(in); got != want {
			t.Errorf("looksHTML(%q) = %v, want %v", in, got, want)
		}
	}
}

func TestMended(t *testing.T) {
	for text, want := range map[string]string{
		"SÃ£o PaulÃ³":                       "São Pauló",
		"<p>SÃ£o</p> by São · «x»":          "<p>São</p> by São · «x»",
		"«AMANHÃ»":                          "«AMANHÃ»",
		"SÃO TOMÉ":                          "SÃO TOMÉ",
		"Â© 2025\n© 2025":                   "© 2025\n© 2025",
		"日本 Ã©":                             "日本 Ã©",
		"cafÃ© &amp; <b title=\"Ã¼\">b</b>": "café &amp; <b title=\"ü\">b</b>",
	} {
		if got := clean(text); got != want {
			t.Errorf("clean(%q) = %q, want %q", text, got, want)
		}
	}
}
