package site_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/format"
)

// paths are the pages of the full sample.
func paths() []string {
	list := []string{
		"/", "/category/go/", "/source/go-blog/", "/source/mina/",
		feeds.CategoriesPath, feeds.SourcesPath, feeds.SubscribePath,
	}
	for _, it := range full().items {
		list = append(list, feeds.ItemPath(it.ID))
	}
	return append(list, feeds.Scope{}.OlderPath(full().items[0].ID))
}

// TestEveryPage checks what no page may lack or have (S52, X17).
func TestEveryPage(t *testing.T) {
	p := full().pages(t)
	for _, path := range paths() {
		t.Run(path, func(t *testing.T) {
			doc := get(t, p, path)
			if doc.Path != path || doc.MediaType != "text/html; charset=utf-8" {
				t.Errorf("got %s as %s, want %s as text/html", doc.Path, doc.MediaType, path)
			}
			root := parse(t, doc.Body)
			checkOutline(t, root)
			checkHarmless(t, root)
			checkDiscovery(t, root, "/")
			checkCard(t, root)
			if again := get(t, p, path); !bytes.Equal(again.Body, doc.Body) {
				t.Error("the same page twice gave different bytes")
			}
		})
	}
}

// checkOutline wants one h1, no level left out, and the landmarks.
func checkOutline(t *testing.T, root *html.Node) {
	t.Helper()
	one(t, root, "h1")
	one(t, root, "main", "id=main")
	one(t, root, "a", "class=skip", "href=#main")
	one(t, root, "meta", "name=viewport")
	last := 0
	for n := range root.Descendants() {
		level := slices.Index([]string{"", "h1", "h2", "h3", "h4", "h5", "h6"}, n.Data)
		if n.Type != html.ElementNode || level < 1 {
			continue
		}
		if level > last+1 {
			t.Errorf("heading %q of level %d follows one of level %d", text(n), level, last)
		}
		last = level
	}
}

// checkHarmless wants nothing that style-src 'self' and no script-src forbid.
func checkHarmless(t *testing.T, root *html.Node) {
	t.Helper()
	forbidden := []string{"script", "style", "iframe", "form", "base", "object"}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains(forbidden, n.Data) {
			t.Errorf("page has a <%s>", n.Data)
		}
		checkAway(t, n)
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
			}
		}
	}
}

// checkAway wants that a link to what a feed named gives nothing away.
func checkAway(t *testing.T, n *html.Node) {
	t.Helper()
	href, _ := attr(n, "href")
	if n.Data != "a" || strings.HasPrefix(href, "/") || strings.HasPrefix(href, "#") ||
		href == coranto.HomeURL {
		return
	}
	if rel, _ := attr(n, "rel"); !strings.HasSuffix(rel, "noopener noreferrer nofollow") {
		t.Errorf("link to %s has rel=%q", href, rel)
	}
}

// checkDiscovery wants an autodiscovery link for every format below a path.
func checkDiscovery(t *testing.T, root *html.Node, below string) {
	t.Helper()
	for _, f := range format.All() {
		mediaType, _, _ := strings.Cut(f.MediaType, ";")
		l := one(t, root, "link", "rel=alternate", "type="+mediaType, "href="+below+f.File)
		if title, _ := attr(l, "title"); !strings.Contains(title, "The Courant") {
			t.Errorf("title of %s = %q, want the site's in it", below+f.File, title)
		}
	}
}

// checkCard wants what those show who link to the page.
func checkCard(t *testing.T, root *html.Node) {
	t.Helper()
	said := func(key, name string) string {
		value, _ := attr(one(t, root, "meta", key+"="+name), "content")
		if value == "" {
			t.Errorf("meta %s is empty", name)
		}
		return value
	}
	if said("name", "description") != said("property", "og:description") {
		t.Error("description and og:description differ")
	}
	title := text(one(t, root, "title"))
	contains(t, "title", title, said("property", "og:title"), said("property", "og:site_name"))
	canonical, _ := attr(one(t, root, "link", "rel=canonical"), "href")
	if got := said("property", "og:url"); got != canonical {
		t.Errorf("og:url = %q, want %q", got, canonical)
	}
	said("property", "og:type")
}

func TestItemCard(t *testing.T) {
	root := tree(t, full().pages(t), own(0))
	one(t, root, "meta", "property=og:type", "content=article")
	one(t, root, "meta", "property=og:image", "content=https://go-blog.example/a.png")
	one(t, root, "meta", "property=article:published_time", "content=2026-11-23T12:00:00Z")
}

