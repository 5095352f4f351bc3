// Package edit adds to an operator's file, and puts the new text in the place of the
// old.
package edit

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/opml"
	"github.com/coranto/coranto/cmd/coranto/config"
)

// Addition is a source on its way into a file.
type Addition struct {
	coranto.Source                // its id, address, title and categories are written
	Outline        config.Outline // and what it has of this
}

// Additions are what is on its way into a file.
type Additions struct {
	Sources    []Addition
	Categories []coranto.Category
	Folders    []opml.Folder
}

// Append adds sources, categories and folders to the text of a file and leaves the
// rest of it, comments included, byte for byte. Categories and folders that the file
// has already are passed over. name is what messages call the file. The error wraps an
// *config.Errors when the file was wrong before or would be after.
func Append(name string, text []byte, more Additions) ([]byte, error) {
	before, err := config.Parse(name, text)
	if err != nil {
		return nil, err
	}
	var blocks []string
	for _, s := range more.Sources {
		blocks = append(blocks, sourceBlock(s))
	}
	text = insert(text, "sources", blocks)
	blocks = nil
	for _, c := range more.Categories {
		if !hasCategory(before, c.Slug) {
			blocks = append(blocks, categoryBlock(c))
		}
	}
	text = insert(text, "categories", blocks)
	blocks = nil
	for _, f := range more.Folders {
		if !hasFolder(before, f.Path) {
			blocks = append(blocks, folderBlock(f))
		}
	}
	text = insert(text, "folders", blocks)
	after, err := config.Parse(name, text)
	if err != nil {
		return nil, fmt.Errorf("add to %s: %s: %w", name, remedy, err)
	}
	if len(after.Sources) != len(before.Sources)+len(more.Sources) {
		return nil, fmt.Errorf("add to %s: %s", name, remedy)
	}
	return text, nil
}

// remedy is for files whose lists are written in a way that is not extended.
const remedy = "write its sources and categories one to a line first"

func hasCategory(c *config.Config, slug coranto.Slug) bool {
	for _, known := range c.Site.Categories {
		if known.Slug == slug {
			return true
		}
	}
	return false
}

func hasFolder(c *config.Config, path opml.Path) bool {
	return slices.ContainsFunc(c.Folders, func(f opml.Folder) bool { return slices.Equal(f.Path, path) })
}

// sourceBlock is a source as an element of the list, without indentation.
func sourceBlock(s Addition) string {
	lines := []string{"- id: " + quote(string(s.ID)), "  url: " + quote(s.URL)}
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
	if len(s.Outline.Folders) > 0 {
		paths := make([]string, len(s.Outline.Folders))
		for i, path := range s.Outline.Folders {
			paths[i] = pathText(path)
		}
		lines = append(lines, "  folders: ["+strings.Join(paths, ", ")+"]")
	}
	if len(s.Outline.Attributes) > 0 {
		lines = append(lines, "  opml: "+attributesText(s.Outline.Attributes))
	}
	return strings.Join(lines, "\n")
}

// folderBlock is a folder as an element of the list, without indentation.
func folderBlock(f opml.Folder) string {
	text := "- path: " + pathText(f.Path)
	if len(f.Attributes) > 0 {
		text += "\n  opml: " + attributesText(f.Attributes)
	}
	return text
}

func pathText(path opml.Path) string {
	names := make([]string, len(path))
	for i, name := range path {
		names[i] = quote(name)
	}
	return "[" + strings.Join(names, ", ") + "]"
}

func attributesText(attributes map[string]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		pairs = append(pairs, strconv.Quote(name)+": "+strconv.Quote(attributes[name]))
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

func categoryBlock(c coranto.Category) string {
	return fmt.Sprintf("%s: {title: %s}", quote(string(c.Slug)), quote(c.Title))
}

// quote writes a plain scalar where YAML would read it back as the same text.
func quote(s string) string {
	const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:"
	plain := s != "" && strings.Trim(s, safe) == ""
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

// insert adds blocks at the end of the value of a top-level key. Lines end as
// the first one does.
func insert(text []byte, name string, blocks []string) []byte {
	if len(blocks) == 0 {
		return text
	}
	end := "\n"
	if first, _, found := strings.Cut(string(text), "\n"); found && strings.HasSuffix(first, "\r") {
		end = "\r\n"
	}
	lines := strings.SplitAfter(string(text), "\n")
	if last := len(lines) - 1; lines[last] == "" {
		lines = lines[:last]
	} else {
		lines[last] += end
	}
	at, indent := position(text, lines, name)
	var added []string
	if at < 0 {
		at = len(lines)
		added = []string{name + ":" + end}
	}
	for _, block := range blocks {
		for line := range strings.SplitSeq(block, "\n") {
			added = append(added, indent+line+end)
		}
	}
	return []byte(strings.Join(slices.Insert(lines, at, added...), ""))
}

// position is the line (from 0) before which to insert under a top-level key,
// with the indentation that its value has. at is -1 when the file does not have
// the key. An empty value that is written out is taken from its line.
func position(text []byte, lines []string, name string) (at int, indent string) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil || len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return -1, "  "
	}
	for _, pair := range config.Pairs(file.Docs[0].Body) {
		if config.KeyName(pair) != name {
			continue
		}
		line, _ := config.Place(pair.Key)
		if isEmpty(pair.Value) {
			lines[line-1] = withoutValue(lines[line-1])
			return line, "  "
		}
		first, col := config.Place(pair.Value)
		if _, ok := pair.Value.(*ast.SequenceNode); ok {
			first, col = firstElement(lines, line)
		}
		indent = strings.Repeat(" ", max(0, col-1))
		return lastLine(lines, first, indent), indent
	}
	return -1, "  "
}

// withoutValue takes an empty value from the line of a key and leaves the
// comment after it.
func withoutValue(line string) string {
	key, rest, found := strings.Cut(line, ":")
	if !found {
		return line
	}
	value := strings.TrimLeft(rest, " \t")
	for _, empty := range []string{"[]", "[ ]", "{}", "{ }", "null", "~"} {
		if after, ok := strings.CutPrefix(value, empty); ok {
			return key + ":" + after
		}
	}
	return line
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
		nested := indent != "" || strings.HasPrefix(lines[i], "-") || strings.HasPrefix(lines[i], " ")
		if !nested || !strings.HasPrefix(lines[i], indent) {
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
