package schedule

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto/aggregate/parse"
	"github.com/coranto/coranto/storage"
)

// P22: what a feed says of its own rhythm, as it arrives, never leads a visit out of
// its bounds.
func TestHostileHints(t *testing.T) {
	skip := func(element, one string, values ...any) string {
		var b strings.Builder
		for _, v := range values {
			fmt.Fprintf(&b, "<%s>%v</%s>", one, v, one)
		}
		return "<" + element + ">" + b.String() + "</" + element + ">"
	}
	var hours []any
	for h := range 24 {
		hours = append(hours, h)
	}
	days := []any{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	tests := []struct{ name, hints string }{
		{"P22 ttl below zero", "<ttl>-1</ttl>"},
		{"P22 ttl zero", "<ttl>0</ttl>"},
		{"P22 ttl of ages", "<ttl>1000000000000</ttl>"},
		{"P22 ttl beyond numbers", "<ttl>99999999999999999999999999</ttl>"},
		{"P22 ttl of words", "<ttl>abc</ttl>"},
		{"P22 all hours skipped", skip("skipHours", "hour", hours...)},
		{"P22 hours that are none", skip("skipHours", "hour", -1, 24, 99, "noon", "1e9")},
		{"P22 all days skipped", skip("skipDays", "day", days...)},
		{"P22 all of both skipped", skip("skipHours", "hour", hours...) + skip("skipDays", "day", days...)},
		{"P22 frequency zero", "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>"},
		{"P22 frequency below zero", "<sy:updatePeriod>yearly</sy:updatePeriod><sy:updateFrequency>-9</sy:updateFrequency>"},
		{"P22 frequency beyond numbers",
			"<sy:updatePeriod>yearly</sy:updatePeriod><sy:updateFrequency>99999999999999999999</sy:updateFrequency>"},
		{"P22 period that is none", "<sy:updatePeriod>never</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			feed, _, err := parse.Parse(parse.Document{
				ContentType: "application/rss+xml", URL: "https://a.example/feed",
				Body: []byte(`<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>` +
					`<title>T</title><link>/</link><description>d</description>` + tt.hints +
					`<item><guid>a</guid><title>A</title></item></channel></rss>`),
			})
			if err != nil {
				t.Fatal(err)
			}
			plan := Next(Policy{}, Input{Source: "s", Now: now(), Outcome: storage.OutcomeNew,
				HasValidators: true, Hints: storage.Hints(feed.Hints)})
			if wait := plan.Next.Sub(now()); wait < 15*time.Minute*9/10 || wait > day*11/10 {
				t.Errorf("next visit in %v by hints %+v, want within 15m and 24h (±10 %%)", wait, feed.Hints)
			}
		})
	}
}
