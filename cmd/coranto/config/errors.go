package config

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Errors is everything that is wrong with one file.
type Errors struct {
	File string
	List []Problem // by line and column
	text []byte
}

// Problem is one mistake: where, what, and what would be right.
type Problem struct {
	Line int    // from 1
	Col  int    // from 1
	Text string // what is wrong
	Hint string // what would be right; "" when Text says it

	Secret bool // the line holds a secret, so that only what stands before it is shown
}

// Error lists the problems, one a line, each as file:line:col: text (hint).
func (e *Errors) Error() string {
	lines := make([]string, len(e.List))
	for i, p := range e.List {
		lines[i] = e.line(p)
		if p.Hint != "" {
			lines[i] += " (" + p.Hint + ")"
		}
	}
	return strings.Join(lines, "\n")
}

// Detail lists the problems for a terminal, each with the line it is in, a caret
// below the place and the remedy.
func (e *Errors) Detail() string {
	var b strings.Builder
	lines := bytes.Split(e.text, []byte("\n"))
	for _, p := range e.List {
		b.WriteString(e.line(p))
		b.WriteByte('\n')
		if p.Line < 1 || p.Line > len(lines) {
			continue
		}
		line, col := excerpt(p.shown(printable(string(lines[p.Line-1]))), p.Col)
		fmt.Fprintf(&b, "%6d | %s\n", p.Line, line)
		fmt.Fprintf(&b, "       | %s\n", strings.TrimRight(indent(col)+"^ "+p.Hint, " "))
	}
	return b.String()
}

// shown is a line without the secrets in it.
func (p Problem) shown(line string) string {
	if p.Secret {
		name, value, found := strings.Cut(line, ":")
		if !found {
			return strings.Repeat("*", utf8.RuneCountInString(line))
		}
		return name + ":" + strings.Repeat("*", utf8.RuneCountInString(value))
	}
	return HidePassword(hideValues(line))
}

// printable makes a line harmless for a terminal, character for character.
func printable(line string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r == '\r':
			return -1
		case !unicode.IsPrint(r):
			return '\ufffd'
		}
		return r
	}, strings.TrimRight(line, "\r"))
}

// excerpt is the part of a long line around a column, and the column in it.
func excerpt(line string, col int) (part string, at int) {
	const before, most = 50, 100
	runes := []rune(line)
	if len(runes) <= most {
		return line, col
	}
	from := max(0, min(col-1-before, len(runes)-most))
	return string(runes[from : from+most]), col - from
}

func indent(col int) string { return strings.Repeat(" ", max(0, col-1)) }

func (e *Errors) line(p Problem) string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, p.Line, p.Col, p.Text)
}

func (e *Errors) sort() {
	slices.SortStableFunc(e.List, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
}

// nearest is the name that word may have been meant to be, "" when none is near.
func nearest(word string, names []string) string {
	best, least := "", max(2, len(word)/3)+1
	for _, name := range names {
		if d := distance(strings.ToLower(word), name); d < least {
			best, least = name, d
		}
	}
	return best
}

// distance is Levenshtein's.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
