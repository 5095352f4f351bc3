package format_test

import (
	"encoding/json"
	"encoding/xml"
	"html"
	"slices"
	"strings"
	"testing"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/format"
)

// facts are what a reader must find again whatever the format is.
type facts struct {
	ID, Link, Title, Content, Source string
	Authors                          []string
}

// readers parse each format, as simply as its specification allows.
func readers() map[string]func([]byte) ([]facts, error) {
	return map[string]func([]byte) ([]facts, error){
		"rss": readRSS, "atom": readAtom, "jsonfeed": readJSON,
	}
}

func TestReadersFindTheSame(t *testing.T) {
	feed := sampleFeed(article(), chinese(), nested(), arabic(), markupTitle())
	var want []facts
	for _, e := range feed.Entries {
		f := facts{
			ID: e.EntryID, Link: e.Link, Title: e.Title, Source: e.Credit.Feed,
			Content: e.Content + "\n" + e.CreditHTML,
		}
		for _, a := range e.Authors {
			f.Authors = append(f.Authors, a.Name)
		}
		want = append(want, f)
	}
	want[1].Link = "https://news.example.cn/%E6%96%87%E7%AB%A0/%E4%B8%80" +
		"?q=%E5%88%A9%E7%8E%87%20%E8%A1%A8#%E7%AC%AC%E4%B8%80%E8%8A%82"
	for _, f := range format.All() {
		t.Run(f.Name, func(t *testing.T) {
			read := readers()[f.Name]
			if read == nil {
				t.Fatal("no reader for this format")
			}
			got, err := read(generate(t, f, feed))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.EqualFunc(got, want, equalFacts) {
				t.Errorf("got\n%+v\nwant\n%+v", got, want)
			}
		})
	}
}

// markupTitle is plain text that readers of RSS take for HTML.
func markupTitle() feeds.Entry {
	e := entry(5, "Why <b>bold</b> needs &lt;b&gt; & no more")
	e.Summary, e.Content = "Why.", "<p>Because.</p>"
	return e
}

func equalFacts(a, b facts) bool {
	return a.ID == b.ID && a.Link == b.Link && a.Title == b.Title && a.Content == b.Content &&
		a.Source == b.Source && slices.Equal(a.Authors, b.Authors)
}

func readRSS(doc []byte) ([]facts, error) {
	var rss struct {
		Items []struct {
			Title       string   `xml:"title"`
			Link        string   `xml:"link"`
			GUID        string   `xml:"guid"`
			Description string   `xml:"description"`
			Content     string   `xml:"http://purl.org/rss/1.0/modules/content/ encoded"`
			Creators    []string `xml:"http://purl.org/dc/elements/1.1/ creator"`
			Source      struct {
				URL string `xml:"url,attr"`
			} `xml:"source"`
		} `xml:"channel>item"`
	}
	if err := xml.Unmarshal(doc, &rss); err != nil {
		return nil, err
	}
	var list []facts
	for _, it := range rss.Items {
		f := facts{it.GUID, it.Link, it.Title, it.Content, it.Source.URL, it.Creators}
		if f.Content == "" {
			f.Content = it.Description
		}
		if strings.Contains(f.Title, "&lt;") {
			f.Title = html.UnescapeString(f.Title)
		}
		list = append(list, f)
	}
	return list, nil
}

func readAtom(doc []byte) ([]facts, error) {
	type text struct {
		Type string `xml:"type,attr"`
		Body string `xml:",chardata"`
	}
	type link struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	var atom struct {
		Entries []struct {
			ID      string   `xml:"id"`
			Title   text     `xml:"title"`
			Content text     `xml:"content"`
			Links   []link   `xml:"link"`
			Authors []string `xml:"author>name"`
			Source  []link   `xml:"source>link"`
		} `xml:"http://www.w3.org/2005/Atom entry"`
	}
	if err := xml.Unmarshal(doc, &atom); err != nil {
		return nil, err
	}
	href := func(links []link, rel string) string {
		i := slices.IndexFunc(links, func(l link) bool { return l.Rel == rel })
		if i < 0 {
			return ""
		}
		return links[i].Href
	}
	var list []facts
	for _, e := range atom.Entries {
		f := facts{e.ID, href(e.Links, "alternate"), e.Title.Body, e.Content.Body,
			href(e.Source, "self"), e.Authors}
		if e.Title.Type == "html" {
			f.Title = html.UnescapeString(f.Title)
		}
		list = append(list, f)
	}
	return list, nil
}

func readJSON(doc []byte) ([]facts, error) {
	var feed struct {
		Items []struct {
			ID      string `json:"id"`
			URL     string `json:"url"`
			Title   string `json:"title"`
			Content string `json:"content_html"`
			Authors []struct {
				Name string `json:"name"`
			} `json:"authors"`
			Source struct {
				FeedURL string `json:"feed_url"`
			} `json:"_source"`
		} `json:"items"`
	}
	if err := json.Unmarshal(doc, &feed); err != nil {
		return nil, err
	}
	var list []facts
	for _, it := range feed.Items {
		f := facts{it.ID, it.URL, it.Title, it.Content, it.Source.FeedURL, nil}
		for _, a := range it.Authors {
			f.Authors = append(f.Authors, a.Name)
		}
		list = append(list, f)
	}
	return list, nil
}

// TestTitlesAreEscapedOnce reads titles again that look like markup.
func TestTitlesAreEscapedOnce(t *testing.T) {
	for _, f := range format.All() {
		for _, title := range []string{"<script>alert(1)</script>", "AT&T", "1 < 2"} {
			t.Run("B30 "+f.Name+" "+title, func(t *testing.T) {
				e := entry(5, title)
				got, err := readers()[f.Name](generate(t, f, sampleFeed(e)))
				if err != nil {
					t.Fatal(err)
				}
				if got[0].Title != title {
					t.Errorf("title = %q, want %q", got[0].Title, title)
				}
			})
		}
	}
}