// TestLanguageOfCategories marks the name of a category that is not in the language
// of the interface, wherever it is linked to.
func TestLanguageOfCategories(t *testing.T) {
	s := full()
	s.site.Categories = []coranto.Category{{Slug: "go", Title: "围棋", Language: "zh"}}
	p := s.pages(t)
	for _, path := range []string{"/", own(0), feeds.CategoriesPath, feeds.SubscribePath} {
		one(t, one(t, tree(t, p, path), "nav"), "a", "href=/category/go/", "lang=zh", "dir=auto")
	}
	one(t, tree(t, p, feeds.CategoriesPath), "h2", "lang=zh", "dir=auto")
	one(t, tree(t, p, "/category/go/"), "header", "class=head", "lang=zh")
}

func TestDiscoveryOfScope(t *testing.T) {
	p := full().pages(t)
	for _, path := range []string{"/category/go/", "/source/mina/"} {
		root := tree(t, p, path)
		checkDiscovery(t, root, path)
		first, _ := attr(find(root, "link", "rel=alternate")[0], "href")
		if first != path+format.All()[0].File {
			t.Errorf("%s: the page's own feed is not the first link", path)
		}
	}
}

// TestItemCredit checks the four things of S33 and the rights of S34.
func TestItemCredit(t *testing.T) {
	p := full().pages(t)
	it := full().items[0]
	root := tree(t, p, feeds.ItemPath(it.ID))

	one(t, root, "link", "rel=canonical", "href="+it.Link)
	one(t, root, "link", "rel=via", "href=https://go-blog.example/feed.atom")
	credit := one(t, root, "p", "class=credit")
	contains(t, "credit", text(credit), "The Go Blog", "Ada Writer, Bo Other")
	contains(t, "credit", text(credit), "23 November 2026, 12:00")
	one(t, credit, "a", "href=/source/go-blog/")
	one(t, credit, "time", "datetime=2026-11-23T12:00:00Z")
	one(t, root, "a", "class=button", "href="+it.Link)
	contains(t, "facts", text(one(t, root, "footer", "class=facts")), "© the authors", "CC BY 4.0")
}

func TestItemOfAnotherSource(t *testing.T) {
	p := full().pages(t)
	root := tree(t, p, own(1))
	credit := one(t, root, "p", "class=credit")
	contains(t, "credit", text(credit), "First Hand", "via A Planet")
	one(t, credit, "a", "href=https://first.example/")
	one(t, credit, "a", "href=/source/planet/")
	one(t, root, "link", "rel=via", "href=https://first.example/feed")
}

// TestNoIndex checks S36: a page with the content of another is passed over, unless the
// operator lifted that for its source; it names the original either way.
func TestNoIndex(t *testing.T) {
	s := full()
	s.sources[1].Index = true
	p := s.pages(t)
	tests := []struct {
		name, path string
		noIndex    bool
	}{
		{"content", own(0), true},
		{"content, and the operator lets it be listed", own(2), false},
		{"excerpt", own(3), false},
		{"front page", "/", false},
		{"older items", feeds.Scope{}.OlderPath(full().items[0].ID), true},
		{"source", "/source/go-blog/", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := get(t, p, tt.path)
			meta := len(find(parse(t, doc.Body), "meta", "name=robots", "content=noindex")) == 1
			if doc.NoIndex != tt.noIndex || meta != tt.noIndex {
				t.Errorf("NoIndex = %v, meta %v, want %v", doc.NoIndex, meta, tt.noIndex)
			}
		})
	}
}

// TestWideContent checks that what scrolls sideways can be reached by keyboard.
func TestWideContent(t *testing.T) {
	s := full()
	s.items[0].Content = `<table class="x"><tr><td>1</td></tr></table><pre>a &lt;pre&gt;</pre>`
	root := tree(t, s.pages(t), own(0))
	one(t, root, "table", "tabindex=0", "class=x")
	if got := text(one(t, root, "pre", "tabindex=0")); got != "a <pre>" {
		t.Errorf("pre = %q, want it unchanged", got)
	}
}

func TestItemMedia(t *testing.T) {
	p := full().pages(t)
	root := tree(t, p, own(4))
	one(t, root, "audio", "controls=", "preload=none", "src=https://go-blog.example/41.mp3")
	one(t, root, "video", "controls=", "preload=none", "src=https://go-blog.example/41.mp4")
	one(t, root, "a", "href=https://go-blog.example/notes.pdf")
	media := text(one(t, root, "section", "class=media"))
	contains(t, "media", media, "41.mp3", "MP3 · 34:12 · 12.3 MB", "notes.pdf")
	contains(t, "facts", text(one(t, root, "footer", "class=facts")), "Podcast")
}

