package robots

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// maxFile is how much of a file is read; RFC 9309 §2.5 wants 500 KiB at least.
const maxFile = 512 << 10

// maxDelay is the longest Crawl-delay that is honored (P72).
const maxDelay = time.Minute

// Parse reads what a robots.txt says to the crawler with a product token: the
// groups that name it, taken together, or else those for "*" (RFC 9309 §2.2.1).
// Whatever it does not understand it passes over; it reads the first 512 KiB.
func Parse(body []byte, agent string) Rules {
	body = bytes.TrimPrefix(body[:min(len(body), maxFile)], []byte("\xef\xbb\xbf"))
	p := parser{agent: agent, heading: true}
	text := strings.ReplaceAll(string(body), "\r", "\n")
	for line := range strings.SplitSeq(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		name, value, found := strings.Cut(line, ":")
		if found {
			p.line(strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value))
		}
	}
	if p.named {
		return p.own
	}
	return p.others
}

// parser reads the lines of a file.
type parser struct {
	agent   string
	heading bool // only User-agent lines of the group have been read

	ours, everyones bool  // whom the group in hand is for
	named           bool  // a group names the agent
	own, others     Rules // of the groups for the agent, and for "*"
}

func (p *parser) line(name, value string) {
	switch name {
	case "user-agent":
		p.userAgent(value)
	case "allow", "disallow":
		p.heading = false
		if value != "" { // "Disallow:" alone forbids nothing
			p.add(rule{pattern: normalPattern(value), allow: name == "allow"})
		}
	case "crawl-delay":
		if delay, ok := seconds(value); ok {
			p.delay(delay)
		}
	}
}

// userAgent begins a group, or goes on with the heading of one. What other
// lines stand in between does not matter (RFC 9309 §2.2.4).
func (p *parser) userAgent(value string) {
	if !p.heading {
		p.heading, p.ours, p.everyones = true, false, false
	}
	if strings.HasPrefix(value, "*") {
		p.everyones = true
		return
	}
	if strings.EqualFold(token(value), p.agent) {
		p.ours, p.named = true, true
	}
}

func (p *parser) add(r rule) {
	if p.ours {
		p.own.list = append(p.own.list, r)
	}
	if p.everyones {
		p.others.list = append(p.others.list, r)
	}
}

func (p *parser) delay(d time.Duration) {
	if p.ours {
		p.own.Delay = max(p.own.Delay, d)
	}
	if p.everyones {
		p.others.Delay = max(p.others.Delay, d)
	}
}

// token is the product token that a value begins with: "Coranto" of
// "Coranto/1.0 (news)".
func token(value string) string {
	rest := strings.TrimLeft(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-")
	return value[:len(value)-len(rest)]
}

// seconds reads a Crawl-delay: a number of seconds, of which a minute at most is
// honored.
func seconds(value string) (time.Duration, bool) {
	v, err := strconv.ParseFloat(value, 64)
	if err != nil || !(v >= 0) {
		return 0, false
	}
	return time.Duration(min(v, maxDelay.Seconds()) * float64(time.Second)), true
}
