package term

import (
	"fmt"
	"strings"
)

// Progress is a line that counts up to a total. On a terminal it is redrawn in
// place; elsewhere a line is written at each tenth, so that no long work is
// silent. It is not safe for concurrent use.
type Progress struct {
	out         Output
	what        string
	done, total int
	shown       int // tenths, or thousandths, last drawn
}

// NewProgress begins a line; what names the things counted.
func NewProgress(out Output, what string, total int) *Progress {
	return &Progress{out: out, what: what, total: total, shown: -1}
}

// Add counts one more.
func (p *Progress) Add() {
	p.done++
	p.draw()
}

// Set says how many are counted, of how many there are now.
func (p *Progress) Set(done, total int) {
	p.done, p.total = done, total
	p.draw()
}

const barWidth = 30

func (p *Progress) draw() {
	if p.total == 0 {
		return
	}
	if p.out.Terminal {
		filled := min(barWidth, barWidth*p.done/p.total)
		thousandth := 1000 * p.done / p.total
		if thousandth == p.shown {
			return
		}
		p.shown = thousandth
		bar := strings.Repeat("█", filled) + strings.Repeat("░", barWidth-filled)
		fmt.Fprintf(p.out, "\r\x1b[K%s %d/%d %s", bar, p.done, p.total, p.what)
		return
	}
	if tenth := 10 * p.done / p.total; tenth > p.shown && p.total >= 20 {
		p.shown = tenth
		fmt.Fprintf(p.out, "%d/%d %s\n", p.done, p.total, p.what)
	}
}

// End removes the line from a terminal.
func (p *Progress) End() {
	if p.out.Terminal {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
