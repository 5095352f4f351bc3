package parse

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// TestInputs reads documents whose bytes are wrong in the ways of the protocol
// checklist, whole.
func TestInputs(t *testing.T) {
	const (
		title   = "深圳培育发展壮大产业集群"
		utf8XML = `<?xml version="1.0" encoding="utf-8"?>`
	)
	document := func(head string) string {
		return head + "<rss version='2.0'><channel><title>t</title><item><title>" + title +
			"</title></item><item><title>b</title></item></channel></rss>"
	}
	in := func(e encoding.Encoding, s string) string {
		encoded, err := e.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return encoded
	}
	utf16 := func(e unicode.Endianness, bom unicode.BOMPolicy) string {
		return in(unicode.UTF16(e, bom), document(""))
	}
	broken := strings.Replace(document(utf8XML), "<title>b", "<title>集\xe7\xbe群", 1)
	tests := []struct{ name, body, contentType, title, code string }{
		{"B04 one invalid byte", broken, "", title, "unicode-replaced"},
		{"B04 one invalid byte, its item", broken, "", title, "text-damaged"},
		{"B05 NUL and control characters", strings.Replace(document(utf8XML), title, "a\x00\x08\x0bb", 1), "", "ab", "control-characters"},
		{"B05 control characters by number", strings.Replace(document(utf8XML), title, "a&#0;&#8;&#11;b", 1), "", "a\ufffdb", "control-characters"},
		{"B06 GBK that is declared UTF-8", in(simplifiedchinese.GBK, document(utf8XML)), "", title, "charset-guessed"},
		{"B06 GBK that is declared UTF-8, and a server that knows", in(simplifiedchinese.GBK, document(utf8XML)), "text/xml; charset=gb2312", title, ""},
		{"B07 UTF-16LE with a mark", utf16(unicode.LittleEndian, unicode.UseBOM), "", title, ""},
		{"B07 UTF-16BE with a mark", utf16(unicode.BigEndian, unicode.UseBOM), "", title, ""},
		{"B07 UTF-16LE without a mark", utf16(unicode.LittleEndian, unicode.IgnoreBOM), "", title, ""},
		{"B07 UTF-16BE without a mark", utf16(unicode.BigEndian, unicode.IgnoreBOM), "", title, ""},
		{"B30 escaped script", atomEntry(`<title type="html">&amp;lt;script&amp;gt;</title>`) + "\n", "", "<script>", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			feed, problems, err := Parse(Document{Body: []byte(tt.body), ContentType: tt.contentType})
			if err != nil {
				t.Fatal(err)
			}
			if got := feed.Items[0].Title; got != tt.title {
				t.Errorf("title = %q, want %q", got, tt.title)
			}
			if tt.code != "" && !hasCode(problems, tt.code) {
				t.Errorf("problems = %v, want %q", problems, tt.code)
			}
		})
	}
}

// TestNothingExternalIsLoaded is an origin that would notice.
func TestNothingExternalIsLoaded(t *testing.T) {
	var asked atomic.Int32
	origin := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer origin.Close()
	for name, doctype := range map[string]string{
		"B10 external entity":    `<!DOCTYPE rss [<!ENTITY x SYSTEM "URL/x">]>`,
		"B10 remote DTD":         `<!DOCTYPE rss SYSTEM "URL/rss.dtd">`,
		"B10 parameter entity":   `<!DOCTYPE rss [<!ENTITY % p SYSTEM "URL/p">%p;]>`,
		"B10 entity of a remote": `<!DOCTYPE rss PUBLIC "-//X//EN" "URL/p" [<!ENTITY x SYSTEM "URL/y">]>`,
	} {
		t.Run(name, func(t *testing.T) {
			body := strings.ReplaceAll(doctype, "URL", origin.URL) + rssItem("<title>a &x; b</title>")
			feed, problems, err := Parse(Document{Body: []byte(body), URL: origin.URL})
			if err != nil {
				t.Fatal(err)
			}
			if got := feed.Items[0].Title; got != "a &x; b" {
				t.Errorf("title = %q, want the entity as it is written", got)
			}
			if !hasCode(problems, "entity-unknown") {
				t.Errorf("problems = %v, want entity-unknown", problems)
			}
			if n := asked.Load(); n != 0 {
				t.Errorf("%d requests were made, want none", n)
			}
		})
	}
}

// TestLift is the way round gofeed that long bodies take.
func TestLift(t *testing.T) {
	long := strings.Repeat("<p>Some &amp; words, x-lifted:0. and 漢字.</p>\n", 50)
	escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(long)
	tests := []struct{ name, body string }{
		{"C39 CDATA section", rssItem("<content:encoded><![CDATA[" + long + "]]></content:encoded>")},
		{"C39 escaped", rssItem("<content:encoded>" + escaped + "</content:encoded>")},
		{"C39 Atom, escaped", atomEntry(`<content type="html">` + escaped + "</content>")},
		{"C39 Atom, XHTML", atomEntry(`<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">` + long + "</div></content>")},
		{"C39 below an xml:base", strings.Replace(atomEntry(`<content type="html">`+escaped+"</content>"), "<entry>", "<entry xml:base='/b/'>", 1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			feed, _, err := Parse(Document{Body: []byte(tt.body), URL: "http://f.example/"})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := feed.Items[0].Content, strings.TrimSpace(long); got != want {
				t.Errorf("content is %d bytes, %.80q…, want %d as they were", len(got), got, len(want))
			}
		})
	}
}

// TestKnownItems is a document of which all but one item was read before.
func TestKnownItems(t *testing.T) {
	t.Run("C38 only what is not known is read", func(t *testing.T) {
		old := "<item><guid>1</guid><title>old</title></item>"
		before, _, err := Parse(Document{Body: []byte(rssFeed(old))})
		if err != nil || len(before.Marks) != 1 {
			t.Fatalf("marks = %v, error %v, want one", before.Marks, err)
		}
		feed, _, err := Parse(Document{
			Body:  []byte(rssFeed("<item><guid>2</guid><title>new</title></item>" + old)),
			Known: func(m Mark) bool { return m == before.Marks[0] },
		})
		if err != nil || len(feed.Items) != 1 || feed.Items[0].Title != "new" || len(feed.Marks) != 2 {
			t.Errorf("items = %+v, %d marks, error %v, want the new one of two", feed.Items, len(feed.Marks), err)
		}
	})
}

// TestNotOurs is what a feed parser need not read, or look for.
func TestNotOurs(t *testing.T) {
	t.Run("C16 CDF is refused", func(t *testing.T) {
		body := `<?xml version="1.0"?><Channel HREF="http://e.example/"><Title>t</Title><Item HREF="http://e.example/1"><Title>a</Title></Item></Channel>`
		feed, _, err := Parse(Document{Body: []byte(body)})
		if err == nil && len(feed.Items) > 0 && feed.Items[0].Link != "" || err != nil && !errors.Is(err, ErrNotFeed) {
			t.Errorf("Parse = %v, %v, want no items of CDF", feed, err)
		}
	})
	t.Run("C40 pictures in the text are not looked for", func(t *testing.T) {
		feed, _, err := Parse(Document{Body: []byte(rssItem(
			`<description>&lt;img src="http://e.example/i.png"&gt;</description>`))})
		if err != nil {
			t.Fatal(err)
		}
		if got := feed.Items[0].Image.URL; got != "" {
			t.Errorf("image = %q, want none: the sanitizer finds it on its way", got)
		}
	})
}