func TestFrontPage(t *testing.T) {
	p := full().pages(t)
	doc := get(t, p, "/")
	root := parse(t, doc.Body)
	if doc.Modified.IsZero() {
		t.Error("Modified is zero")
	}
	masthead := text(one(t, root, "header"))
	contains(t, "masthead", masthead, "The Courant", "Monday, 23 November 2026", "4 sources")
	one(t, root, "a", "href=/", "aria-current=page")
	list := days(root)
	if len(list) != 2 {
		t.Fatalf("got %d days, want 2", len(list))
	}
	if got, want := text(one(t, list[1], "h2")), "Sunday, 22 November"; got != want {
		t.Errorf("second day = %q, want %q", got, want)
	}
	if got, want := len(find(root, "article")), len(full().items); got != want {
		t.Errorf("got %d stories, want %d", got, want)
	}
}

// days returns the sections of days.
func days(root *html.Node) []*html.Node {
	return slices.DeleteFunc(find(root, "section"), func(n *html.Node) bool {
		class, _ := attr(n, "class")
		return !strings.HasPrefix(class, "day")
	})
}

// TestStories checks the credit, language and direction of each, and where its
// headline leads.
func TestStories(t *testing.T) {
	p := full().pages(t)
	items := full().items
	tests := []struct {
		item            int
		lang, dir, href string
		credit          []string
	}{
		{0, "en", "auto", own(0), []string{"The Go Blog", "Ada Writer, Bo Other", "12:00"}},
		{1, "", "auto", own(1), []string{"First Hand", "via A Planet", "11:30"}},
		{2, "ar", "rtl", own(2), []string{"الميناء", "11:00"}},
		{3, "", "auto", items[3].Link, []string{"short.example", "10:30"}},
	}
	stories := find(tree(t, p, "/"), "article")
	for _, tt := range tests {
		t.Run(items[tt.item].Title, func(t *testing.T) {
			story := stories[tt.item]
			if lang, _ := attr(story, "lang"); lang != tt.lang {
				t.Errorf("lang = %q, want %q", lang, tt.lang)
			}
			if dir, _ := attr(story, "dir"); dir != tt.dir {
				t.Errorf("dir = %q, want %q", dir, tt.dir)
			}
			headline := one(t, one(t, story, "h3"), "a", "href="+tt.href)
			contains(t, "headline", text(headline), items[tt.item].Title)
			credit := one(t, story, "p", "class=credit")
			contains(t, "credit", text(credit), tt.credit...)
			one(t, credit, "a", "class=original", "href="+items[tt.item].Link)
			one(t, credit, "time", "datetime="+items[tt.item].Published.Format(time.RFC3339))
		})
	}
}

func TestPictures(t *testing.T) {
	p := full().pages(t)
	img := one(t, tree(t, p, "/"), "img")
	want := []string{
		"src=https://go-blog.example/a.png", "alt=a gopher", "width=800", "height=400",
		"loading=lazy", "referrerpolicy=no-referrer",
	}
	if !hasAll(img, want) {
		t.Errorf("img = %v, want %v", img.Attr, want)
	}
}

// TestSourcePage checks that the origin's own feed comes before ours.
func TestSourcePage(t *testing.T) {
	p := full().pages(t)
	body := string(get(t, p, "/source/go-blog/").Body)
	origin := strings.Index(body, "<code>https://go-blog.example/feed.atom</code>")
	ours := strings.Index(body[origin:], `href="/source/go-blog/`)
	if origin < 0 || ours < 0 {
		t.Errorf("the origin's feed at %d, ours %d after it: want both", origin, ours)
	}
	root := parse(t, []byte(body))
	one(t, root, "a", "href=https://go-blog.example/")
	one(t, root, "a", "href=https://go-blog.example/feed.atom")
	svg := one(t, one(t, root, "figure", "class=rhythm"), "svg", "role=img")
	if label, _ := attr(svg, "aria-label"); !strings.Contains(label, "1 in the busiest") {
		t.Errorf("label of the rhythm = %q, want the most items of a week in it", label)
	}
	facts := text(one(t, root, "dl", "class=facts"))
	contains(t, "facts", facts, "23 November 2026, 12:00 · 2 items", "CC BY 4.0")
}

