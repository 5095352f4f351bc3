package lint_test

import (
	"strings"
	"testing"

	"github.com/coranto/coranto/feeds/format/lint"
)

const self = "https://news.example.org/feed"

const rss = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>News</title>
<link>https://news.example.org/</link>
<description>All of it</description>
<language>en</language>
<atom:link rel="self" type="application/rss+xml" href="https://news.example.org/feed"/>
<item>
<title>One</title>
<guid isPermaLink="false">tag:news.example.org,2025:1</guid>
<link>https://news.example.org/1</link>
<pubDate>Thu, 20 Mar 2025 08:30:00 +0000</pubDate>
<description>Summary</description>
<content:encoded><![CDATA[<p>Text</p>]]></content:encoded>
<dc:creator>Ann</dc:creator>
<category>go</category>
<source url="https://go.dev/feed">Go</source>
<enclosure url="https://go.dev/1.mp3" length="1" type="audio/mpeg"/>
</item>
</channel>
</rss>`

const atom = `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>tag:news.example.org,2025:feed</id>
<title>News</title>
<updated>2025-03-20T08:30:00Z</updated>
<link rel="self" type="application/atom+xml" href="https://news.example.org/feed"/>
<link href="https://news.example.org/"/>
<entry>
<id>tag:news.example.org,2025:1</id>
<title type="text">One</title>
<updated>2025-03-20T08:30:00Z</updated>
<author><name>Ann</name><email>ann@example.org</email></author>
<link rel="alternate" href="https://news.example.org/1"/>
<category term="go" scheme="https://go.dev/"/>
<source><id>https://go.dev/</id><title>Go</title><updated>2025-03-20T08:30:00Z</updated></source>
<content type="html">&lt;p&gt;Text&lt;/p&gt;</content>
</entry>
</feed>`

const jsonFeed = `{
"version": "https://jsonfeed.org/version/1.1", "title": "News",
"feed_url": "https://news.example.org/feed",
"language": "en",
"items": [{"id": "1", "url": "https://news.example.org/1", "content_text": "Text", "tags": ["go"],
 "date_published": "2025-03-20T08:30:00Z", "authors": [{"name": "Ann"}],
 "attachments": [{"url": "https://go.dev/1.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 1}],
 "_source": {"title": "Go"}}]
}`

const opml = `<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
<head><title>Sources</title></head>
<body>
<outline text="Go">
<outline text="Blog" title="Blog" type="rss" xmlUrl="https://go.dev/feed" language="en"/>
</outline>
</body>
</opml>`

func TestValid(t *testing.T) {
	for _, doc := range []string{rss, atom, jsonFeed, opml} {
		if got := lint.Check([]byte(doc), "", self); len(got) > 0 {
			t.Errorf("got %v, want no finding for\n%s", got, doc)
		}
	}
}

// Elements for podcasts, media, places and discussions have rules of their own, in
// RSS and in Atom.
func TestExtensionMistakes(t *testing.T) {
	tests := []struct{ element, rule string }{
		{`<itunes:duration>1:02:03</itunes:duration>`, ""},
		{`<itunes:duration>1:75</itunes:duration>`, "InvalidDuration"},
		{`<itunes:explicit>false</itunes:explicit>`, ""},
		{`<itunes:explicit>maybe</itunes:explicit>`, "InvalidTrueFalse"},
		{`<itunes:episodeType>bonus</itunes:episodeType>`, ""},
		{`<itunes:episodeType>Full</itunes:episodeType>`, "InvalidEpisodeType"},
		{`<itunes:episode>0</itunes:episode>`, "InvalidPositiveInteger"},
		{`<itunes:block>x</itunes:block>`, "InvalidYesNo"},
		{`<itunes:image href="1.png"/>`, "InvalidFullLink"},
		{`<itunes:summary>a</itunes:summary><itunes:summary>b</itunes:summary>`, "DuplicateElement"},
		{`<podcast:transcript url="https://a.example/t" type="text/vtt"/>`, ""},
		{`<podcast:transcript url="https://a.example/t"/>`, "MissingAttribute"},
		{`<podcast:transcript url="https://a.example/t" type="vtt"/>`, "InvalidMIMEAttribute"},
		{`<podcast:person></podcast:person>`, "NotBlank"},
		{`<podcast:soundbite startTime="1.5" duration="x"/>`, "InvalidFloat"},
		{`<podcast:value type="lightning" method="keysend"/>`, "MissingElement"},
		{`<psc:chapters version="1.2"/>`, "MissingElement"},
		{`<media:content url="https://a.example/v" medium="film"/>`, "InvalidMediaAttribute"},
		{`<media:group><media:content url="https://a.example/v"/></media:group>`,
			"MediaGroupWithoutAlternatives"},
		{`<media:license>CC</media:license>`, "UndefinedElement"},
		{`<itunes:order>1</itunes:order>`, "UndefinedElement"},
		{`<georss:box>1 2 3 4</georss:box>`, "UndefinedElement"},
		{`<itunes:keywords>one two</itunes:keywords>`, "InvalidKeywords"},
		{`<itunes:author>` + strings.Repeat("x", 256) + `</itunes:author>`, "TooLong"},
		{`<media:content/>`, "MissingAttribute"},
		{`<media:thumbnail url="https://a.example/i" width="0"/>`, "InvalidPositiveInteger"},
		{`<media:restriction>us</media:restriction>`, "MissingAttribute"},
		{`<georss:point>45.256 -71.92</georss:point>`, ""},
		{`<georss:point>45.256</georss:point>`, "InvalidCoordList"},
		{`<geo:lat>north</geo:lat>`, "InvalidFloat"},
		{`<thr:in-reply-to ref="x y"/>`, "InvalidIRI"},
		{`<thr:total>-1</thr:total>`, "InvalidNonNegativeInteger"},
	}
	declared := ` xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:psc="http://podlove.org/simple-chapters"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:georss="http://www.georss.org/georss"
 xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#" xmlns:thr="http://purl.org/syndication/thread/1.0"`
	const show = `<itunes:category text="News"/><itunes:explicit>false</itunes:explicit>
<itunes:owner><itunes:email>ann@example.org</itunes:email></itunes:owner>`
	for _, tt := range tests {
		for _, doc := range []string{
			strings.NewReplacer("<rss ", "<rss"+declared+" ", "</item>", tt.element+"</item>",
				"<item>", show+"<item>").Replace(rss),
			strings.NewReplacer("<feed ", "<feed"+declared+" ", "</entry>", tt.element+"</entry>").Replace(atom),
		} {
			found := lint.Check([]byte(doc), "", self)
			if len(found) == 0 != (tt.rule == "") || len(found) > 0 && found[0].Rule != tt.rule {
				t.Errorf("%s: got %v, want %q", tt.element, found, tt.rule)
			}
		}
	}
}

const history = "http://purl.org/syndication/history/1.0"

// Each mistake is one replacement in a valid document.
func TestMistakes(t *testing.T) {
	tests := []struct {
		doc, old, new string
		rule          string
		level         lint.Level
	}{
		{rss, "One", "O\x0bne", "SAXError", lint.Error},
		{rss, "</channel>", "", "SAXError", lint.Error},
		{rss, "</rss>", "</rss><rss/>", "SAXError", lint.Error},
		{rss, "dc:creator", "ds:creator", "SAXError", lint.Error},
		{rss, "One", "&nbsp;", "UndefinedNamedEntity", lint.Error},
		{rss, "<rss ", "<!DOCTYPE rss><rss ", "DeprecatedDTD", lint.Error},
		{rss, `version="2.0" `, `version="3.0" `, "InvalidRSSVersion", lint.Error},
		{rss, "<title>News</title>", "", "MissingTitle", lint.Error},
		{rss, "<title>One</title>", "<title>1</title><title>2</title>",
			"DuplicateElement", lint.Error},
		{rss, "<title>One</title>", "<titel>One</titel>", "UndefinedElement", lint.Error},
		{rss, "<title>One</title>", "<title></title>", "NotBlank", lint.Warning},
		{rss, "One", "One\u0085", "BadCharacters", lint.Warning},
		{rss, "One", "&lt;b>One&lt;/b>", "ContainsHTML", lint.Warning},
		{rss, "One", "a &lt;b", "CharacterData", lint.Warning},
		{atom, "tag:news.example.org,2025:1", "yt:video:1", "SchemeNotIANARegistered", lint.Hint},
		{rss, "All of it", "All&amp;nbsp;of it", "ContainsHTML", lint.Warning},
		{rss, "<language>en<", "<language>english<", "InvalidLanguage", lint.Error},
		{rss, "<language>en</language>", "", "MissingDCLanguage", lint.Hint},
		{rss, self + `"`, self + `2"`, "SelfDoesntMatchLocation", lint.Warning},
		{rss, `rel="self"`, `rel="via"`, "MissingAtomSelfLink", lint.Warning},
		{rss, "</item>", "</item><copyright>us</copyright>", "MisplacedItem", lint.Warning},
		{rss, "</item>", `</item><item><title>2</title>
<guid isPermaLink="false">tag:news.example.org,2025:1</guid></item>`, "DuplicateValue", lint.Error},
		{rss, "</item>", "</item><item><link>https://a.example/</link></item>",
			"ItemMustContainTitleOrDescription", lint.Error},
		{rss, "</item>", "</item><item><title>2</title></item>", "MissingGuid", lint.Warning},
		{rss, `isPermaLink="false"`, "", "InvalidPermalink", lint.Error},
		{rss, `"false">tag:news.example.org,2025:1`, `"true">1 2`, "InvalidHttpGUID", lint.Error},
		{rss, `"false">tag:news.example.org,2025:1`, `"false">12`,
			"NotSufficientlyUnique", lint.Warning},
		{rss, `"false"`, `"no"`, "InvalidBooleanAttribute", lint.Error},
		{rss, "Thu, 20", "Fri, 20", "IncorrectDOW", lint.Error},
		{rss, "Thu, 20 Mar 2025", "2025-03-20", "InvalidRFC2822Date", lint.Error},
		{rss, "<description>Summary</description>", "", "NeedDescriptionBeforeContent", lint.Warning},
		{rss, "<p>Text", `<p><a href="/x">Text</a>`, "ContainsRelRef", lint.Warning},
		{rss, "<p>Text", `<script>x</script>`, "SecurityRisk", lint.Warning},
		{rss, "<category>", "<author>Ann</author><category>", "InvalidContact", lint.Error},
		{rss, "<category>", "<author>a@b.example</author><category>",
			"DuplicateItemSemantics", lint.Warning},
		{rss, "<source ", "<dc:source>Go</dc:source><source ", "DuplicateItemSemantics", lint.Warning},
		{rss, `<source url="https://go.dev/feed">`, "<source>", "MissingAttribute", lint.Error},
		{rss, "/1</link>", "/文</link>", "UriNotIri", lint.Error},
		{rss, "<link>https://news.example.org/1", "<link>/1", "InvalidFullLink", lint.Error},
		{rss, "</item>", `<enclosure url="https://go.dev/2" length="1" type="a/b"/></item>`,
			"DuplicateEnclosure", lint.Warning},
		{rss, `length="1"`, "", "MissingAttribute", lint.Error},
		{rss, `length="1"`, `length="big"`, "InvalidIntegerAttribute", lint.Error},
		{rss, "audio/mpeg", "mp3", "InvalidMIMEAttribute", lint.Error},
		{rss, "https://go.dev/1.mp3", "1.mp3", "InvalidURLAttribute", lint.Error},

		{atom, "<id>tag:news.example.org,2025:feed</id>", "", "MissingElement", lint.Error},
		{atom, "<id>tag:news.example.org,2025:1</id>", "<id>1</id>", "InvalidIRI", lint.Error},
		{atom, "tag:news.example.org,2025:1", "tag:news:1", "InvalidTAG", lint.Error},
		{atom, "tag:news.example.org,2025:1", "urn:uuid:1", "InvalidUUID", lint.Error},
		{atom, "<updated>2025-03-20T08:30:00Z", "<updated>2025-03-20 08:30",
			"InvalidRFC3339Date", lint.Error},
		{atom, `rel="self"`, `rel="via"`, "MissingSelf", lint.Warning},
		{atom, "atom+xml", "feed+json", "SelfNotAtom", lint.Warning},
		{atom, self + `"`, self + `2"`, "SelfDoesntMatchLocation", lint.Warning},
		{atom, `rel="alternate"`, `rel="canonical"`, "UnregisteredAtomLinkRel", lint.Warning},
		{atom, `<link rel="alternate"`, `<link href="https://a.example/"/><link rel="alternate"`,
			"DuplicateAtomLink", lint.Error},
		{atom, "<category", "<link rel='via'/><category", "MissingHref", lint.Error},
		{atom, `term="go"`, "", "MissingAttribute", lint.Error},
		{atom, `term="go"`, `term=" "`, "AttrNotBlank", lint.Warning},
		{atom, "https://go.dev/\"", "go\"", "InvalidIRI", lint.Error},
		{atom, "<author><name>Ann</name><email>ann@example.org</email></author>", "",
			"MissingElement", lint.Error},
		{atom, "ann@example.org", "ann", "InvalidContact", lint.Error},
		{atom, "<title>Go</title>", "", "MissingSourceElement", lint.Warning},
		{atom, ">One<", ">&lt;b>One&lt;/b><", "ContainsUndeclaredHTML", lint.Warning},
		{atom, ">One<", "><b>One</b><", "UndefinedElement", lint.Error},
		{atom, `type="text"`, `type="plain"`, "InvalidTextType", lint.Error},
		{atom, `type="text"`, `type="xhtml"`, "MissingXhtmlDiv", lint.Error},
		{atom, `<content type="html">&lt;p&gt;Text&lt;/p&gt;</content>`, "",
			"MissingTextualContent", lint.Warning},
		{atom, "</entry>", "</entry><subtitle>late</subtitle>", "MisplacedMetadata", lint.Error},
		{atom, "</feed>", entryAgain + "</feed>", "DuplicateEntries", lint.Warning},
		{atom, "</feed>", entryAgain + "</feed>", "DuplicateUpdated", lint.Warning},
		{atom, "<entry>", "<fh:archive xmlns:fh='" + history + "'/><entry>", "ArchiveIncomplete", lint.Warning},
		{atom, "<entry>", "<link rel='prev-archive' href='https://a.example/1'/>" +
			"<fh:archive xmlns:fh='" + history + "'/><entry>", "MissingCurrentInArchive", lint.Warning},
		{atom, "<entry>", "<link rel='next-archive' href='https://a.example/1'/>" +
			"<fh:complete xmlns:fh='" + history + "'/><entry>", "FeedRelInCompleteFeed", lint.Error},
		{atom, "<entry>", "<link rel='current' href='https://a.example/1'/>" +
			"<fh:complete xmlns:fh='" + history + "'/><entry>", "CurrentNotSelfInCompleteFeed", lint.Error},
		{atom, "<entry>", "<fh:archive xmlns:fh='" + history + "'>yes</fh:archive><entry>", "UnexpectedText", lint.Error},
		{atom, "</entry>", "<link rel='next-archive' href='https://a.example/1'/></entry>",
			"FeedHistoryRelInEntry", lint.Warning},
		{atom, "</feed>", "<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0'/></feed>",
			"MissingAttribute", lint.Error},
		{atom, "</feed>", "<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' " +
			"when='2025-03-20T08:30:00Z' ref='tag:news.example.org,2025:1'/></feed>", "DeletedEntry", lint.Error},
		{atom, "tag:news.example.org,2025:1", "https://a.example", "NonCanonicalURI", lint.Hint},
		{atom, "tag:news.example.org,2025:1", "https://a.example/日本", "InvalidFullLink", lint.Error},
		{atom, "tag:news.example.org,2025:1", "urn:a/b:1", "InvalidFullLink", lint.Error},
		{atom, "<updated>2025-03-20T08:30:00Z</updated>\n<author>", "<updated>1970-01-01T00:00:00Z</updated><author>",
			"ImplausibleDate", lint.Warning},
		{rss, "<item>", "<image><url>https://a.example/i.svg</url><title>News</title>" +
			"<link>https://news.example.org/</link></image><item>", "ImageUrlFormat", lint.Warning},
		{rss, "<item>", "<image><url>https://a.example/i.png</url><title>Old</title>" +
			"<link>https://news.example.org/</link></image><item>", "ImageTitleDoesntMatch", lint.Warning},
		{rss, "<item>", "<image><url>https://a.example/i.png</url><title>News</title><width>200</width>" +
			"<link>https://news.example.org/</link></image><item>", "InvalidWidth", lint.Error},
		{rss, "</item>", "<itunes:episode xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>1</itunes:episode></item>",
			"MissingItunesEmail", lint.Warning},
		{rss, "<item>", "<sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>often" +
			"</sy:updatePeriod><item>", "InvalidUpdatePeriod", lint.Error},
		{atom, `xml:lang="en"`, `xml:lang="e"`, "InvalidLanguage", lint.Error},
		{atom, `<feed xmlns="http://www.w3.org/2005/Atom"`, "<feed", "UndefinedElement", lint.Error},

		{jsonFeed, "{", "[", "InvalidJSON", lint.Error},
		{jsonFeed, "version/1.1", "version/2", "InvalidVersion", lint.Error},
		{jsonFeed, `"News"`, `""`, "MissingElement", lint.Error},
		{jsonFeed, self, self + "2", "SelfDoesntMatchLocation", lint.Warning},
		{jsonFeed, `"language": "en",`, `"lang": "en",`, "UndefinedElement", lint.Warning},
		{jsonFeed, `"id": "1"`, `"id": 1`, "InvalidJSON", lint.Error},
		{jsonFeed, `"content_text": "Text"`, `"summary": "Text"`, "MissingTextualContent", lint.Error},
		{jsonFeed, `"content_text": "Text"`, `"content_html": "<a href='x'>"`,
			"ContainsRelRef", lint.Warning},
		{jsonFeed, `["go"]`, `[""]`, "InvalidJSON", lint.Error},
		{jsonFeed, "T08:30:00Z", "", "InvalidRFC3339Date", lint.Error},
		{jsonFeed, `{"name": "Ann"}`, "{}", "MissingElement", lint.Error},
		{jsonFeed, "audio/mpeg", "mp3", "InvalidMIMEType", lint.Error},
		{jsonFeed, `_bytes": 1`, `_bytes": "1"`, "InvalidNonNegativeInteger", lint.Error},
		{jsonFeed, `[{"id": "1"`, `[{"id": "1", "content_text": ""}, {"id": "1"`,
			"DuplicateEntries", lint.Error},
		{jsonFeed, `"items"`, `"next_url": "https://news.example.org/feed", "items"`,
			"InvalidNextURL", lint.Error},

		{opml, `version="2.0"`, `version="3"`, "InvalidOPMLVersion", lint.Error},
		{opml, "<head><title>Sources</title></head>", "", "MissingElement", lint.Error},
		{opml, `text="Go"`, "", "MissingAttribute", lint.Error},
		{opml, `xmlUrl="https://go.dev/feed"`, "", "MissingXmlURL", lint.Warning},
		{opml, `xmlUrl="https://go.dev/feed"`, `xmlUrl="feed"`, "InvalidFullLink", lint.Error},
		{opml, `title="Blog"`, "", "MissingTitleAttr", lint.Warning},
		{opml, `type="rss"`, "", "MissingOutlineType", lint.Warning},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			if !strings.Contains(tt.doc, tt.old) {
				t.Fatalf("the document has no %q to replace", tt.old)
			}
			doc := strings.Replace(tt.doc, tt.old, tt.new, 1)
			for _, f := range lint.Check([]byte(doc), mediaType(tt.doc), self) {
				if f.Rule == tt.rule && f.Level == tt.level {
					return
				}
			}
			t.Errorf("%q for %q: got %v, want %s %s", tt.new, tt.old,
				lint.Check([]byte(doc), mediaType(tt.doc), self), tt.level, tt.rule)
		})
	}
}

