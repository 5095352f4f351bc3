// Package date reads dates as feeds write them: RFC 822 and its successors,
// RFC 3339 and ISO 8601, Unix time, and what templates of many languages make of
// these.
//
// # The contract
//
// A text gives one instant in UTC or an error, never a zero time without one.
// Relative words ("yesterday", "3 hours ago"), days that do not exist, and the
// years 0, 1 and 9999, which programs write that had no date, are refused. The day
// of the week is never believed against the rest, nor is it needed. A zone may be
// named by its place, which the time zone data of the system must know.
//
// # What is ambiguous
//
// Three numbers with the year behind are month, day, year when
// slashes part them and the source's zone is unknown, North American or East
// Asian; they are day, month, year in all other zones and with any other sign. A
// number above 12 overrules this, and so does a day of the week that fits but one of
// the two. Years of two digits are 1970 to 2069. CST is
// China's zone for a source eight hours east of Greenwich and North America's
// otherwise; what an abbreviation means in the source's own zone always comes first.
// A military letter says nothing about the zone but Z (RFC 5322 §4.3).
package date

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrSyntax reports a text that is no date.
var ErrSyntax = errors.New("not a date")

// longestDate bounds the text that is looked at, in bytes.
const longestDate = 200

// Doubt is a set of what was guessed of a date.
type Doubt uint8

// The doubts of dates.
const (
	DayOrMonth Doubt = 1 << iota // two numbers may each be the day or the month
	ZoneName                     // the zone's abbreviation means several zones
)

// Parse reads a date as feeds write it. zone is the zone of a date that names
// none, and helps where a date is ambiguous; nil means UTC. The result is in UTC
// and exact to the nanosecond. The error wraps ErrSyntax.
func Parse(raw string, zone *time.Location) (time.Time, error) {
	t, _, err := Read(raw, zone)
	return t, err
}

// Read is Parse that tells what was guessed.
func Read(raw string, zone *time.Location) (time.Time, Doubt, error) {
	if t, ok := parseUsual(raw); ok {
		return t, 0, nil
	}
	if zone == nil {
		zone = time.UTC
	}
	s := strings.TrimSpace(raw)
	if inner, found := machineDate(s); found {
		if t, doubt, ok := parse(inner, zone); ok {
			return t, doubt, nil
		}
	}
	if t, doubt, ok := parse(s, zone); ok {
		return t, doubt, nil
	}
	return time.Time{}, 0, &syntaxError{raw}
}

// syntaxError is the error of a text that is no date. It is written out only when
// somebody reads it: a document may hold very many.
type syntaxError struct{ raw string }

func (e *syntaxError) Error() string {
	return fmt.Sprintf("%.60q is %v", strings.TrimSpace(e.raw), ErrSyntax)
}

func (e *syntaxError) Unwrap() error { return ErrSyntax }

func parse(s string, zone *time.Location) (time.Time, Doubt, bool) {
	if len(s) > longestDate {
		return time.Time{}, 0, false
	}
	s = unwrap(s)
	if zone == time.UTC && strings.ContainsAny(s, "년월일전후") {
		zone = time.FixedZone("KST", 9*hour)
	}
	s = spell(s)
	var doubt Doubt
	t, ok := parseDigits(s, zone)
	if !ok {
		t, doubt, ok = parseFields(s, zone)
	}
	t = t.UTC()
	return t, doubt, ok && isPlausible(t)
}

// isPlausible reports whether the year of t is one that a program writes on
// purpose.
func isPlausible(t time.Time) bool { return t.Year() > 1 && t.Year() < 9999 }

// calendar is a date and time of day as written.
type calendar struct {
	year, month, day           int
	hour, minute, second, nsec int
}

// time returns the instant of c in zone, if c exists. 24:00 is the next day's
// midnight, and second 60 counts as 59 (RFC 3339 §5.7).
func (c calendar) time(zone *time.Location) (time.Time, bool) {
	if c.second == 60 {
		c.second = 59
	}
	if c.year < 1 || c.year > 9999 || c.month < 1 || c.month > 12 ||
		c.day < 1 || c.day > daysIn(c.year, c.month) || !c.isTime() {
		return time.Time{}, false
	}
	month := time.Month(c.month)
	return time.Date(c.year, month, c.day, c.hour, c.minute, c.second, c.nsec, zone), true
}

func (c calendar) isTime() bool {
	if c.hour == 24 {
		return c.minute+c.second+c.nsec == 0
	}
	return c.hour >= 0 && c.hour < 24 && c.minute >= 0 && c.minute < 60 &&
		c.second >= 0 && c.second < 60
}

// daysIn returns the number of days of a month.
func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// fullYear completes a year of two digits.
func fullYear(year int) int {
	if year < 70 {
		return 2000 + year
	}
	return 1900 + year
}
