package sample

import (
	"time"

	"github.com/coranto/coranto"
)

// Full is an item with every field set.
func Full(source coranto.SourceID) coranto.Item {
	it := Item(source, 1)
	it.Authors = []coranto.Person{
		{Name: "Ann", Email: "a@x.example", URI: "https://x.example/", Avatar: "https://x.example/a.png"},
		{Name: "Bob"},
	}
	it.Contributors = []coranto.Person{{Name: "Cid"}}
	it.Updated = it.Published.Add(time.Hour)
	it.Language, it.Rights, it.License = "zh-Hans", "© 金融", "https://license.example/"
	it.Tags = []coranto.Tag{{Term: "go", Scheme: "https://tags.example/", Label: "Go"}, {Term: "news"}}
	it.Categories = []coranto.Slug{"a", "b"}
	it.Enclosures = []coranto.Enclosure{{
		URL: "https://x.example/1.mp3", Type: "audio/mpeg", Title: "One",
		Length: 123456789, Duration: 90 * time.Second,
	}}
	it.Image = coranto.Image{URL: "https://x.example/i.png", Alt: "alt", Width: 640, Height: 480}
	it.Links = []coranto.Link{{
		Rel: "via", Href: "https://via.example/", Type: "text/html", Hreflang: "en", Title: "via",
	}}
	it.Comments = "https://x.example/comments"
	it.Extensions = []coranto.Extension{
		{Name: "itunes:episode", Value: "7"},
		{Name: "media:group", Children: []coranto.Extension{
			{Name: "media:content", Attrs: map[string]string{"url": "https://x.example/v", "lang": "en"}},
		}},
	}
	it.Members = map[string]string{"_x": `{"a":1}`, "_y": "2"}
	it.Origin = &coranto.Attribution{
		ID: "urn:o", Title: "Origin", Summary: "sub",
		Link: "https://o.example/", Feed: "https://o.example/feed",
		Language: "en", Rights: "r", License: "l",
		Icon: "https://o.example/i.ico", Authors: []coranto.Person{{Name: "Dan"}},
	}
	return it
}
