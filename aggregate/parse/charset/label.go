package charset

import (
	"bytes"
	"mime"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// labels are the charsets that the response and the document name, in lower case.
type labels struct {
	stated []string // about this document, the more trustworthy first; some may be ""
	server string   // of the server, which says nothing about one file
}

// charsetLabels returns the charsets that the response and the document name.
func charsetLabels(body []byte, contentType string) labels {
	http := ""
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		http = params["charset"]
	} else if _, rest, found := strings.Cut(strings.ToLower(contentType), "charset="); found {
		http, _, _ = strings.Cut(rest, ";") // Not all servers know how to quote.
	}
	http = strings.ToLower(strings.Trim(http, " \t\r\n\"'"))
	declared := declaredCharset(body)
	switch http {
	case "iso-8859-1", "us-ascii", "utf-8", "windows-1252":
		return labels{stated: []string{declared}, server: http}
	}
	return labels{stated: []string{http, declared}}
}

// first returns the most trustworthy label, "" when there is none.
func (l labels) first() string {
	for _, label := range l.stated {
		if label != "" {
			return label
		}
	}
	return ""
}

// inOrder returns all labels, the most trustworthy first.
func (l labels) inOrder() []string { return append(l.stated[:len(l.stated):len(l.stated)], l.server) }

// says reports whether a label, the server's too, names a charset.
func (l labels) says(name string) bool {
	for _, label := range l.inOrder() {
		if _, found := findCharset(label); found == name {
			return true
		}
	}
	return false
}

// unknown returns the first label that names no charset we can read.
func (l labels) unknown() string {
	for _, label := range l.stated {
		if coding, _ := findCharset(label); coding == nil && label != "" {
			return label
		}
	}
	return ""
}

// declaredCharset returns the encoding that the XML declaration names.
func declaredCharset(b []byte) string {
	_, declaration, found := bytes.Cut(b[:min(len(b), 512)], []byte("<?xml"))
	if !found {
		return ""
	}
	declaration, _, _ = bytes.Cut(declaration, []byte("?>"))
	_, value, found := bytes.Cut(declaration, []byte("encoding"))
	value = bytes.TrimLeft(value, " \t\r\n=")
	if !found || len(value) < 2 || value[0] != '"' && value[0] != '\'' {
		return ""
	}
	name, _, _ := bytes.Cut(value[1:], value[:1])
	return strings.ToLower(strings.TrimSpace(string(name)))
}

// isUTF7 reports whether a label names UTF-7, which is refused: nobody writes it
// but to smuggle markup past a filter (RFC 3629 §10 explains the class).
func isUTF7(label string) bool { return strings.HasSuffix(compact(label), "utf7") }

// compact returns the letters and digits of a label, which people write with all
// kinds of signs between.
func compact(label string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, label)
}

// findCharset returns the coding that a label, in lower case, names and its usual
// name; nil and "" when the label is unknown or its decoder would be no use. The
// encodings gb2312 and gbk are read as GB18030, which contains both.
func findCharset(label string) (encoding.Encoding, string) {
	short := strings.TrimPrefix(compact(label), "x")
	if coding, name := eastAsian(short); coding != nil {
		return coding, name
	}
	if coding, name := numbered(short); coding != nil {
		return coding, name
	}
	switch short {
	case "utf8", "unicode11utf8", "unicode20utf8", "usascii", "ascii", "utf8bom", "utf8n":
		return encoding.Nop, "utf-8"
	case "", "utf16", "utf16le", "utf16be", "utf32", "ucs2", "unicode", "iso10646ucs2",
		"csunicode", "unicodefeff", "unicodefffe", "ucs4", "utf32le", "utf32be":
		return nil, "" // a wide coding would have shown itself
	case "macroman", "macosroman", "mac", "macintosh":
		return charmap.Macintosh, "macintosh"
	}
	for _, spelling := range []string{label, strings.ReplaceAll(label, "_", "-")} {
		coding, err := htmlindex.Get(spelling)
		if err != nil || coding == encoding.Replacement {
			continue
		}
		name, _ := htmlindex.Name(coding)
		return coding, name
	}
	return nil, ""
}

