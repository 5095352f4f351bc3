package date

import (
	"strconv"
	"strings"
	"time"
)

// ReadDuration reads seconds, mm:ss or hh:mm:ss, as itunes:duration and
// media:content write them; 0 when s is none of these.
func ReadDuration(s string) time.Duration {
	s = strings.TrimSpace(s)
	if s == "" || strings.Count(s, ":") > 2 {
		return 0
	}
	total := 0.0
	for part := range strings.SplitSeq(s, ":") {
		n, err := strconv.ParseFloat(part, 64)
		if err != nil || n < 0 || n > 1e7 {
			return 0
		}
		total = total*60 + n
	}
	return time.Duration(total * float64(time.Second))
}

// ReadPeriod reads a period of the syndication module of RSS 1.0, such as "daily"; 0
// when s is none.
func ReadPeriod(s string) time.Duration {
	switch strings.ToLower(s) {
	case "hourly":
		return time.Hour
	case "daily":
		return 24 * time.Hour
	case "weekly":
		return 7 * 24 * time.Hour
	case "monthly":
		return 30 * 24 * time.Hour
	case "yearly":
		return 365 * 24 * time.Hour
	}
	return 0
}
