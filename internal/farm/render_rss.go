package farm

import (
	"strconv"
	"time"

	"github.com/coranto/coranto/internal/farm/landscape"
)

const rssOpen = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"` +
	` xmlns:content="http://purl.org/rss/1.0/modules/content/"` +
	` xmlns:dc="http://purl.org/dc/elements/1.1/"` +
	` xmlns:atom="http://www.w3.org/2005/Atom"` +
	` xmlns:media="http://search.yahoo.com/mrss/"` +
	` xmlns:slash="http://purl.org/rss/1.0/modules/slash/">` + "\n<channel>\n"

func (p *press) renderRSS(t *text, f *Feed, items []Item, changed time.Time) {
	t.add(rssOpen, "<title>")
	t.escape(f.Title)
	t.add("</title>\n<atom:link href=\"", p.feedURL(f),
		"\" rel=\"self\" type=\"application/rss+xml\" />\n<link>", p.siteURL(f),
		"/</link>\n<description>")
	t.escape(f.Tagline)
	t.add("</description>\n<lastBuildDate>", changed.Format(time.RFC1123Z),
		"</lastBuildDate>\n<language>", f.Language, "</language>\n")
	if p.Names {
		t.add("<copyright>")
		t.escape(f.Rights)
		t.add("</copyright>\n")
	} else {
		t.add("<generator>https://wordpress.org/?v=6.5.2</generator>\n")
	}
	for k := range items {
		p.rssItem(t, f, &items[k], f.Bozo && k == 0)
	}
	t.add("</channel>\n</rss>\n")
}

func (p *press) rssItem(t *text, f *Feed, it *Item, bozo bool) {
	t.add("<item>\n<title>")
	t.escape(it.Title)
	if bozo {
		t.add(" AT&T & co")
	}
	t.add("</title>\n<link>", it.URL, "</link>\n<dc:creator><![CDATA[", it.Author,
		"]]></dc:creator>\n<pubDate>", it.Created.Format(time.RFC1123Z), "</pubDate>\n")
	for _, tag := range it.Tags {
		t.add("<category><![CDATA[", tag, "]]></category>\n")
	}
	t.add(`<guid isPermaLink="false">`, it.GUID, "</guid>\n")
	p.rssContent(t, f, it)
	if p.Names {
		p.rssPicture(t, it)
	} else {
		p.rssMedia(t, f, it)
	}
	t.add("</item>\n")
}

func (p *press) rssContent(t *text, f *Feed, it *Item) {
	short := summary(it.HTML)
	if it.Summary != "" {
		short = it.Summary
	}
	if f.FullText && (p.Names || f.ID%3 != 0) {
		t.add("<description><![CDATA[", short, "]]></description>\n",
			"<content:encoded><![CDATA[", it.HTML, "]]></content:encoded>\n")
		return
	}
	t.add("<description>")
	t.escape(f.given(it))
	t.add("</description>\n")
}

func (p *press) rssPicture(t *text, it *Item) {
	if it.Image != "" {
		t.add(`<media:content url="`, it.Image, `" type="image/jpeg" medium="image" width="`,
			strconv.Itoa(landscape.Width), `" height="`, strconv.Itoa(landscape.Height), "\" />\n")
	}
}

func (p *press) rssMedia(t *text, f *Feed, it *Item) {
	base, n := p.siteURL(f), strconv.Itoa(it.Index)
	if it.Index%10 == 3 {
		t.add(`<enclosure url="`, base, "/a/", n,
			`.mp3" length="1234567" type="audio/mpeg" />`, "\n")
	}
	if it.Index%4 == 1 {
		t.add(`<media:thumbnail url="`, base, "/t/", n,
			`.jpg" width="300" height="200" />`, "\n")
	}
	t.add("<slash:comments>", strconv.Itoa(it.Index%37), "</slash:comments>\n")
}
