package vocabulary

import (
	"slices"

	"github.com/coranto/coranto"
)

// The most that one item takes along, names included, and the longest of its
// texts, in bytes.
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
	return c.clean(list, full)
}

// clean is Clean for what gives away no more than most.
func (c Cleaner) clean(list []coranto.Extension, most amount) ([]coranto.Extension, Lost) {
	if len(list) == 0 {
		return nil, Lost{}
	}
	r := run{Cleaner: c, most: most, budget: budget{mostElements, mostBytes}}
	return r.list(list, nil), r.lost
}

// run is one call of Clean or Cut.
type run struct {
	Cleaner
	most   amount
	budget budget
	lost   Lost
}

// budget is what may still be kept.
type budget struct{ elements, bytes int }

// spend pays for an element without its children. It reports whether there was
// enough left.
func (b *budget) spend(e *coranto.Extension) bool {
	size := len(e.Name) + len(e.Value)
	for name, value := range e.Attrs {
		size += len(name) + len(value)
	}
	if b.elements < 1 || b.bytes < size {
		return false
	}
	b.elements--
	b.bytes -= size
	return true
}

// list cleans the elements that stand in one place, in an item or in an element,
// whose rule is not nil.
func (r *run) list(in []coranto.Extension, parent *element) []coranto.Extension {
	var kept []coranto.Extension
	for i := range in {
		name := in[i].Name
		rule := elements()[name]
		if rule == nil || parent != nil && !slices.Contains(parent.children, name) ||
			!rule.many && has(kept, name) {
			continue
		}
		if e, ok := r.element(rule, &in[i]); ok {
			kept = append(kept, e)
		}
	}
	return kept
}

func has(list []coranto.Extension, name string) bool {
	return slices.ContainsFunc(list, func(e coranto.Extension) bool { return e.Name == name })
}

// element cleans one of the list. What is not kept costs nothing of the budget.
func (r *run) element(rule *element, in *coranto.Extension) (coranto.Extension, bool) {
	if r.budget.elements < 1 {
		r.lost.Cut++
		return coranto.Extension{}, false
	}
	before, cut := r.budget, r.lost.Cut
	out := coranto.Extension{Name: in.Name, Attrs: r.attrs(rule, in.Attrs)}
	if rule.text != nil && in.Value != "" {
		out.Value = rule.text(r, in.Value)
	}
	if !r.budget.spend(&out) {
		r.lost.Cut++
		return coranto.Extension{}, false
	}
	out.Children = r.list(in.Children, rule)
	if rule.holds(&out) && !r.hides(rule, &out) {
		return out, true
	}
	r.budget = before
	if r.lost.Cut == cut {
		r.broken(in)
	}
	return coranto.Extension{}, false
}

// hides reports whether e may be a picture where none may be shown.
func (r *run) hides(rule *element, e *coranto.Extension) bool {
	return r.most < excerpt && rule.picture != nil && rule.picture(e.Attrs)
}

// holds reports whether e has what it must have, and anything at all.
func (rule *element) holds(e *coranto.Extension) bool {
	for _, name := range rule.needs {
		if e.Attrs[name] == "" {
			return false
		}
	}
	switch {
	case e.Value != "" || len(e.Children) > 0:
		return true
	case len(rule.children) > 0:
		return e.Attrs[rule.enough] != ""
	case rule.text != nil:
		return len(rule.needs) > 0
	}
	return len(e.Attrs) > 0
}

// attrs cleans attributes, nil when none is left. Each is bounded by its form.
func (r *run) attrs(rule *element, in map[string]string) map[string]string {
	var out map[string]string
	for key, fit := range rule.attrs {
		value := in[key]
		if value != "" {
			value = fit(r, value)
		}
		if value == "" {
			continue
		}
		if out == nil {
			out = make(map[string]string, min(len(in), len(rule.attrs)))
		}
		out[key] = value
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
