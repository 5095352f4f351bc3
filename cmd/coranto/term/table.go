package term

import (
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-runewidth"
)

// Table is rows of cells in aligned columns. Widths are those of the characters
// on a screen: a Chinese one takes two columns.
type Table struct {
	head  []string
	right []bool
	rows  [][]Cell
}

// Cell is a text with a style.
type Cell struct {
	Text  string
	Style Style
}

// NewTable begins a table. A head that begins with ">" is a column aligned to
// the right.
func NewTable(head ...string) *Table {
	t := &Table{head: make([]string, len(head)), right: make([]bool, len(head))}
	for i, h := range head {
		t.head[i] = strings.TrimPrefix(h, ">")
		t.right[i] = strings.HasPrefix(h, ">")
	}
	return t
}

// Row adds a row. A value that is no Cell is printed plainly.
func (t *Table) Row(values ...any) {
	cells := make([]Cell, len(t.head))
	for i, v := range values {
		if c, ok := v.(Cell); ok {
			cells[i] = c
			continue
		}
		cells[i] = Cell{Text: fmt.Sprint(v)}
	}
	t.rows = append(t.rows, cells)
}

// Len is the number of rows.
func (t *Table) Len() int { return len(t.rows) }

// Write draws the table. On a terminal the last column is cut to its width.
func (t *Table) Write(o Output) error {
	widths := make([]int, len(t.head))
	for i, h := range t.head {
		widths[i] = runewidth.StringWidth(h)
		for _, row := range t.rows {
			widths[i] = max(widths[i], runewidth.StringWidth(row[i].Text))
		}
	}
	var b strings.Builder
	head := make([]Cell, len(t.head))
	for i, h := range t.head {
		head[i] = Cell{h, Head}
	}
	for _, row := range append([][]Cell{head}, t.rows...) {
		t.line(&b, o, row, widths)
	}
	_, err := io.WriteString(o, b.String())
	return err
}

func (t *Table) line(b *strings.Builder, o Output, row []Cell, widths []int) {
	used := 0
	for i, c := range row {
		last := i == len(row)-1
		text := c.Text
		if last && o.Width > used+10 {
			text = runewidth.Truncate(text, o.Width-used, "…")
		}
		pad := strings.Repeat(" ", max(0, widths[i]-runewidth.StringWidth(text)))
		switch {
		case t.right[i]:
			b.WriteString(pad + o.Paint(c.Style, text))
		case last:
			b.WriteString(o.Paint(c.Style, text))
		default:
			b.WriteString(o.Paint(c.Style, text) + pad)
		}
		if !last {
			b.WriteString("  ")
		}
		used += widths[i] + 2
	}
	b.WriteByte('\n')
}

// Cut shortens text to a number of columns.
func Cut(text string, columns int) string { return runewidth.Truncate(text, columns, "…") }
