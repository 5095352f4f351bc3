package date

import (
	"strconv"
	"strings"
)

// DayOrMonth reports whether raw begins with two different numbers that may both be
// months, and a year behind them: then another reader may take one for the other. It
// does not look whether raw is a date.
func DayOrMonth(raw string) bool {
	raw = strings.TrimSpace(raw)
	i := strings.IndexAny(raw, "/.-")
	if i < 1 || i > 2 {
		return false
	}
	first, rest := raw[:i], raw[i+1:]
	second, rest, found := strings.Cut(rest, raw[i:i+1])
	a, errA := strconv.Atoi(first)
	b, errB := strconv.Atoi(second)
	year := found && len(rest) >= 4 && strings.Trim(rest[:4], "0123456789") == ""
	return year && errA == nil && errB == nil && a != b && a <= 12 && b <= 12
}
