package charset

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/coranto/coranto"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

const (
	chinese  = "深圳培育发展壮大产业集群，推动经济高质量发展"
	japan    = "日経平均株価が続伸しました"
	russian  = "Курс рубля вырос на бирже"
	document = `<rss><channel><title>%s</title></channel></rss>`
)

func doc(declaration, title string) string {
	return declaration + strings.Replace(document, "%s", title, 1)
}

func encode(t *testing.T, e encoding.Encoding, s string) string {
	t.Helper()
	b, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func codes(problems []coranto.Problem) string {
	var list []string
	for _, p := range problems {
		list = append(list, p.Code)
	}
	return strings.Join(slices.Compact(list), " ")
}

func TestDecode(t *testing.T) {
	const decl = `<?xml version="1.0" encoding="%s"?>`
	declare := func(name string) string { return strings.Replace(decl, "%s", name, 1) }
	utf16 := func(e unicode.Endianness, bom unicode.BOMPolicy) encoding.Encoding { return unicode.UTF16(e, bom) }
	tests := []struct {
		name        string // the number is that of the design notes
		body        string
		contentType string
		want        string // part of the result
		problems    string
	}{
		{"C04 HTTP charset", encode(t, simplifiedchinese.GBK, doc("", chinese)), "text/xml; charset=gbk", chinese, ""},
		{"C04 HTTP charset against a wrong declaration", encode(t, japanese.ShiftJIS, doc(declare("utf-8"), japan)), "text/xml; charset=Shift_JIS", japan, ""},
		{"C04 a server's default does not count", encode(t, charmap.Windows1251, doc(declare("windows-1251"), russian)), "text/xml; charset=ISO-8859-1", russian, ""},
		{"C04 a server's default and no declaration", encode(t, simplifiedchinese.GBK, doc("", chinese)), "text/xml; charset=ISO-8859-1", chinese, "charset-guessed"},
		{"C04 a server's default that is right", encode(t, charmap.Windows1252, doc("", "Le marché a clôturé en hausse")), "text/xml; charset=ISO-8859-1", "Le marché a clôturé", ""},
		{"C05 UTF-8 with BOM", "\xef\xbb\xbf" + doc(declare("gb2312"), chinese), "", chinese, "charset-mislabeled"},
		{"C05 UTF-16LE with BOM", encode(t, utf16(unicode.LittleEndian, unicode.UseBOM), doc("", chinese)), "", chinese, ""},
		{"C05 UTF-16BE without BOM", encode(t, utf16(unicode.BigEndian, unicode.IgnoreBOM), doc("", chinese)), "", chinese, ""},
		{"C05 UTF-16LE without BOM", encode(t, utf16(unicode.LittleEndian, unicode.IgnoreBOM), doc("", chinese)), "", chinese, ""},
		{"C05 UTF-32BE with BOM", encode(t, utf32.UTF32(utf32.BigEndian, utf32.UseBOM), doc("", chinese)), "", chinese, ""},
		{"C05 UTF-32LE without BOM", encode(t, utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), doc("", chinese)), "", chinese, ""},
		{"C06 UTF-8 labeled gb2312", doc(declare("gb2312"), chinese), "text/xml; charset=gb2312", chinese, "charset-mislabeled"},
		{"C07 UTF-8 labeled with nonsense", doc(declare("klingon"), chinese), "", chinese, "charset-mislabeled"},
		{"C07 GBK labeled with nonsense", encode(t, simplifiedchinese.GBK, doc(declare("klingon"), chinese)), "", chinese, "charset-guessed"},
		{"C08 one bad byte", doc(declare("utf-8"), chinese+"\xe9"), "", chinese + "\ufffd", "unicode-replaced"},
		{"C08 a bad byte in a legacy charset", encode(t, simplifiedchinese.GBK, doc(declare("gbk"), chinese)) + "\xff", "", chinese, "unicode-replaced"},
		{"C09 ISO-2022-JP", encode(t, japanese.ISO2022JP, doc(declare("iso-2022-jp"), japan)), "", japan, ""},
		{"C09 ISO-2022-JP without a label", encode(t, japanese.ISO2022JP, doc("", japan)), "", japan, ""},
		{"C10 JSON in GB18030", encode(t, simplifiedchinese.GB18030, `{"title":"`+chinese+`"}`), "application/feed+json; charset=gb18030", chinese, ""},
		{"C10 JSON in UTF-16", encode(t, utf16(unicode.LittleEndian, unicode.UseBOM), `{"title":"`+chinese+`"}`), "", chinese, ""},
		{"B06 declared UTF-8, bytes GB18030", encode(t, simplifiedchinese.GB18030, doc(declare("utf-8"), chinese)), "", chinese, "charset-guessed"},
		{"gb2312 contains GBK's characters", encode(t, simplifiedchinese.GBK, doc(declare("gb2312"), "镕喆囍")), "", "镕喆囍", ""},
		{"no label, Chinese", encode(t, simplifiedchinese.GBK, doc("", chinese)), "", chinese, "charset-guessed"},
		{"no label, Western", encode(t, charmap.Windows1252, doc("", "Le marché a clôturé en hausse")), "", "Le marché a clôturé", "charset-guessed"},
		{"C08 a quotation mark of Windows in UTF-8", doc(declare("utf-8"), chinese+" it\x92s"), "", chinese + " it\u2019s", "charset-mixed"},
		{"C08 one Western byte in ASCII declared UTF-8", doc(declare("utf-8"), "caf\xe9 au lait"), "", "caf\u00e9 au lait", "charset-guessed"},
		{"C08 a character of UTF-8 cut short", doc(declare("utf-8"), chinese[:len(chinese)-1]), "", "\u53d1\ufffd<", "unicode-replaced"},
		{"C08 UTF-8 cut short and labeled gb2312", doc(declare("gb2312"), chinese[:len(chinese)-1]), "", "\u53d1\ufffd<", "unicode-replaced"},
		{"C13 surrogate pairs in UTF-8", doc(declare("utf-8"), chinese+"\xed\xa0\xbd\xed\xb8\x80"), "", chinese + "\U0001F600", "surrogates-joined"},
		{"C13 a lone surrogate in UTF-8", doc(declare("utf-8"), chinese+"\xed\xa0\xbd."), "", chinese + "\ufffd.", "unicode-replaced"},
		{"C05 UTF-16LE of odd length", encode(t, utf16(unicode.LittleEndian, unicode.UseBOM), doc("", chinese)) + "<", "", chinese, "unicode-replaced"},
		{"C05 UTF-16BE without BOM that begins in Chinese", encode(t, utf16(unicode.BigEndian, unicode.IgnoreBOM), chinese+doc("", chinese)), "", chinese + "<rss>", ""},
		{"C06 ASCII labeled utf-16", doc(declare("utf-16"), "Example"), "", "Example", ""},
		{"ISO-2022-KR", "\x1b$)C" + doc("", "\x0e9]9_\x0f"), "", "\ubc18\ubc1c", ""},
		{"HZ without a label", encode(t, simplifiedchinese.HZGB2312, doc("", chinese)), "", chinese, "charset-guessed"},
		{"a tilde and a brace are not HZ", doc("", "~{x~}"), "", "~{x~}", ""},
		{"GB18030's four bytes", encode(t, simplifiedchinese.GB18030, doc(declare("gb18030"), chinese+"\U00020BB7\u3400")), "", chinese + "\U00020BB7\u3400", ""},
		{"half-width kana", encode(t, japanese.ShiftJIS, doc(declare("shift_jis"), "\uff86\uff6d\uff70\uff7d\u3000"+japan)), "", "\uff86\uff6d\uff70\uff7d", ""},
		{"HTTP and declaration of two charsets", encode(t, simplifiedchinese.GBK, doc(declare("gbk"), chinese)), "text/xml; charset=big5", chinese, "charset-mislabeled"},
		{"a label that the text refutes", encode(t, simplifiedchinese.GBK, doc(declare("iso-8859-1"), chinese)), "", chinese, "charset-guessed"},
		{"an HTTP charset in bad quotes", encode(t, simplifiedchinese.GBK, doc("", chinese)), "text/xml; charset='gbk", chinese, ""},
		{"EBCDIC", encode(t, charmap.CodePage037, doc(declare("cp037"), "Example")), "", "Example", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, problems, err := Decode([]byte(tt.body), tt.contentType)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(got), tt.want) {
				t.Errorf("got %q, want %q in it", got, tt.want)
			}
			if codes(problems) != tt.problems {
				t.Errorf("problems = %v, want %q", problems, tt.problems)
			}
		})
	}
}

