// Package date reads dates as feeds write them: RFC 822 and its successors,
// RFC 3339 and ISO 8601, Unix time, and what templates of many languages make of
// these. It believes no date that it can read in two ways without saying which.
package date

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ErrSyntax reports a text that is no date.
var ErrSyntax = errors.New("not a date")

// longestDate bounds the text that is looked at.
const longestDate = 128

// Parse reads a date as feeds write it: RFC 822 and its successors, RFC 3339
// and ISO 8601, Unix seconds and milliseconds, and what templates of many
// languages make of these. zone is the zone of a date that names none, and decides
// what an ambiguous abbreviation such as CST means; nil means UTC. The result is
// in UTC. The error wraps ErrSyntax.
func Parse(raw string, zone *time.Location) (time.Time, error) {
	if zone == nil {
		zone = time.UTC
	}
	s := strings.TrimSpace(raw)
	if len(s) <= longestDate {
		if t, ok := parseDigits(s, zone); ok {
			return t.UTC(), nil
		}
		if t, ok := parseFields(s, zone); ok {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%.60q is %w", s, ErrSyntax)
}

// parseDigits reads dates without separators.
func parseDigits(s string, zone *time.Location) (time.Time, bool) {
	if year, rest, ok := centuryless(s); ok {
		return calendar{year: year, month: rest, day: 1}.time(zone)
	}
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return time.Time{}, false
	}
	n, _ := strconv.ParseInt(s, 10, 64)
	number := int(n)
	switch len(s) {
	case 4:
		return calendar{year: number, month: 1, day: 1}.time(zone)
	case 5:
		return ordinal(2000+number/1000, number%1000, zone, s[0] == '0')
	case 6:
		return compact(fullYear(number/10000), number%10000, zone)
	case 7:
		return ordinal(number/1000, number%1000, zone, true)
	case 8:
		return compact(number/10000, number%10000, zone)
	case 9, 10:
		return time.Unix(n, 0), true
	case 13:
		return time.UnixMilli(n), true
	case 14:
		t, err := time.ParseInLocation("20060102150405", s, zone)
		return t, err == nil
	}
	return time.Time{}, false
}

// compact returns the day of a year that four digits, MMDD, name.
func compact(year, digits int, zone *time.Location) (time.Time, bool) {
	return calendar{year: year, month: digits / 100, day: digits % 100}.time(zone)
}

// centuryless reads the "-YYMM" and "-YY-MM" of ISO 8601:1988.
func centuryless(s string) (year, month int, ok bool) {
	digits, found := strings.CutPrefix(s, "-")
	digits = strings.ReplaceAll(digits, "-", "")
	if !found || len(digits) != 4 || strings.Trim(digits, "0123456789") != "" {
		return 0, 0, false
	}
	n, _ := strconv.Atoi(digits)
	return fullYear(n / 100), n % 100, true
}

// ordinal returns day n of a year. A bare number is believed only if sure.
func ordinal(year, n int, zone *time.Location, sure bool) (time.Time, bool) {
	if !sure || n < 1 || n > 366 {
		return time.Time{}, false
	}
	return time.Date(year, 1, n, 0, 0, 0, 0, zone), true
}

// fullYear completes a year of two digits.
func fullYear(year int) int {
	if year < 70 {
		return 2000 + year
	}
	return 1900 + year
}

// calendar is a date and time of day as written.
type calendar struct {
	year, month, day           int
	hour, minute, second, nsec int

	doubtful bool // month is of the first word, which may be a day: French "mar."
}

// time returns the instant of c in zone, if c exists. 24:00 is the next day's
// midnight, and second 60 counts as 59 (RFC 3339 §5.7).
func (c calendar) time(zone *time.Location) (time.Time, bool) {
	if c.second == 60 {
		c.second = 59
	}
	if c.month < 1 || c.month > 12 || c.day < 1 || c.year < 1 || c.year > 9999 ||
		c.hour > 24 || c.minute > 59 || c.second > 59 || c.hour == 24 && c.minute+c.second > 0 {
		return time.Time{}, false
	}
	day := time.Date(c.year, time.Month(c.month), c.day, 0, 0, 0, 0, time.UTC)
	if day.Day() != c.day {
		return time.Time{}, false
	}
	month := time.Month(c.month)
	return time.Date(c.year, month, c.day, c.hour, c.minute, c.second, c.nsec, zone), true
}
