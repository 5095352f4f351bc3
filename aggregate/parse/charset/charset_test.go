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
		{"C4 HTTP charset", encode(t, simplifiedchinese.GBK, doc("", chinese)), "text/xml; charset=gbk", chinese, ""},
		{"C4 HTTP charset against a wrong declaration", encode(t, japanese.ShiftJIS, doc(declare("utf-8"), japan)), "text/xml; charset=Shift_JIS", japan, ""},
		{"C4 a server's default does not count", encode(t, charmap.Windows1251, doc(declare("windows-1251"), russian)), "text/xml; charset=ISO-8859-1", russian, ""},
		{"C4 a server's default and no declaration", encode(t, simplifiedchinese.GBK, doc("", chinese)), "text/xml; charset=ISO-8859-1", chinese, "charset-guessed"},
		{"C4 a server's default that is right", encode(t, charmap.Windows1252, doc("", "Le marché a clôturé en hausse")), "text/xml; charset=ISO-8859-1", "Le marché a clôturé", ""},
		{"C5 UTF-8 with BOM", "\xef\xbb\xbf" + doc(declare("gb2312"), chinese), "", chinese, "charset-mislabeled"},
		{"C5 UTF-16LE with BOM", encode(t, utf16(unicode.LittleEndian, unicode.UseBOM), doc("", chinese)), "", chinese, ""},
		{"C5 UTF-16BE without BOM", encode(t, utf16(unicode.BigEndian, unicode.IgnoreBOM), doc("", chinese)), "", chinese, ""},
		{"C5 UTF-16LE without BOM", encode(t, utf16(unicode.LittleEndian, unicode.IgnoreBOM), doc("", chinese)), "", chinese, ""},
		{"C5 UTF-32BE with BOM", encode(t, utf32.UTF32(utf32.BigEndian, utf32.UseBOM), doc("", chinese)), "", chinese, ""},
		{"C5 UTF-32LE without BOM", encode(t, utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), doc("", chinese)), "", chinese, ""},
		{"C6 UTF-8 labeled gb2312", doc(declare("gb2312"), chinese), "text/xml; charset=gb2312", chinese, "charset-mislabeled"},
		{"C7 UTF-8 labeled with nonsense", doc(declare("klingon"), chinese), "", chinese, "charset-mislabeled"},
		{"C7 GBK labeled with nonsense", encode(t, simplifiedchinese.GBK, doc(declare("klingon"), chinese)), "", chinese, "charset-guessed"},
		{"C8 one bad byte", doc(declare("utf-8"), chinese+"\xe9"), "", chinese + "\ufffd", "unicode-replaced"},
		{"C8 a bad byte in a legacy charset", encode(t, simplifiedchinese.GBK, doc(declare("gbk"), chinese)) + "\xff", "", chinese, "unicode-replaced"},
		{"C9 ISO-2022-JP", encode(t, japanese.ISO2022JP, doc(declare("iso-2022-jp"), japan)), "", japan, ""},
		{"C9 ISO-2022-JP without a label", encode(t, japanese.ISO2022JP, doc("", japan)), "", japan, ""},
		{"C10 JSON in GB18030", encode(t, simplifiedchinese.GB18030, `{"title":"`+chinese+`"}`), "application/feed+json; charset=gb18030", chinese, ""},
		{"C10 JSON in UTF-16", encode(t, utf16(unicode.LittleEndian, unicode.UseBOM), `{"title":"`+chinese+`"}`), "", chinese, ""},
		{"B06 declared UTF-8, bytes GB18030", encode(t, simplifiedchinese.GB18030, doc(declare("utf-8"), chinese)), "", chinese, "charset-guessed"},
		{"gb2312 contains GBK's characters", encode(t, simplifiedchinese.GBK, doc(declare("gb2312"), "镕喆囍")), "", "镕喆囍", ""},
		{"no label, Chinese", encode(t, simplifiedchinese.GBK, doc("", chinese)), "", chinese, "charset-guessed"},
		{"no label, Western", encode(t, charmap.Windows1252, doc("", "Le marché a clôturé en hausse")), "", "Le marché a clôturé", "charset-guessed"},
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
