package format

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"slices"

	gorilla "github.com/gorilla/feeds"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
)

type jsonDocument struct {
	gorilla.JSONFeed
	Generator jsonGenerator `json:"_generator"`
	Items     []any         `json:"items"` // of *jsonItem and itemWithMembers; never left out
}

// jsonGenerator is an extension: the program that wrote the feed.
type jsonGenerator struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	URL     string `json:"url"`
}

type jsonItem struct {
	gorilla.JSONItem
	Published   string           `json:"date_published,omitempty"`
	Modified    string           `json:"date_modified,omitempty"`
	Language    string           `json:"language,omitempty"`
	Attachments []jsonAttachment `json:"attachments,omitempty"`
	Source      jsonSource       `json:"_source"`
	Extensions  *jsonExtensions  `json:"_extensions,omitempty"`
}

// jsonExtensions is an extension: the elements for podcasts, media, places and
// discussions that RSS and Atom have in their namespaces.
type jsonExtensions struct {
	About    string              `json:"about"`
	Elements []coranto.Extension `json:"elements"`
}

// itemWithMembers is an item with the extensions that it had in its source's feed.
type itemWithMembers struct {
	*jsonItem
	members map[string]string
}

func withMembers(it *jsonItem, members map[string]string) any {
	if len(members) == 0 {
		return it
	}
	return itemWithMembers{it, members}
}

// MarshalJSON writes the item, then its members by name.
func (it itemWithMembers) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(it.jsonItem); err != nil {
		return nil, err
	}
	b.Truncate(bytes.LastIndexByte(b.Bytes(), '}'))
	for _, name := range slices.Sorted(maps.Keys(it.members)) {
		b.WriteString(`,"` + name + `":` + it.members[name])
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

type jsonAttachment struct {
	URL      string  `json:"url"`
	MIMEType string  `json:"mime_type"`
	Title    string  `json:"title,omitempty"`
	Size     int64   `json:"size_in_bytes,omitempty"`
	Duration float64 `json:"duration_in_seconds,omitempty"`
}

// jsonSource is an extension: the credit of an item, in the words that JSON
// Feed has for a feed. Via is the feed through which another's post came.
type jsonSource struct {
	About    string      `json:"about,omitempty"`
	ID       string      `json:"id,omitempty"`
	Title    string      `json:"title"`
	HomePage string      `json:"home_page_url,omitempty"`
	FeedURL  string      `json:"feed_url,omitempty"`
	Icon     string      `json:"icon,omitempty"`
	Language string      `json:"language,omitempty"`
	Rights   string      `json:"rights,omitempty"`
	License  string      `json:"license,omitempty"`
	Via      *jsonSource `json:"via,omitempty"`
}

// extensionsAbout is where our extensions are described.
const extensionsAbout = coranto.HomeURL + "/blob/main/feeds/format/JSONFEED.md"

func writeJSON(w io.Writer, f *feeds.Feed) error {
	doc := jsonDocument{
		JSONFeed: gorilla.JSONFeed{
			Version:     "https://jsonfeed.org/version/1.1",
			Title:       feedTitle(f),
			Language:    feeds.Language(f.Language),
			HomePageUrl: f.Home,
			FeedUrl:     feedURL(f, jsonFile),
			Description: line(f.Subtitle),
			Icon:        cmp.Or(address(f.Image), address(f.Icon)),
			Favicon:     address(f.Icon),
		},
		Generator: jsonGenerator{"Coranto", coranto.Version, coranto.HomeURL},
		Items:     []any{},
	}
	if f.Archive.Prev > 0 {
		doc.NextUrl = f.ArchiveURL(f.Archive.Prev, jsonFile)
	}
	for _, hub := range f.Hubs {
		if hub = address(hub); hub != "" {
			doc.Hubs = append(doc.Hubs, &gorilla.JSONHub{Type: "WebSub", Url: hub})
		}
	}
	list := posts(f)
	for i := range list {
		doc.Items = append(doc.Items, withMembers(newJSONItem(&list[i]), list[i].members))
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(doc)
}

func newJSONItem(p *post) *jsonItem {
	it := &jsonItem{
		JSONItem: gorilla.JSONItem{
			Id:      p.id,
			Url:     p.link,
			Title:   p.title,
			Image:   p.image.URL,
			Authors: jsonAuthors(p.authors),
			Tags:    jsonTags(p.tags),
		},
		Published: stamp(when(p.published)),
		Modified:  stamp(when(p.updated)),
		Language:  p.language,
		Source:    newJSONSource(&p.source),
	}
	it.Summary, it.ContentHTML = p.summary, p.whole
	if p.body == "" {
		it.ContentText = p.title // one of the two contents is required
	}
	for _, f := range p.files {
		it.Attachments = append(it.Attachments, jsonAttachment{
			f.URL, f.Type, f.Title, f.Length, max(f.Duration.Seconds(), 0),
		})
	}
	if p.extensions != nil {
		it.Extensions = &jsonExtensions{extensionsAbout, p.extensions}
	}
	it.Source.About = extensionsAbout
	it.Source.Rights = cmp.Or(p.rights, it.Source.Rights)
	it.Source.License = cmp.Or(p.license, it.Source.License)
	if p.via != nil {
		via := newJSONSource(p.via)
		it.Source.Via = &via
	}
	return it
}

func newJSONSource(s *source) jsonSource {
	return jsonSource{
		ID: s.ID, Title: s.Title, HomePage: s.Link, FeedURL: s.Feed, Icon: s.Icon,
		Language: s.Language, Rights: s.Rights, License: s.License,
	}
}

func jsonAuthors(people []coranto.Person) []*gorilla.JSONAuthor {
	var list []*gorilla.JSONAuthor
	for _, p := range people {
		url := p.URI
		if url == "" && p.Email != "" {
			url = "mailto:" + p.Email
		}
		list = append(list, &gorilla.JSONAuthor{Name: p.Name, Url: url, Avatar: p.Avatar})
	}
	return list
}

func jsonTags(tags []coranto.Tag) []string {
	var list []string
	for _, t := range tags {
		name := t.Label
		if name == "" {
			name = t.Term
		}
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}
