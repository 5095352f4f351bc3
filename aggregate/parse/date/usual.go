package date

import "time"

// parseUsual reads the two forms that nearly all feeds write, RFC 3339 and
// RFC 1123 with GMT or a numeric zone, without allocating. It leaves everything
// else, and every doubt, to the patient way.
func parseUsual(s string) (time.Time, bool) {
	var c calendar
	var east int
	var ok bool
	switch {
	case len(s) < 20 || len(s) > 40:
	case s[4] == '-' && s[10] == 'T':
		east, ok = c.readRFC3339(s)
	case s[3] == ',' && s[4] == ' ':
		east, ok = c.readRFC1123(s[5:])
	}
	if !ok {
		return time.Time{}, false
	}
	t, ok := c.time(time.UTC)
	t = t.Add(-time.Duration(east) * time.Second)
	return t, ok && isPlausible(t)
}

// readRFC3339 reads "2006-01-02T15:04:05.999Z07:00" of 20 bytes or more.
func (c *calendar) readRFC3339(s string) (east int, ok bool) {
	c.year, c.month, c.day = twoDigits(s, 0)*100+twoDigits(s, 2), twoDigits(s, 5), twoDigits(s, 8)
	if s[7] != '-' || twoDigits(s, 0) < 0 || twoDigits(s, 2) < 0 || !c.readTime(s[11:19]) {
		return 0, false
	}
	s = s[19:]
	if s[0] == '.' {
		if c.nsec, s, ok = cutNanoseconds(s[1:]); !ok {
			return 0, false
		}
	}
	switch {
	case s == "Z":
		return 0, true
	case len(s) == 6 && s[3] == ':':
		return usualOffset(s[0], s[1:3], s[4:6])
	}
	return 0, false
}

// readRFC1123 reads "02 Jan 2006 15:04:05 GMT" or "-0700" instead of GMT.
func (c *calendar) readRFC1123(s string) (east int, ok bool) {
	if len(s) > 1 && s[1] == ' ' {
		c.day = int(s[0]) - '0'
		s = s[1:]
	} else if len(s) > 2 {
		c.day = twoDigits(s, 0)
		s = s[2:]
	}
	if len(s) < 19 || s[0] != ' ' || s[4] != ' ' || s[9] != ' ' || s[18] != ' ' {
		return 0, false
	}
	c.month = usualMonth(s[1:4])
	c.year = twoDigits(s, 5)*100 + twoDigits(s, 7)
	if twoDigits(s, 5) < 0 || twoDigits(s, 7) < 0 || !c.readTime(s[10:18]) {
		return 0, false
	}
	switch s = s[19:]; {
	case s == "GMT" || s == "UTC":
		return 0, true
	case len(s) == 5:
		return usualOffset(s[0], s[1:3], s[3:5])
	}
	return 0, false
}

// readTime reads "15:04:05".
func (c *calendar) readTime(s string) bool {
	c.hour, c.minute, c.second = twoDigits(s, 0), twoDigits(s, 3), twoDigits(s, 6)
	return s[2] == ':' && s[5] == ':' && c.isTime()
}

// twoDigits returns the number that stands at s[i:i+2], -1 when there is none.
func twoDigits(s string, i int) int {
	tens, ones := s[i]-'0', s[i+1]-'0'
	if tens > 9 || ones > 9 {
		return -1
	}
	return int(tens)*10 + int(ones)
}

// cutNanoseconds cuts the digits behind a decimal point off s. Digits beyond the
// ninth are dropped.
func cutNanoseconds(s string) (nsec int, rest string, ok bool) {
	i, unit := 0, 100_000_000
	for ; i < len(s) && isDigit(s[i]); i++ {
		nsec += int(s[i]-'0') * unit
		unit /= 10
	}
	return nsec, s[i:], i > 0 && i < len(s)
}

func usualOffset(sign byte, hours, minutes string) (east int, ok bool) {
	h, m := twoDigits(hours, 0), twoDigits(minutes, 0)
	if sign != '+' && sign != '-' || h < 0 || h > 15 || m < 0 || m > 59 {
		return 0, false
	}
	if sign == '-' {
		return -h*3600 - m*60, true
	}
	return h*3600 + m*60, true
}

func usualMonth(name string) int {
	switch name {
	case "Jan":
		return 1
	case "Feb":
		return 2
	case "Mar":
		return 3
	case "Apr":
		return 4
	case "May":
		return 5
	case "Jun":
		return 6
	case "Jul":
		return 7
	case "Aug":
		return 8
	case "Sep":
		return 9
	case "Oct":
		return 10
	case "Nov":
		return 11
	case "Dec":
		return 12
	}
	return 0
}
