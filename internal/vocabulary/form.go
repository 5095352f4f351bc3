package vocabulary

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// form makes a text or an attribute fit its vocabulary and bounds it; "" means that
// it can't be, or would give away more than it may.
type form func(r *run, s string) string

// label is a title, or the name of someone or something.
func label(r *run, s string) string { return shorten(r.Text(s), longLine) }

// remark is a line of free text. Titles go without.
func remark(r *run, s string) string {
	if r.most < excerpt {
		return ""
	}
	return label(r, s)
}

// fullText may be all of a post's text. Titles and excerpts go without.
func fullText(r *run, s string) string {
	if r.most < full {
		return ""
	}
	return shorten(r.Text(s), longText)
}

// shorten cuts s to a number of bytes, between two characters.
func shorten(s string, most int) string {
	s = strings.TrimSpace(s)
	if len(s) <= most {
		return s
	}
	most -= len("…")
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return strings.TrimSpace(s[:most]) + "…"
}

// whole is a whole number from 0.
func whole(_ *run, s string) string {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 63)
	if err != nil {
		return ""
	}
	return strconv.FormatUint(n, 10)
}

// positive is a whole number from 1.
func positive(r *run, s string) string {
	if s = whole(r, s); s == "0" {
		return ""
	}
	return s
}

// decimal is a decimal number, as written.
func decimal(_ *run, s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.Trim(s, "+-.0123456789") != "" || len(s) > 40 {
		return ""
	}
	if _, err := strconv.ParseFloat(s, 64); err != nil {
		return ""
	}
	return s
}

// unsigned is a decimal number with nothing before its digits.
func unsigned(r *run, s string) string {
	if s = decimal(r, s); strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") {
		return ""
	}
	return s
}

// decimalWithin is a decimal number that is no farther from 0 than most.
func decimalWithin(most float64) form {
	return func(r *run, s string) string {
		s = decimal(r, s)
		if v, err := strconv.ParseFloat(s, 64); err != nil || math.Abs(v) > most {
			return ""
		}
		return s
	}
}

// duration is whole seconds, m:ss or h:mm:ss, as Apple wants it.
func duration(_ *run, s string) string {
	parts := strings.Split(strings.TrimSpace(s), ":")
	if len(parts) > 3 {
		return ""
	}
	for i, part := range parts {
		if i == len(parts)-1 {
			part, _, _ = strings.Cut(part, ".")
			parts[i] = part
		}
		if len(part) == 0 || len(part) > 7 || strings.Trim(part, "0123456789") != "" {
			return ""
		}
		if n, _ := strconv.Atoi(part); i > 0 && (n > 59 || len(part) > 2) {
			return ""
		}
	}
	return strings.Join(parts, ":")
}

// playTime is seconds or h:mm:ss, both with a fraction (RFC 2326 §3.6).
func playTime(r *run, s string) string {
	s = strings.TrimSpace(s)
	whole, _, _ := strings.Cut(s, ".")
	if duration(r, whole) == "" || unsigned(r, s[strings.LastIndexByte(s, ':')+1:]) == "" {
		return ""
	}
	return s
}

// oneOf is any of some words, in lower case.
func oneOf(words ...string) form {
	return func(_ *run, s string) string {
		s = strings.ToLower(strings.TrimSpace(s))
		for _, word := range words {
			if s == strings.ToLower(word) {
				return word
			}
		}
		return ""
	}
}

// explicit is yes, no, clean, true or false. "explicit" is an old word for yes.
func explicit(r *run, s string) string {
	if strings.EqualFold(strings.TrimSpace(s), "explicit") {
		return "yes"
	}
	return oneOf("yes", "no", "clean", "true", "false")(r, s)
}

// mediaType is a type and a subtype, without parameters.
func mediaType(_ *run, s string) string {
	s, _, _ = strings.Cut(strings.ToLower(s), ";")
	s = strings.TrimSpace(s)
	kind, sub, ok := strings.Cut(s, "/")
	if !ok || !token(kind) || !token(sub) {
		return ""
	}
	return s
}

// token reports whether s is a token of RFC 9110 §5.6.2, letters, digits and the
// marks that names of types have.
func token(s string) bool {
	return s != "" && len(s) < 100 && strings.Trim(s, lettersAndDigits+"!#$&^_.+-") == ""
}

const lettersAndDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// languageTag has the shape of a BCP 47 tag.
func languageTag(_ *run, s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	if len(s) > 100 {
		return ""
	}
	for i, part := range strings.Split(s, "-") {
		if part == "" || len(part) > 8 || i == 0 && len(part) > 3 ||
			strings.Trim(part, lettersAndDigits) != "" {
			return ""
		}
	}
	return s
}

// coordinates is a list of latitudes and longitudes: as many numbers as least, more if
// open, always two and two. One that is too long would be false when it is cut.
func coordinates(least int, open bool) form {
	return func(r *run, s string) string {
		list := strings.FieldsFunc(s, func(c rune) bool { return c <= ' ' || c == ',' })
		if len(list) < least || len(list)%2 != 0 || !open && len(list) != least || len(s) > longText {
			return ""
		}
		for i := range list {
			if list[i] = decimalWithin([]float64{90, 180}[i%2])(r, list[i]); list[i] == "" {
				return ""
			}
		}
		return strings.Join(list, " ")
	}
}
