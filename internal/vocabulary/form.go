package vocabulary

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// form makes a text or an attribute fit its vocabulary; "" means that it can't be.
type form func(r *run, s string) string

func line(r *run, s string) string { return shorten(r.Text(s), longLine) }

func text(r *run, s string) string { return shorten(r.Text(s), longText) }

// shorten cuts s to a number of bytes, between two characters.
func shorten(s string, most int) string {
	s = strings.TrimSpace(s)
	if len(s) <= most {
		return s
	}
	most -= len("…")
	for !utf8.RuneStart(s[most]) {
		most--
	}
	return strings.TrimSpace(s[:most]) + "…"
}

func address(r *run, s string) string {
	if s = r.URL(s); len(s) > longURL {
		return ""
	}
	return s
}

// name is a word of a protocol: an id, a key, an IRI, without space or quotes.
func name(_ *run, s string) string {
	s = strings.TrimSpace(s)
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f || strings.IndexByte(`"<>\^{|}`, s[i]) >= 0 {
			return ""
		}
	}
	if len(s) > longLine {
		return ""
	}
	return s
}

// iri is a name with a scheme.
func iri(r *run, s string) string {
	s = name(r, s)
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || rest == "" || !token(scheme) || !isLetter(scheme[0]) {
		return ""
	}
	return s
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// sources is a list of pictures with their widths, as the srcset of HTML.
func sources(r *run, s string) string {
	var list []string
	for one := range strings.SplitSeq(s, ",") {
		fields := strings.Fields(one)
		if len(fields) == 0 || len(fields) > 2 {
			continue
		}
		if fields[0] = address(r, fields[0]); fields[0] != "" {
			list = append(list, strings.Join(fields, " "))
		}
	}
	return strings.Join(list, ", ")
}

// count is a whole number from 0.
func count(_ *run, s string) string {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 63)
	if err != nil {
		return ""
	}
	return strconv.FormatUint(n, 10)
}

// positive is a whole number from 1.
func positive(r *run, s string) string {
	if s = count(r, s); s == "0" {
		return ""
	}
	return s
}

// number is a decimal number, as written.
func number(_ *run, s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.Trim(s, "+-.0123456789") != "" || len(s) > 40 {
		return ""
	}
	if _, err := strconv.ParseFloat(s, 64); err != nil {
		return ""
	}
	return s
}

// unsigned is a number with nothing before its digits.
func unsigned(r *run, s string) string {
	if s = number(r, s); strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") {
		return ""
	}
	return s
}

// within is a number that is no farther from 0 than most.
func within(most float64) form {
	return func(r *run, s string) string {
		s = number(r, s)
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

// one is any of some words, in lower case.
func one(words ...string) form {
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
	return one("yes", "no", "clean", "true", "false")(r, s)
}

// mediaType is a type and a subtype, with parameters as they are.
func mediaType(r *run, s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	bare, rest, _ := strings.Cut(s, ";")
	kind, sub, ok := strings.Cut(strings.TrimSpace(bare), "/")
	if !ok || !token(kind) || !token(sub) || line(r, rest) != strings.TrimSpace(rest) {
		return ""
	}
	return strings.TrimSpace(bare)
}

// token reports whether s is a token of RFC 9110 §5.6.2, letters, digits and the
// marks that names of types have.
func token(s string) bool {
	return s != "" && len(s) < 100 && strings.Trim(s, lettersAndDigits+"!#$&^_.+-") == ""
}

const lettersAndDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// language has the shape of a BCP 47 tag.
func language(_ *run, s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	for i, part := range strings.Split(s, "-") {
		if part == "" || len(part) > 8 || i == 0 && len(part) > 3 ||
			strings.Trim(part, lettersAndDigits) != "" {
			return ""
		}
	}
	return s
}

// pairs is a list of latitudes and longitudes: as many numbers as least, more if
// open, always two and two. One that is too long would be false when it is cut.
func pairs(least int, open bool) form {
	return func(r *run, s string) string {
		list := strings.FieldsFunc(s, func(c rune) bool { return c <= ' ' || c == ',' })
		if len(list) < least || len(list)%2 != 0 || !open && len(list) != least || len(s) > longText {
			return ""
		}
		for i := range list {
			if list[i] = within([]float64{90, 180}[i%2])(r, list[i]); list[i] == "" {
				return ""
			}
		}
		return strings.Join(list, " ")
	}
}
