package config

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// decoder walks a YAML tree with tables of keys and collects what is wrong.
type decoder struct {
	errs Errors
}

// key is one key of a mapping in the file.
type key struct {
	name    string
	kind    string // for the documentation: "text", "duration", "list of words" …
	initial string // for the documentation: what holds without it
	doc     string // for the documentation: one sentence or two
	set     func(d *decoder, n ast.Node)
	keys    []key // of a mapping or of the elements of a list, for the documentation
}

// document decodes a whole file and reports whether there is anything in it.
func (d *decoder) document(text []byte, keys []key) bool {
	if why := unreadable(text); why != "" {
		d.at(1, 1, why, "is it the right file?")
		return true
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		d.syntax(err)
		return true
	}
	if len(file.Docs) > 1 {
		d.wrong(file.Docs[1], "a second document begins here", "keep everything in one, without ---")
		return true
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return false
	}
	body := file.Docs[0].Body
	if body.Type() == ast.NullType || body.Type() == ast.CommentGroupType {
		return false
	}
	d.mapping(body, keys)
	return true
}

// maxNesting is how many brackets may be open at a time: more than anybody
// writes, and few enough for the parser.
const maxNesting = 100

// unreadable is why a text is not given to the parser; "" when it may be.
func unreadable(text []byte) string {
	if bytes.IndexByte(text, 0) >= 0 {
		return "this is no text"
	}
	open := 0
	for _, c := range text {
		switch c {
		case '[', '{':
			open++
		case ']', '}':
			open = max(0, open-1)
		}
		if open > maxNesting {
			return "brackets are nested too deeply, or not closed"
		}
	}
	return ""
}

func (d *decoder) syntax(err error) {
	line, col, text := 1, 1, err.Error()
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) {
		text = syntax.GetMessage()
		if p := syntax.GetToken().Position; p != nil {
			line, col = p.Line, p.Column
		}
	}
	d.at(line, col, "not valid YAML: "+text,
		"indent with spaces, and quote texts that begin with or hold : # \" or [")
}

// at notes a problem at a place.
func (d *decoder) at(line, col int, text, hint string) {
	d.errs.List = append(d.errs.List, Problem{Line: line, Col: col, Text: HidePassword(text), Hint: hint})
}

// wrongSecret notes a problem at a node whose line is not shown.
func (d *decoder) wrongSecret(n ast.Node, text, hint string) {
	d.wrong(n, text, hint)
	d.errs.List[len(d.errs.List)-1].Secret = true
}

// wrong notes a problem at a node.
func (d *decoder) wrong(n ast.Node, text, hint string) {
	line, col := Place(n)
	d.at(line, col, text, hint)
}

// Place is where a node of a file begins, from 1; 1, 1 of what has no place.
func Place(n ast.Node) (line, col int) {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 && !m.IsFlowStyle {
		n = m.Values[0].Key
	}
	if m, ok := n.(*ast.MappingValueNode); ok {
		n = m.Key
	}
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 1, 1
	}
	p := n.GetToken().Position
	return p.Line, p.Column
}

// Pairs are the entries of a mapping; nil of what is none.
func Pairs(n ast.Node) []*ast.MappingValueNode {
	switch m := n.(type) {
	case *ast.MappingNode:
		return m.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{m}
	}
	return nil
}

// pairs are the entries of a mapping; ok is false, and the problem noted, when n
// is none.
func (d *decoder) pairs(n ast.Node) (pairs []*ast.MappingValueNode, ok bool) {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode, *ast.NullNode:
		return Pairs(n), true
	}
	d.wrong(n, "a mapping is wanted here, this is "+describe(n), "write key: value pairs")
	return nil, false
}

// mapping decodes a mapping with a table of keys.
func (d *decoder) mapping(n ast.Node, keys []key) {
	pairs, _ := d.pairs(n)
	for _, pair := range pairs {
		name := KeyName(pair)
		k, ok := find(keys, name)
		if !ok {
			d.unknown(pair, name, keys)
			continue
		}
		k.set(d, pair.Value)
	}
}

// has reports whether a mapping has a key, with whatever value.
func (d *decoder) has(n ast.Node, name string) bool {
	pairs, _ := d.pairs(n)
	return slices.ContainsFunc(pairs, func(pair *ast.MappingValueNode) bool {
		return KeyName(pair) == name
	})
}

// keyNode is where a mapping has a key; the mapping itself when it has it not.
func (d *decoder) keyNode(n ast.Node, name string) ast.Node {
	pairs, _ := d.pairs(n)
	for _, pair := range pairs {
		if KeyName(pair) == name {
			return pair.Key
		}
	}
	return n
}

// KeyName is the name of a key.
func KeyName(pair *ast.MappingValueNode) string {
	if s, ok := pair.Key.(*ast.StringNode); ok {
		return s.Value
	}
	return strings.TrimSpace(pair.Key.String())
}

func find(keys []key, name string) (key, bool) {
	for _, k := range keys {
		if k.name == name {
			return k, true
		}
	}
	return key{}, false
}

func (d *decoder) unknown(pair *ast.MappingValueNode, name string, keys []key) {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	hint := "known here: " + strings.Join(names, ", ")
	if near := nearest(name, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	d.wrong(pair.Key, fmt.Sprintf("unknown key %q", name), hint)
}

// list calls each for the elements of a list. A single value is a list of one.
func (d *decoder) list(n ast.Node, each func(n ast.Node)) {
	switch s := n.(type) {
	case *ast.SequenceNode:
		for _, v := range s.Values {
			each(v)
		}
	case *ast.NullNode:
	case *ast.MappingNode, *ast.MappingValueNode:
		d.wrong(n, "a list is wanted here, this is a mapping",
			"begin each element with a hyphen: - …")
	default:
		each(n)
	}
}

// scalar is the text of a value; ok is false, and the problem noted, when n is a
// list or a mapping. A missing value is "".
func (d *decoder) scalar(n ast.Node) (text string, ok bool) {
	switch s := n.(type) {
	case *ast.StringNode:
		return strings.TrimSpace(s.Value), true
	case *ast.LiteralNode:
		return strings.TrimSpace(s.Value.Value), true
	case *ast.NullNode:
		return "", true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	case *ast.AnchorNode, *ast.AliasNode:
		d.wrong(n, "anchors and aliases are not understood here", "write the value out")
		return "", false
	}
	d.wrong(n, "a single value is wanted here, this is "+describe(n),
		"write one value after the colon")
	return "", false
}

func (d *decoder) integer(n ast.Node, least, most int) (int, bool) {
	text, ok := d.scalar(n)
	if !ok {
		return 0, false
	}
	v, err := strconv.Atoi(strings.ReplaceAll(text, "_", ""))
	bounds := fmt.Sprintf("from %d to %d", least, most)
	if err != nil {
		d.wrong(n, fmt.Sprintf("%q is no whole number", text), bounds)
		return 0, false
	}
	if v < least || v > most {
		d.wrong(n, fmt.Sprintf("%d is out of range", v), bounds)
		return 0, false
	}
	return v, true
}

func describe(n ast.Node) string {
	switch n.(type) {
	case *ast.SequenceNode:
		return "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	}
	return "a single value"
}
