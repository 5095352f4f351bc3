package date

import (
	"strconv"
	"strings"
	"time"
)

// Bounds of the Unix seconds that are believed: 1990 to 2100. A number outside is
// more likely something else.
const (
	firstUnix = 631_152_000
	lastUnix  = 4_102_444_800
)

// Bounds of a year that is believed when it stands alone.
const (
	firstBareYear = 1500
	lastBareYear  = 2199
)

// parseDigits reads dates without separators, and the few that have a sign among
// digits only.
func parseDigits(s string, zone *time.Location) (time.Time, bool) {
	if year, month, ok := centuryless(s); ok {
		return calendar{year: year, month: month, day: 1}.time(zone)
	}
	whole, fraction, point := strings.Cut(s, ".")
	n, ok := number(whole)
	if !ok || point && !isNumber(fraction) {
		return time.Time{}, false
	}
	if len(whole) >= 9 && len(whole) <= 11 {
		nsec, _, _ := cutNanoseconds(fraction + " ")
		return unix(n, int64(nsec))
	}
	if point {
		return time.Time{}, false
	}
	return parseNumber(s, n, zone)
}

// parseNumber reads the number n, written as s, by its length.
func parseNumber(s string, n int, zone *time.Location) (time.Time, bool) {
	switch len(s) {
	case 4:
		if n < firstBareYear || n > lastBareYear {
			return time.Time{}, false
		}
		return calendar{year: n, month: 1, day: 1}.time(zone)
	case 5:
		return ordinal(2000+n/1000, n%1000, zone, s[0] == '0')
	case 6:
		return compact(fullYear(n/10000), n%10000, zone)
	case 7:
		return ordinal(n/1000, n%1000, zone, true)
	case 8:
		return compact(n/10000, n%10000, zone)
	case 12:
		t, err := time.ParseInLocation("200601021504", s, zone)
		return t, err == nil
	case 13:
		return unix(n/1000, int64(n%1000)*1_000_000)
	case 14:
		t, err := time.ParseInLocation("20060102150405", s, zone)
		return t, err == nil
	case 16:
		return unix(n/1_000_000, int64(n%1_000_000)*1000)
	case 19:
		return unix(n/1_000_000_000, int64(n%1_000_000_000))
	}
	return time.Time{}, false
}

// unix returns the instant of Unix seconds and nanoseconds, if it is believed.
func unix(seconds int, nsec int64) (time.Time, bool) {
	if seconds < firstUnix || seconds > lastUnix {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), nsec), true
}

// compact returns the day of a year that four digits, MMDD, name.
func compact(year, digits int, zone *time.Location) (time.Time, bool) {
	return calendar{year: year, month: digits / 100, day: digits % 100}.time(zone)
}

// centuryless reads the "-YYMM" and "-YY-MM" of ISO 8601:1988.
func centuryless(s string) (year, month int, ok bool) {
	digits, found := strings.CutPrefix(s, "-")
	digits = strings.ReplaceAll(digits, "-", "")
	n, ok := number(digits)
	if !found || !ok || len(digits) != 4 {
		return 0, 0, false
	}
	return fullYear(n / 100), n % 100, true
}

// ordinal returns day n of a year. A bare number is believed only if sure.
func ordinal(year, n int, zone *time.Location, sure bool) (time.Time, bool) {
	last := 337 + daysIn(year, 2)
	if !sure || year < 1 || n < 1 || n > last {
		return time.Time{}, false
	}
	return time.Date(year, 1, n, 0, 0, 0, 0, zone), true
}

// weekday returns a day of an ISO 8601 week: week 1 has January 4, day 1 is Monday.
func weekday(year, week, day int) (time.Time, bool) {
	fourth := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)
	monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7)
	t := monday.AddDate(0, 0, (week-1)*7+day-1)
	inYear, inWeek := t.ISOWeek()
	return t, day >= 1 && day <= 7 && inYear == year && inWeek == week
}

// number returns the number that s, all digits, writes.
func number(s string) (int, bool) {
	if !isNumber(s) {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return int(n), err == nil
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
