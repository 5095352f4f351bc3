package parse

import (
	"fmt"
	"time"

	"github.com/coranto/coranto/aggregate/parse/date"
)

// maxDate is how long a date is at most. Words around it count.
const maxDate = 512

// ErrDate reports a text that is no date.
var ErrDate = date.ErrSyntax

// ParseDate reads a date as feeds and pages write it. zone is the zone of a date
// that names none, and decides what an ambiguous abbreviation such as CST means;
// nil means UTC. The result is in UTC. The error wraps ErrDate.
func ParseDate(raw string, zone *time.Location) (time.Time, error) {
	t, _, err := readDate(raw, zone)
	return t, err
}

// readDate is ParseDate that tells what was guessed.
func readDate(raw string, zone *time.Location) (time.Time, date.Doubt, error) {
	if len(raw) > maxDate {
		return time.Time{}, 0, fmt.Errorf("%w: %d bytes", ErrDate, len(raw))
	}
	return date.Read(raw, zone)
}

// date reads one of the document's dates. One that can't be read is a problem
// and counts as not given, like the beginning of Unix time, which is what a
// program writes that had none.
func (p *parser) date(raw, name string) time.Time {
	if raw == "" {
		return time.Time{}
	}
	t, doubt, err := readDate(raw, p.doc.Zone)
	if err != nil || t.Unix() == 0 {
		p.problem("date-unreadable", "The %s date %.60q could not be read.", name, raw)
		return time.Time{}
	}
	p.noteDate(raw, doubt)
	return t
}

func (p *parser) itemDates(item *Item) {
	item.Published = p.date(item.PublishedRaw, "published")
	item.Updated = p.date(item.UpdatedRaw, "updated")
}
