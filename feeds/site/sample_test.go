package site_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/format"
	"github.com/coranto/coranto/feeds/site"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// noon is the time of the newest item of the samples.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// sample is a publication: what the operator says and what its sources brought.
type sample struct {
	site    feeds.Site
	sources []coranto.Source
	feeds   map[coranto.SourceID]coranto.Attribution
	items   []coranto.Item
}

// pages stores the sample in a new store and returns the pages of it.
func (s sample) pages(t testing.TB) *site.Pages {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "items.db"), bolt.Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if err := store.UpsertSources(t.Context(), s.sources, nil); err != nil {
		t.Fatal(err)
	}
	var visits []storage.Visit
	for _, src := range s.sources {
		v := storage.Visit{Source: src.ID, State: storage.SourceState{Feed: s.feeds[src.ID]}}
		for _, it := range s.items {
			if it.Source == src.ID {
				v.Items = append(v.Items, it)
			}
		}
		visits = append(visits, v)
	}
	results, err := store.Commit(t.Context(), visits)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
	}
	p, err := site.New(feeds.NewReader(store, s.site), format.All())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// item is a plain item of a source, so many minutes before noon.
func item(source coranto.SourceID, name, title string, minutes int) coranto.Item {
	link := "https://" + string(source) + ".example/" + name
	return coranto.Item{
		ID:         coranto.NewItemID(source, link),
		Source:     source,
		GUID:       link,
		Link:       link,
		Title:      title,
		Summary:    "What " + name + " is about.",
		Content:    "<h2>More</h2><p>All about <em>" + name + "</em>.</p>",
		Published:  noon.Add(-time.Duration(minutes) * time.Minute),
		Categories: []coranto.Slug{"go"},
	}
}

// full is a publication that shows everything a page can show.
func full() sample {
	plain := item("go-blog", "loops", "Range over functions", 0)
	plain.Authors = []coranto.Person{{Name: "Ada Writer"}, {Name: "Bo Other"}}
	plain.Image = coranto.Image{
		URL: "https://go-blog.example/a.png", Alt: "a gopher", Width: 800, Height: 400,
	}

	passed := item("planet", "guest", "Written elsewhere", 30)
	passed.Origin = &coranto.Attribution{
		Title: "First Hand", Link: "https://first.example/", Feed: "https://first.example/feed",
	}
	arabic := item("mina", "ship", "سفينة أبحاث تعود إلى الميناء", 60)
	short := item("short", "teaser", "Only a title and a summary", 90)

	cast := item("go-blog", "cast", "Episode 41", 24*60)
	cast.Enclosures = []coranto.Enclosure{
		{
			URL: "https://go-blog.example/41.mp3", Type: "audio/mpeg",
			Length: 12_345_678, Duration: 34*time.Minute + 12*time.Second,
		},
		{URL: "https://go-blog.example/41.mp4", Type: "video/mp4"},
		{URL: "https://go-blog.example/notes.pdf", Type: "application/pdf"},
	}
	cast.Tags = []coranto.Tag{{Term: "podcast", Label: "Podcast"}}

	return sample{
		site: feeds.Site{
			Title: "The Courant", Description: "News, credited", URL: "https://news.example/",
			Categories: []coranto.Category{{Slug: "go", Title: "Go", Description: "All of Go"}},
		},
		sources: []coranto.Source{
			{ID: "go-blog", URL: "https://go-blog.example/feed", Categories: []coranto.Slug{"go"}},
			{ID: "mina", URL: "https://mina.example/feed"},
			{ID: "planet", URL: "https://planet.example/feed"},
			{ID: "short", URL: "https://short.example/feed", Republish: coranto.RepublishExcerpt},
		},
		feeds: map[coranto.SourceID]coranto.Attribution{
			"go-blog": {
				Title: "The Go Blog", Language: "en", Rights: "© the authors",
				Link:    "https://go-blog.example/",
				Feed:    "https://go-blog.example/feed.atom",
				License: "https://creativecommons.org/licenses/by/4.0/",
			},
			"mina":   {Title: "الميناء", Link: "https://mina.example/", Language: "ar"},
			"planet": {Title: "A Planet", Link: "https://planet.example/"},
		},
		items: []coranto.Item{plain, passed, arabic, short, cast},
	}
}

// many is a publication of n items with long texts.
func many(n int) sample {
	s := full()
	s.items = nil
	for i := range n {
		it := item("go-blog", "n"+strings.Repeat("x", i%7)+string(rune('a'+i%26)), "", i*20)
		it.GUID += strings.Repeat("-", i)
		it.Link = it.GUID
		it.ID = coranto.NewItemID(it.Source, it.GUID)
		it.Title = strings.Repeat("Headline of seven words and no more ", 3)
		it.Summary = strings.Repeat("央行今天公布的数据显示同比增长。", 200)
		it.Authors = []coranto.Person{{Name: "An Author"}, {Name: "Another Author"}}
		it.Image = coranto.Image{URL: "https://go-blog.example/b.jpg", Width: 900, Height: 600}
		s.items = append(s.items, it)
	}
	return s
}

// clock is the store's: later than every item of the samples.
func clock() time.Time { return noon.AddDate(0, 0, 1) }
