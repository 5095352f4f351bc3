package date

import (
	"testing"
	"time"
)

// TestRead holds what is guessed of a date, and what a day of the week settles.
func TestRead(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skipf("no time zone data: %v", err)
	}
	tests := []struct {
		raw   string
		zone  *time.Location
		want  string // RFC 3339
		doubt Doubt
	}{
		{"03/04/2026", nil, "2026-03-04T00:00:00Z", DayOrMonth},
		{"03/04/2026", berlin, "2026-04-02T22:00:00Z", DayOrMonth},
		{" 3.4.2026 10:00 ", nil, "2026-04-03T10:00:00Z", DayOrMonth},
		{"3/4/24", nil, "2024-03-04T00:00:00Z", DayOrMonth},
		{"13/04/2026", nil, "2026-04-13T00:00:00Z", 0},
		{"04/13/2026", nil, "2026-04-13T00:00:00Z", 0},
		{"04/04/2026", nil, "2026-04-04T00:00:00Z", 0},
		{"2026-04-03", nil, "2026-04-03T00:00:00Z", 0},
		{"2026/04/03", nil, "2026-04-03T00:00:00Z", 0},
		{"Mon, 02 Feb 2026 10:00", nil, "2026-02-02T10:00:00Z", 0},
		{"sam 01/06/2024", nil, "2024-01-06T00:00:00Z", DayOrMonth}, // both are Saturdays
		{"sam 01/06/2024 - 12:00", berlin, "2024-06-01T10:00:00Z", DayOrMonth},
		{"Fri, 03/04/2026", nil, "2026-04-03T00:00:00Z", 0},
		{"Wed, 03/04/2026", nil, "2026-03-04T00:00:00Z", 0},
		{"Wed, 03/04/2026", berlin, "2026-03-03T23:00:00Z", 0},
		{"Sun, 03/04/2026", nil, "2026-03-04T00:00:00Z", DayOrMonth}, // neither is
		{"mar. 02/06/2026", nil, "2026-06-02T00:00:00Z", 0},          // mardi, not March
		{"vendredi 03/04/2026 à 10:00", nil, "2026-04-03T10:00:00Z", 0},
		{"Mi 03.04.2024", nil, "2024-04-03T00:00:00Z", 0},
		{"Sat, 01 Jun 2024 12:00:00 CST", nil, "2024-06-01T18:00:00Z", ZoneName},
		{"Sat, 01 Jun 2024 12:00:00 CST", shanghai(), "2024-06-01T04:00:00Z", 0},
		{"Sat Jun  1 12:00:00 CST 2024", nil, "2024-06-01T18:00:00Z", ZoneName},
		{"Sat, 01 Jun 2024 12:00:00 IST", nil, "2024-06-01T06:30:00Z", ZoneName},
		{"Sat, 01 Jun 2024 12:00:00 +0530 IST", nil, "2024-06-01T06:30:00Z", 0},
		{"Sat, 01 Jun 2024 12:00:00 EST", nil, "2024-06-01T17:00:00Z", 0},
		{"Sat, 01 Jun 2024 12:00:00 America/New_York", nil, "2024-06-01T16:00:00Z", 0},
		{"2024-01-06 12:00 America/Port-au-Prince", nil, "2024-01-06T17:00:00Z", 0},
		{"2024-06-01 12:00 Asia/Shanghai", nil, "2024-06-01T04:00:00Z", 0},
		{"Sat, 01 Jun 2024 03.03.03 GMT", nil, "2024-06-01T03:03:03Z", 0},
		{"Sat, 01 Jun 2024 03.03 +0200", nil, "2024-06-01T01:03:00Z", 0},
		{`<time datetime="2024-06-01T12:00:00+02:00">sam 01/06/2024 - 12:00</time>`, nil, "2024-06-01T10:00:00Z", 0},
		{`&lt;time datetime='2024-06-01T12:00:00Z' title="Saturday" class="datetime"&gt;Sat&lt;/time&gt;`, nil, "2024-06-01T12:00:00Z", 0},
		{`<span property="dc:date" content="2024-06-01T12:00:00Z">hier</span>`, nil, "2024-06-01T12:00:00Z", 0},
		{`<time datetime="never">2024-06-02</time>`, nil, "2024-06-02T00:00:00Z", 0},
	}
	for _, tt := range tests {
		got, doubt, err := Read(tt.raw, tt.zone)
		if err != nil || got.Format(time.RFC3339) != tt.want || doubt != tt.doubt {
			t.Errorf("Read(%q, %v) = %v, %d, %v, want %s, %d", tt.raw, tt.zone, got, doubt, err, tt.want, tt.doubt)
		}
	}
	for _, raw := range []string{
		"2024-06-01 12:00 America/../../etc/passwd", "2024-06-01 12:00 America/Nowhere", "2024-06-01 12:00 Moon/Base",
	} {
		if got, err := Parse(raw, nil); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", raw, got)
		}
	}
}
