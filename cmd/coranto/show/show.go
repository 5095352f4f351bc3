// Package show tells the operator what commands found: values in, text for people
// or JSON for programs out. It reads no store, no clock and no network.
//
// The JSON forms are a contract: a key keeps its name and its meaning, times are
// those of RFC 3339, and keys that may be absent are when they would be empty. The
// text is for reading alone and may change.
package show

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/sanitize"
	"github.com/coranto/coranto/cmd/coranto/term"
)

// View is what can be shown in both ways. Its JSON form is that of the value.
type View interface {
	// Text writes it for people. The error is that of out.
	Text(out term.Output) error
}

// Print writes a view as JSON or as text.
func Print(out term.Output, asJSON bool, v View) error {
	if asJSON {
		return JSON(out, v)
	}
	return v.Text(out)
}

// JSON writes a value as indented JSON, with markup left readable.
func JSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// Plural counts things that a name with an s stands for many of.
func Plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// writePairs writes names and values, a line each; what is empty has none.
func writePairs(out io.Writer, pairs [][2]string) error {
	for _, p := range pairs {
		if p[1] == "" {
			continue
		}
		if _, err := fmt.Fprintf(out, "%-14s %s\n", p[0], p[1]); err != nil {
			return err
		}
	}
	return nil
}

func writeNotes(out io.Writer, problems []coranto.Problem) error {
	for _, p := range problems {
		if _, err := fmt.Fprintf(out, "note: %s\n", p); err != nil {
			return err
		}
	}
	return nil
}

// oneLine makes text of an origin harmless for a terminal.
func oneLine(s string) string { return sanitize.Line(s) }

// short keeps a column of titles narrow.
func short(s string) string { return term.Cut(s, 32) }

// count is a number for a table in which most are 0.
func count(n int) string {
	if n == 0 {
		return "·"
	}
	return fmt.Sprint(n)
}

func took(ms int64) string {
	d := time.Duration(ms) * time.Millisecond
	if d >= time.Second {
		d = d.Round(100 * time.Millisecond)
	}
	return d.String()
}

func when(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format(time.DateTime + " MST")
}

func size(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%.0f KB", float64(bytes)/(1<<10))
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}

func slugList(slugs []coranto.Slug) string {
	names := make([]string, len(slugs))
	for i, s := range slugs {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}
