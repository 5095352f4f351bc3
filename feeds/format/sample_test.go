package format_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
)

// day is the n-th day of the samples.
func day(n int) time.Time { return time.Date(2025, 3, n, 8, 30, 0, 0, time.UTC) }

// sampleFeed is a feed around some entries, as the Reader would compose it.
func sampleFeed(entries ...feeds.Entry) *feeds.Feed {
	f := &feeds.Feed{
		Scope:    feeds.CategoryScope("go"),
		ID:       "tag:news.example.org,2024-01-01:feed/category/go",
		Title:    "Go — 金融消息",
		Subtitle: "Posts about Go & its tools",
		Language: "en",
		Home:     "https://news.example.org/category/go/",
		Icon:     "https://news.example.org/icon.svg",
		Entries:  entries,
	}
	for i := range entries {
		if entries[i].Updated.After(f.Updated) {
			f.Updated = entries[i].Updated
		}
	}
	f.Modified = f.Updated
	return f
}

// samples are the feeds that the golden files show.
func samples() map[string]*feeds.Feed {
	return map[string]*feeds.Feed{
		"rich":    sampleFeed(article(), chinese(), podcast(), nested(), arabic()),
		"sparse":  sampleFeed(titleOnly(), summaryOnly(), uncredited()),
		"hostile": sampleFeed(hostile()),
		"empty":   sampleFeed(),
		"episode": sampleFeed(episode()),
	}
}

func goBlog() coranto.Attribution {
	return coranto.Attribution{
		ID:       "tag:blog.golang.org,2013:blog.golang.org",
		Title:    "The Go Blog",
		Link:     "https://go.dev/blog/",
		Feed:     "https://go.dev/blog/feed.atom",
		Language: "en",
		Rights:   "© The Go Authors",
		License:  "https://creativecommons.org/licenses/by/4.0/",
		Icon:     "https://go.dev/favicon.ico",
		Authors:  []coranto.Person{{Name: "The Go Team", URI: "https://go.dev/"}},
	}
}

func entry(n int, title string) feeds.Entry {
	e := feeds.Entry{
		Item: coranto.Item{
			ID:         coranto.NewItemID("sample", title),
			Title:      title,
			Link:       fmt.Sprintf("https://go.dev/blog/post-%d", n),
			Authors:    []coranto.Person{{Name: "Ann Author"}},
			Published:  day(n),
			Updated:    day(n),
			Language:   "en",
			Categories: []coranto.Slug{"go"},
		},
		EntryID:    fmt.Sprintf("tag:blog.golang.org,2013:post-%d", n),
		Credit:     goBlog(),
		CreditHTML: `<p class="credit">Source: <a href="https://go.dev/blog/">The Go Blog</a></p>`,
	}
	e.Page = "https://news.example.org/item/" + e.ID.String() + "/"
	return e
}

// article has one of everything.
func article() feeds.Entry {
	e := entry(20, "AT&T, 1 < 2 and “quotes”")
	e.EntryID = e.Link
	e.Summary = "What a summary says: a & b, c < d.\nSecond line."
	e.Content = `<p>Full text with <a href="https://go.dev/?a=1&amp;b=2">a link</a> &amp; ` +
		`<b>markup</b>.</p>`
	e.Authors = []coranto.Person{
		{
			Name: "Ann Author", Email: "ann@go.dev",
			URI: "https://go.dev/ann", Avatar: "https://go.dev/ann.png",
		},
		{Name: "Bob Writer"},
	}
	e.Contributors = []coranto.Person{{Name: "Cy Editor"}}
	e.Updated = day(21)
	e.Rights, e.License = "© 2025 Ann", "https://creativecommons.org/licenses/by-sa/4.0/"
	e.Tags = []coranto.Tag{
		{Term: "gc", Scheme: "https://go.dev/tags/", Label: "Garbage collection"}, {Term: "runtime"},
	}
	e.Categories = []coranto.Slug{"go", "tools"}
	e.Image = coranto.Image{URL: "https://go.dev/pic.png", Alt: "A gopher", Width: 640, Height: 480}
	e.Comments = "https://go.dev/blog/post-20/comments"
	e.Links = []coranto.Link{
		{
			Rel: "related", Href: "https://go.dev/issue/1", Type: "text/html",
			Title: "The issue", Hreflang: "en",
		},
		{Rel: "alternate", Href: "https://go.dev/blog/post-20.pdf", Type: "application/pdf"},
		{Rel: "self", Href: "https://go.dev/blog/post-20.atom"},
		{Rel: "replies", Href: "https://go.dev/blog/post-20/replies.atom", Type: "application/atom+xml"},
	}
	return e
}

func chinese() feeds.Entry {
	e := entry(19, "央行：维持利率不变（全文）")
	e.Language = "zh-CN"
	e.Link = "https://news.example.cn/文章/一?q=利率 表#第一节"
	e.Summary = "央行今日宣布维持利率不变。"
	e.Content = "<p>央行今日宣布维持利率不变。</p>"
	e.Authors = []coranto.Person{{Name: "王小明"}}
	e.Credit = coranto.Attribution{
		Title: "证券时报", Link: "https://news.example.cn/", Feed: "https://news.example.cn/rss",
		Language: "zh-CN",
	}
	e.CreditHTML = `<p class="credit">来源：<a href="https://news.example.cn/">证券时报</a></p>`
	return e
}

func podcast() feeds.Entry {
	e := entry(18, "Episode 7")
	e.Summary = "Forty minutes of talk."
	e.Enclosures = []coranto.Enclosure{
		{
			URL: "https://cdn.example.org/7.mp3", Type: "audio/mpeg",
			Length: 1234567, Duration: 40 * time.Minute,
		},
		{URL: "https://cdn.example.org/7.opus?x=1", Title: "Small"},
		{URL: "https://cdn.example.org/7.mp3"},
		{URL: "javascript:alert(1)"},
	}
	return e
}

