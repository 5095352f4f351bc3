// Package term writes for people at terminals and for the programs behind
// pipes: tables whose columns line up whatever the script, a progress line, and
// colour only where it is seen and wanted.
package term

import (
	"io"
	"os"

	"golang.org/x/term"
)

// Output is where a command's results go.
type Output struct {
	io.Writer
	Terminal bool // a person looks at it: progress may be drawn
	Color    bool
	Width    int // columns; 0 when unknown: nothing is cut
}

// New looks at what f is. noColor is the operator's wish (NO_COLOR).
func New(f *os.File, noColor bool) Output {
	o := Output{Writer: f, Terminal: term.IsTerminal(int(f.Fd()))}
	if o.Terminal {
		o.Color = !noColor
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			o.Width = width
		}
	}
	return o
}

// Style is the look of a text.
type Style string

// The styles. They say what a text means, not which colour it has.
const (
	Plain Style = ""
	Good  Style = "32"
	Bad   Style = "31"
	Quiet Style = "2"
	Head  Style = "1"
)

// Paint gives text a style if the output shows any.
func (o Output) Paint(s Style, text string) string {
	if !o.Color || s == Plain || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}
