package lint

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// linesOf tells on which line each object of a JSON document begins, by its place:
// "feed", "feed/items[2]". It ends where the document is no JSON.
func linesOf(doc []byte) map[string]int {
	w := &liner{doc: doc, dec: json.NewDecoder(bytes.NewReader(doc)), lines: map[string]int{}, line: 1}
	w.value("feed", 0)
	return w.lines
}

type liner struct {
	doc   []byte
	dec   *json.Decoder
	lines map[string]int
	at    int64 // up to which lines were counted
	line  int
}

// value reads one value and reports whether it was whole.
func (w *liner) value(place string, depth int) bool {
	token, err := w.dec.Token()
	if err != nil || depth > maxDepth {
		return false
	}
	switch token {
	case json.Delim('{'):
		w.mark(place)
		for w.dec.More() {
			name, err := w.dec.Token()
			if err != nil || !w.value(fmt.Sprintf("%s/%v", place, name), depth+1) {
				return false
			}
		}
	case json.Delim('['):
		for n := 1; w.dec.More(); n++ {
			if !w.value(fmt.Sprintf("%s[%d]", place, n), depth+1) {
				return false
			}
		}
	default:
		return true
	}
	_, err = w.dec.Token()
	return err == nil
}

func (w *liner) mark(place string) {
	now := w.dec.InputOffset()
	w.line += bytes.Count(w.doc[w.at:now], []byte("\n"))
	w.at, w.lines[place] = now, w.line
}
