package vocabulary

import (
	"slices"

	"github.com/coranto/coranto"
)

// The most that one item takes along, and the longest of its texts, in bytes.
const (
	mostElements = 300
	mostBytes    = 16 << 10
	longText     = 4000
	longLine     = 500
	longURL      = 2000
)

// Cleaner makes elements fit to be kept or published.
type Cleaner struct {
	URL  func(string) string // an absolute address that is safe to publish, "" when there is none
	Text func(string) string // plain text that is safe to publish
}

// Lost is what Clean left out of an item's elements.
type Lost struct {
	Broken []string // elements of the list that lack what they must hold, each name once
	Cut    int      // elements beyond what one item may take along
}

// Clean returns the elements that are in the list and hold what they must, in
// order. Elements that the list does not have are left out without a word, and so
// are those after the first where there may be one.
func (c Cleaner) Clean(list []coranto.Extension) ([]coranto.Extension, Lost) {
	if len(list) == 0 {
		return nil, Lost{}
	}
	r := run{Cleaner: c, elements: mostElements, bytes: mostBytes}
	var kept []coranto.Extension
	for i := range list {
		if e, ok := r.element(&list[i]); ok {
			kept = add(kept, e)
		}
	}
	return kept, r.lost
}

// add appends e, unless it is the second of a kind of which there may be one.
func add(list []coranto.Extension, e coranto.Extension) []coranto.Extension {
	same := func(known coranto.Extension) bool { return known.Name == e.Name }
	if rule, _ := lookup(e.Name); !rule.many && slices.ContainsFunc(list, same) {
		return list
	}
	return append(list, e)
}

// run is one call of Clean.
type run struct {
	Cleaner
	elements, bytes int // that may still be kept
	lost            Lost
}

func (r *run) element(in *coranto.Extension) (coranto.Extension, bool) {
	rule, known := lookup(in.Name)
	if !known {
		return coranto.Extension{}, false
	}
	if r.elements <= 0 || r.bytes <= 0 {
		r.lost.Cut++
		return coranto.Extension{}, false
	}
	out := coranto.Extension{Name: in.Name, Attrs: r.attrs(rule, in.Attrs)}
	if rule.text != nil && in.Value != "" {
		out.Value = rule.text(r, in.Value)
	}
	for i := range in.Children {
		if !slices.Contains(rule.children, in.Children[i].Name) {
			continue
		}
		if child, ok := r.element(&in.Children[i]); ok {
			out.Children = add(out.Children, child)
		}
	}
	if !rule.holds(&out) {
		r.broken(in)
		return out, false
	}
	r.elements--
	r.bytes -= len(out.Name) + len(out.Value)
	return out, true
}

// holds reports whether e has what it must have, and anything at all.
func (rule element) holds(e *coranto.Extension) bool {
	for _, name := range rule.needs {
		if e.Attrs[name] == "" {
			return false
		}
	}
	switch {
	case e.Value != "" || len(e.Children) > 0:
		return true
	case len(rule.children) > 0:
		return e.Attrs["url"] != ""
	case rule.text != nil:
		return len(rule.needs) > 0
	}
	return len(e.Attrs) > 0
}

func (r *run) attrs(rule element, in map[string]string) map[string]string {
	var out map[string]string
	for name, form := range rule.attrs {
		value := in[name]
		if value != "" {
			value = form(r, value)
		}
		if value == "" {
			continue
		}
		if out == nil {
			out = make(map[string]string, len(in))
		}
		out[name] = value
		r.bytes -= len(name) + len(value)
	}
	return out
}

// broken notes an element that is left out. One that is empty says nothing that
// could be lost.
func (r *run) broken(e *coranto.Extension) {
	empty := e.Value == "" && len(e.Attrs) == 0 && len(e.Children) == 0
	if !empty && !slices.Contains(r.lost.Broken, e.Name) {
		r.lost.Broken = append(r.lost.Broken, e.Name)
	}
}
