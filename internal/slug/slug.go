// Package slug makes names for URLs and files out of names for people. A slug
// that was published is frozen by whoever published it: this package only
// proposes.
package slug

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// longest is the length of a slug, as coranto.ParseSlug allows it.
const longest = 64

// Make turns text into a slug: lower-case ASCII letters and digits in words
// joined by hyphens. Accents are dropped and Chinese characters read as pinyin,
// one word a name. Text without anything that can be written so gets a slug from
// its hash, so the result is never empty and the same text gives the same slug.
func Make(text string) string {
	var b builder
	for _, r := range norm.NFKD.String(strings.ToLower(text)) {
		b.add(r)
	}
	s := strings.Trim(b.String(), "-")
	if len(s) > longest {
		s = strings.TrimRight(s[:longest], "-")
	}
	if s == "" {
		sum := sha256.Sum256([]byte(text))
		return "x" + hex.EncodeToString(sum[:6])
	}
	return s
}

// builder joins what it is given, with one hyphen for any run of what no slug
// can hold.
type builder struct{ strings.Builder }

func (b *builder) add(r rune) {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		b.WriteRune(r)
	case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
		// An accent that was taken off its letter, or an apostrophe inside a
		// word, joins nothing and parts nothing.
	case unicode.Is(unicode.Han, r):
		b.WriteString(reading(r))
	case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
		b.WriteByte('-')
	}
}

// reading is the first pinyin of a character, without tone.
func reading(r rune) string {
	readings := pinyin.SinglePinyin(r, pinyin.NewArgs())
	if len(readings) == 0 {
		return ""
	}
	return readings[0]
}
