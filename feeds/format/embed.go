package format

import (
	"cmp"
	"html"
	"net/url"
	"strings"

	xhtml "golang.org/x/net/html"
)

// unframed is content as RSS and Atom carry it: readers strip frames, and validators
// warn of them, so that a link stands in the place of each; and bdo, which they do not
// know, becomes a span.
func unframed(content string) string {
	if !strings.Contains(content, "<iframe") && !strings.Contains(content, "<bdo") {
		return content
	}
	var b strings.Builder
	t := xhtml.NewTokenizer(strings.NewReader(content))
	inFrame := false
	for {
		kind := t.Next()
		if kind == xhtml.ErrorToken {
			return b.String()
		}
		raw := string(t.Raw())
		name, _ := t.TagName()
		switch tag := string(name); {
		case kind == xhtml.EndTagToken && tag == "iframe":
			inFrame = false
		case inFrame:
		case kind == xhtml.StartTagToken && tag == "iframe":
			b.WriteString(frameLink(t))
			inFrame = true
		case tag == "bdo" && (kind == xhtml.StartTagToken || kind == xhtml.EndTagToken):
			b.WriteString(strings.Replace(raw, "bdo", "span", 1))
		default:
			b.WriteString(raw)
		}
	}
}

// frameLink is a link to what a frame shows, "" when it shows nothing.
func frameLink(t *xhtml.Tokenizer) string {
	var src, title string
	for more := true; more; {
		var key, value []byte
		key, value, more = t.TagAttr()
		switch string(key) {
		case "src":
			src = address(string(value))
		case "title":
			title = bare(string(value))
		}
	}
	u, err := url.Parse(src)
	if err != nil || src == "" {
		return ""
	}
	return `<a href="` + html.EscapeString(src) + `">` + html.EscapeString(cmp.Or(title, u.Host)) + `</a>`
}
