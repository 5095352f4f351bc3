package vocabulary

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// mostNested is how deep a member may be. Readers give up at a hundred or less, and
// then on the whole document.
const mostNested = 32

// interoperable reports whether a value that is JSON has what I-JSON (RFC 7493 §2)
// asks for: texts that are Unicode without surrogates and noncharacters, numbers that
// a float64 can hold, no name twice in an object. Readers are free to refuse a
// document for the lack of it.
func interoperable(value string) bool {
	if loneSurrogate(value) {
		return false
	}
	d := json.NewDecoder(strings.NewReader(value))
	d.UseNumber()
	return nested(d, mostNested)
}

// nested looks at the next value of d, with as many more levels as depth.
func nested(d *json.Decoder, depth int) bool {
	token, err := d.Token()
	switch token := token.(type) {
	case string:
		return !strings.ContainsFunc(token, noncharacter)
	case json.Number:
		_, err = token.Float64()
	case json.Delim:
		return depth > 0 && collection(d, token == '{', depth-1)
	}
	return err == nil
}

// collection looks at the rest of an object or a list.
func collection(d *json.Decoder, object bool, depth int) bool {
	names := make(map[string]bool)
	for d.More() {
		if object {
			token, _ := d.Token()
			name, ok := token.(string)
			if !ok || names[name] || strings.ContainsFunc(name, noncharacter) {
				return false
			}
			names[name] = true
		}
		if !nested(d, depth) {
			return false
		}
	}
	_, err := d.Token()
	return err == nil
}

// noncharacter reports what Unicode promises never to be a character.
func noncharacter(c rune) bool {
	return c >= 0xFDD0 && c <= 0xFDEF || c&0xFFFE == 0xFFFE
}

// loneSurrogate reports whether valid JSON escapes half of a character without the
// other half. The decoder would put another character there and say nothing.
func loneSurrogate(value string) bool {
	for {
		i := strings.IndexByte(value, '\\')
		if i < 0 {
			return false
		}
		value = value[i:]
		half, ok := escaped(value)
		if !ok || !utf16.IsSurrogate(half) {
			value = value[len(`\n`):]
			continue
		}
		value = value[len(`\uXXXX`):]
		other, _ := escaped(value)
		if utf16.DecodeRune(half, other) == utf8.RuneError {
			return true
		}
		value = value[len(`\uXXXX`):]
	}
}

// escaped is the code unit that s begins with as \u with four digits.
func escaped(s string) (rune, bool) {
	if len(s) < 6 || s[:2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(n), err == nil
}
