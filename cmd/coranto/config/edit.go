package config

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/coranto/coranto"
)

// Append adds sources and categories to the text of a file and leaves the rest
// of it, comments included, byte for byte. Categories that the file has already
// are passed over. name is what messages call the file. The error is an *Errors
// when the file was wrong before or would be after.
func Append(name string, text []byte, sources []coranto.Source, categories []coranto.Category) ([]byte, error) {
	before, err := Parse(name, text)
	if err != nil {
		return nil, err
	}
	var blocks []string
	for _, s := range sources {
		blocks = append(blocks, sourceBlock(s))
	}
	text = insert(text, "sources", blocks)
	blocks = nil
	for _, c := range categories {
		if !before.hasCategory(c.Slug) {
			blocks = append(blocks, categoryBlock(c))
		}
	}
	text = insert(text, "categories", blocks)
	if _, err := Parse(name, text); err != nil {
		return nil, fmt.Errorf("add to %s: write its sources and categories one to a line first: %w", name, err)
	}
	return text, nil
}

func (c *Config) hasCategory(slug coranto.Slug) bool {
	for _, known := range c.Site.Categories {
		if known.Slug == slug {
			return true
		}
	}
	return false
}

// sourceBlock is a source as an element of the list, without indentation.
func sourceBlock(s coranto.Source) string {
	lines := []string{"- id: " + string(s.ID), "  url: " + quote(s.URL)}
	if s.Title != "" {
		lines = append(lines, "  title: "+quote(s.Title))
	}
	if len(s.Categories) > 0 {
		names := make([]string, len(s.Categories))
		for i, c := range s.Categories {
			names[i] = quote(string(c))
		}
		lines = append(lines, "  categories: ["+strings.Join(names, ", ")+"]")
	}
	return strings.Join(lines, "\n")
}

func categoryBlock(c coranto.Category) string {
	return fmt.Sprintf("%s: {title: %s}", quote(string(c.Slug)), quote(c.Title))
}

// quote writes a plain scalar where YAML would read it back as the same text.
func quote(s string) string {
	plain := s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:") == ""
	if plain && !strings.HasSuffix(s, ":") && !strings.HasPrefix(s, "-") && !looksTyped(s) {
		return s
	}
	return strconv.Quote(s)
}

// looksTyped reports words and numbers that YAML does not read as text.
func looksTyped(s string) bool {
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "null", "y", "n":
		return true
	}
	return strings.Trim(s, "0123456789.:-_eExX") == ""
}

// insert adds blocks at the end of the value of a top-level key.
func insert(text []byte, name string, blocks []string) []byte {
	if len(blocks) == 0 {
		return text
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	if len(lines) == 1 && lines[0] == "" {
		lines = nil
	}
	at, indent, head := position(text, lines, name)
	if head >= 0 {
		lines[head] = name + ":"
	}
	var added []string
	if at < 0 {
		at = len(lines)
		added = []string{name + ":"}
	}
	for _, block := range blocks {
		for line := range strings.SplitSeq(block, "\n") {
			added = append(added, indent+line)
		}
	}
	lines = append(lines[:at:at], append(added, lines[at:]...)...)
	return []byte(strings.Join(lines, "\n") + "\n")
}

// position is the line (from 0) before which to insert under a top-level key,
// with the indentation that its value has. at is -1 when the file does not have
// the key; head is the key's line when its value is empty and must give way.
func position(text []byte, lines []string, name string) (at int, indent string, head int) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil || len(file.Docs) == 0 {
		return -1, "  ", -1
	}
	d := &decoder{}
	pairs, _ := d.pairs(file.Docs[0].Body)
	for _, pair := range pairs {
		if nameOf(pair) != name {
			continue
		}
		line, _ := place(pair.Key)
		if isEmpty(pair.Value) {
			return line, "  ", line - 1
		}
		first, col := place(pair.Value)
		if _, ok := pair.Value.(*ast.SequenceNode); ok {
			first, col = firstElement(lines, line)
		}
		indent = strings.Repeat(" ", max(0, col-1))
		return lastLine(lines, first, indent), indent, -1
	}
	return -1, "  ", -1
}

// firstElement finds the first line after the key that begins with a hyphen.
func firstElement(lines []string, after int) (line, col int) {
	for i := after; i < len(lines); i++ {
		trimmed := strings.TrimLeft(lines[i], " ")
		if strings.HasPrefix(trimmed, "-") {
			return i + 1, len(lines[i]) - len(trimmed) + 1
		}
	}
	return after, 3
}

// lastLine is the line after the block that begins at first: the next line that
// is not indented as it is, blank lines and comments before that left to follow.
func lastLine(lines []string, first int, indent string) int {
	end := first
	for i := first; i < len(lines); i++ {
		trimmed := strings.TrimSpace(lines[i])
		if trimmed == "" || strings.HasPrefix(trimmed, "#") {
			continue
		}
		inside := strings.HasPrefix(lines[i], indent) && (indent != "" || strings.HasPrefix(lines[i], "-") || strings.HasPrefix(lines[i], " "))
		if !inside {
			break
		}
		end = i + 1
	}
	return end
}

func isEmpty(n ast.Node) bool {
	switch v := n.(type) {
	case *ast.NullNode:
		return true
	case *ast.SequenceNode:
		return len(v.Values) == 0
	case *ast.MappingNode:
		return len(v.Values) == 0
	}
	return false
}