// eastAsian finds the charset of a compact label among those of East Asia.
func eastAsian(short string) (encoding.Encoding, string) {
	switch short {
	case "gb2312", "gbk", "gb231280", "gb23121980", "cp936", "ms936", "windows936", "euccn",
		"gb18030", "gb180302000", "gb180302005", "gb13000", "chinese", "csgb2312", "gb",
		"isoir58", "csiso58gb231280":
		return simplifiedchinese.GB18030, "gb18030"
	case "hzgb2312", "hz":
		return simplifiedchinese.HZGB2312, "hz-gb-2312"
	case "big5", "big5hkscs", "big5hk", "cp950", "ms950", "windows950", "big5eten", "big5tw",
		"cnbig5", "csbig5", "big5uao":
		return traditionalchinese.Big5, "big5"
	case "sjis", "shiftjis", "mskanji", "cp932", "ms932", "windows31j", "csshiftjis",
		"windows932", "shiftjis2004", "shiftjisx0213", "shiftjs":
		return japanese.ShiftJIS, "shift_jis"
	case "eucjp", "ujis", "cseucpkdfmtjapanese", "eucjpms", "eucjis2004", "cp51932":
		return japanese.EUCJP, "euc-jp"
	case "iso2022jp", "csiso2022jp", "iso2022jp1", "iso2022jp2", "iso2022jp3", "jis", "cp50220":
		return japanese.ISO2022JP, "iso-2022-jp"
	case "euckr", "cp949", "ms949", "windows949", "uhc", "ksc5601", "ksc56011987", "korean",
		"ksc56011989", "cseuckr", "csksc56011987", "isoir149", "ks56011987", "ksx1001":
		return korean.EUCKR, "euc-kr"
	}
	return nil, ""
}

// numbered finds the charset of a compact label that names a code page of Windows
// or DOS by its number.
func numbered(short string) (encoding.Encoding, string) {
	number := short
	for _, prefix := range []string{"windows", "win", "cp", "ms", "ibm", "dos", "ansi"} {
		if rest, found := strings.CutPrefix(short, prefix); found {
			number = rest
			break
		}
	}
	for _, page := range []struct {
		number, name string
		coding       encoding.Encoding
	}{
		{"037", "ibm037", charmap.CodePage037}, {"37", "ibm037", charmap.CodePage037},
		{"437", "ibm437", charmap.CodePage437}, {"850", "ibm850", charmap.CodePage850},
		{"852", "ibm852", charmap.CodePage852}, {"855", "ibm855", charmap.CodePage855},
		{"858", "ibm858", charmap.CodePage858}, {"860", "ibm860", charmap.CodePage860},
		{"862", "ibm862", charmap.CodePage862}, {"863", "ibm863", charmap.CodePage863},
		{"865", "ibm865", charmap.CodePage865}, {"866", "ibm866", charmap.CodePage866},
		{"874", "windows-874", charmap.Windows874}, {"1250", "windows-1250", charmap.Windows1250},
		{"1251", "windows-1251", charmap.Windows1251}, {"1252", "windows-1252", charmap.Windows1252},
		{"1253", "windows-1253", charmap.Windows1253}, {"1254", "windows-1254", charmap.Windows1254},
		{"1255", "windows-1255", charmap.Windows1255}, {"1256", "windows-1256", charmap.Windows1256},
		{"1257", "windows-1257", charmap.Windows1257}, {"1258", "windows-1258", charmap.Windows1258},
		{"tis620", "windows-874", charmap.Windows874}, {"latin1", "windows-1252", charmap.Windows1252},
		{"88591", "windows-1252", charmap.Windows1252}, {"koi8ru", "koi8-u", charmap.KOI8U},
		{"koi8", "koi8-r", charmap.KOI8R},
	} {
		if page.number == number {
			return page.coding, page.name
		}
	}
	return nil, ""
}
