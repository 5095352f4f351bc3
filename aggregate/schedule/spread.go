package schedule

import (
	"hash/fnv"
	"slices"
	"time"

	"github.com/coranto/coranto"
)

// maxSpread is the longest time over which overdue sources are spread.
const maxSpread = 30 * time.Minute

// Spread is how long a source that is overdue when the program starts waits
// yet: its own share of the shorter of its interval, the time it is overdue and
// 30 minutes. After a long stop sources thus come back one by one, after a
// short one at once.
func Spread(source coranto.SourceID, interval, overdue time.Duration) time.Duration {
	span := max(min(interval, overdue, maxSpread), 0)
	return time.Duration(share(source) * float64(span))
}

// jitter moves d by up to a tenth either way: always alike for one source, so
// that its rhythm stays, and differently for each, so that they never meet.
func jitter(source coranto.SourceID, d time.Duration) time.Duration {
	return d + time.Duration((share(source)*2-1)*float64(d)/10)
}

// share is a number in [0, 1) that is a source's own.
func share(source coranto.SourceID) float64 {
	h := fnv.New64a()
	h.Write([]byte(source))
	return float64(mix(h.Sum64())>>11) / (1 << 53)
}

// mix spreads the last bytes of an id over all bits, which FNV does not.
func mix(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// skip moves a visit out of the hours and days in which the feed wants none, to
// the begin of the next hour it allows plus the minute it had; not beyond limit,
// which a feed that allows no hour at all would reach.
func skip(h Hints, next, limit time.Time) time.Time {
	for t := next; !t.After(limit); t = t.Add(time.Hour) {
		if !h.skips(t.UTC()) {
			return t
		}
	}
	return next
}

func (h Hints) skips(t time.Time) bool {
	return slices.Contains(h.SkipHours, t.Hour()) || slices.Contains(h.SkipDays, t.Weekday())
}