func TestDecodeUnknown(t *testing.T) {
	// B08: the error names the charset.
	for _, label := range []string{"utf-7", "unicode-1-1-utf-7"} {
		_, _, err := Decode([]byte(doc("", "+bSdX8w-")), "text/xml; charset="+label)
		if !errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), label) {
			t.Errorf("charset %s: error = %v, want one that wraps ErrUnknown and names it", label, err)
		}
	}
}

// TestLabels holds that the labels of the WHATWG's list and the others in use name
// what they should.
func TestLabels(t *testing.T) {
	tests := []struct{ name, labels string }{
		{"utf-8", "utf-8 utf8 utf_8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8 us-ascii ascii"},
		{"gb18030", "gb2312 gbk gb18030 gb_2312-80 gb_2312 gb2312-80 chinese csgb2312 csiso58gb231280 iso-ir-58 x-gbk cp936 ms936 euc-cn windows-936"},
		{"hz-gb-2312", "hz-gb-2312 hz"},
		{"big5", "big5 big5-hkscs cn-big5 csbig5 x-x-big5 cp950 big-5 x-big5"},
		{"shift_jis", "shift_jis shift-jis sjis x-sjis ms_kanji ms932 windows-31j csshiftjis cp932"},
		{"euc-jp", "euc-jp x-euc-jp cseucpkdfmtjapanese eucjp euc_jp ujis"},
		{"iso-2022-jp", "iso-2022-jp csiso2022jp iso-2022-jp-2"},
		{"euc-kr", "euc-kr cp949 ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949 korean cseuckr csksc56011987 iso-ir-149 uhc euckr"},
		{"windows-1250", "windows-1250 cp1250 x-cp1250 win-1250"},
		{"windows-1251", "windows-1251 cp1251 x-cp1251 win1251 cp-1251 windows1251"},
		{"windows-1252", "windows-1252 iso-8859-1 latin1 l1 iso8859-1 iso_8859-1 iso88591 cp1252 x-cp1252 cp819 ansi_x3.4-1968 latin-1"},
		{"windows-1253", "windows-1253 cp1253"}, {"windows-1254", "windows-1254 iso-8859-9 latin5 cp1254 iso8859-9"},
		{"windows-1255", "windows-1255 cp1255"}, {"windows-1256", "windows-1256 cp1256"},
		{"windows-1257", "windows-1257 cp1257"}, {"windows-1258", "windows-1258 cp1258"},
		{"windows-874", "windows-874 tis-620 tis620 dos-874 iso-8859-11 cp874"},
		{"iso-8859-2", "iso-8859-2 latin2 l2 iso8859-2 iso_8859-2 csisolatin2"},
		{"iso-8859-5", "iso-8859-5 cyrillic iso_8859-5"}, {"iso-8859-6", "iso-8859-6 arabic ecma-114 asmo-708"},
		{"iso-8859-7", "iso-8859-7 greek greek8 elot_928"}, {"iso-8859-8", "iso-8859-8 hebrew visual"},
		{"iso-8859-15", "iso-8859-15 l9 iso_8859-15"}, {"koi8-r", "koi8-r koi koi8 koi8_r cskoi8r"},
		{"koi8-u", "koi8-u koi8-ru"}, {"ibm866", "ibm866 cp866 866 csibm866"}, {"macintosh", "macintosh mac x-mac-roman csmacintosh macroman"},
		{"x-mac-cyrillic", "x-mac-cyrillic x-mac-ukrainian"}, {"ibm437", "cp437 ibm437"}, {"ibm850", "cp850 ibm850"},
		{"", "utf-16 utf-16le utf-32 ucs-2 utf-7 euc-tw iso-2022-cn iso-2022-kr viscii klingon replacement"},
	}
	for _, tt := range tests {
		for label := range strings.FieldsSeq(tt.labels) {
			if _, name := findCharset(label); name != tt.name {
				t.Errorf("label %q: charset %q, want %q", label, name, tt.name)
			}
		}
	}
}

func FuzzCharset(f *testing.F) {
	f.Add([]byte(doc(`<?xml version="1.0" encoding="gbk"?>`, "\xc9\xee\xdb\xda")), "text/xml; charset=utf-8")
	f.Add([]byte("\xff\xfe<\x00r\x00"), "")
	f.Add([]byte("\x1b$B\x1b"), "text/xml; charset=iso-2022-jp")
	f.Add([]byte("\x00\x00\x00<"), "")
	f.Add([]byte("caf\xe9"), "text/xml; charset=\"")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		got, problems, err := Decode(body, contentType)
		if err != nil {
			return
		}
		if !utf8.Valid(got) {
			t.Errorf("%q: result is no UTF-8: %q", body, got)
		}
		lost := strings.Count(string(got), "\ufffd") > strings.Count(string(body), "\ufffd")
		if lost && len(problems) == 0 && utf8.Valid(body) {
			t.Errorf("%q: characters were replaced without a problem", body)
		}
	})
}
