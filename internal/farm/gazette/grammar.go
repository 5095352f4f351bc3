package gazette

import (
	"maps"
	"strings"
	"unicode"
	"unicode/utf8"
)

// grammar gives for each name the phrases it may stand for. A phrase may hold
// names in braces. {name} is the same all through a story, {+name} is drawn anew.
type grammar map[string][]string

// parse reads lines of phrases under headings like "# name".
func parse(text string) grammar {
	g := grammar{}
	name := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if heading, ok := strings.CutPrefix(line, "# "); ok {
			name = heading
		} else if line != "" {
			g[name] = append(g[name], line)
		}
	}
	return g
}

// with is g and all of other, whose phrases come after those of the same name.
func (g grammar) with(other grammar) grammar {
	sum := maps.Clone(g)
	for name, phrases := range other {
		sum[name] = append(sum[name][:len(sum[name]):len(sum[name])], phrases...)
	}
	return sum
}

// writer expands phrases of one story.
type writer struct {
	grammar grammar
	pick    func(n int) int
	said    map[string]string
	used    map[string]bool // phrases that fresh has given out
}

func newWriter(g grammar, pick func(n int) int) *writer {
	return &writer{grammar: g, pick: pick, said: map[string]string{}, used: map[string]bool{}}
}

// expand replaces the names in a phrase.
func (w *writer) expand(phrase string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(phrase, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		b.WriteString(w.value(name))
		phrase = after
	}
}

func (w *writer) value(name string) string {
	if again, ok := strings.CutPrefix(name, "+"); ok {
		return w.expand(w.choose(again))
	}
	if v, ok := w.said[name]; ok {
		return v
	}
	v := w.expand(w.choose(name))
	w.said[name] = v
	return v
}

func (w *writer) choose(name string) string {
	phrases := w.grammar[name]
	if len(phrases) == 0 {
		return ""
	}
	return phrases[w.pick(len(phrases))]
}

// sentence expands a phrase of that name and begins it with a capital.
func (w *writer) sentence(name string) string {
	return capital(w.expand(w.choose(name)))
}

// fresh is a sentence that this story has not used yet. When all are used, it is
// "".
func (w *writer) fresh(name string) string {
	phrases := w.grammar[name]
	if len(phrases) == 0 {
		return ""
	}
	at := w.pick(len(phrases))
	for k := range phrases {
		phrase := phrases[(at+k)%len(phrases)]
		if !w.used[phrase] {
			w.used[phrase] = true
			return capital(w.expand(phrase))
		}
	}
	return ""
}

func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
