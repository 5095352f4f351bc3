package date

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

// unwrap takes a date out of what templates leave around it: CDATA marks, tags,
// entities, quotes, the "/Date(…)/" of .NET, and comments in brackets, which may
// nest (RFC 5322 §3.2.2).
func unwrap(s string) string {
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	s = strings.TrimSuffix(strings.TrimPrefix(s, "<![CDATA["), "]]>")
	if inner, found := strings.CutPrefix(s, "/Date("); found {
		s, _, _ = strings.Cut(inner, ")")
		if i := strings.LastIndexAny(s, "+-"); i > 0 {
			s = s[:i] // The zone of .NET is for show: the number counts from UTC.
		}
	}
	if strings.ContainsAny(s, "<([（") {
		s = dropBrackets(s)
	}
	return strings.Trim(s, " \t\r\n\"'`,;")
}

// machineDate returns the date that HTML's time element, or RDFa, has for programs
// where a template wrote markup.
func machineDate(s string) (string, bool) {
	if !strings.Contains(s, "datetime=") && !strings.Contains(s, "content=") {
		return "", false
	}
	s = html.UnescapeString(s)
	for _, name := range []string{"datetime=", "content="} {
		_, value, found := strings.Cut(s, " "+name)
		if !found || value == "" || value[0] != '"' && value[0] != '\'' {
			continue
		}
		if inner, _, closed := strings.Cut(value[1:], value[:1]); closed {
			return inner, true
		}
	}
	return "", false
}

// dropBrackets drops tags and comments. One that is never closed goes up to the
// end.
func dropBrackets(s string) string {
	var out strings.Builder
	depth := 0
	for _, r := range s {
		switch r {
		case '<', '(', '[', '（':
			depth++
		case '>', ')', ']', '）':
			if depth > 0 {
				depth--
				out.WriteByte(' ')
			}
		default:
			if depth == 0 {
				out.WriteRune(r)
			}
		}
	}
	return out.String()
}

// spell writes what East Asian and other scripts have of their own in the
// characters of ASCII: digits, numerals, signs, halves of the day and the units of
// the time of day. Units of the date stay.
func spell(s string) string {
	if isASCII(s) {
		return s
	}
	var out strings.Builder
	digit := false // stands right before s
	for s != "" {
		if s[0] < utf8.RuneSelf {
			out.WriteByte(s[0])
			digit = isDigit(s[0]) || digit && s[0] == ' '
			s = s[1:]
			continue
		}
		text, n := spellPrefix(s, digit)
		digit = isDigit(text[len(text)-1])
		out.WriteString(text)
		s = s[n:]
	}
	return out.String()
}

// spellPrefix returns what stands for the first n bytes of s, which begins with a
// character beyond ASCII. digit tells that a number is before it.
func spellPrefix(s string, digit bool) (text string, n int) {
	if text, n := spellPhrase(s); n > 0 {
		return text, n
	}
	if text, n := spellNumeral(s); n > 0 {
		return text, n
	}
	r, n := utf8.DecodeRuneInString(s)
	if digit, ok := digitOf(r); ok {
		return string(rune('0' + digit)), n
	}
	if digit {
		rest := strings.TrimLeft(s[n:], " ")
		if text, ok := spellUnit(r, rest); ok {
			return text, len(s) - len(rest)
		}
	}
	return spellSign(r), n
}

// spellUnit returns the sign that stands for a unit of the time of day; rest
// follows it.
func spellUnit(r rune, rest string) (text string, ok bool) {
	switch r {
	case '时', '時', '点', '點', '시':
		switch {
		case strings.HasPrefix(rest, "半"):
			return ":30", true // and "半" itself is dropped as a sign
		case startsNumber(rest):
			return ":", true
		}
		return ":00 ", true
	case '分', '분':
		if startsNumber(rest) && strings.ContainsAny(rest, "秒초") {
			return ":", true
		}
		return " ", true
	case '秒', '초':
		return " ", true
	}
	return "", false
}

// spellSign returns the ASCII sign that r stands for, or r itself.
func spellSign(r rune) string {
	switch r {
	case '半', '\u00a0', '\u2009', '\u202f', '\u3000', '\ufeff', '\u200e', '\u200f':
		return " "
	case '：', '∶':
		return ":"
	case '，', '、', '،':
		return ","
	case '．', '·', '・', '。':
		return "."
	case '／':
		return "/"
	case '－', '−', '–', '—', '‐', '‑':
		return "-"
	case '＋':
		return "+"
	case 'Ｔ':
		return "T"
	case 'Ｚ':
		return "Z"
	}
	return string(r)
}

// Marks of the part of the day that are no AM or PM, see readMark.
const (
	noonMark  = "NOON"
	nightMark = "NIGHT"
)

// spellPhrase replaces the words for the parts of the day and Beijing's time.
func spellPhrase(s string) (text string, n int) {
	for _, phrases := range [][]string{
		{" AM ", "上午", "午前", "오전", "凌晨", "清晨", "早上", "早晨", "π.μ.", "πμ"},
		{" PM ", "下午", "午後", "午后", "오후", "傍晚", "μ.μ.", "μμ"},
		{" " + noonMark + " ", "中午", "正午"},
		{" " + nightMark + " ", "晚上", "晚间", "晚間", "夜里", "夜晚", "深夜"},
		{" BJT ", "北京时间", "北京時間"},
	} {
		for _, phrase := range phrases[1:] {
			if strings.HasPrefix(s, phrase) {
				return phrases[0], len(phrase)
			}
		}
	}
	return "", 0
}

// digitOf returns the value of a decimal digit of another script.
func digitOf(r rune) (int, bool) {
	for _, zero := range "０٠۰०০๐" {
		if r >= zero && r <= zero+9 {
			return int(r - zero), true
		}
	}
	return 0, false
}

// numeralOf returns the value of a Chinese numeral below eleven; -1 for none.
func numeralOf(r rune) int {
	switch r {
	case '〇', '零', '○':
		return 0
	case '元': // the first year of an era
		return 1
	case '十':
		return 10
	case '廿':
		return 20
	case '卅':
		return 30
	}
	i := strings.IndexRune("一二三四五六七八九", r)
	if i < 0 {
		return -1
	}
	return i/len("一") + 1
}

// spellNumeral writes a Chinese number in front of a unit in digits: 二〇二二年,
// 二十一日. Numerals without a unit, as in 星期二, stay.
func spellNumeral(s string) (text string, n int) {
	value, tens := 0, false
	for i, r := range s {
		numeral := numeralOf(r)
		switch {
		case numeral < 0:
			if i == 0 || !strings.ContainsRune("年月日号號时時点點分秒", r) {
				return "", 0
			}
			return strconv.Itoa(value), i
		case value > 9999:
			return "", 0
		case numeral >= 10:
			tens = true
			value = max(value, 1) * numeral
		case tens:
			value += numeral
		default:
			value = value*10 + numeral
		}
	}
	return "", 0
}

func startsNumber(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	_, other := digitOf(r)
	return s != "" && (isDigit(s[0]) || other || numeralOf(r) >= 0)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
