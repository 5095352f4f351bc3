package schedule

import (
	"hash/fnv"
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// jitter moves d by up to a tenth either way: always alike for one source, so
// that its rhythm stays, and differently for each, so that they never meet.
func jitter(source coranto.SourceID, d time.Duration) time.Duration {
	return d + time.Duration((share(source)*2-1)*float64(d)/10)
}

// later moves d by up to a tenth, never to before.
func later(source coranto.SourceID, d time.Duration) time.Duration {
	return d + time.Duration(share(source)*float64(d)/10)
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

// skip moves a visit to the next hour in which the feed does not refuse it, at
// the same minute, but not beyond limit. A feed that refuses every hour of the
// week is not taken at its word.
func skip(h storage.Hints, next, limit time.Time) time.Time {
	t := next
	for range 7 * 24 {
		if !skips(h, t.UTC()) {
			return earliest(t, latest(next, limit))
		}
		t = t.Add(time.Hour)
	}
	return next
}

func skips(h storage.Hints, t time.Time) bool {
	return slices.Contains(h.SkipHours, t.Hour()) || slices.Contains(h.SkipDays, t.Weekday())
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
