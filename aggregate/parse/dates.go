package parse

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrDate reports a text that is no date.
var ErrDate = errors.New("not a date")

// ParseDate reads a date as feeds write it. zone is the zone of a date that
// names none, nil means UTC. The result is in UTC. The error wraps ErrDate.
func ParseDate(raw string, zone *time.Location) (time.Time, error) {
	if zone == nil {
		zone = time.UTC
	}
	raw = strings.TrimSpace(raw)
	for _, layout := range []string{time.RFC3339, time.RFC1123Z, time.RFC1123, "2006-01-02 15:04:05", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, raw, zone); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is %w", raw, ErrDate)
}

// date reads one of the document's dates. One that can't be read is a problem
// and counts as not given.
func (p *parser) date(raw, name, place string) time.Time {
	if raw == "" {
		return time.Time{}
	}
	t, err := ParseDate(raw, p.doc.Zone)
	if err != nil {
		p.problem("date-unreadable", place, "The %s date %.60q could not be read.", name, raw)
	}
	return t
}

func (p *parser) itemDates(item *Item, place string) {
	item.Published = p.date(item.PublishedRaw, "published", place)
	item.Updated = p.date(item.UpdatedRaw, "updated", place)
}
