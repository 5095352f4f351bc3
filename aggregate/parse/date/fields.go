package date

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// parseFields reads a date that has separators: a time of day, if any, splits it
// into the date before and the zone behind.
func parseFields(s string, zone *time.Location) (time.Time, Doubt, bool) {
	var c calendar
	before, after, found := c.cutClock(withColons(s))
	if found && !c.readMark(&before, &after) {
		return time.Time{}, 0, false
	}
	date, zoneText := splitAround(before, after)
	var d dateText
	if !d.read(date) || !d.assign(&c, zone) {
		return time.Time{}, 0, false
	}
	location, ok := zoneOf(zoneText, c, zone)
	if !ok {
		return time.Time{}, 0, false
	}
	if isVague(zoneText) && zone == time.UTC {
		d.doubt |= ZoneName
	}
	t, ok := c.time(location)
	return t, d.doubt, ok
}

// splitAround tells the date from the zone in what stands before and behind the
// time of day. The year, or the whole date, may stand behind.
func splitAround(before, after string) (date, zone string) {
	after, _, _ = strings.Cut(strings.TrimSpace(after), " m=") // of Go's monotonic clock
	after = dropHourWord(after)
	if !strings.ContainsAny(before, "0123456789") {
		first, rest, _ := strings.Cut(after, " ")
		if isZone(strings.Trim(first, ",")) {
			return before + " " + rest, first
		}
		return before + " " + after, ""
	}
	i := strings.LastIndexByte(after, ' ') + 1
	if isWeekday(strings.ToLower(after[i:])) {
		return before, after[:i]
	}
	if len(after)-i == 4 && isNumber(after[i:]) && !hasYear(before) {
		return before + " " + after[i:], after[:i]
	}
	return before, after
}

// dropHourWord drops the word for the hour that follows it in some languages.
func dropHourWord(s string) string {
	first, rest, _ := strings.Cut(s, " ")
	switch strings.ToLower(strings.Trim(first, ".,")) {
	case "uhr", "h", "hrs", "hr", "hours", "น", "":
		return rest
	}
	return s
}

// dateText is what has been read of a date without its time of day. The zero
// value has read nothing.
type dateText struct {
	numbers []string // whose meaning is still open
	sign    byte     // the first of -/. behind a number

	year, month, day int // 0 until known

	era      int  // what to add to the next year
	week     bool // of ISO 8601: the numbers are year, week, day
	doubtful bool // month is of the first word, which may be a day: French "mar."
	ahead    bool // the next number is the month: Vietnamese "tháng 6"

	weekdays uint8 // those that words may stand for, Sunday is 1
	doubt    Doubt
}

// read reads a date in any order that leaves no doubt.
func (d *dateText) read(s string) bool {
	for {
		token, rest := nextDateToken(s)
		ok := true
		switch {
		case token == "":
			return true
		case isDigit(token[0]):
			rest, ok = d.readNumber(token, rest)
		case isWord(token):
			ok = d.readWord(token)
		default:
			ok = d.readSign(token)
		}
		if !ok {
			return false
		}
		s = rest
	}
}

func (d *dateText) readSign(token string) bool {
	if d.sign == 0 && len(d.numbers) > 0 && strings.Contains("-/.", token) {
		d.sign = token[0]
	}
	return strings.Contains("-.,;'’@_|", token) || token == "/" && len(d.numbers) > 0
}

// readNumber reads a number with the unit that East Asians write behind.
func (d *dateText) readNumber(token, rest string) (string, bool) {
	n, ok := number(token)
	if !ok || len(token) > 8 {
		return rest, false
	}
	unit, n2 := utf8.DecodeRuneInString(strings.TrimLeft(rest, " "))
	behind := strings.TrimLeft(rest, " ")[n2:]
	field := &d.day
	switch unit {
	case '年', '년':
		field = &d.year
		if n += d.era; d.era == 0 && len(token) <= 2 {
			n = fullYear(n)
		}
	case '月', '월':
		field = &d.month
	case '日', '일', '号', '號':
	default:
		if !d.ahead {
			d.numbers = append(d.numbers, token)
			return rest, len(d.numbers) <= 3
		}
		field, behind, d.ahead = &d.month, rest, false
	}
	ok = *field == 0
	*field = n
	return behind, ok && n > 0
}

// readWord reads a word of a date: a month, the day of the week, which is believed
// to be right, or one that means nothing.
func (d *dateText) readWord(word string) bool {
	month := usualMonth(word)
	word = strings.ToLower(word)
	d.weekdays |= weekdaysOf(word)
	if month == 0 {
		if isFiller(word) || isWeekday(word) {
			return true
		}
		month = monthOf(word)
	}
	if month > 0 && (d.month == 0 || d.doubtful) {
		d.month, d.doubtful = month, len(d.numbers) == 0 && !d.doubtful
		return true
	}
	return d.readOtherWord(word)
}

// readOtherWord reads a word that is no month. What stands before the first number
// may say anything.
func (d *dateText) readOtherWord(word string) bool {
	switch {
	case word == "w" && len(d.numbers) == 1:
		d.week = true
		return true
	case word == "tháng" || word == "thg":
		d.ahead = true
		return true
	}
	d.era = eraOf(word)
	return d.era != 0 || len(d.numbers) == 0 && d.month+d.year+d.day == 0
}

// assign gives the numbers of a date their meaning.
func (d *dateText) assign(c *calendar, zone *time.Location) bool {
	switch {
	case len(d.numbers) == 1 && d.month+d.year == 0:
		return d.assignCompact(c)
	case d.week:
		return d.assignWeek(c)
	case len(d.numbers) == 2 && d.month == 0 && len(d.numbers[1]) == 3:
		return d.assignOrdinal(c)
	}
	order := d.order(zone)
	if len(order) != len(d.numbers) {
		return false
	}
	for i, text := range d.numbers {
		if !d.assignNumber(text, order[i]) {
			return false
		}
	}
	c.year, c.month, c.day = christianYear(d.year), d.month, max(d.day, 1)
	return true
}