const entryAgain = `<entry>
<id>tag:news.example.org,2025:1</id><title>Two</title><updated>2025-03-20T08:30:00Z</updated>
<author><name>Ann</name></author><link href="https://a.example/"/><summary>Text</summary></entry>`

func mediaType(doc string) string {
	if doc == jsonFeed {
		return "application/feed+json"
	}
	return ""
}

func TestPlace(t *testing.T) {
	doc := strings.Replace(rss, "<guid isPermaLink=\"false\"", "<guid isPermaLink=\"no\"", 1)
	got := lint.Check([]byte(doc), "", self)
	if len(got) != 1 || got[0].Place != "rss/channel/item[1]/guid:13" {
		t.Errorf("got %v, want one finding at rss/channel/item[1]/guid:13", got)
	}
}

func TestWorst(t *testing.T) {
	all := []lint.Finding{{Level: lint.Hint}, {Level: lint.Error}, {Level: lint.Warning}}
	if got := lint.Worst(all, lint.Warning); len(got) != 2 || len(all) != 3 {
		t.Errorf("got %v, want the error and the warning", got)
	}
}

func TestKnownLanguage(t *testing.T) {
	for tag, want := range map[string]bool{
		"en": true, "zh-CN": true, "zh-Hans-CN": true, "EN-us": true, "fil": true,
		"": false, "e": false, "english": false, "zh_CN": false, "qq": false, "en-": false, "a b": false,
	} {
		if got := lint.KnownLanguage(tag); got != want {
			t.Errorf("KnownLanguage(%q) = %v, want %v", tag, got, want)
		}
	}
}

// FuzzCheck holds that no document makes the checker panic.
func FuzzCheck(f *testing.F) {
	for _, doc := range []string{rss, atom, jsonFeed, opml, "", "<rss/>", "{}", `{"items":[1,null]}`} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		for _, kind := range []string{"", "application/feed+json", "application/atom+xml"} {
			for _, found := range lint.Check(doc, kind, self) {
				if found.Rule == "" || found.Level == "" || found.Place == "" {
					t.Errorf("finding without a rule, level or place: %v", found)
				}
			}
		}
	})
}
