package config

import (
	"strings"
	"unicode/utf8"
)

// HidePassword blanks what stands before the @ of an address, wherever in a text
// it is: what is printed may end up in a log. It rather blanks too much, and
// leaves the text as wide as it was, so that a caret below still points right.
func HidePassword(text string) string {
	if !strings.Contains(text, "@") {
		return text
	}
	before, rest, found := strings.Cut(text, "//")
	var b strings.Builder
	b.WriteString(hideBare(before))
	for found {
		n := userinfo(rest)
		b.WriteString("//" + strings.Repeat("*", utf8.RuneCountInString(rest[:n])))
		before, rest, found = strings.Cut(rest[n:], "//")
		// What follows in the same word is the rest of the address.
		word := before
		if i := strings.IndexAny(before, " \t\r\n"); i >= 0 {
			word = before[:i]
		}
		b.WriteString(word + hideBare(before[len(word):]))
	}
	return b.String()
}

// userinfo is the length of user:password at the beginning of an address whose
// scheme is cut off; 0 when it has none.
func userinfo(address string) int {
	authority := address
	if i := strings.IndexAny(address, "/?#\n"); i >= 0 {
		authority = address[:i]
	}
	if i := strings.LastIndex(authority, "@"); i >= 0 {
		return i
	}
	// A password may hold a slash although it should not; after the colon of
	// a port there are digits alone.
	_, port, found := strings.Cut(authority, ":")
	if !found || strings.Trim(port, "0123456789\"'") == "" {
		return 0
	}
	word := address
	if i := strings.IndexAny(address, " \t\r\n,"); i >= 0 {
		word = address[:i]
	}
	return max(0, strings.LastIndex(word, "@"))
}

// hideBare blanks user:password@ in words of a text without a scheme.
func hideBare(text string) string {
	words := strings.SplitAfter(text, " ")
	for i, word := range words {
		at := strings.LastIndex(word, "@")
		if colon := strings.Index(word, ":"); colon < 0 || at < colon+2 {
			continue
		}
		words[i] = strings.Repeat("*", utf8.RuneCountInString(word[:at])) + word[at:]
	}
	return strings.Join(words, "")
}

// hideValues blanks all that stands behind a key whose value is a secret.
func hideValues(line string) string {
	for _, key := range []string{"password:", "cookies:", "headers:", "authorization:", "Authorization:"} {
		if name, value, found := strings.Cut(line, key); found {
			line = name + key + strings.Repeat("*", utf8.RuneCountInString(value))
		}
	}
	return line
}
