package feeds

import (
	"cmp"
	"html"
	"strings"

	"github.com/coranto/coranto"
)

// CreditLine is the line of HTML that shows readers who made an item, because
// they don't show the markup that says so. A template is plain text in which
// {source}, {author}, {original} and {rights} stand for the linked name of the
// source, the names of the authors, a link to the post and the rights; "" means
// a default in the item's language. The result is one paragraph.
func CreditLine(template string, e *Entry) string {
	if template == "" {
		template = defaultCredit(e)
	}
	line := strings.NewReplacer(
		"{source}", anchor(e.Credit.Link, e.Credit.Title)+through(e),
		"{author}", html.EscapeString(names(e.Authors)),
		"{original}", anchor(e.Link, phrase(e.Language).original),
		"{rights}", html.EscapeString(e.Rights),
	).Replace(html.EscapeString(template))
	return `<p class="credit">` + line + `</p>`
}

// through names the source that passed on what another published.
func through(e *Entry) string {
	if e.Via.Title == "" {
		return ""
	}
	return phrase(e.Language).via + anchor(cmp.Or(e.Via.Link, e.Via.Feed), e.Via.Title)
}

// phrases are the words of the default credit line in one language.
type phrases struct{ source, via, author, original, rights string }

func phrase(language string) phrases {
	if strings.HasPrefix(strings.ToLower(language), "zh") {
		return phrases{"来源：{source}", "，转自", "，作者：{author}", "阅读原文", "。{rights}"}
	}
	return phrases{"Source: {source}", " via ", ", by {author}", "Read the original", ". {rights}"}
}

// defaultCredit names the author only when that says more than the source does.
func defaultCredit(e *Entry) string {
	p := phrase(e.Language)
	t := p.source
	if author := names(e.Authors); author != "" && author != e.Credit.Title {
		t += p.author
	}
	if e.Rights != "" {
		t += p.rights
	}
	if e.Link != "" {
		t += " · {original}"
	}
	return t
}

func names(people []coranto.Person) string {
	var list []string
	for _, p := range people {
		if p.Name != "" {
			list = append(list, p.Name)
		}
	}
	return strings.Join(list, ", ")
}

func anchor(href, text string) string {
	if href == "" {
		return html.EscapeString(text)
	}
	return `<a href="` + html.EscapeString(href) + `">` + html.EscapeString(text) + `</a>`
}
