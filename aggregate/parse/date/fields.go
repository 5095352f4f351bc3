package date

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// parseFields reads a date that has separators: a time of day, if any, splits it
// into the date before and the zone behind.
func parseFields(s string, zone *time.Location) (time.Time, bool) {
	s, zone = spellOut(s, zone)
	var c calendar
	before, after, found := cutClock(s, &c)
	if found && !c.readAfternoon(&before, &after) {
		return time.Time{}, false
	}
	after, year := cutYear(stripComment(after))
	if year != "" {
		before += " " + year
	}
	if !c.readDate(before) {
		return time.Time{}, false
	}
	location, ok := zoneOf(after, c, zone)
	if !ok {
		return time.Time{}, false
	}
	return c.time(location)
}

// spellOut replaces the characters that Chinese, Japanese and Korean dates are
// written with. Korean ones without a zone are in Korea's.
func spellOut(s string, zone *time.Location) (string, *time.Location) {
	if isASCII(s) {
		return s, zone
	}
	if strings.ContainsAny(s, "년월일전후시") && zone == time.UTC {
		zone = time.FixedZone("KST", 9*3600)
	}
	if !strings.ContainsAny(s, "年년") {
		s = spellMonth(s)
	}
	return strings.NewReplacer(
		"年", "-", "년 ", "-", "년", "-", "月", "-", "월 ", "-", "월", "-",
		"日", " ", "일", " ", "号", " ", "时", ":", "時", ":", "点", ":", "시 ", ":", "시", ":",
		"分", ":", "분 ", ":", "분", ":", "秒", " ", "초", " ",
		"上午", " AM ", "下午", " PM ", "午前", " AM ", "午後", " PM ",
		"오전", " AM ", "오후", " PM ",
		"：", ":", "，", ",", "\u00a0", " ", "\u3000", " ",
	).Replace(s), zone
}

// spellMonth writes "6月", a month in a date that is in no Chinese order, as "Jun".
func spellMonth(s string) string {
	i := strings.IndexRune(s, '月')
	if i < 0 {
		return s
	}
	n := i
	for n > 0 && s[n-1] >= '0' && s[n-1] <= '9' {
		n--
	}
	month, err := strconv.Atoi(s[n:i])
	if err != nil || month < 1 || month > 12 {
		return s
	}
	return s[:n] + time.Month(month).String()[:3] + s[i+len("月"):]
}

// cutClock cuts the time of day out of s: "5:55", "05:55:45", "05:55:45.123".
func cutClock(s string, c *calendar) (before, after string, found bool) {
	i := strings.IndexByte(s, ':')
	if i < 0 {
		return s, "", false
	}
	start := i
	for start > 0 && isDigit(s[start-1]) {
		start--
	}
	if i-start < 1 || i-start > 2 {
		return s, "", false
	}
	c.hour, _ = strconv.Atoi(s[start:i])
	rest := s[i+1:]
	var ok bool
	if c.minute, rest, ok = cutNumber(rest); !ok {
		return s, "", false
	}
	if strings.HasPrefix(rest, ":") {
		if c.second, rest, ok = cutNumber(rest[1:]); !ok && rest != "" && rest[0] != ' ' {
			return s, "", false
		}
	}
	c.nsec, rest = cutFraction(rest)
	return s[:start], rest, true
}

// cutNumber cuts one or two digits off s.
func cutNumber(s string) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && i < 2 && isDigit(s[i]) {
		i++
	}
	n, err := strconv.Atoi(s[:i])
	return n, s[i:], err == nil
}

// cutFraction cuts the fraction of a second off s.
func cutFraction(s string) (nsec int, rest string) {
	if s == "" || s[0] != '.' && s[0] != ',' {
		return 0, s
	}
	i := 1
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	seconds, err := strconv.ParseFloat("0."+s[1:i], 64)
	if err != nil {
		return 0, s
	}
	return int(seconds * 1e9), s[i:]
}

// readAfternoon applies a mark such as PM, before or behind the time of day.
func (c *calendar) readAfternoon(before, after *string) bool {
	mark := ""
	if rest, m := cutMark(*before, true); m != "" {
		*before, mark = rest, m
	} else if rest, m := cutMark(*after, false); m != "" {
		*after, mark = rest, m
	}
	switch {
	case mark == "":
		return true
	case c.hour < 1 || c.hour > 23:
		return false
	case mark == "PM" && c.hour < 12:
		c.hour += 12
	case mark == "AM" && c.hour == 12:
		c.hour = 0
	}
	return true
}

func cutMark(s string, last bool) (rest, mark string) {
	fields := strings.Fields(s)
	if len(fields) == 0 {
		return s, ""
	}
	i := 0
	if last {
		i = len(fields) - 1
	}
	mark = strings.ToUpper(strings.ReplaceAll(fields[i], ".", ""))
	if mark != "AM" && mark != "PM" {
		return s, ""
	}
	return strings.Join(append(fields[:i:i], fields[i+1:]...), " "), mark
}

