package parse

import (
	"strconv"
	"strings"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"

	"github.com/coranto/coranto/aggregate/parse/date"
	"github.com/coranto/coranto/aggregate/parse/elements"
)

// feedHints reads the syndication module of RSS 1.0.
func feedHints(x ext.Extensions) Hints {
	period := date.ReadPeriod(elements.First(x, "sy:updatePeriod"))
	frequency, err := strconv.Atoi(elements.First(x, "sy:updateFrequency"))
	if err != nil || frequency < 1 {
		frequency = 1
	}
	return Hints{UpdatePeriod: period / time.Duration(frequency)}
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
