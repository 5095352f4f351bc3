package farm

import (
	"math"
	"strings"
)

// vocabulary holds the words of no language that plain farms are written in,
// and how often each occurs.
type vocabulary struct {
	latin, han         []string
	latinRank, hanRank [4096]uint16 // Zipf's law, as indexes to draw from evenly
}

func newVocabulary() *vocabulary {
	r := rng(42)
	v := &vocabulary{}
	v.latin = latinWords(&r, 6000)
	v.han = hanWords(&r, 2500)
	v.latinRank = zipf(len(v.latin))
	v.hanRank = zipf(len(v.han))
	return v
}

func latinWords(r *rng, n int) []string {
	onsets := strings.Fields("b c d f g h j k l m n p r s t v w st tr pr ch sh th br cl gr pl sp")
	nuclei := strings.Fields("a e i o u ai ea io ou ie ee oo")
	codas := strings.Split(" n r s t l m d ng st nd ck ", " ") // the first and the last are empty
	words := make([]string, n)
	for i := range words {
		syllables := 1 + r.intn(3)
		if i < 150 {
			syllables = 1
		}
		var b strings.Builder
		for range syllables {
			b.WriteString(onsets[r.intn(len(onsets))])
			b.WriteString(nuclei[r.intn(len(nuclei))])
			b.WriteString(codas[r.intn(len(codas))])
		}
		words[i] = b.String()
	}
	return words
}

func hanWords(r *rng, n int) []string {
	const first, last = 0x4E00, 0x9FA5
	words := make([]string, n)
	for i := range words {
		runes := make([]rune, 1+r.intn(3))
		for k := range runes {
			runes[k] = rune(first + r.intn(last-first))
		}
		words[i] = string(runes)
	}
	return words
}

func zipf(n int) (table [4096]uint16) {
	for i := range table {
		u := (float64(i) + 0.5) / float64(len(table))
		table[i] = uint16(min(float64(n-1), math.Exp(u*math.Log(float64(n)))-1))
	}
	return table
}

// text collects bytes of a document.
type text struct {
	b     []byte
	words *vocabulary
}

// add appends parts as they are.
func (t *text) add(parts ...string) {
	for _, p := range parts {
		t.b = append(t.b, p...)
	}
}

// latin appends n words divided by spaces.
func (t *text) latin(r *rng, n int) {
	for k := range n {
		if k > 0 {
			t.add(" ")
		}
		t.add(t.words.latin[t.words.latinRank[r.next()&4095]])
	}
}

// han appends n words with a comma after every ninth.
func (t *text) han(r *rng, n int) {
	for k := range n {
		t.add(t.words.han[t.words.hanRank[r.next()&4095]])
		if k%9 == 8 {
			t.add("，")
		}
	}
}

// phrase appends n words, Chinese ones if zh.
func (t *text) phrase(r *rng, n int, zh bool) {
	if zh {
		t.han(r, n)
		return
	}
	t.latin(r, n)
}

// sentence appends n words and begins with a capital.
func (t *text) sentence(r *rng, n int, zh bool) {
	at := len(t.b)
	t.phrase(r, n, zh)
	if !zh && t.b[at] >= 'a' && t.b[at] <= 'z' {
		t.b[at] -= 'a' - 'A'
	}
}

// title appends the 5 to 11 words of a title.
func (t *text) title(r *rng, zh bool) { t.sentence(r, 5+r.intn(7), zh) }

// escape appends s as XML character data or as an attribute value.
func (t *text) escape(s string) {
	for i := range len(s) {
		switch s[i] {
		case '&':
			t.add("&amp;")
		case '<':
			t.add("&lt;")
		case '>':
			t.add("&gt;")
		case '"':
			t.add("&quot;")
		default:
			t.b = append(t.b, s[i])
		}
	}
}

// quote appends s as a JSON string.
func (t *text) quote(s string) {
	t.add(`"`)
	for i := range len(s) {
		switch s[i] {
		case '"', '\\':
			t.b = append(t.b, '\\', s[i])
		case '\n':
			t.add(`\n`)
		case '\t':
			t.add(`\t`)
		default:
			t.b = append(t.b, s[i])
		}
	}
	t.add(`"`)
}
