package sanitize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Text is the plain text of markup on one line, as Line makes it: for titles,
// names and whatever else a source may send as HTML but is published as text.
// Words of different blocks are kept apart; scripts, styles and other code that
// no reader would see are left out.
func Text(in string) string {
	if !strings.ContainsAny(in, "<&") {
		return Line(in)
	}
	return strings.Join(paragraphs(in, len(in)), " ")
}

// paragraphs is the plain text of markup, one line for each block, reading no
// more than limit bytes of text. It keeps no state but the current line, so it
// serves for markup that is too deep or too large to keep.
func paragraphs(in string, limit int) []string {
	var (
		all []string
		cur line
		z   = html.NewTokenizer(strings.NewReader(in))
	)
	flush := func() {
		if len(cur.buf) > 0 {
			all = append(all, string(cur.buf))
			limit -= len(cur.buf)
		}
		cur = line{buf: cur.buf[:0]}
	}
	for code := false; limit > len(cur.buf); {
		tt := z.Next()
		switch tt {
		case html.ErrorToken:
			flush()
			return all
		case html.TextToken:
			if !code {
				cur.write(z.Text())
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			el := lookup(atom.Lookup(name))
			if el.parts() {
				flush()
			}
			code = tt == html.StartTagToken && el.kind == drop && el.raw()
		}
	}
	flush()
	return all
}

// Excerpt is the beginning of one line of plain text, at most limit runes long
// including the "…" that ends it when something was cut. It is cut between
// words, or between any two characters of scripts that don't separate words
// with spaces; a single word longer than half the limit is cut inside.
func Excerpt(text string, limit int) string {
	if len(text) <= limit || utf8.RuneCountInString(text) <= limit {
		return text
	}
	if limit < 1 {
		return ""
	}
	end := 0
	for range limit - 1 {
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
	}
	return strings.TrimRightFunc(text[:cutBefore(text, end, limit/2)], dangling) + "…"
}

// cutBefore is the last place at or before end where text may be cut, going
// back at most the given number of runes; else the last between two characters.
func cutBefore(text string, end, back int) int {
	hard := 0
	for i := end; i > 0 && (back > 0 || hard == 0); back-- {
		b, _ := utf8.DecodeRuneInString(text[i:])
		a, size := utf8.DecodeLastRuneInString(text[:i])
		switch {
		case joined(a, b):
		case breaks(a, b):
			return i
		default:
			hard = max(hard, i)
		}
		i -= size
	}
	return hard
}

// joined reports whether a and b are of one character, as readers see it.
func joined(a, b rune) bool { return unicode.IsMark(b) || a == 0x200D || b == 0x200D }

// breaks reports whether text may be cut between a and b.
func breaks(a, b rune) bool {
	return unicode.IsSpace(a) || unicode.IsSpace(b) ||
		(ideographic(a) || ideographic(b)) && !unicode.IsPunct(b)
}

// ideographic reports whether r is of a script that runs words together.
func ideographic(r rune) bool {
	return r >= 0x2E80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) ||
		r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFFEF
}

// dangling reports whether r looks lost before an ellipsis.
func dangling(r rune) bool {
	return unicode.IsSpace(r) || unicode.In(r, unicode.Ps, unicode.Pi) ||
		strings.ContainsRune(",;:-–—，、；：", r)
}