// stripComment drops what RFC 822 allows in parentheses.
func stripComment(s string) string {
	before, rest, found := strings.Cut(s, "(")
	if _, after, closed := strings.Cut(rest, ")"); found && closed {
		s = before + after
	}
	return strings.TrimSpace(s)
}

// cutYear cuts a year off the end of what follows the time of day, as in the
// "Sun Jul 15 01:16:00 +0000 2012" of C's ctime.
func cutYear(s string) (rest, year string) {
	i := strings.LastIndexByte(s, ' ') + 1
	if len(s)-i == 4 && strings.Trim(s[i:], "0123456789") == "" {
		return strings.TrimSpace(s[:i]), s[i:]
	}
	return s, ""
}

// readDate reads a date in any order that leaves no doubt.
func (c *calendar) readDate(s string) bool {
	var numbers []string
	separator := byte(0)
	for first := true; ; first = false {
		token, rest := nextDateToken(s)
		switch {
		case token == "":
			return c.assign(numbers, separator)
		case isDigit(token[0]):
			numbers = append(numbers, token)
		case !isWord(token):
			if separator == 0 && len(numbers) > 0 {
				separator = token[0]
			}
			if !strings.Contains("-/.,'", token) {
				return false
			}
		default:
			if !c.readWord(token, first, rest == "") {
				return false
			}
		}
		s = rest
	}
}

// readWord reads a word of a date: a month, the day of the week, which is believed
// to be right, or one that means nothing.
func (c *calendar) readWord(word string, first, last bool) bool {
	month := monthOf(word)
	switch {
	case month > 0 && (c.month == 0 || c.doubtful):
		c.month, c.doubtful = month, first
		return true
	case first && utf8.RuneCountInString(word) > 1:
		return true
	case last && (word == "T" || word == "t" || word == "at"):
		return true
	}
	switch strings.ToLower(word) {
	case "st", "nd", "rd", "th", "of", "de", "del", "den", "the":
		return true
	}
	return false
}

// assign gives the numbers of a date their meaning.
func (c *calendar) assign(numbers []string, separator byte) bool {
	if len(numbers) == 2 && c.month == 0 && len(numbers[0]) == 4 && len(numbers[1]) == 3 {
		return c.assignOrdinal(numbers)
	}
	order := dateOrder(numbers, separator, c.month > 0)
	if len(order) != len(numbers) {
		return false
	}
	c.day = 1
	for i, number := range numbers {
		n, err := strconv.Atoi(number)
		if err != nil || len(number) > 4 {
			return false
		}
		switch order[i] {
		case 'Y':
			c.year = n
			if len(number) <= 2 {
				c.year = fullYear(n)
			}
		case 'M':
			c.month = n
		case 'D':
			c.day = n
		}
	}
	return true
}

func (c *calendar) assignOrdinal(numbers []string) bool {
	year, _ := strconv.Atoi(numbers[0])
	n, _ := strconv.Atoi(numbers[1])
	t, ok := ordinal(year, n, time.UTC, true)
	c.year, c.month, c.day = t.Year(), int(t.Month()), t.Day()
	return ok
}

// dateOrder returns the meaning of each number: Y, M or D; "" when that can't be
// told. named tells that the month is written as a word.
func dateOrder(numbers []string, separator byte, named bool) string {
	switch {
	case len(numbers) == 1 && len(numbers[0]) == 4:
		return "Y"
	case named && len(numbers) == 2 && len(numbers[0]) > 2:
		return "YD"
	case named && len(numbers) == 2:
		return "DY"
	case named:
		return ""
	case len(numbers) == 2 && len(numbers[0]) == 4:
		return "YM"
	case len(numbers) != 3:
		return ""
	case len(numbers[2]) == 4, separator == '/' && len(numbers[0]) <= 2:
		return shortOrder(numbers, separator)
	}
	return "YMD"
}

// shortOrder decides between day and month first: Americans write slashes.
func shortOrder(numbers []string, separator byte) string {
	first, _ := strconv.Atoi(numbers[0])
	second, _ := strconv.Atoi(numbers[1])
	if separator == '/' && first <= 12 || second > 12 {
		return "MDY"
	}
	return "DMY"
}

// nextDateToken splits a number, a word or a separator off s.
func nextDateToken(s string) (token, rest string) {
	s = strings.TrimLeft(s, " \t\r\n")
	if s == "" {
		return "", ""
	}
	in := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) }
	if isDigit(s[0]) {
		in = func(r rune) bool { return r >= '0' && r <= '9' }
	}
	end := strings.IndexFunc(s, func(r rune) bool { return !in(r) })
	switch {
	case end < 0:
		return s, ""
	case end == 0:
		_, end = utf8.DecodeRuneInString(s)
	}
	return s[:end], s[end:]
}

func isWord(token string) bool {
	r, _ := utf8.DecodeRuneInString(token)
	return unicode.IsLetter(r)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
