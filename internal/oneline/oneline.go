// Package oneline makes text from outside fit for a line of a log, a state or a
// terminal.
package oneline

import (
	"strings"
	"unicode"
)

// longest is the length of a line in bytes, without the mark of what was cut off.
const longest = 300

// Of is a text as one line of valid UTF-8: what stands between words is one space,
// what no line shows is gone, and a long one is cut off.
func Of(text string) string {
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), isGap), " ")
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "") + "…"
	}
	return text
}

// isGap reports what stands between words: spaces, and what no line shows.
func isGap(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
