package term_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"github.com/coranto/coranto/cmd/coranto/term"
)

func TestTableLinesUpChinese(t *testing.T) {
	var b bytes.Buffer
	table := term.NewTable("source", ">new", "took")
	table.Row("证券时报网", 12, "1s")
	table.Row("The Go Blog", 3, "20ms")
	table.Row("é", 100, term.Cell{Text: "bad", Style: term.Bad})
	if err := table.Write(term.Output{Writer: &b}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	if len(lines) != 4 {
		t.Fatalf("wrote %d lines, want 4:\n%s", len(lines), b.String())
	}
	for i, last := range []string{"took", "1s", "20ms", "bad"} {
		before, found := strings.CutSuffix(lines[i], last)
		if !found || runewidth.StringWidth(before) != 18 {
			t.Errorf("line %d: last column begins at %d, want 18:\n%s", i, runewidth.StringWidth(before), b.String())
		}
	}
	if strings.Contains(b.String(), "\x1b") {
		t.Error("colour where there is no terminal")
	}
}

func TestTableIsCutOnTerminal(t *testing.T) {
	var b bytes.Buffer
	table := term.NewTable("source", "cause")
	table.Row("a", strings.Repeat("很长", 40))
	if err := table.Write(term.Output{Writer: &b, Terminal: true, Width: 40}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(b.String(), "\n") {
		if w := runewidth.StringWidth(line); w > 40 {
			t.Errorf("line is %d columns wide, want at most 40: %q", w, line)
		}
	}
}

func TestProgressSpeaksWithoutTerminal(t *testing.T) {
	var b bytes.Buffer
	p := term.NewProgress(term.Output{Writer: &b}, "sources", 100)
	for range 100 {
		p.Add()
	}
	p.End()
	if got := strings.Count(b.String(), "\n"); got != 11 {
		t.Errorf("wrote %d lines, want one at each tenth and the first:\n%s", got, b.String())
	}
}
