package parse

import (
	"strconv"
	"strings"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
)

const week = 7 * 24 * time.Hour

// feedHints reads the syndication module of RSS 1.0.
func feedHints(x ext.Extensions) Hints {
	period := updatePeriod(firstValue(x, "sy:updatePeriod"))
	frequency, err := strconv.Atoi(firstValue(x, "sy:updateFrequency"))
	if err != nil || frequency < 1 {
		frequency = 1
	}
	return Hints{UpdatePeriod: period / time.Duration(frequency)}
}

func updatePeriod(s string) time.Duration {
	switch strings.ToLower(s) {
	case "hourly":
		return time.Hour
	case "daily":
		return 24 * time.Hour
	case "weekly":
		return week
	case "monthly":
		return 30 * 24 * time.Hour
	case "yearly":
		return 365 * 24 * time.Hour
	}
	return 0
}

// rssHints adds ttl, skipHours and skipDays to h. Values that make no sense are
// dropped.
func rssHints(h Hints, f *rss.Feed) Hints {
	if minutes, err := strconv.Atoi(f.TTL); err == nil && minutes > 0 && minutes <= 525600 {
		h.TTL = time.Duration(minutes) * time.Minute
	}
	for _, s := range f.SkipHours {
		if hour, err := strconv.Atoi(s); err == nil && hour >= 0 && hour <= 24 {
			h.SkipHours = append(h.SkipHours, hour%24)
		}
	}
	for _, s := range f.SkipDays {
		for day := time.Sunday; day <= time.Saturday; day++ {
			if strings.EqualFold(strings.TrimSpace(s), day.String()) {
				h.SkipDays = append(h.SkipDays, day)
			}
		}
	}
	return h
}
