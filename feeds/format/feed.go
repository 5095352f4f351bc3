package format

import (
	"encoding/xml"

	"github.com/coranto/coranto/feeds"
)

// feedURL is the address at which a document of a feed is published.
func feedURL(f *feeds.Feed, file string) string {
	if f.Archive.Number > 0 {
		return f.ArchiveURL(f.Archive.Number, file)
	}
	return f.Self(file)
}

// feedLinks are the links of a document of a feed that say where it is, who tells of
// changes (WebSub §4) and what else belongs to the feed (RFC 5005 §4).
func feedLinks(f *feeds.Feed, file, mediaType string) []atomLink {
	links := []atomLink{{Rel: "self", Type: mediaType, Href: feedURL(f, file)}}
	for _, hub := range f.Hubs {
		if hub = address(hub); hub != "" {
			links = append(links, atomLink{Rel: "hub", Href: hub})
		}
	}
	archived := func(rel string, number int) {
		if number > 0 {
			href := f.ArchiveURL(number, file)
			links = append(links, atomLink{Rel: rel, Type: mediaType, Href: href})
		}
	}
	if f.Archive.Number > 0 {
		links = append(links, atomLink{Rel: "current", Type: mediaType, Href: f.Self(file)})
	}
	archived("prev-archive", f.Archive.Prev)
	archived("next-archive", f.Archive.Next)
	return links
}

// archiveMark marks an archived document (RFC 5005 §4); nil marks none.
func archiveMark(f *feeds.Feed) *struct{} {
	if f.Archive.Number == 0 {
		return nil
	}
	return new(struct{})
}

// feedNamespaces declares the prefixes of what a feed says of itself.
func feedNamespaces(f *feeds.Feed) []xml.Attr {
	if f.Archive.Number == 0 {
		return nil
	}
	return []xml.Attr{namespace("fh", historyNS)}
}

func namespace(prefix, uri string) xml.Attr {
	return xml.Attr{Name: xml.Name{Local: "xmlns:" + prefix}, Value: uri}
}
