package date

import (
	"strings"
	"time"
	"unicode"
)

const hour = 3600

// zoneOf reads what follows the time of day. Nothing means the source's zone. Of
// several zones, an offset in digits is the one that counts.
func zoneOf(s string, c calendar, source *time.Location) (*time.Location, bool) {
	s = strings.Trim(s, " \t\r\n,.;")
	if s == "" || s == source.String() {
		return source, true
	}
	if place, ok := placeOf(s); ok {
		return place, true
	}
	east, offset := 0, false
	for first := true; s != ""; first = false {
		var seconds int
		var ok bool
		if isOffset(s, first) {
			seconds, s, ok = cutOffset(s)
			if ok = ok && !offset; ok {
				east, offset = seconds, true
			}
		} else {
			var name string
			name, s = cutName(s)
			if seconds, ok = named(name, c, source); ok && first {
				east = seconds
			}
			ok = ok || !first && strings.Contains(name, "/")
		}
		if !ok {
			return nil, false
		}
		s = strings.TrimLeft(s, " ,")
	}
	return time.FixedZone("", east), true
}

// placeOf returns the zone that is named by a place, as America/New_York is.
func placeOf(s string) (*time.Location, bool) {
	region, city, _ := strings.Cut(s, "/")
	if city == "" || len(s) > 40 {
		return nil, false
	}
	switch region {
	case "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia",
		"Europe", "Indian", "Pacific":
	default:
		return nil, false
	}
	for _, r := range city {
		if (r|0x20 < 'a' || r|0x20 > 'z') && r != '_' && r != '-' && r != '/' {
			return nil, false
		}
	}
	place, err := time.LoadLocation(s)
	return place, err == nil
}

// isVague reports whether s alone is an abbreviation that means zones far apart, none
// of which is much more usual.
func isVague(s string) bool {
	switch strings.ToUpper(strings.Trim(s, " \t\r\n,.;")) {
	case "CST", "IST":
		return true
	}
	return false
}

// isZone reports whether s alone is a zone.
func isZone(s string) bool {
	if s == "" || s[0] >= '0' && s[0] <= '9' {
		return false
	}
	_, ok := zoneOf(s, calendar{year: 2000, month: 1, day: 1}, time.UTC)
	return ok
}

// isOffset reports whether s begins with an offset. The first may have lost its
// plus sign, which is a space in a URL.
func isOffset(s string, first bool) bool {
	if s[0] == '+' || s[0] == '-' {
		return true
	}
	return first && len(s) >= 4 && (s[0] == '0' || s[0] == '1') && isDigit(s[1])
}

// cutOffset cuts "+8", "+08", "+0800" or "+08:00" off s and returns it in seconds
// east of UTC.
func cutOffset(s string) (east int, rest string, ok bool) {
	sign := 1
	if s[0] == '-' {
		sign = -1
	}
	s = strings.TrimLeft(s, "+- ")
	end := 0
	for end < len(s) && (isDigit(s[end]) || s[end] == ':') {
		end++
	}
	hours, minutes, colon := strings.Cut(s[:end], ":")
	if !colon && len(hours) > 2 {
		hours, minutes = hours[:len(hours)-2], hours[len(hours)-2:]
	}
	h, ok := number(hours)
	m := 0
	if ok && (colon || minutes != "") {
		m, ok = number(minutes)
		ok = ok && len(minutes) == 2
	}
	return sign * (h*hour + m*60), s[end:], ok && len(hours) <= 2 && h <= 15 && m <= 59
}

// cutName cuts the name of a zone off s.
func cutName(s string) (name, rest string) {
	end := strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && r != '/' && r != '_'
	})
	switch {
	case end < 0:
		return s, ""
	case end == 0:
		return "", s[1:]
	case strings.HasPrefix(s[end:], "5EDT"), strings.HasPrefix(s[end:], "6CDT"),
		strings.HasPrefix(s[end:], "7MDT"), strings.HasPrefix(s[end:], "8PDT"):
		return s[:1] + "T", s[end+4:]
	}
	return s[:end], s[end:]
}

// named returns the seconds east of UTC of a zone's usual abbreviation at the time
// c. What it means in the source's zone comes first.
func named(name string, c calendar, source *time.Location) (east int, ok bool) {
	name = strings.ToUpper(strings.TrimPrefix(name, "Etc/"))
	for _, month := range []time.Month{1, 7} {
		own, east := time.Date(c.year, month, 1, 0, 0, 0, 0, source).Zone()
		if own == name {
			return east, true
		}
	}
	if len(name) == 1 && name >= "A" && name <= "Z" && name != "J" {
		return 0, true
	}
	if local, ok := c.time(source); ok && name == "CST" {
		if _, east := local.Zone(); east == 8*hour {
			return east, true
		}
	}
	if strings.HasPrefix(source.String(), "Australia/") {
		if east, ok := abbreviation("A" + name); ok {
			return east, true
		}
	}
	east, ok = abbreviation(name)
	switch name {
	case "ET", "CT", "MT", "PT":
		if isAmericanSummer(c) {
			east += hour
		}
	}
	return east, ok
}

// abbreviation returns the seconds east of UTC that an abbreviation usually means.
func abbreviation(name string) (int, bool) {
	for _, zone := range []struct {
		minutes int
		names   string
	}{
		{0, "UT UTC GMT WET UCT ZULU"},
		{60, "BST CET MET MEZ WEST WAT"},
		{120, "CEST MEST MESZ EET SAST CAT IDT"},
		{180, "EEST MSK EAT TRT IDST FET"},
		{210, "IRST"},
		{240, "GST MSD SAMT AZT GET AMT"},
		{270, "AFT"},
		{300, "PKT UZT YEKT MVT"},
		{330, "IST SLST"},
		{345, "NPT"},
		{360, "OMST ALMT BDT"},
		{390, "MMT"},
		{420, "ICT WIB KRAT NOVT"},
		{480, "HKT SGT AWST PHT MYT BJT WITA IRKT ULAT CNST"},
		{540, "JST KST WIT YAKT"},
		{570, "ACST"},
		{600, "AEST VLAT CHST"},
		{630, "ACDT"},
		{660, "AEDT SAKT"},
		{720, "NZST FJT PETT"},
		{780, "NZDT"},
		{-60, "AZOT CVT"},
		{-150, "NDT"},
		{-180, "ADT BRT ART UYT CLST GFT"},
		{-210, "NST"},
		{-240, "AST AT EDT CLT BOT VET AMST"},
		{-300, "EST ET CDT COT PET ECT"},
		{-360, "CST CT MDT"},
		{-420, "MST MT PDT"},
		{-480, "PST PT AKDT"},
		{-540, "AKST HDT"},
		{-600, "HST"},
		{-660, "SST"},
	} {
		for n := range strings.FieldsSeq(zone.names) {
			if n == name {
				return zone.minutes * 60, true
			}
		}
	}
	return 0, false
}

// isAmericanSummer reports whether daylight saving time is in force in the United
// States on the day of c: since 2007 from the second Sunday of March to the first
// of November, before that from April's first to October's last.
func isAmericanSummer(c calendar) bool {
	begin, end := sunday(c.year, 3, 8), sunday(c.year, 11, 1)
	if c.year < 2007 {
		begin, end = sunday(c.year, 4, 1), sunday(c.year, 10, 25)
	}
	day := c.month*100 + c.day
	return day >= begin && day < end
}

// sunday returns the first Sunday on or behind a day, as MMDD.
func sunday(year, month, day int) int {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	t = t.AddDate(0, 0, (7-int(t.Weekday()))%7)
	return int(t.Month())*100 + t.Day()
}