// episode has elements of every vocabulary.
func episode() feeds.Entry {
	e := podcast()
	e.Item.ID, e.EntryID = coranto.NewItemID("sample", "8"), "tag:blog.golang.org,2013:8"
	e.Image = coranto.Image{URL: "https://cdn.example.org/8.png", Width: 300, Alt: "Two & a mic"}
	type attrs = map[string]string
	e.Extensions = []coranto.Extension{
		{Name: "georss:where", Children: []coranto.Extension{{
			Name: "gml:Point", Children: []coranto.Extension{{Name: "gml:pos", Value: "45.256 -71.92"}},
		}}},
		{Name: "itunes:duration", Value: "40:00"},
		{Name: "itunes:episode", Value: "8"},
		{Name: "itunes:explicit", Value: "no"},
		{Name: "itunes:summary", Value: "All of it & <more>."},
		{Name: "media:group", Children: []coranto.Extension{
			{Name: "media:content", Attrs: attrs{"url": "https://cdn.example.org/7.opus?x=1", "bitrate": "64"}},
			{Name: "media:content", Attrs: attrs{"url": "https://cdn.example.org/7.mp3", "isDefault": "true"}},
		}},
		{Name: "podcast:person", Value: "Ann Author", Attrs: attrs{"role": "host"}},
		{Name: "podcast:transcript", Attrs: attrs{"url": "https://cdn.example.org/8.vtt", "type": "text/vtt"}},
		{Name: "psc:chapters", Attrs: attrs{"version": "1.2"}, Children: []coranto.Extension{
			{Name: "psc:chapter", Attrs: attrs{"start": "00:00:00.000", "title": "Intro"}},
		}},
		{Name: "slash:comments", Value: "3"},
		{Name: "thr:total", Value: "3"},
	}
	e.Members = map[string]string{"_podlove": `{"html":"<b>"}`, "_source": `"ours"`}
	return e
}

// nested came through a planet that credits the blog it took it from.
func nested() feeds.Entry {
	e := entry(17, "Taken through a planet")
	e.Content = "<p>Text.</p>"
	e.Via = coranto.Attribution{
		ID: "https://planet.example.org/", Title: "Planet Example",
		Link: "https://planet.example.org/", Feed: "https://planet.example.org/atom.xml",
	}
	return e
}

func arabic() feeds.Entry {
	e := entry(16, "مرحبا بالعالم \u200f(Go)")
	e.Language = "ar"
	e.Summary = "ملخص قصير"
	e.Content = `<p dir="rtl">نص كامل</p>`
	return e
}

func titleOnly() feeds.Entry {
	e := entry(10, "Only a title")
	e.Link, e.CreditHTML = "", ""
	return e
}

func summaryOnly() feeds.Entry {
	e := entry(9, "A summary without credit line")
	e.Summary, e.CreditHTML = "Just this.", ""
	return e
}

// uncredited is what is left when a source says next to nothing of itself.
func uncredited() feeds.Entry {
	e := entry(8, "From nobody")
	e.Authors, e.Language = nil, ""
	e.Credit = coranto.Attribution{Title: "A name only"}
	e.Content = "<p>Text.</p>"
	return e
}

// hostile breaks whatever does not look at what it writes.
func hostile() feeds.Entry {
	const bad = "a\x00b\x08\x0b\x1fc\x7f\u0085\ufffe\uffff\xed\xa0\x80]]>" +
		"d<b>e</b>&amp;f &nope; <script>alert(1)</script>"
	e := entry(7, "<b>Bold</b> "+bad)
	e.Summary = bad
	e.Content = "<p>x]]>y ]]]]>\x0b" + strings.Repeat("]", 3) + "> &amp;amp; z</p>"
	e.Authors = []coranto.Person{{Name: bad, Email: "not an address", URI: "javascript:x"}, {}}
	e.Language, e.Rights, e.License = "klingon!", bad, "file:///etc/passwd"
	e.Tags = []coranto.Tag{{Term: bad, Scheme: "no iri", Label: bad}, {Term: "\x01"}}
	e.Enclosures = []coranto.Enclosure{
		{URL: "http://cdn.example.org/a b\"<>.mp3", Type: bad, Length: -5},
	}
	e.Image = coranto.Image{URL: "https://cdn.example.org/%zz[1].png", Alt: bad, Width: -1}
	e.Links = []coranto.Link{
		{Rel: "related", Href: "https://e.example/\"><x", Type: bad, Hreflang: bad, Title: bad},
		{Rel: bad, Href: "https://e.example/"},
	}
	e.Comments = "mailto:x@example.org"
	e.Extensions = []coranto.Extension{
		{Name: "itunes:summary", Value: bad, Attrs: map[string]string{"onclick": bad}},
		{Name: "evil:content", Value: bad}, {Name: bad}, {Name: "itunes:duration", Value: bad},
		{Name: "podcast:person", Value: bad, Attrs: map[string]string{
			"role": bad, "href": "javascript:x", "img": "https://e.example/\"><x", bad: bad,
		}},
		{Name: "media:group", Children: []coranto.Extension{{Name: "media:group"}, {Name: bad}}},
	}
	e.Members = map[string]string{"_x": "{", bad: "1", "_y\"": "1", "_z": `"</script>"`}
	e.Credit = coranto.Attribution{
		ID: bad, Title: bad, Link: bad, Feed: "https://e.example/feed", Rights: bad,
	}
	e.Via = coranto.Attribution{Title: bad, Feed: "ftp://e.example/"}
	return e
}
