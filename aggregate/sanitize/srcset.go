package sanitize

import (
	"strconv"
	"strings"
)

// candidate is one image of a srcset.
type candidate struct {
	url        string
	descriptor string // "2x", "600w" or ""
}

// srcset is the image candidates of the current tag, those kept for late
// loading before those in their place.
func (w *walker) srcset() []candidate {
	for _, key := range [...]string{"data-srcset", "data-lazy-srcset", "srcset"} {
		if raw := w.attr(key); raw != "" {
			if set := w.candidates(raw); len(set) > 0 {
				return set
			}
		}
	}
	return nil
}

// candidates splits a srcset as HTML does (§4.8.4.2.2): a URL ends at white
// space, so it may contain commas, but commas that end it are separators.
func (w *walker) candidates(s string) []candidate {
	var all []candidate
	for {
		s = strings.TrimLeft(s, " \t\n\f\r,")
		if s == "" {
			return all
		}
		end := strings.IndexAny(s, " \t\n\f\r")
		if end < 0 {
			end = len(s)
		}
		raw, rest := s[:end], s[end:]
		descriptor := ""
		if bare := strings.TrimRight(raw, ","); bare != raw {
			raw = bare
		} else {
			descriptor, rest = splitDescriptor(rest)
		}
		if u := URL(raw, w.pol.Base); u != "" && isDescriptor(descriptor) {
			if before, ok := strings.CutSuffix(u, ","); ok {
				u = before + "%2C"
			}
			all = append(all, candidate{u, descriptor})
		}
		s = rest
	}
}

// splitDescriptor cuts what follows the URL of a candidate at the comma that
// ends it, which is none within parentheses.
func splitDescriptor(s string) (descriptor, rest string) {
	depth := 0
	for i := range len(s) {
		switch {
		case s[i] == '(':
			depth++
		case s[i] == ')' && depth > 0:
			depth--
		case s[i] == ',' && depth == 0:
			return strings.TrimSpace(s[:i]), s[i+1:]
		}
	}
	return strings.TrimSpace(s), ""
}

// isDescriptor reports whether s is a width, a density or nothing.
func isDescriptor(s string) bool {
	if s == "" {
		return true
	}
	number, unit := s[:len(s)-1], s[len(s)-1]
	if unit != 'w' && unit != 'x' {
		return false
	}
	for i := range len(number) {
		if c := number[i]; (c < '0' || c > '9') && (c != '.' || unit == 'w') {
			return false
		}
	}
	n, err := strconv.ParseFloat(number, 64)
	return err == nil && n > 0
}

// largest is the URL of the candidate with the largest descriptor; "" when
// there is no candidate.
func largest(set []candidate) string {
	best, most := "", -1.0
	for _, c := range set {
		n, _ := strconv.ParseFloat(strings.TrimRight(c.descriptor, "wx"), 64)
		if n > most {
			best, most = c.url, n
		}
	}
	return best
}

// putSet writes candidates, with the sizes that choose among them.
func (w *walker) putSet(set []candidate) {
	if len(set) == 0 {
		return
	}
	w.out = append(w.out, ` srcset="`...)
	for i, c := range set {
		if i > 0 {
			w.out = append(w.out, ", "...)
		}
		w.out = escapeAttr(w.out, c.url)
		if c.descriptor != "" {
			w.out = append(w.out, ' ')
			w.out = append(w.out, c.descriptor...)
		}
	}
	w.out = append(w.out, '"')
	w.copyAttr("sizes")
}
