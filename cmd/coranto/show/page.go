package show

import (
	"fmt"
	"strings"

	"github.com/coranto/coranto/aggregate/page"
	"github.com/coranto/coranto/aggregate/robots"
	"github.com/coranto/coranto/cmd/coranto/term"
)

// Page is a page with what its origin says of reading it.
type Page struct {
	Requested string   `json:"requested"`
	URL       string   `json:"url,omitempty"` // that answered; absent when the page was not read
	Robots    Robots   `json:"robots"`        // of the address asked for
	Status    int      `json:"status,omitempty"`
	Size      int      `json:"size_bytes,omitempty"`
	Charset   string   `json:"charset,omitempty"`
	Refreshed bool     `json:"refreshed,omitempty"` // a meta element sent us to it
	Wishes    []string `json:"wishes,omitempty"`    // of the page's author
}

// Robots is what robots.txt says of an address.
type Robots struct {
	Allowed bool    `json:"allowed"`
	Rule    string  `json:"rule,omitempty"`    // the line that decides; absent when none does
	Assumed bool    `json:"assumed,omitempty"` // the file can't be read, so that nothing is allowed
	Delay   float64 `json:"crawl_delay_s,omitempty"`
}

// NewPage lays rules and the page beside each other; read is nil when it was not.
func NewPage(address string, rules robots.Rules, read *page.Page) *Page {
	line, allowed := rules.Match(address)
	p := &Page{Requested: address, Robots: Robots{
		Allowed: allowed, Rule: line, Assumed: rules.Assumed, Delay: rules.Delay.Seconds(),
	}}
	if rules.Assumed {
		p.Robots.Rule = ""
	}
	if read != nil {
		p.URL, p.Status, p.Size, p.Charset = read.URL, read.Status, read.Size, read.Charset
		p.Refreshed, p.Wishes = read.Refreshed, wishes(read.Wishes)
	}
	return p
}

// wishes are the names that authors write them by.
func wishes(w robots.Wishes) (list []string) {
	for _, one := range []struct {
		name string
		set  bool
	}{
		{"noindex", w.NoIndex}, {"nosnippet", w.NoSnippet}, {"noarchive", w.NoArchive},
		{"noai", w.NoAI}, {"tdm-reservation", w.Reserved},
	} {
		if one.set {
			list = append(list, one.name)
		}
	}
	return list
}

// Text implements View: a line for each thing known.
func (p *Page) Text(out term.Output) error {
	delay, status, size := "", "", ""
	if p.Robots.Delay > 0 {
		delay = fmt.Sprintf("%g s between pages", p.Robots.Delay)
	}
	if p.URL != "" {
		status, size = fmt.Sprint(p.Status), fmt.Sprintf("%d bytes", p.Size)
	}
	return writePairs(out, [][2]string{
		{"page", oneLine(p.Requested)}, {"robots.txt", p.Robots.text()}, {"crawl-delay", delay},
		{"answered by", oneLine(said(p.URL != p.Requested, p.URL))}, {"status", status}, {"size", size},
		{"charset", p.Charset}, {"wishes", strings.Join(p.Wishes, ", ")},
	})
}

func (r Robots) text() string {
	switch {
	case r.Assumed:
		return "can't be read: nothing is allowed"
	case r.Rule == "":
		return "allows it: no rule is about it"
	case r.Allowed:
		return "allows it: " + oneLine(r.Rule)
	}
	return "does not allow it: " + oneLine(r.Rule)
}
