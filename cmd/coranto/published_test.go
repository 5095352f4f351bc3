package main

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// published is an item as a subscriber reads it, whatever the format.
type published struct {
	ID, Title, Link    string
	Published, Updated time.Time // Updated is zero where the format does not say
	HTML               string    // content, else summary
	Authors            []string
	SourceTitle        string
	SourceFeed         string
	SourceHome         string // "" in RSS, which has no place for it
}

// readFeed reads a published file with code of its own: no part of the program.
func readFeed(t *testing.T, path string) []published {
	t.Helper()
	doc, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return parseFeed(t, path, doc)
}

func parseFeed(t *testing.T, path string, doc []byte) []published {
	t.Helper()
	var items []published
	var err error
	switch {
	case strings.HasSuffix(path, "rss.xml"):
		items, err = readRSS(doc)
	case strings.HasSuffix(path, "atom.xml"):
		items, err = readAtom(doc)
	default:
		items, err = readJSON(doc)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return items
}

func readRSS(doc []byte) ([]published, error) {
	var rss struct {
		Items []struct {
			GUID        string   `xml:"guid"`
			Title       string   `xml:"title"`
			Links       []string `xml:"link"`
			PubDate     string   `xml:"pubDate"`
			Description string   `xml:"description"`
			Content     string   `xml:"http://purl.org/rss/1.0/modules/content/ encoded"`
			Creators    []string `xml:"http://purl.org/dc/elements/1.1/ creator"`
			Source      struct {
				URL  string `xml:"url,attr"`
				Name string `xml:",chardata"`
			} `xml:"source"`
		} `xml:"channel>item"`
	}
	if err := xml.Unmarshal(doc, &rss); err != nil {
		return nil, err
	}
	var items []published
	for _, it := range rss.Items {
		at, err := time.Parse(time.RFC1123Z, it.PubDate)
		if err != nil {
			return nil, err
		}
		p := published{
			ID: it.GUID, Title: html.UnescapeString(it.Title), Published: at.UTC(), HTML: it.Content,
			Authors: it.Creators, SourceTitle: it.Source.Name, SourceFeed: it.Source.URL,
		}
		if p.HTML == "" {
			p.HTML = it.Description
		}
		p.Link = strings.TrimSpace(strings.Join(it.Links, ""))
		items = append(items, p)
	}
	return items, nil
}

func readAtom(doc []byte) ([]published, error) {
	type text struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	}
	type link struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	var atom struct {
		Entries []struct {
			ID        string    `xml:"id"`
			Title     text      `xml:"title"`
			Links     []link    `xml:"http://www.w3.org/2005/Atom link"`
			Published time.Time `xml:"published"`
			Updated   time.Time `xml:"updated"`
			Summary   string    `xml:"summary"`
			Content   string    `xml:"http://www.w3.org/2005/Atom content"`
			Authors   []string  `xml:"author>name"`
			Source    struct {
				Title text   `xml:"title"`
				Links []link `xml:"link"`
			} `xml:"source"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(doc, &atom); err != nil {
		return nil, err
	}
	plain := func(t text) string {
		if t.Type == "html" {
			return html.UnescapeString(t.Text)
		}
		return t.Text
	}
	find := func(links []link, rel string) string {
		for _, l := range links {
			if l.Rel == rel {
				return l.Href
			}
		}
		return ""
	}
	var items []published
	for _, e := range atom.Entries {
		p := published{
			ID: e.ID, Title: plain(e.Title), Link: find(e.Links, "alternate"),
			Published: e.Published, Updated: e.Updated, HTML: e.Content, Authors: e.Authors,
			SourceTitle: plain(e.Source.Title),
			SourceFeed:  find(e.Source.Links, "self"), SourceHome: find(e.Source.Links, "alternate"),
		}
		if p.HTML == "" {
			p.HTML = e.Summary
		}
		items = append(items, p)
	}
	return items, nil
}

func readJSON(doc []byte) ([]published, error) {
	var feed struct {
		Items []struct {
			ID, URL, Title string
			Content        string    `json:"content_html"`
			Published      time.Time `json:"date_published"`
			Modified       time.Time `json:"date_modified"`
			Authors        []struct{ Name string }
			Source         struct {
				Title string
				Home  string `json:"home_page_url"`
				Feed  string `json:"feed_url"`
			} `json:"_source"`
		}
	}
	if err := json.Unmarshal(doc, &feed); err != nil {
		return nil, err
	}
	var items []published
	for _, it := range feed.Items {
		p := published{
			ID: it.ID, Title: it.Title, Link: it.URL, Published: it.Published, Updated: it.Modified,
			HTML: it.Content, SourceTitle: it.Source.Title, SourceFeed: it.Source.Feed,
			SourceHome: it.Source.Home,
		}
		for _, a := range it.Authors {
			p.Authors = append(p.Authors, a.Name)
		}
		items = append(items, p)
	}
	return items, nil
}

// textOf is the text of HTML without white space, which neither sanitizing nor
// folding changes. The visible credit line is given apart.
func textOf(markup string) (text, credit string) {
	body, line, _ := strings.Cut(markup, `<p class="credit">`)
	return squeeze(body), line
}

func squeeze(markup string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(strings.Fields(b.String()), "")
		case html.TextToken:
			b.WriteString(html.UnescapeString(string(z.Raw())))
		}
	}
}
