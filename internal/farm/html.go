package farm

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// article appends about n bytes of article HTML in words of no language.
func (t *text) article(r *rng, n int, zh bool, base string) {
	end := len(t.b) + n
	for len(t.b) < end {
		left := end - len(t.b)
		switch x := r.intn(20); {
		case x == 0 && left > 500:
			t.figure(r, zh, base)
		case x == 1 && left > 300:
			t.list(r, zh)
		case x == 2 && left > 300:
			t.add("<blockquote><p>")
			t.phrase(r, 20+r.intn(20), zh)
			t.add("</p></blockquote>\n")
		case x == 3 && left > 200:
			t.add("<h3>")
			t.title(r, zh)
			t.add("</h3>\n")
		default:
			t.paragraph(r, left, zh, base)
		}
	}
}

func (t *text) figure(r *rng, zh bool, base string) {
	id := strconv.FormatUint(r.next()%1e9, 10)
	t.add(`<figure class="wp-block-image size-large"><img loading="lazy" decoding="async"`,
		` width="1024" height="683" src="`, base, "/img/", id, `-1024x683.jpg" alt="`)
	t.phrase(r, 6, zh)
	t.add(`" srcset="/img/`, id, `-300x200.jpg 300w, /img/`, id,
		`-768x512.jpg 768w" sizes="(max-width: 1024px) 100vw, 1024px" /><figcaption>`)
	t.phrase(r, 8, zh)
	t.add("</figcaption></figure>\n")
}

func (t *text) list(r *rng, zh bool) {
	t.add("<ul>\n")
	for range 4 {
		t.add("<li>")
		t.phrase(r, 5+r.intn(8), zh)
		t.add("</li>\n")
	}
	t.add("</ul>\n")
}

// paragraph appends sentences, no longer than left bytes by a rough guess.
func (t *text) paragraph(r *rng, left int, zh bool, base string) {
	words := 25 + r.intn(60)
	if words*6 > left {
		words = left/6 + 1
	}
	t.add("<p>")
	for words > 0 {
		n := min(6+r.intn(18), words)
		words -= n
		t.sentence(r, n, zh)
		t.decoration(r, zh, base)
		if zh {
			t.add("。")
		} else {
			t.add(". ")
		}
	}
	t.add("</p>\n")
}

// decoration ends some sentences with a link, bold words or entities.
func (t *text) decoration(r *rng, zh bool, base string) {
	switch r.intn(8) {
	case 0:
		t.add(` <a href="`, base, "/tag/")
		t.latin(r, 1)
		t.add(`?utm_source=rss&amp;utm_medium=feed">`)
		t.phrase(r, 3, zh)
		t.add("</a>")
	case 1:
		t.add(" <strong>")
		t.phrase(r, 2, zh)
		t.add("</strong>")
	case 2:
		t.add(" &#8212; it&#8217;s 5&nbsp;&amp;&nbsp;6")
	}
}

// summary is the beginning of the text of some HTML, as blog software makes it.
func summary(html string) string {
	var b strings.Builder
	inTag := false
	for _, r := range html {
		switch {
		case r == '<':
			inTag = true
			continue
		case r == '>':
			inTag = false
			continue
		case !inTag:
			b.WriteRune(r)
		}
		if b.Len() > 220 {
			break
		}
	}
	return withoutHalfEntity(b.String()) + " […]"
}

// withoutHalfEntity drops an entity that the end of s may have cut.
func withoutHalfEntity(s string) string {
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	if i := strings.LastIndexByte(s, '&'); i > 0 && i > len(s)-10 {
		return s[:i]
	}
	return s
}