func TestSubscribePage(t *testing.T) {
	p := full().pages(t)
	got := text(tree(t, p, feeds.SubscribePath))
	for _, f := range format.All() {
		contains(t, "page", got, "https://news.example/"+f.File)
		contains(t, "page", got, "https://news.example/category/go/"+f.File)
	}
	contains(t, "page", got, "https://news.example/opml.xml")
}

// TestPaging walks from the front page to the last one.
func TestPaging(t *testing.T) {
	p := many(120).pages(t)
	seen := 0
	path, pages := "/", 0
	for ; path != ""; pages++ {
		root := tree(t, p, path)
		seen += len(find(root, "article"))
		next := find(root, "a", "rel=next")
		path = ""
		if len(next) == 1 {
			path, _ = attr(next[0], "href")
		}
	}
	if seen != 120 || pages != 3 {
		t.Errorf("saw %d items on %d pages, want 120 on 3", seen, pages)
	}
}

// TestLinks follows every link of ours from the front page: each leads to a
// page, a feed or the list of sources.
func TestLinks(t *testing.T) {
	p := full().pages(t)
	queue, seen := []string{"/"}, map[string]bool{"/": true}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		doc, err := p.Page(t.Context(), path)
		if err != nil {
			t.Errorf("link to %s: %v", path, err)
			continue
		}
		for n := range parse(t, doc.Body).Descendants() {
			href, _ := attr(n, "href")
			if strings.HasPrefix(href, "/") && !seen[href] && !isFeed(href) {
				seen[href] = true
				queue = append(queue, href)
			}
		}
	}
	for _, path := range paths() {
		if !seen[path] && !strings.Contains(path, "/before/") && path != own(3) {
			t.Errorf("no link leads to %s", path)
		}
	}
}

// own is the path of an item of the full sample.
func own(i int) string { return feeds.ItemPath(full().items[i].ID) }

// isFeed reports whether a path is that of a feed of a scope, or of the OPML.
func isFeed(path string) bool {
	return path == feeds.OPMLPath || slices.ContainsFunc(format.All(), func(f feeds.Format) bool {
		return strings.HasSuffix(path, "/"+f.File)
	})
}

func TestSizes(t *testing.T) {
	p := many(300).pages(t)
	for _, path := range []string{"/", "/category/go/", "/source/go-blog/"} {
		if n := len(get(t, p, path).Body); n > 100_000 {
			t.Errorf("%s has %d bytes for %d items, want at most 100,000",
				path, n, len(find(tree(t, p, path), "article")))
		}
	}
	if n := len(get(t, p, feeds.StylePath).Body); n > 10_000 {
		t.Errorf("the stylesheet has %d bytes, want at most 10,000", n)
	}
	if n := len(get(t, p, feeds.IconPath).Body); n > 500 {
		t.Errorf("the icon has %d bytes, want at most 500", n)
	}
}

func TestNotFound(t *testing.T) {
	p := full().pages(t)
	gone := coranto.NewItemID("go-blog", "gone").String()
	upper := strings.ToUpper(full().items[0].ID.String())
	for _, path := range []string{
		"", "x", "/nope", "/nope/", "/item/", "/item/" + gone + "/", "/item/" + upper + "/",
		"/item/" + full().items[0].ID.String(), "/category/", "/category/none/", "/category/go",
		"/category/Not A Slug/", "/source/none/",
		"/before/" + gone + "/", "/before/x/", "/category/go/x/",
	} {
		if _, err := p.Page(t.Context(), path); !errors.Is(err, feeds.ErrNotFound) {
			t.Errorf("Page(%q) error = %v, want ErrNotFound", path, err)
		}
	}
	root := parse(t, p.NotFound(`/"><script>alert(1)</script>`))
	checkOutline(t, root)
	checkHarmless(t, root)
	checkDiscovery(t, root, "/")
	main := one(t, root, "main")
	contains(t, "page", text(main), "404", `/"><script>`)
	for _, path := range []string{"/", feeds.CategoriesPath, feeds.SourcesPath} {
		one(t, main, "a", "href="+path)
	}
}

func TestProblem(t *testing.T) {
	p := full().pages(t)
	for _, status := range []int{400, 404, 405, 410, 429, 500, 503} {
		root := parse(t, p.Problem(status))
		checkOutline(t, root)
		contains(t, "page", text(one(t, root, "main")), fmt.Sprint(status))
		if text(one(t, root, "h1")) == "" {
			t.Errorf("problem %d has no heading", status)
		}
	}
}