// assignNumber gives one number its meaning: Y, M or D.
func (d *dateText) assignNumber(text string, meaning byte) bool {
	n, ok := number(text)
	if meaning == 'Y' {
		d.year = n
		if len(text) == 2 {
			d.year = fullYear(n)
		}
		return ok && (len(text) == 2 || len(text) == 4)
	}
	if meaning == 'M' {
		d.month = n
	} else {
		d.day = n
	}
	return ok && n > 0 && len(text) <= 4
}

// christianYear returns a year of Thailand's Buddhist calendar in ours.
func christianYear(year int) int {
	if year >= 2450 && year <= 2650 {
		return year - 543
	}
	return year
}

// assignCompact reads a date that is one number.
func (d *dateText) assignCompact(c *calendar) bool {
	text := d.numbers[0]
	n, _ := number(text)
	if len(text) < 6 || len(text) > 8 || d.day > 0 {
		return false
	}
	t, ok := parseNumber(text, n, time.UTC)
	c.year, c.month, c.day = t.Year(), int(t.Month()), t.Day()
	return ok
}

func (d *dateText) assignOrdinal(c *calendar) bool {
	year, _ := number(d.numbers[0])
	if len(d.numbers[0]) == 2 {
		year = fullYear(year)
	}
	n, _ := number(d.numbers[1])
	t, ok := ordinal(year, n, time.UTC, true)
	c.year, c.month, c.day = t.Year(), int(t.Month()), t.Day()
	return ok
}

func (d *dateText) assignWeek(c *calendar) bool {
	if len(d.numbers) < 2 || len(d.numbers[0]) != 4 {
		return false
	}
	year, _ := number(d.numbers[0])
	week, _ := number(d.numbers[1])
	day := 1
	switch {
	case len(d.numbers) == 3 && len(d.numbers[1]) == 2:
		day, _ = number(d.numbers[2])
	case len(d.numbers[1]) == 3:
		week, day = week/10, week%10
	}
	t, ok := weekday(year, week, day)
	c.year, c.month, c.day = t.Year(), int(t.Month()), t.Day()
	return ok
}

// order returns the meaning of each open number: Y, M or D; "" when that can't be
// told.
func (d *dateText) order(zone *time.Location) string {
	numbers := d.numbers
	if d.doubtful && len(numbers) == 3 {
		d.month = 0
	}
	if d.month > 0 {
		return d.orderNamed()
	}
	switch {
	case d.year > 0:
		return "MD"[:min(len(numbers), 2)]
	case len(numbers) == 2 && len(numbers[0]) == 4:
		return "YM"
	case len(numbers) == 2 && len(numbers[1]) == 4:
		return "MY"
	case len(numbers) == 3:
		return d.orderOfThree(zone)
	}
	return ""
}

// orderNamed is order where the month is written as a word or with its unit.
func (d *dateText) orderNamed() string {
	switch numbers := d.numbers; {
	case d.year > 0:
		return "D"[:min(len(numbers), 1)]
	case len(numbers) == 1 && (d.day > 0 || len(numbers[0]) == 4):
		return "Y"
	case len(numbers) == 2 && len(numbers[0]) > 2:
		return "YD"
	case len(numbers) == 2:
		return "DY"
	}
	return ""
}

// orderOfThree tells the order of three numbers, see the package comment.
func (d *dateText) orderOfThree(zone *time.Location) string {
	first, _ := number(d.numbers[0])
	second, _ := number(d.numbers[1])
	usual, other := "DMY", "MDY"
	switch {
	case len(d.numbers[0]) > 2, len(d.numbers[2]) != 4 && (d.sign == '-' || first > 31):
		return "YMD"
	case second > 12:
		return other
	case first > 12 || first == second:
		return usual
	case d.sign == '/' && !isDayFirst(zone):
		usual, other = other, usual
	}
	switch fits := d.fits(usual); {
	case fits == d.fits(other):
		d.doubt |= DayOrMonth
	case !fits:
		return other
	}
	return usual
}

// fits reports whether three numbers in this order are of the day of the week that is
// named.
func (d *dateText) fits(order string) bool {
	day, _ := number(d.numbers[strings.IndexByte(order, 'D')])
	month, _ := number(d.numbers[strings.IndexByte(order, 'M')])
	year, _ := number(d.numbers[2])
	if len(d.numbers[2]) == 2 {
		year = fullYear(year)
	}
	date := time.Date(christianYear(year), time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return d.weekdays&(1<<date.Weekday()) != 0
}

// isDayFirst reports whether the people of a zone write the day before the month
// in dates with slashes.
func isDayFirst(zone *time.Location) bool {
	region, city, _ := strings.Cut(zone.String(), "/")
	switch region {
	case "Europe", "Africa", "Australia", "Atlantic", "Indian", "GB", "Eire":
		return true
	case "Asia":
		switch city {
		case "Shanghai", "Urumqi", "Chongqing", "Harbin", "Taipei", "Tokyo", "Seoul", "Manila":
			return false
		}
		return true
	case "America": // The zones of the North have names, those of the South numbers.
		name, _ := time.Date(2022, 1, 1, 0, 0, 0, 0, zone).Zone()
		return name != "" && (name[0] == '-' || name[0] == '+') || city == "Mexico_City"
	case "Pacific":
		return city == "Auckland"
	}
	return false
}

// nextDateToken splits a number, a word or a sign off s.
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
