package gazette

import "strings"

// Story is one item of a paper.
type Story struct {
	Title      string // plain text
	Summary    string // plain text, the first paragraph
	HTML       string // the article, without its title
	Author     string
	Tags       []string
	Correction string // HTML to add to a later revision
}

// Story writes story nth of a paper. Stories that follow each other never share
// the pattern of their headline or of their first sentence; all other choices
// come from pick, which gives a number below n. picture is the URL of its
// picture, or "".
func (d *Desk) Story(p Paper, nth int, pick func(n int) int, picture string) Story {
	w := newWriter(d.grammars[d.sections[p.Section].topic], pick)
	s := Story{Title: inTurn(p, w, "headline", nth)}
	s.Summary = join(p, inTurn(p, w, "lead", nth), w.fresh("fact"))
	s.Author = w.expand("{author}")
	s.Tags = tags(w)
	s.HTML = article(p, w, s.Summary, picture)
	s.Correction = "<p><em>" + w.sentence("correction") + "</em></p>\n"
	return s
}

// inTurn walks through the phrases of a name in steps of five, which visits all of
// them as long as their number is no multiple of five. Each paper begins elsewhere.
func inTurn(p Paper, w *writer, name string, nth int) string {
	begin := 0
	for _, r := range p.Name {
		begin = (31*begin + int(r)) % 1009
	}
	phrases := w.grammar[name]
	return capital(w.expand(phrases[(begin+5*nth)%len(phrases)]))
}

// tags are two different ones.
func tags(w *writer) []string {
	first, second := w.expand("{+tag}"), w.expand("{+tag}")
	if first == second {
		return []string{first}
	}
	return []string{first, second}
}

func article(p Paper, w *writer, lead, picture string) string {
	var b strings.Builder
	b.WriteString("<p>" + lead + "</p>\n")
	if picture != "" {
		caption := w.sentence("caption")
		b.WriteString(`<figure><img src="` + picture + `" width="640" height="360" alt="` +
			caption + `"><figcaption>` + caption + "</figcaption></figure>\n")
	}
	paragraphs := 3 + w.pick(4)
	for k := range paragraphs {
		if k == 2 && paragraphs > 4 {
			b.WriteString("<h2>" + w.sentence("subhead") + "</h2>\n")
		}
		b.WriteString(paragraph(p, w))
	}
	b.WriteString("<p>" + w.fresh("closing") + "</p>\n")
	return b.String()
}

// paragraph is two to four sentences, or at times a quotation.
func paragraph(p Paper, w *writer) string {
	if w.pick(5) == 0 {
		if quote := w.fresh("quote"); quote != "" {
			return "<blockquote><p>" + quote + "</p></blockquote>\n"
		}
	}
	parts := []string{w.fresh("fact"), w.fresh("body")}
	for range w.pick(3) {
		parts = append(parts, w.fresh("body"))
	}
	text := join(p, parts...)
	if text == "" {
		return ""
	}
	return "<p>" + text + "</p>\n"
}

// join sets sentences one after another, as the paper's language does.
func join(p Paper, sentences ...string) string {
	var kept []string
	for _, s := range sentences {
		if s != "" {
			kept = append(kept, s)
		}
	}
	if p.Chinese() {
		return strings.Join(kept, "")
	}
	return strings.Join(kept, " ")
}
