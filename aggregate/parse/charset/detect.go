package charset

import (
	"sync"
	"unicode"
	"unicode/utf8"
)

// Bounds of the scores of plausibility, which are 1 at most.
const (
	certain       = 0.9 // a label is believed without looking further
	plausible     = 0.4 // below it a text is hardly one
	clearlyBetter = 0.2 // by which a less trustworthy label must be ahead of a better one
)

// sampleSize is how many bytes of a document statistics are made of.
const sampleSize = 3 << 10

// sample is the part of a body that tells charsets apart: its bytes that are not
// ASCII, with their neighbors.
type sample []byte

// newSample takes the sample of a body.
func newSample(body []byte) sample {
	const near = 3
	s := make(sample, 0, min(len(body), sampleSize))
	taken := 0 // up to here
	for i := 0; i < len(body) && len(s) < sampleSize; i++ {
		if body[i] < utf8.RuneSelf {
			continue
		}
		end := min(i+1, len(body))
		for end < len(body) && body[end] >= utf8.RuneSelf && end-i < sampleSize {
			end++
		}
		begin := max(i-near, taken)
		if begin > taken {
			s = append(s, ' ')
		}
		taken = min(end+near, len(body))
		s = append(s, body[begin:taken]...)
		i = end - 1
	}
	return s
}

// margin returns by how much a charset that no label names must be ahead of one
// that is: the less text there is, the more.
func (s sample) margin() float64 {
	n := 0
	for _, c := range s {
		if c >= utf8.RuneSelf {
			n++
		}
	}
	switch {
	case n < 10:
		return 0.8
	case n < 60:
		return 0.3
	}
	return 0.15
}

// detect returns the charset that the sample looks most like, and its score.
func (s sample) detect() (name string, score float64) {
	name = "windows-1252"
	best := 0.0
	texts := map[string][]rune{}
	for i, p := range profiles() {
		text, ok := texts[p.charset]
		if !ok {
			text = s.decode(p.charset)
			texts[p.charset] = text
		}
		if score := p.score(text, 1<<i); score > best {
			name, best = p.charset, score
		}
	}
	return name, best
}

// score returns how much the sample, read in a charset, looks like one of the
// languages that are written with it. A charset we know no language of is believed.
func (s sample) score(name string) float64 {
	var text []rune
	best, known := -1.0, false
	for i, p := range profiles() {
		if p.charset != name {
			continue
		}
		if !known {
			text, known = s.decode(name), true
		}
		best = max(best, p.score(text, 1<<i))
	}
	if !known {
		return plausible
	}
	return best
}

func (s sample) decode(name string) []rune {
	a, ok := try(s, name)
	if !ok {
		return nil
	}
	return []rune(string(a.body))
}

// profile is a language as it is written in a charset.
type profile struct {
	charset string
	common  string                // its frequent letters beyond ASCII, in lower case
	script  []*unicode.RangeTable // its other letters
	other   float64               // what those count
}

// score returns the mean weight of the characters of text beyond ASCII. bit is
// that of p in the table of common letters. A text in ASCII scores 0.
func (p profile) score(text []rune, bit uint64) float64 {
	sum, n := 0.0, 0
	prev := ' '
	for i, r := range text {
		if r >= utf8.RuneSelf {
			sum += p.weight(prev, r, bit)
			n++
			if p.script != nil && (isLatin(prev) || i+1 < len(text) && isLatin(text[i+1])) {
				sum -= p.apart()
			}
		}
		prev = r
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// apart returns what is taken off for a letter right beside one of ASCII. Alphabets
// don't mix within words; East Asians write names of products that way.
func (p profile) apart() float64 {
	if p.script[0] == unicode.Han || p.script[0] == unicode.Hangul {
		return 0.4
	}
	return 1
}

// isLatin reports whether r is a small letter of ASCII.
func isLatin(r rune) bool { return r >= 'a' && r <= 'z' }

// weight returns how likely r, behind prev, is in a text of the language: 1 for a
// frequent letter, less than 0 for what hardly occurs.
func (p profile) weight(prev, r rune, bit uint64) float64 {
	upper := unicode.IsUpper(r)
	switch {
	case r == utf8.RuneError:
		return -3
	case r < 0xa0, unicode.Is(unicode.Co, r):
		return -2
	case upper && unicode.IsLower(prev), unicode.Is(unicode.Mn, r) && !carriesMark(prev):
		return -1
	case commonLetters()[unicode.ToLower(r)]&bit != 0:
		switch {
		case upper && unicode.IsUpper(prev):
			return 0.5
		case upper && unicode.IsLetter(prev), p.script == nil && prev >= 0xc0 && !isSign(prev):
			return 0.6 // Words of Latin letters are mostly ASCII.
		}
		return 1
	case isSign(r):
		return 0.3
	case p.script != nil && unicode.In(r, p.script...):
		return p.other
	}
	return -0.7
}

// carriesMark reports whether a vowel sign or a tone may follow r.
func carriesMark(r rune) bool {
	return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r)
}

// isSign reports whether r is punctuation of any language.
func isSign(r rune) bool {
	switch {
	case r >= 0x2010 && r <= 0x2027, r >= 0x3000 && r <= 0x3015, r >= 0xff00 && r <= 0xff5e:
		return true
	}
	switch r {
	case 0xa0, '«', '»', '·', '€', '°', '№', '§', '©', '®', '™', '‹', '›', '•', '„', '¿', '¡':
		return true
	}
	return false
}

// commonLetters returns for each letter the profiles that have it among their
// common ones, a bit for each.
var commonLetters = sync.OnceValue(func() map[rune]uint64 {
	table := make(map[rune]uint64, 4096)
	for i, p := range profiles() {
		for _, r := range p.common {
			table[r] |= 1 << i
		}
	}
	return table
})

// looksChinese reports whether b, in UTF-8, is Chinese where it is not ASCII.
func looksChinese(b []byte) bool {
	for i, p := range profiles() {
		if p.charset == "gb18030" && p.score([]rune(string(b)), 1<<i) >= plausible {
			return true
		}
	}
	return false
}
