package date

import (
	"strconv"
	"strings"
	"time"
)

// monthOf returns the number of the month that word names, or begins to name, in
// one of the languages that feeds' templates write; 0 when it names none.
func monthOf(word string) int {
	runes := []rune(strings.ToLower(word))
	if len(runes) < 3 {
		return 0
	}
	if len(runes) > 3 {
		if month := monthOfFour(string(runes[:4])); month > 0 {
			return month
		}
	}
	prefix := string(runes[:3])
	for i, names := range []string{
		"jan ene gen sty янв ιαν oca led", "feb fév fev lut фев φεβ şub úno",
		"mar mär mrt már мар μαρ bře", "apr avr abr kwi ápr апр απρ nis dub",
		"may mai mag maj mei máj май мая μάι μαϊ mayıs", "jun giu cze jún июн haz čer",
		"jul lug lip júl июл tem", "aug aoû ago sie авг αυγ αύγ ağu srp",
		"sep set wrz sze сен σεπ eyl zář", "oct okt out ott paź окт οκτ eki říj",
		"nov noi lis ноя νοε νοέ kas", "dec déc dez dic gru дек δεκ ara pro",
	} {
		if containsWord(names, prefix) {
			return i + 1
		}
	}
	return 0
}

// monthOfFour tells the months apart whose first three letters are the same.
func monthOfFour(prefix string) int {
	switch prefix {
	case "juin", "ιουν", "ιούν":
		return 6
	case "juil", "ιουλ", "ιούλ":
		return 7
	}
	return 0
}

func containsWord(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if w == word {
			return true
		}
	}
	return false
}

// zoneOf reads what follows the time of day. No zone, or the abbreviation that
// is used in the source's zone at that time, means the source's zone.
func zoneOf(s string, c calendar, source *time.Location) (*time.Location, bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return source, true
	}
	if local, ok := c.time(source); ok {
		if name, _ := local.Zone(); name == s {
			return source, true
		}
	}
	name := strings.TrimPrefix(s, "Etc/")
	if seconds, ok := abbreviation(strings.ToUpper(name)); ok {
		return time.FixedZone("", seconds), true
	}
	for _, prefix := range []string{"GMT", "UTC", "UT"} {
		if rest, found := strings.CutPrefix(name, prefix); found {
			name = strings.TrimSpace(rest)
			break
		}
	}
	seconds, ok := offset(name)
	return time.FixedZone("", seconds), ok
}

// offset reads "+8", "+08", "+0800" and "+08:00" as seconds east of UTC.
func offset(s string) (int, bool) {
	if len(s) < 2 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	hours, minutes, colon := strings.Cut(s[1:], ":")
	if !colon && len(hours) > 2 {
		hours, minutes = hours[:len(hours)-2], hours[len(hours)-2:]
	}
	h, err := strconv.ParseUint(hours, 10, 8)
	if err != nil || h > 15 {
		return 0, false
	}
	m := uint64(0)
	if minutes != "" {
		if m, err = strconv.ParseUint(minutes, 10, 8); err != nil || m > 59 {
			return 0, false
		}
	}
	seconds := int(h)*3600 + int(m)*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

// abbreviation returns the seconds east of UTC of a zone's usual abbreviation.
func abbreviation(name string) (int, bool) {
	const hour = 3600
	switch name {
	case "Z", "UT", "UTC", "GMT", "WET", "UCT":
		return 0, true
	case "BST", "CET", "MET", "MEZ", "WEST", "WAT":
		return 1 * hour, true
	case "CEST", "MEST", "MESZ", "EET", "SAST", "CAT":
		return 2 * hour, true
	case "EEST", "MSK", "EAT", "TRT":
		return 3 * hour, true
	case "GST", "MSD":
		return 4 * hour, true
	case "PKT", "UZT":
		return 5 * hour, true
	case "IST":
		return 5*hour + hour/2, true
	}
	if seconds, ok := pacificAbbreviation(name); ok {
		return seconds, true
	}
	return americanAbbreviation(name)
}

func pacificAbbreviation(name string) (int, bool) {
	const hour = 3600
	switch name {
	case "ICT", "WIB":
		return 7 * hour, true
	case "HKT", "SGT", "AWST", "PHT", "MYT", "BJT":
		return 8 * hour, true
	case "JST", "KST":
		return 9 * hour, true
	case "ACST":
		return 9*hour + hour/2, true
	case "AEST":
		return 10 * hour, true
	case "ACDT":
		return 10*hour + hour/2, true
	case "AEDT":
		return 11 * hour, true
	case "NZST":
		return 12 * hour, true
	case "NZDT":
		return 13 * hour, true
	}
	return 0, false
}

func americanAbbreviation(name string) (int, bool) {
	const hour = 3600
	switch name {
	case "NDT":
		return -2*hour - hour/2, true
	case "ADT", "BRT", "ART":
		return -3 * hour, true
	case "NST":
		return -3*hour - hour/2, true
	case "AST", "AT", "EDT", "CLT":
		return -4 * hour, true
	case "EST", "ET", "CDT", "COT", "PET":
		return -5 * hour, true
	case "CST", "CT", "MDT":
		return -6 * hour, true
	case "MST", "MT", "PDT":
		return -7 * hour, true
	case "PST", "PT", "AKDT":
		return -8 * hour, true
	case "AKST":
		return -9 * hour, true
	case "HST":
		return -10 * hour, true
	}
	return 0, false
}
