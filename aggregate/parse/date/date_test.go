package date

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

func shanghai() *time.Location { return time.FixedZone("CST", 8*3600) }

// TestParse is C35 and B28.
func TestParse(t *testing.T) {
	tests := []struct {
		raw  string
		zone *time.Location
		want string // RFC 3339; "" when it must be refused
	}{
		{"Mon, 06 Jun 2022 05:55:45 +0800", nil, "2022-06-05T21:55:45Z"},
		{"Tue, 07 Jun 2022 05:55:45 CST", shanghai(), "2022-06-06T21:55:45Z"},
		{"Tue, 07 Jun 2022 05:55:45 CST", nil, "2022-06-07T11:55:45Z"},
		{"Tue, 07 Jun 2022 05:55:45 KST", shanghai(), "2022-06-06T20:55:45Z"},
		{"Tue, 07 Jun 2022 05:55:45 MET", nil, "2022-06-07T04:55:45Z"},
		{"Tue, 07 Jun 2022 05:55:45 GMT+8", nil, "2022-06-06T21:55:45Z"},
		{"Tue, 07 Jun 2022 05:55:45 UTC+08:00", nil, "2022-06-06T21:55:45Z"},
		{"Tue, 07 Jun 2022 05:55:45 +0800 (CST)", nil, "2022-06-06T21:55:45Z"},
		{"Tues, 7 June 2022 05:55:45 -0000", nil, "2022-06-07T05:55:45Z"},
		{"7 Jun 22 5:55 GMT", nil, "2022-06-07T05:55:00Z"},
		{"Tuesday, June 7, 2022 5:55 PM", nil, "2022-06-07T17:55:00Z"},
		{"June 7th, 2022", shanghai(), "2022-06-06T16:00:00Z"},
		{"Mon, 6 Jun 2022 5:5", nil, "2022-06-06T05:05:00Z"},
		{"2022-06-07T05:55:45.123Z", nil, "2022-06-07T05:55:45.123Z"},
		{"2022-06-07T05:55:45+0800", nil, "2022-06-06T21:55:45Z"},
		{"2022-06-07 05:55:45", shanghai(), "2022-06-06T21:55:45Z"},
		{"2022/06/07 05:55", shanghai(), "2022-06-06T21:55:00Z"},
		{"2022.06.07", nil, "2022-06-07T00:00:00Z"},
		{"07.06.2022 05:55", nil, "2022-06-07T05:55:00Z"},
		{"06/17/2022", nil, "2022-06-17T00:00:00Z"},
		{"17/06/2022", nil, "2022-06-17T00:00:00Z"},
		{"2022-06-07T24:00:00Z", nil, "2022-06-08T00:00:00Z"},
		{"2016-12-31T23:59:60Z", nil, "2016-12-31T23:59:59Z"},
		{"20220607", nil, "2022-06-07T00:00:00Z"},
		{"20220607055545", nil, "2022-06-07T05:55:45Z"},
		{"1654552545", shanghai(), "2022-06-06T21:55:45Z"},
		{"1654552545000", shanghai(), "2022-06-06T21:55:45Z"},
		{"2022年6月7日 05:55", shanghai(), "2022-06-06T21:55:00Z"},
		{"2022年06月07日 下午5:55", shanghai(), "2022-06-07T09:55:00Z"},
		{"2022年6月7日 5时55分45秒", shanghai(), "2022-06-06T21:55:45Z"},
		{"周二, 07 6月 2022 05:55:45 +0800", nil, "2022-06-06T21:55:45Z"},
		{"2022년 6월 7일 5:55", nil, "2022-06-06T20:55:00Z"},
		{"mar., 07 juin 2022 05:55:45 +0200", nil, "2022-06-07T03:55:45Z"},
		{"Di, 07 Dez 2022 05:55:45 +0100", nil, "2022-12-07T04:55:45Z"},
		{"Tue Jun  7 05:55:45 UTC 2022", nil, "2022-06-07T05:55:45Z"},
		{"", nil, ""},
		{"yesterday", nil, ""},
		{"31 Feb 2022", nil, ""},
		{"2022-13-01", nil, ""},
		{"2022-06-07T25:00:00Z", nil, ""},
		{"2022-06-07T05:55:45Zextra", nil, ""},
		{"Mon, 06 Jun 2022 05:55:45 +99:99", nil, ""},
		{"12345", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.raw, func(t *testing.T) {
			got, err := Parse(tt.raw, tt.zone)
			if tt.want == "" {
				if !errors.Is(err, ErrSyntax) {
					t.Errorf("Parse = %v, %v, want an error that wraps ErrSyntax", got, err)
				}
				return
			}
			want, wantErr := time.Parse(time.RFC3339Nano, tt.want)
			if wantErr != nil {
				t.Fatal(wantErr)
			}
			if err != nil || !got.Equal(want) || got.Location() != time.UTC {
				t.Errorf("Parse = %v, %v, want %v", got, err, want)
			}
		})
	}
}

// TestTable reads testdata/dates.tsv: the shapes that feeds really use, C35.
func TestTable(t *testing.T) {
	table, err := os.ReadFile("testdata/dates.tsv")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(table)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(columns) != 3 {
			t.Fatalf("%d columns in %q, want 3", len(columns), line)
		}
		rows++
		raw := strings.ReplaceAll(columns[0], `\n`, "\n")
		zone, err := time.LoadLocation(columns[1])
		if err != nil {
			t.Skipf("no time zone data: %v", err)
		}
		got, err := Parse(raw, zone)
		text := "-"
		if err == nil {
			text = got.Format(time.RFC3339Nano)
		}
		if text != columns[2] {
			t.Errorf("Parse(%q, %s) = %s, want %s", raw, zone, text, columns[2])
		}
	}
	t.Logf("%d dates", rows)
}

// FuzzDates holds that what is written by the standard layouts is read back, and
// that no text is read outside the years that can be written.
func FuzzDates(f *testing.F) {
	f.Add("Mon, 06 Jun 2022 05:55:45 +0800", int64(1654552545))
	f.Add("2022年6月7日 5时55分", int64(-1))
	f.Add("1:2:3:4", int64(0))
	f.Add("12:34 PM (", int64(253402300799))
	f.Fuzz(func(t *testing.T, raw string, unix int64) {
		if got, err := Parse(raw, shanghai()); err == nil && (!isPlausible(got) || got.Location() != time.UTC) {
			t.Errorf("Parse(%q) = %v", raw, got)
		}
		if got, err := Parse(raw, shanghai()); err == nil {
			again, err := Parse(got.Format(time.RFC3339Nano), nil)
			if err != nil || !again.Equal(got) {
				t.Errorf("Parse(%q) = %v, but as RFC 3339 it is %v, %v", raw, got, again, err)
			}
		}
		want := time.Unix(unix%253402300800, 0).UTC()
		if !isPlausible(want) {
			return
		}
		for _, layout := range []string{time.RFC1123Z, time.RFC3339, time.RFC1123, time.ANSIC, time.RubyDate} {
			got, err := Parse(want.Format(layout), nil)
			if err != nil || !got.Equal(want) {
				t.Errorf("Parse(%q) = %v, %v, want %v", want.Format(layout), got, err, want)
			}
		}
	})
}