func TestEmptySite(t *testing.T) {
	empty := sample{site: feeds.Site{URL: "https://news.example/", Title: "The Courant"}}
	p := empty.pages(t)
	root := tree(t, p, "/")
	checkOutline(t, root)
	checkDiscovery(t, root, "/")
	contains(t, "page", text(one(t, root, "main")), "coranto add https://example.org/")
	for _, path := range []string{feeds.CategoriesPath, feeds.SourcesPath, feeds.SubscribePath} {
		checkOutline(t, tree(t, p, path))
	}

	waiting := sample{site: empty.site, sources: full().sources}
	root = tree(t, waiting.pages(t), "/")
	if strings.Contains(text(root), "coranto add") {
		t.Error("a site with sources still tells how to add the first")
	}
	checkOutline(t, tree(t, waiting.pages(t), "/source/mina/"))
}

func TestHostileText(t *testing.T) {
	const bad = `"><img src=x onerror=alert(1)><script>alert(2)</script>`
	s := full()
	it := item("go-blog", "bad", bad, 0)
	it.Summary, it.Content = bad, ""
	it.Language = bad
	it.Rights, it.License = bad, "javascript:alert(3)"
	it.Authors = []coranto.Person{{Name: bad}}
	it.Tags = []coranto.Tag{{Term: bad}}
	it.Image = coranto.Image{URL: "https://x.example/" + bad, Alt: bad, Width: 800}
	it.Enclosures = []coranto.Enclosure{
		{URL: "javascript:alert(4)", Type: "audio/" + bad, Title: bad},
	}
	s.items = []coranto.Item{it}
	s.site.Title, s.site.Description = bad, bad
	s.site.Categories = []coranto.Category{{Slug: "go", Title: bad, Description: bad}}
	s.feeds["go-blog"] = coranto.Attribution{Title: bad, Link: "javascript:alert(5)", Summary: bad}
	p := s.pages(t)
	pages := []string{
		"/", "/category/go/", feeds.ItemPath(it.ID), "/source/go-blog/",
		feeds.CategoriesPath, feeds.SourcesPath, feeds.SubscribePath,
	}
	for _, path := range pages {
		root := tree(t, p, path)
		checkHarmless(t, root)
		for n := range root.Descendants() {
			for _, key := range []string{"href", "src"} {
				if v, _ := attr(n, key); strings.HasPrefix(v, "javascript:") {
					t.Errorf("%s: <%s %s=%q>", path, n.Data, key, v)
				}
			}
		}
	}
}

// TestChineseSite checks the interface, the dates and the local day.
func TestChineseSite(t *testing.T) {
	s := full()
	s.site.Language, s.site.Title = "zh-CN", "金融消息"
	s.site.Zone = time.FixedZone("CST", 8*3600)
	late := item("go-blog", "late", "夜间消息", -5*60)
	s.items = append(s.items, late)
	p := s.pages(t)
	root := tree(t, p, "/")
	one(t, root, "html", "lang=zh-CN")
	contains(t, "masthead", text(one(t, root, "header")), "金融消息", "2026年11月24日 星期二", "4 个来源", "订阅")
	contains(t, "first day", text(find(root, "h2")[0]), "11月24日 星期二")
	contains(t, "credit", text(find(root, "p", "class=credit")[0]), "01:00", "原文")
	contains(t, "item", text(tree(t, p, feeds.ItemPath(late.ID))), "阅读原文", "2026年11月24日 01:00")
}

// TestOtherLanguage checks a site in a language the interface does not speak.
func TestOtherLanguage(t *testing.T) {
	s := full()
	s.site.Language, s.site.Title = "fr", "Le Courant"
	root := tree(t, s.pages(t), "/")
	one(t, root, "html", "lang=en")
	one(t, root, "h1", "lang=fr")
}

// TestSubdirectory checks a site that lives below the root of its host.
func TestSubdirectory(t *testing.T) {
	s := full()
	s.site.URL = "https://host.example/planet"
	p := s.pages(t)
	root := tree(t, p, "/")
	one(t, root, "link", "rel=stylesheet", "href=/planet/style.css")
	one(t, root, "link", "rel=canonical", "href=https://host.example/planet/")
	for _, a := range find(root, "a") {
		href, _ := attr(a, "href")
		if strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "/planet/") {
			t.Errorf("link to %s, want it below /planet/", href)
		}
	}
}

func BenchmarkFrontPage(b *testing.B) {
	p := many(60).pages(b)
	for b.Loop() {
		if _, err := p.Page(b.Context(), "/"); err != nil {
			b.Fatal(err)
		}
	}
}
