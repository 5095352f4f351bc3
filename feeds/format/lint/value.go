package lint

import (
	"html"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

var (
	webForm   = regexp.MustCompile(`^(?i:https?|ftp)://[^/?#]`)
	mimeForm  = regexp.MustCompile(`^[\w!#$&^.+-]+/[\w!#$&^.+-]+(\s*;\s*[\w-]+=("[^"]*"|[^\s;"]+))*$`)
	mailForm  = regexp.MustCompile(`^[\w.%+'-]+@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+$`)
	langForm  = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$`)
	tagForm   = regexp.MustCompile(`^tag:([a-z0-9._-]+@)?[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:\S*$`)
	urnForm   = regexp.MustCompile(`^(?i:urn:[a-z0-9][a-z0-9-]{1,31}:([a-z0-9()+,.:=@;$_!*'-]|%[0-9a-f]{2})+)$`)
	uuidForm  = regexp.MustCompile(`^(?i:urn:uuid:[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12})$`)
	endTag    = regexp.MustCompile(`</\w+>`)
	reference = regexp.MustCompile(`&#?\w+`)
	hrefOrSrc = regexp.MustCompile(`(?i)<(?:a|img)\s(?:[^>]*\s)?(?:href|src)=(?:"([^"]*)"|'([^']*)')`)
	scheme    = regexp.MustCompile(`^\w[\w+.-]*:`)
	tagStart  = regexp.MustCompile(`<[/a-zA-Z]|&#[x0-9]`)
)

// IsIRI reports whether s is an absolute IRI (RFC 3987): a scheme, and nothing
// that a feed cannot carry as it is. An http address also has a host, a tag: URI
// the form of RFC 4151 and a urn:uuid: a UUID.
func IsIRI(s string) bool {
	name, rest, _ := strings.Cut(s, ":")
	if rest == "" || !isScheme(name) || !utf8.ValidString(s) ||
		strings.IndexFunc(s, outsideIRI) >= 0 {
		return false
	}
	switch name, rest = strings.ToLower(name), strings.ToLower(rest); {
	case name == "http", name == "https", name == "ftp":
		return webForm.MatchString(s)
	case name == "tag":
		return tagForm.MatchString(s)
	case name == "urn" && strings.HasPrefix(rest, "uuid:"):
		return uuidForm.MatchString(s)
	}
	return true
}

// IsID reports whether s can be the id of a feed or an entry wherever it is read: an
// IRI in ASCII, as validators ask, and a urn: in the form of RFC 8141.
func IsID(s string) bool {
	if !IsIRI(s) || strings.Count(s, "#") > 1 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		letter := '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
		if !letter && strings.IndexByte(";/?:@&=+$.-_!~*'()%,#", c) < 0 {
			return false
		}
	}
	name, _, _ := strings.Cut(s, ":")
	return !strings.EqualFold(name, "urn") || urnForm.MatchString(s)
}

// isScheme reports whether s is the name of a scheme (RFC 3986 §3.1).
func isScheme(s string) bool {
	for i, r := range s {
		letter := 'a' <= r|0x20 && r|0x20 <= 'z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789+.-", r)) {
			return false
		}
	}
	return s != ""
}

func outsideIRI(r rune) bool {
	return r <= ' ' || r == 0x7F || strings.ContainsRune("<>\"{}|\\^`", r)
}

// isURI is IsIRI for places where only ASCII is allowed (RFC 3986).
func isURI(s string) bool {
	return IsIRI(s) && strings.IndexFunc(s, func(r rune) bool { return r > '~' }) < 0
}

// IsMediaType reports whether s has the form of a media type (RFC 6838 §4.2).
func IsMediaType(s string) bool { return mimeForm.MatchString(s) }

// KnownLanguage reports whether s is a BCP 47 tag that begins with a code that
// validators know: those of ISO 639-1, and of ISO 639-2 for languages that have
// feeds and no shorter code.
func KnownLanguage(s string) bool {
	if !langForm.MatchString(s) {
		return false
	}
	code, _, _ := strings.Cut(strings.ToLower(s), "-")
	return strings.Contains(" "+iso639+" ", " "+code+" ")
}

const iso639 = iso639p1 + " " +
	"ast ber ceb chr crh csb dsb fil fur haw hmn ilo kab kok lad mai mni mul nap nds pap sat sco scn"

const iso639p1 = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co " +
	"cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl " +
	"gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg " +
	"ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk " +
	"ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps " +
	"pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta " +
	"te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za " +
	"zh zu"

// mailDate reads a date of RSS: RFC 822 with four digits of the year. The
// second result is false when the weekday is not that of the day.
func mailDate(s string) (time.Time, bool, error) {
	day, date, hasDay := strings.Cut(s, ", ")
	if !hasDay {
		date = s
	}
	t, err := time.Parse("2 Jan 2006 15:04:05 -0700", date)
	if err != nil {
		t, err = time.Parse("2 Jan 2006 15:04:05 MST", date)
	}
	return t, !hasDay || err != nil || t.Format("Mon") == day, err
}

// looksHTML reports whether a plain text would be taken for HTML: it has an end
// tag or a character reference.
func looksHTML(s string) bool {
	if endTag.MatchString(s) {
		return true
	}
	for _, ref := range reference.FindAllString(s, -1) {
		if strings.ContainsAny(ref, "#0123456789") || html.UnescapeString(ref+";") != ref+";" {
			return true
		}
	}
	return false
}

// relativeReference is the first relative address in a piece of HTML, else "".
func relativeReference(s string) string {
	for _, m := range hrefOrSrc.FindAllStringSubmatch(s, -1) {
		ref := strings.TrimSpace(html.UnescapeString(m[1] + m[2]))
		if ref != "" && !scheme.MatchString(ref) {
			return ref
		}
	}
	return ""
}

// doubled is the first piece of s, between markup, that is UTF-8 when each character is
// taken for a byte: somebody has read it as Latin-1 before. It is "" when there is none.
func doubled(s string) string {
	if !strings.Contains(s, "\u00c2") && !strings.Contains(s, "\u00c3") {
		return ""
	}
	markup := func(r rune) bool { return strings.ContainsRune("<>&\"\n", r) }
	for piece := range strings.FieldsFuncSeq(s, markup) {
		if raw, ok := latin1(piece); ok && utf8.Valid(raw) && strings.ContainsAny(piece, "\u00c2\u00c3") {
			return piece
		}
	}
	return ""
}

// latin1 is a text with a byte for each character; ok is false when one has none.
func latin1(s string) (raw []byte, ok bool) {
	for _, r := range s {
		if r > 0xFF {
			return nil, false
		}
		raw = append(raw, byte(r))
	}
	return raw, true
}

// badCharacter is the first character of s that is allowed but shows that the
// text was decoded wrongly: a C1 control or U+FFFD.
func badCharacter(s string) (rune, bool) {
	for _, r := range s {
		if (r >= 0x7F && r <= 0x9F) || r == utf8.RuneError {
			return r, true
		}
	}
	return 0, false
}
