package date

import (
	"regexp"
	"strings"
)

// The times of day that are not written with colons.
var (
	// compactClock is the "T055545" and the "T05" of ISO 8601.
	compactClock = regexp.MustCompile(
		`(\d) ?[Tt] ?(\d\d)(\d\d)?(\d\d)?([.,]\d+)?((?:[Zz+-]|\s).*)?$`)
	// spacedClock is compactClock behind a compact date and a space.
	spacedClock = regexp.MustCompile(`^(\d{8}) (\d\d)(\d\d)(\d\d)?()(\D.*)?$`)
	// zonedDay is a date with a zone and no time of day.
	zonedDay = regexp.MustCompile(
		`^([^:]*\d)(?: ?([Zz])| (GMT|UTC|UT|[+-]\d{4})|([+-]\d\d:?\d\d))$`)
	// looseClock is what many languages write instead of a colon: 05.55, 05h55.
	looseClock = regexp.MustCompile(`^(\d\d?)(?:[.hH](\d\d)(?:[.m](\d\d)s?)?(?:[.,](\d+))?|[hH])([ap]m)?$`)
	// hourMark is an hour with AM or PM and no minutes.
	hourMark = regexp.MustCompile(`(?i)^(.*\D)?(\d\d?) ?([ap]\.?m\b\.?.*)$`)
)

// withColons writes the time of day in s, however it is written, with colons.
func withColons(s string) string {
	first := strings.IndexByte(s, ':')
	if first > 2 && s[first-3] == ' ' {
		return withoutOddColons(s) // as most do
	}
	for _, form := range []*regexp.Regexp{compactClock, spacedClock} {
		if m := form.FindStringSubmatchIndex(s); m != nil {
			return s[:m[4]-1] + " " + colons(form, s, m)
		}
	}
	if first < 0 {
		if s, ok := withLooseClock(strings.ReplaceAll(s, " h ", "h")); ok {
			return s
		}
	}
	if m := zonedDay.FindStringSubmatch(s); m != nil && hasYear(m[1]) {
		return m[1] + " 00:00 " + m[2] + m[3] + m[4]
	}
	if first >= 0 {
		return withoutOddColons(s)
	}
	if m := hourMark.FindStringSubmatch(s); m != nil {
		return m[1] + m[2] + ":00 " + m[3]
	}
	return s
}

// colons writes what m found of a compact time of day.
func colons(form *regexp.Regexp, s string, m []int) string {
	minutes := "$3"
	if m[6] < 0 {
		minutes = "00"
	}
	layout := "$2:" + minutes + "$5 $6"
	if m[8] >= 0 {
		layout = "$2:" + minutes + ":$4$5 $6"
	}
	return string(form.ExpandString(nil, layout, s, m))
}

// withLooseClock replaces a time of day without colons that follows a date.
func withLooseClock(s string) (string, bool) {
	fields := strings.Fields(s)
	for i := 1; i < len(fields); i++ {
		m := looseClock.FindStringSubmatch(strings.TrimRight(fields[i], ",;"))
		date := strings.Join(fields[:i], " ")
		if m == nil || !hasYear(date) && strings.Count(date, "-") < 2 {
			continue
		}
		clock := m[1] + ":00"
		if m[2] != "" {
			clock = m[1] + ":" + m[2]
		}
		if m[3] != "" {
			clock += ":" + m[3]
		}
		if m[4] != "" {
			clock += "." + m[4]
		}
		return date + " " + clock + " " + m[5] + " " + strings.Join(fields[i+1:], " "), true
	}
	return s, false
}

// withoutOddColons removes the colons that belong to no time of day: behind a
// label, in the "2022:06:07" of EXIF and the "07/Jun/2022:05:55" of web servers.
func withoutOddColons(s string) string {
	if label, rest, _ := strings.Cut(s, ":"); !strings.ContainsAny(label, "0123456789") {
		s = strings.TrimSpace(rest)
	}
	i := strings.IndexByte(s, ':')
	if i < 4 || !isNumber(s[i-4:i]) || i > 4 && isDigit(s[i-5]) {
		return s
	}
	if i == 4 && len(s) > 10 && s[7] == ':' {
		return s[:4] + "-" + s[5:7] + "-" + s[8:]
	}
	return s[:i] + " " + s[i+1:]
}

