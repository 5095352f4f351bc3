package schedule

import (
	"time"

	"github.com/coranto/coranto"
)

const (
	longSpread = 30 * time.Minute
	longSoon   = 10 * time.Minute
	leastWhole = 14 * day
)

// Spread is how much later than others a source goes, when many could go at once:
// up to its interval, and up to half an hour (P29).
func Spread(source coranto.SourceID, interval time.Duration) time.Duration {
	return time.Duration(share(source) * float64(min(max(interval, 0), longSpread)))
}

// Soon is after which time a source is asked again whose visit our own outage
// spoiled: in five to ten minutes, or sooner where its interval is shorter (P44).
func Soon(source coranto.SourceID, interval time.Duration) time.Duration {
	most := min(max(interval, minEvery), longSoon)
	return time.Duration((1 + share(source)) / 2 * float64(most))
}

// Whole is the time after which an origin that answers 304 and nothing else is
// asked for a whole document, in case it is stuck: two weeks, or ten times the mean
// gap between its items, a fifth more or less (P11).
func Whole(source coranto.SourceID, gap time.Duration) time.Duration {
	const longest = 3650 * day
	least := max(leastWhole, 10*min(max(gap, 0), longest))
	return least + time.Duration((share(source)*2-1)*float64(least)/5)
}
