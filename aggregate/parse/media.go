package parse

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/parse/date"
	"github.com/coranto/coranto/aggregate/parse/elements"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
	ext "github.com/mmcdole/gofeed/extensions"
)

// addEnclosure appends e. An address that is already listed gains what e knows
// more of it.
func (p *parser) addEnclosure(list []Enclosure, e Enclosure) []Enclosure {
	if strings.TrimSpace(e.URL) == "" {
		p.problem("enclosure-without-address", "A file is attached without its address; it was left out.")
		return list
	}
	e.URL = p.webURL(e.URL)
	if e.URL == "" || p.isFull(len(list)) {
		return list
	}
	for i := range list {
		known := &list[i]
		if known.URL != e.URL {
			continue
		}
		if known.Type == "" {
			known.Type = e.Type
		}
		if known.Title == "" {
			known.Title = e.Title
		}
		known.Length = max(known.Length, e.Length)
		known.Duration = max(known.Duration, e.Duration)
		return list
	}
	return append(list, e)
}

// media reads the Media RSS elements of an item: files become enclosures, the
// thumbnail or the first picture its image.
func (p *parser) media(item *Item, x ext.Extensions) {
	files := mediaElements(x)
	for _, e := range files["content"] {
		if isImage(e.Attrs["type"], e.Attrs["medium"]) {
			p.setImage(item, e.Attrs)
			continue
		}
		if e.Attrs["url"] == "" { // it has a player instead
			continue
		}
		item.Enclosures = p.addEnclosure(item.Enclosures, Enclosure{
			URL:      e.Attrs["url"],
			Type:     e.Attrs["type"],
			Title:    p.plain(elements.Child(e, "title"), text.Loose),
			Length:   p.length(e.Attrs["fileSize"]),
			Duration: date.ReadDuration(e.Attrs["duration"]),
		})
	}
	for _, e := range files["thumbnail"] {
		p.setImage(item, e.Attrs)
	}
}

// rdfFiles reads the enclosures of RSS 1.0, which have a vocabulary of their own.
func (p *parser) rdfFiles(item *Item, x ext.Extensions) {
	const namespace = "http://purl.oclc.org/net/rss_2.0/enc"
	prefixes := []string{"enc"}
	for prefix, declared := range p.markup.Namespaces {
		if prefix != "enc" && strings.TrimRight(declared, "#/") == namespace {
			prefixes = append(prefixes, prefix)
		}
	}
	slices.Sort(prefixes)
	for _, prefix := range prefixes {
		for _, e := range elements.All(x, prefix, "enclosure") {
			item.Enclosures = p.addEnclosure(item.Enclosures, Enclosure{
				URL:  cmp.Or(e.Attrs["resource"], e.Attrs["url"]),
				Type: e.Attrs["type"], Length: p.length(e.Attrs["length"]),
			})
		}
	}
}

// mediaElements gathers media:content and media:thumbnail wherever Media RSS
// allows them: in the item, in its groups and inside a content. The rendition of a
// group that is its default comes first.
func mediaElements(x ext.Extensions) map[string][]ext.Extension {
	all := map[string][]ext.Extension{}
	add := func(from map[string][]ext.Extension) {
		for _, name := range []string{"content", "thumbnail"} {
			all[name] = append(all[name], from[name]...)
		}
	}
	if len(x["media"]) == 0 {
		return nil
	}
	add(x["media"])
	for _, group := range x["media"]["group"] {
		slices.SortStableFunc(group.Children["content"], func(a, b ext.Extension) int {
			return cmp.Compare(rendition(a), rendition(b))
		})
		add(group.Children)
	}
	for _, content := range slices.Clone(all["content"]) {
		add(content.Children)
	}
	return all
}

// rendition ranks a file among those of its group.
func rendition(e ext.Extension) int {
	if strings.EqualFold(strings.TrimSpace(e.Attrs["isDefault"]), "true") {
		return 0
	}
	return 1
}

// mediaDescription returns the description of the first media:group, the only text
// that items of video sites have.
func (p *parser) mediaDescription(x ext.Extensions) string {
	for _, group := range x["media"]["group"] {
		if s := elements.Child(group, "description"); s != "" {
			return p.html(s, text.Plain)
		}
	}
	return ""
}

// mediaTitle returns the title of the first group or file.
func (p *parser) mediaTitle(x ext.Extensions) string {
	for _, list := range [][]ext.Extension{x["media"]["group"], x["media"]["content"]} {
		for _, e := range list {
			if s := p.plain(elements.Child(e, "title"), text.Loose); s != "" {
				return s
			}
		}
	}
	return ""
}

func (p *parser) setImage(item *Item, attrs map[string]string) {
	u := p.webURL(attrs["url"])
	if u == "" || item.Image.URL != "" {
		return
	}
	width, _ := strconv.Atoi(attrs["width"])
	height, _ := strconv.Atoi(attrs["height"])
	item.Image = coranto.Image{URL: u, Width: max(width, 0), Height: max(height, 0)}
}

func isImage(mediaType, medium string) bool {
	return medium == "image" || strings.HasPrefix(mediaType, "image/")
}

// parseLength reads a number of bytes; 0 when s is none.
func parseLength(s string) int64 {
	n, err := strconv.ParseInt(strings.ReplaceAll(strings.TrimSpace(s), ",", ""), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
