package charset

import (
	"sync"
	"unicode"
	"unicode/utf8"
)

// Bounds of the scores of plausibility, which are 1 at most.
const (
	certain       = 0.9 // a label is believed without looking further
	certainHan    = 0.5 // the same for East Asian ones, whose frequent characters are many
	doubtful      = 0.3 // a label is believed, with a problem, for want of a better one
	plausible     = 0.4 // below it a text is hardly one
	clearlyBetter = 0.2 // by which a less trustworthy label must be ahead of a better one
)

// sampleSize is how many bytes of a document statistics are made of.
const sampleSize = 1 << 10

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
	case n < 30:
		return 0.4
	case n < 100:
		return 0.3
	}
	return 0.1
}

// isEastAsian reports whether a charset writes characters with two bytes.
func isEastAsian(name string) bool {
	switch name {
	case "gb18030", "big5", "euc-jp", "shift_jis", "euc-kr":
		return true
	}
	return false
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
		if p.charset != name && p.charset != kin(name) {
			continue
		}
		if !known {
			text, known = s.decode(name), true
		}
		best = max(best, p.score(text, 1<<i))
	}
	if !known {
		return certain
	}
	return best
}

// kin returns a charset that has the letters of the same languages as name.
func kin(name string) string {
	switch name {
	case "iso-8859-15", "iso-8859-14", "iso-8859-3":
		return "windows-1252"
	case "iso-8859-13", "iso-8859-4", "iso-8859-10":
		return "windows-1257"
	case "iso-8859-8-i":
		return "iso-8859-8"
	case "koi8-u":
		return "koi8-r"
	case "koi8-r":
		return "koi8-u"
	case "ibm855":
		return "ibm866"
	case "ibm037", "ibm437", "ibm850", "ibm858", "ibm860", "ibm863", "ibm865":
		return "macintosh"
	}
	return ""
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
	apart   float64               // what is taken off for a letter beside one of ASCII
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
			if p.script != nil && (p.isApart(prev) || i+1 < len(text) && p.isApart(text[i+1])) {
				sum -= p.apart
			}
		}
		prev = r
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// isApart reports whether r is a letter of ASCII that hardly stands right beside
// one of p's script. Alphabets don't mix within words; East Asians write names of
// shares and products that way, the capital letters at least.
func (p profile) isApart(r rune) bool {
	return r >= 'a' && r <= 'z' || p.apart >= 1 && r >= 'A' && r <= 'Z'
}

// weight returns how likely r, behind prev, is in a text of the language: 1 for a
// frequent letter, less than 0 for what hardly occurs.
func (p profile) weight(prev, r rune, bit uint64) float64 {
	switch {
	case r == utf8.RuneError:
		return -3
	case r < 0xa0, r >= 0xe000 && r < 0xf900: // controls, private use
		return -2
	case r < 0x2000 && isMisplaced(prev, r):
		return -1
	case commonLetters()[unicode.ToLower(r)]&bit != 0:
		return p.commonWeight(prev, r)
	case isSign(r):
		return 0.3
	case p.script != nil && unicode.In(r, p.script...):
		return p.other
	}
	return -0.7
}

// commonWeight is weight for a frequent letter.
func (p profile) commonWeight(prev, r rune) float64 {
	if r < 0x2000 && unicode.IsUpper(r) {
		if unicode.IsUpper(prev) {
			return 0.5
		}
		if unicode.IsLetter(prev) {
			return 0.6
		}
	}
	if p.script == nil && prev >= 0xc0 && !isSign(prev) {
		return 0.6 // Words of Latin letters are mostly ASCII.
	}
	return 1
}

// isMisplaced reports whether r can't stand behind prev: a capital letter behind a
// small one, a mark behind what carries none.
func isMisplaced(prev, r rune) bool {
	if unicode.IsUpper(r) {
		return unicode.IsLower(prev)
	}
	return unicode.Is(unicode.Mn, r) && !carriesMark(prev)
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
