package classify

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/coranto/coranto"
)

// words are an operator's words, ready to be looked for.
type words []word

// word is one word or phrase.
type word struct {
	folded      []byte
	left, right bool // the edge must not touch a letter or digit
}

// prepare folds words. Blank ones say nothing and are left out.
func prepare(list []string) words {
	var all words
	for _, raw := range list {
		w := word{folded: bytes.Trim(fold(nil, raw), " ")}
		if len(w.folded) == 0 {
			continue
		}
		if !bytes.ContainsFunc(w.folded, unspaced) {
			first, _ := utf8.DecodeRune(w.folded)
			last, _ := utf8.DecodeLastRune(w.folded)
			w.left, w.right = inWord(first), inWord(last)
		}
		all = append(all, w)
	}
	return all
}

// subject is the folded text of an item, its fields kept apart.
type subject []byte

// newSubject collects what words are looked for in.
func newSubject(it *coranto.Item, text string) subject {
	buf := make([]byte, 0, len(it.Title)+len(it.Summary)+len(text)+256)
	add := func(field string) {
		if field != "" {
			buf = append(fold(buf, field), 0)
		}
	}
	add(it.Title)
	add(it.Summary)
	for _, tag := range it.Tags {
		add(tag.Term)
		add(tag.Label)
	}
	for _, author := range it.Authors {
		add(author.Name)
	}
	add(text)
	return buf
}

// hasAny reports whether one of the words is in s.
func (s subject) hasAny(any words) bool { return slices.ContainsFunc(any, s.has) }

// has reports whether w is in s.
func (s subject) has(w word) bool {
	for from := 0; ; {
		i := bytes.Index(s[from:], w.folded)
		if i < 0 {
			return false
		}
		start := from + i
		end := start + len(w.folded)
		if !(w.left && s.letterBefore(start)) && !(w.right && s.letterAfter(end)) {
			return true
		}
		_, size := utf8.DecodeRune(s[start:])
		from = start + size
	}
}

func (s subject) letterBefore(i int) bool {
	r, _ := utf8.DecodeLastRune(s[:i])
	return inWord(r)
}

func (s subject) letterAfter(i int) bool {
	r, _ := utf8.DecodeRune(s[i:])
	return inWord(r)
}

// inWord reports whether r is a character of words that spaces separate.
func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z'
	}
	return r != utf8.RuneError && !unspaced(r) &&
		(unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// unspaced reports whether r is of a script that words are not looked up whole
// in: one written without spaces, or whose words carry their particles.
func unspaced(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana,
		unicode.Hangul, unicode.Bopomofo, unicode.Thai, unicode.Lao, unicode.Khmer,
		unicode.Myanmar)
}

// fold appends s to dst with case folded and white space as single spaces.
func fold(dst []byte, s string) []byte {
	for {
		end := folded(s)
		dst = append(dst, s[:end]...)
		if s = s[end:]; s == "" {
			return dst
		}
		r, size := utf8.DecodeRuneInString(s)
		if r <= ' ' || unicode.IsSpace(r) {
			dst = space(dst)
		} else {
			dst = utf8.AppendRune(dst, foldRune(r))
		}
		s = s[size:]
	}
}

// folded is how many bytes at the beginning of s folding would not change.
func folded(s string) int {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c > ' ' && c < 'A' || c > 'Z' && c < utf8.RuneSelf:
			i++
		case c == ' ' && i > 0 && s[i-1] != ' ':
			i++
		case eastAsian(s[i:]):
			i += 3
		default:
			return i
		}
	}
	return len(s)
}

// eastAsian reports whether s begins with a character from U+3001 to U+9FFF,
// which are most of a Chinese or Japanese text. It spares decoding them.
func eastAsian(s string) bool {
	return len(s) >= 3 && s[0] >= 0xE3 && s[0] <= 0xE9 && s[1]&0xC0 == 0x80 && s[2]&0xC0 == 0x80 &&
		(s[0] > 0xE3 || s[1] > 0x80 || s[2] > 0x80)
}

// caseless reports whether r is a letter or mark of the scripts of East Asia,
// which have no case.
func caseless(r rune) bool { return r > 0x3000 && r < 0xA640 }

// space appends a space unless dst ends with one.
func space(dst []byte) []byte {
	if n := len(dst); n > 0 && dst[n-1] == ' ' {
		return dst
	}
	return append(dst, ' ')
}

// foldRune is the smallest of the runes that differ from r only by case, in
// lower case if that is ASCII.
func foldRune(r rune) rune {
	if caseless(r) {
		return r
	}
	if r >= 'A' && r <= 'Z' {
		return r + 'a' - 'A'
	}
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	if least >= 'A' && least <= 'Z' {
		least += 'a' - 'A'
	}
	return least
}
