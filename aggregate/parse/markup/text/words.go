package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A text of unknown kind may hold markup or speak of it: "<b>New</b> posts" and "How to
// use the <table> element" are both titles. A tag is markup when its element ends in
// the text, when it has attributes or when it breaks lines; one that stands alone is a
// word.

// manyTags is how many tags a text of unknown kind may have that speaks of markup.
const manyTags = 1000

// usage is what the tags of a text of unknown kind are there for.
type usage struct {
	markup bool  // one of them is markup
	lost   bool  // one that is left out as markup stands like a word
	words  []int // where those begin that are words, in ascending order
	rest   int   // from where on no "<" begins a tag
}

// tag is a tag as HTML sees it.
type tag struct {
	name       string // in lower case
	start, end int    // in the text
	closing    bool
	bare       bool // it has no attribute with a value
	empty      bool // it ends with "/>"
	known      bool // HTML has an element of this name
	paired     bool // the text has the other tag of the element
}

// usageOf looks at the tags of s, in time proportional to its length.
func usageOf(s string) usage {
	if strings.IndexByte(s, '<') < 0 {
		return usage{rest: len(s)}
	}
	list, rest := listTags(s)
	u := usage{rest: rest}
	if len(list) > manyTags {
		u.markup = true
		return u
	}
	opened, closed := pairs(list)
	var breaks []tag
	for i, t := range list {
		t.paired = isPaired(t, i, opened, closed)
		switch {
		case t.isMarkup(s):
			u.markup = true
			u.lost = u.lost || t.isLost(s)
		case !t.known && (t.paired || !t.bare):
		case isBreak(t.name) && !t.closing:
			breaks = append(breaks, t)
		default:
			u.words = append(u.words, t.start)
		}
	}
	return u.withBreaks(s, breaks)
}

// isMarkup reports whether t can't be a word of s, wherever else there are tags.
func (t tag) isMarkup(s string) bool {
	switch {
	case !t.known:
		return false
	case t.paired, !t.bare, t.empty:
		return true
	case isBreak(t.name) && !t.closing:
		return false
	}
	return t.opensText(s) || t.closing && !t.isWord(s)
}

// isLost reports whether a tag that is markup stands like a word, as an example may.
func (t tag) isLost(s string) bool {
	return !t.paired && !t.bare && !isVoid(t.name) && t.isWord(s)
}

// isPaired reports whether tag i of a text has the other one of its element.
func isPaired(t tag, i int, opened, closed map[string]int) bool {
	if !t.closing {
		return closed[t.name] > i
	}
	first, isOpened := opened[t.name]
	return isOpened && first < i
}

// pairs returns where each element opens first and closes last, by its name.
func pairs(list []tag) (opened, closed map[string]int) {
	opened, closed = map[string]int{}, map[string]int{}
	for i, t := range list {
		if t.closing {
			closed[t.name] = i
		} else if _, before := opened[t.name]; !before {
			opened[t.name] = i
		}
	}
	return opened, closed
}

// withBreaks adds the tags that break lines. They are words where others are and they
// stand like these.
func (u usage) withBreaks(s string, breaks []tag) usage {
	spoken := len(u.words) > 0
	for _, t := range breaks {
		word := t.isWord(s)
		if word && spoken {
			u.words = append(u.words, t.start)
			continue
		}
		u.markup = true
		u.lost = u.lost || word && t.end < len(s) && t.start > 0
	}
	slices.Sort(u.words)
	return u
}

// escape returns s with each "<" that begins no tag, or one that is a word, escaped.
func (u usage) escape(s string) string {
	if len(u.words) == 0 && u.rest == len(s) {
		return s
	}
	var out strings.Builder
	last := 0
	for _, i := range u.words {
		out.WriteString(s[last:i])
		out.WriteString("&lt;")
		last = i + 1
	}
	out.WriteString(s[last:u.rest])
	out.WriteString(strings.ReplaceAll(s[u.rest:], "<", "&lt;"))
	return out.String()
}

// listTags returns the tags of s, a few more than manyTags at most, and from where on
// no other can begin, since none would end.
func listTags(s string) (list []tag, rest int) {
	last := strings.LastIndexByte(s, '>')
	for i := 0; len(list) <= manyTags; {
		j := strings.IndexByte(s[i:], '<')
		if j < 0 {
			return list, len(s)
		}
		if i += j; i > last {
			return list, i
		}
		t, ok := readTag(s, i)
		if !ok {
			i++
			continue
		}
		list = append(list, t)
		i = t.end
	}
	return list, len(s)
}

// readTag reads the tag that begins at i of s, false when what begins there is none.
func readTag(s string, i int) (tag, bool) {
	t := tag{start: i}
	n := i + 1
	if n < len(s) && s[n] == '/' {
		t.closing = true
		n++
	}
	if n == len(s) || s[n]|0x20 < 'a' || s[n]|0x20 > 'z' {
		return t, false
	}
	size := strings.IndexAny(s[n:min(len(s), n+longestName)], " \t\r\n\f/>")
	if size < 0 {
		size = min(len(s)-n, longestName)
	}
	t.name = strings.ToLower(s[n : n+size])
	t.known = isHTMLName(t.name)
	t.end = i + tagEnd(s[i:])
	t.bare = strings.IndexByte(s[n+size:t.end], '=') < 0
	t.empty = strings.HasSuffix(s[i:t.end], "/>")
	return t, true
}

// longestName bounds the search for the end of a tag's name.
const longestName = 32

// isBreak reports whether an element breaks lines and needs no end tag.
func isBreak(name string) bool {
	switch name {
	case "br", "p", "hr", "wbr", "li":
		return true
	}
	return false
}

// isFormatting reports whether an element gives the text in it a form.
func isFormatting(name string) bool {
	switch name {
	case "a", "b", "i", "u", "s", "em", "strong", "small", "big", "sub", "sup", "font", "span",
		"tt", "center", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "strike", "mark":
		return true
	}
	return false
}

// isWord reports whether t stands like a word: between blanks and punctuation.
func (t tag) isWord(s string) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:t.start])
	after, _ := utf8.DecodeRuneInString(s[t.end:])
	return (t.start == 0 || isGap(before)) && (t.end == len(s) || isGap(after))
}

func isGap(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsPunct(r)
}

// opensText reports whether t begins right before the text that it gives a form, in an
// element that is never closed.
func (t tag) opensText(s string) bool {
	if t.closing || !isFormatting(t.name) || t.end == len(s) {
		return false
	}
	after, _ := utf8.DecodeRuneInString(s[t.end:])
	if isGap(after) {
		return false
	}
	if t.start == 0 || s[t.start-1] == '>' {
		return true
	}
	return s[t.start-1] == ' ' && !isIdeograph(after)
}

// isIdeograph reports whether r is of a script that has no blanks between words.
func isIdeograph(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}
