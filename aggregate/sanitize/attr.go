package sanitize

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html/atom"
)

// attr is an attribute of the current tag, as long as that is current.
type attr struct{ key, val []byte }

// idPrefix keeps the ids of posts apart from those of the page they are put on.
const idPrefix = "user-content-"

// readAttrs reads the attributes of the current tag. The tokenizer leaves out
// repeated ones.
func (w *walker) readAttrs() {
	for more := true; more; {
		var a attr
		if a.key, a.val, more = w.z.TagAttr(); len(a.key) > 0 {
			w.attrs = append(w.attrs, a)
		}
	}
}

// attr is the value of an attribute of the current tag; "" when there is none.
func (w *walker) attr(key string) string {
	for _, a := range w.attrs {
		if string(a.key) == key {
			return string(a.val)
		}
	}
	return ""
}

// has reports whether the current tag has an attribute, of whatever value.
func (w *walker) has(key string) bool {
	return slices.ContainsFunc(w.attrs, func(a attr) bool { return string(a.key) == key })
}

// put writes an attribute.
func (w *walker) put(key, val string) {
	w.out = append(w.out, ' ')
	w.out = append(w.out, key...)
	w.out = append(w.out, `="`...)
	w.out = escapeAttr(w.out, val)
	w.out = append(w.out, '"')
}

// copyAttr writes an attribute of the current tag as it is, if it has one.
func (w *walker) copyAttr(key string) {
	if val := strings.TrimSpace(w.attr(key)); val != "" {
		w.put(key, val)
	}
}

// writeAttrs writes the attributes of the current tag that the element keeps.
func (w *walker) writeAttrs(el element) {
	if el.tag == atom.A {
		w.put("href", w.href)
	}
	for _, a := range w.attrs {
		if !w.writeGlobal(a) && keeps(el.tag, string(a.key)) {
			w.writeOwn(string(a.key), a.val)
		}
	}
	if el.tag == atom.A {
		w.out = append(w.out, ` rel="noopener noreferrer nofollow"`...)
	}
}

// anyGlobal reports whether the current tag has an attribute that every element
// keeps.
func (w *walker) anyGlobal() bool {
	before := len(w.out)
	for _, a := range w.attrs {
		w.writeGlobal(a)
	}
	found := len(w.out) > before
	w.out = w.out[:before]
	return found
}

// writeGlobal writes an attribute that every element keeps. It reports whether
// a is one, kept or not.
func (w *walker) writeGlobal(a attr) bool {
	switch string(a.key) {
	case "id":
		w.putID(string(a.val))
	case "class":
		w.putClasses(string(a.val))
	case "lang":
		if isLanguage(a.val) {
			w.put("lang", string(a.val))
		}
	case "dir":
		switch dir := strings.ToLower(string(a.val)); dir {
		case "ltr", "rtl", "auto":
			w.put("dir", dir)
		}
	default:
		return false
	}
	return true
}

// putID writes an id under our prefix.
func (w *walker) putID(id string) {
	id = strings.TrimPrefix(id, idPrefix)
	if id == "" || len(id) > 128 || strings.ContainsAny(id, " \t\n\f") || Line(id) != id {
		return
	}
	w.put("id", idPrefix+id)
}

// putClasses writes the classes that the operator wants to keep.
func (w *walker) putClasses(classes string) {
	if len(w.pol.KeepClasses) == 0 {
		return
	}
	kept := slices.DeleteFunc(strings.Fields(classes), func(c string) bool {
		return !slices.Contains(w.pol.KeepClasses, c)
	})
	if len(kept) > 0 {
		w.put("class", strings.Join(kept, " "))
	}
}

// isLanguage reports whether val has the shape of a BCP 47 tag.
func isLanguage(val []byte) bool {
	for _, c := range val {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return len(val) > 0 && len(val) <= 35
}

// keeps reports whether an element keeps an attribute that not every one keeps.
func keeps(tag atom.Atom, key string) bool {
	switch tag {
	case atom.A, atom.Abbr, atom.Dfn:
		return key == "title"
	case atom.Blockquote, atom.Q:
		return key == "cite"
	case atom.Ins, atom.Del:
		return among(key, "cite", "datetime")
	case atom.Time:
		return key == "datetime"
	case atom.Details:
		return key == "open"
	case atom.Ol:
		return among(key, "reversed", "start")
	case atom.Li:
		return key == "value"
	case atom.Col, atom.Colgroup:
		return key == "span"
	case atom.Td:
		return among(key, "colspan", "rowspan")
	case atom.Th:
		return among(key, "colspan", "rowspan", "scope")
	}
	return false
}

func among(key string, keys ...string) bool { return slices.Contains(keys, key) }

// writeOwn writes an attribute that not every element keeps.
func (w *walker) writeOwn(key string, val []byte) {
	switch key {
	case "cite":
		w.putURL(key, string(val))
	case "open", "reversed":
		w.put(key, "")
	case "start", "value":
		w.putNumber(key, val, math.MinInt32, math.MaxInt32)
	case "span", "colspan", "rowspan":
		w.putNumber(key, val, 1, 1000)
	case "scope":
		w.putScope(strings.ToLower(string(val)))
	default:
		w.put(key, string(val))
	}
}

// putURL writes an attribute that holds a URL, if it is one.
func (w *walker) putURL(key, raw string) {
	if u := URL(raw, w.pol.Base); u != "" {
		w.put(key, u)
	}
}

// putFlag writes an attribute without a value.
func (w *walker) putFlag(kept bool, key string) {
	if kept {
		w.put(key, "")
	}
}

// putNumber writes an attribute that holds a number. One that is too large
// counts as the largest.
func (w *walker) putNumber(key string, val []byte, least, most int64) {
	n, err := strconv.ParseInt(string(bytes.TrimSpace(val)), 10, 32)
	if err == nil && n >= least {
		w.put(key, strconv.FormatInt(min(n, most), 10))
	}
}

// putScope writes the scope of a table header.
func (w *walker) putScope(scope string) {
	switch scope {
	case "row", "col", "rowgroup", "colgroup":
		w.put("scope", scope)
	}
}

// hidden reports whether the current tag says that its element is not shown.
func (w *walker) hidden() bool {
	for _, a := range w.attrs {
		switch string(a.key) {
		case "hidden":
			return true
		case "style":
			if strings.EqualFold(property(string(a.val), "display"), "none") ||
				strings.EqualFold(property(string(a.val), "visibility"), "hidden") {
				return true
			}
		}
	}
	return false
}

// property is the value of a CSS property in a style attribute, "" when that
// does not set it. It reads the plain declarations that feeds contain; what it
// misreads is shown.
func property(style, name string) string {
	for decl := range strings.SplitSeq(style, ";") {
		key, val, _ := strings.Cut(decl, ":")
		if strings.EqualFold(strings.TrimSpace(key), name) {
			val, _, _ = strings.Cut(val, "!")
			return strings.TrimSpace(val)
		}
	}
	return ""
}