// cutClock cuts the time of day out of s: "5:55", "05:55:45", "05:55:45.123". It
// reports false when there is none or it can't be read.
func (c *calendar) cutClock(s string) (before, after string, found bool) {
	i := strings.IndexByte(s, ':')
	start := max(i, 0)
	for start > 0 && isDigit(s[start-1]) {
		start--
	}
	if i-start < 1 || i-start > 2 {
		return s, "", false
	}
	c.hour, _ = number(s[start:i])
	rest, ok := s[i+1:], false
	if c.minute, rest, ok = cutNumber(rest); !ok {
		return s, "", false
	}
	if strings.HasPrefix(rest, ":") {
		if c.second, rest, ok = cutNumber(rest[1:]); !ok && rest != "" && rest[0] != ' ' {
			return s, "", false
		}
	}
	return s[:start], c.cutFraction(rest), true
}

// cutNumber cuts one or two digits off s.
func cutNumber(s string) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && i < 2 && isDigit(s[i]) {
		i++
	}
	n, ok = number(s[:i])
	return n, s[i:], ok
}

// cutFraction cuts the fraction of a second off s. SQL Server writes milliseconds
// behind a colon.
func (c *calendar) cutFraction(s string) (rest string) {
	if s == "" {
		return s
	}
	isMilli := s[0] == ':' && len(s) >= 4 && isNumber(s[1:4]) && (len(s) == 4 || !isDigit(s[4]))
	if s[0] != '.' && s[0] != ',' && !isMilli {
		return s
	}
	nsec, _, _ := cutNanoseconds(s[1:] + " ")
	rest = strings.TrimLeft(s[1:], "0123456789")
	if len(rest) == len(s)-1 {
		return s
	}
	c.nsec = nsec
	return rest
}

// readMark applies a mark such as PM, before or behind the time of day, and
// removes it.
func (c *calendar) readMark(before, after *string) bool {
	mark := ""
	if rest, m := cutMark(*before, true); m != "" {
		*before, mark = rest, m
	} else if rest, m := cutMark(*after, false); m != "" {
		*after, mark = rest, m
	}
	switch {
	case mark == "" || c.hour > 12:
		return true
	case mark == nightMark && c.hour == 12:
		return false // It may be the midnight before or behind the day.
	case mark == "PM" && c.hour < 12, mark == noonMark && c.hour < 5,
		mark == nightMark && c.hour > 4:
		c.hour += 12
	case mark == "AM" && c.hour == 12:
		c.hour = 0
	}
	return true
}

// cutMark cuts the mark of a half of the day off the end or the beginning of s.
func cutMark(s string, last bool) (rest, mark string) {
	fields := strings.Fields(s)
	if len(fields) == 0 {
		return s, ""
	}
	i := 0
	if last {
		i = len(fields) - 1
	}
	end := i + 1
	word := fields[i]
	if len(word) <= 2 && !last && len(fields) > 1 && strings.EqualFold(fields[1], "m.") {
		word, end = word+"m", 2 // the "p. m." of Spanish
	}
	if mark = markOf(word); mark == "" {
		return s, ""
	}
	return strings.Join(append(fields[:i:i], fields[end:]...), " "), mark
}

// markOf returns the mark that a word stands for, "" for none.
func markOf(word string) string {
	switch word = strings.ToUpper(strings.Trim(strings.ReplaceAll(word, ".", ""), ",")); word {
	case "AM", "ÖÖ", "ص", "SA", "PG":
		return "AM"
	case "PM", "ÖS", "م", "CH", "PTG", "مساء":
		return "PM"
	case noonMark, nightMark:
		return word
	}
	return ""
}

// hasYear reports whether s has a number of exactly four digits.
func hasYear(s string) bool {
	run := 0
	for i := range len(s) + 1 {
		if i < len(s) && isDigit(s[i]) {
			run++
			continue
		}
		if run == 4 {
			return true
		}
		run = 0
	}
	return false
}
