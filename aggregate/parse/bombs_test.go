//go:build linux

package parse

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/internal/child"
)

// Bars of a bomb.
const (
	bombTime   = 200 * time.Millisecond
	bombMemory = 64 << 20
)

// bomb is a document made to cost much.
type bomb struct {
	name  string
	build func() string
	want  string        // a problem that is recorded, or the error; "" means no error
	time  time.Duration // 0 means bombTime
	items int           // that are asked for; 0 means the usual number
	most  int           // bytes by which the process grows; 0 means bombMemory
}

// refused is what a bomb wants that exceeds a limit.
var refused = ErrHostile.Error()

func rssDoc(body string) string { return "<rss><channel><title>t</title>" + body + "</channel></rss>" }

func oneItem(body string) string { return rssDoc("<item>" + body + "</item>") }

func filled(n int, piece func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(piece(i))
	}
	return b.String()
}

// laughs is ten levels of entities, each ten times the one below.
func laughs() string {
	return "<!DOCTYPE rss [<!ENTITY a0 \"ha\">" + filled(10, func(i int) string {
		return fmt.Sprintf("<!ENTITY a%d %q>", i+1, strings.Repeat(fmt.Sprintf("&a%d;", i), 10))
	}) + "]>" + oneItem("<description>&a10;</description>")
}

// echoes is an entity at the limit of length, used as often as a document can.
func echoes(use string) string {
	return `<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("x", 1000) + `">]>` +
		oneItem(fmt.Sprintf(use, strings.Repeat("&a;", 1<<20)))
}

func declarations(levels int) string {
	return "<rss>" + filled(levels, func(i int) string {
		return fmt.Sprintf(`<z xmlns:a%d="u" xmlns:b%d="u">`, i, i)
	})
}

func wide(s string) string {
	units := utf16.Encode([]rune("\ufeff" + s))
	b := make([]byte, 0, 2*len(units))
	for _, u := range units {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func jsonDoc(items string) string {
	return `{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[` + items + `]}`
}

func rssItems(n int) string {
	return rssDoc(filled(n, func(i int) string {
		return "<item><pubDate>" + time.Unix(int64(i)*60, 0).UTC().Format(time.RFC3339) + "</pubDate></item>"
	}))
}

// repeated is a bomb of one piece many times, after what begins the document.
func repeated(before, piece string, n int) func() string {
	return func() string { return before + strings.Repeat(piece, n) }
}

func inTag(piece string, n int) func() string {
	return func() string { return oneItem("<a" + strings.Repeat(piece, n) + "/>") }
}

// bombs are C1–C3, B09–B13, X20 and what else could cost more than its bytes.
func bombs() []bomb {
	const frame, mega = "<rss><channel><item>", 1 << 20
	return slices.Concat(xmlBombs(frame, mega), quietBombs(mega), jsonBombs(mega), heavyFeeds(),
		looseTexts(mega), longLists())
}

// xmlBombs are documents that no parser must see.
func xmlBombs(frame string, mega int) []bomb {
	return []bomb{
		{name: "C01 nested tags", build: repeated("<rss>", "<z:a>", 2_000_000), want: refused},
		{name: "B11 nested tags 14 MB", build: repeated(frame, "<z:abcdef>", 14*mega/10), want: refused},
		{name: "C01 tags made of pieces", build: repeated("<rss><channel>", "<</z>z:a>", 50_000), want: "truncated"},
		{name: "C01 tags made by comments", build: repeated("<rss><channel>", "<<!-- -->z:a>", 50_000), want: "truncated"},
		{name: "C01 end tags in declarations", build: func() string {
			return oneItem(strings.Repeat("<z:a><!'</z:a>'>", 50_000))
		}},
		{name: "C01 sections made of pieces", build: func() string {
			return oneItem(strings.Repeat("<z:a><!</z>[CDATA[</z:a>]]>", 50_000))
		}},
		{name: "nested divs", build: repeated(frame+"<description>", "<div>", 2*mega), want: refused},
		{name: "C02 nested xmlns", build: func() string { return declarations(7000) }, want: refused},
		{name: "C02 sibling xmlns", build: func() string {
			return declarations(100) + strings.Repeat(`<b xmlns="v"/>`, 500_000)
		}, want: refused},
		{name: "attributes", build: inTag(` b="1"`, mega), want: refused},
		{name: "attributes without values", build: inTag(` b`, 5*mega), want: refused},
		{name: "attributes that never end", build: repeated(frame+"<a", ` b="1"`, mega), want: "truncated"},
		{name: "xmlns in one tag", build: inTag(` xmlns:a="u"`, mega), want: refused},
		{name: "element name that never ends", build: repeated(frame+"<", "a", 14*mega), want: "truncated"},
		{name: "element name closed", build: func() string {
			return oneItem("<" + strings.Repeat("a", 14*mega) + "/>")
		}, want: refused},
		{name: "tags", build: repeated(frame, "<a/>", 3*mega), want: refused},
		{name: "item of 190,000 elements", build: func() string {
			return oneItem(strings.Repeat("<z:a/>", 190_000))
		}, want: refused},
		{name: "item of 190,000 elements nested", build: func() string {
			return oneItem(strings.Repeat("<z:a>"+strings.Repeat("<z:b c='d'/>", 99)+"</z:a>", 1_900))
		}, want: refused},
		{name: "head of 190,000 elements", build: func() string {
			return rssDoc(strings.Repeat("<z:a/>", 190_000))
		}, want: refused},
	}
}

// quietBombs look small to a parser, or are read at little cost.
func quietBombs(mega int) []bomb {
	frame := "<rss><channel><title>t</title><item>"
	return []bomb{
		{name: "B09 billion laughs", build: laughs},
		{name: "entity in text", build: func() string { return echoes("<description>%s</description>") }, want: "text-cut"},
		{name: "entity in attribute", build: func() string { return echoes(`<enclosure url="%s"/>`) }},
		{name: "entities 100,000", build: func() string {
			return "<!DOCTYPE rss [" + filled(100_000, func(i int) string {
				return fmt.Sprintf(`<!ENTITY e%d "v%d">`, i, i)
			}) + "]>" + oneItem("")
		}, want: ErrNotFeed.Error()},
		{name: "document types", build: repeated("", "<!DOCTYPE a [", mega), want: ErrNotFeed.Error()},
		{name: "document types closed", build: repeated("", "<!DOCTYPE a [<!ENTITY b 'c'>]>", mega/2),
			want: ErrNotFeed.Error()},
		{name: "instructions", build: repeated("", "<?a", 4*mega), want: ErrNotFeed.Error()},
		{name: "B13 title of 15 MB", build: func() string {
			return oneItem("<title>" + strings.Repeat("word ", 3*mega) + "</title>")
		}, want: "text-cut"},
		{name: "unclosed sections", build: repeated(frame, "<title><![CDATA[", 500_000), want: refused},
		{name: "unclosed comments", build: repeated(frame, "<!--", 3*mega), want: "truncated"},
		{name: "unclosed quotes", build: repeated(frame, `<a b="`, 500_000), want: "truncated"},
		{name: "unclosed tags", build: repeated(frame, `<a `, 4*mega), want: "truncated"},
		{name: "unclosed titles", build: repeated(frame, `<title>a<b></b>`, 100_000), want: refused},
		{name: "unclosed end tags", build: func() string {
			return frame + strings.Repeat("</a ", 3*mega) + ">"
		}, want: "truncated"},
		{name: "chained quotes", build: func() string {
			return frame + `<a ="` + strings.Repeat(`<a "="`, 2*mega) + "<"
		}, want: refused},
		{name: "document types without a subset", build: repeated("", "<!DOCTYPE a>", mega),
			want: ErrNotFeed.Error()},
		{name: "document types with a subset", build: repeated("", "<!DOCTYPE a [ ] >", mega/2),
			want: ErrNotFeed.Error()},
		{name: "document types before a root", build: func() string {
			return strings.Repeat("<!DOCTYPE a [ ] >", 15_000) + oneItem("")
		}},
		{name: "unclosed references", build: func() string {
			return oneItem("<title>" + strings.Repeat("&#", 5*mega) + "</title>")
		}, want: "text-cut"},
		{name: "dates", build: func() string {
			return rssDoc(strings.Repeat("<item><pubDate>"+strings.Repeat("12 ", 1000)+"</pubDate></item>", 4000))
		}, want: "too-many-items"},
		{name: "long date", build: func() string {
			return oneItem("<pubDate>" + strings.Repeat("12 Jan ", 2*mega) + "</pubDate>")
		}, want: "date-unreadable"},
		{name: "author of 14 MB", build: func() string {
			return oneItem("<author>" + strings.Repeat("a@b.c (d), ", mega) + "</author>")
		}, want: "text-cut"},
		{name: "nested items", build: repeated("<rss><channel>", "<item><a>", 100), want: "truncated"},
		{name: "items in text", build: func() string {
			return oneItem(strings.Repeat("<title><item></title>", 100_000))
		}, want: refused},
		{name: "end tags of nothing", build: repeated(frame, `</a>`, 2_000_000), want: "truncated"},
		{name: "elements of the feed that never end", build: func() string {
			return rssDoc(strings.Repeat("<date></x>", 100_000) + "<item/>")
		}, want: refused},
		{name: "dates of the feed with elements", build: func() string {
			return rssDoc(strings.Repeat("<date><li></date></li>", 20_000) + "<item/>")
		}, want: "loose-markup"},
		{name: "lists of the feed that never end", build: func() string {
			return rssDoc(strings.Repeat("<items><li/></x>", 200) + strings.Repeat("<items><li/><b></b></items>", 10_000) + "<item/>")
		}, want: "loose-markup"},
		{name: "end tags below 250 elements", build: func() string {
			return rssDoc(strings.Repeat("<b>", 250) + strings.Repeat("</a>", 1_000_000) + "<item/>")
		}, want: "loose-markup"},
		{name: "sections half closed", build: func() string {
			return oneItem(strings.Repeat("<a><![CDATA[x]]</a>", 20_000) + "]]>")
		}, want: "section-unclosed"},
		{name: "sections closed by one end", build: func() string {
			return oneItem(strings.Repeat("<a><![CDATA[x</a>", 20_000) + "]]>")
		}, want: "section-unclosed"},
		{name: "sections before an item", build: func() string {
			return oneItem(strings.Repeat("<a><![CDATA[x</b>", 500_000) + "</item><item></a>]]>")
		}},
		{name: "bare less-than", build: func() string {
			return oneItem("<description>" + strings.Repeat("< ", 7*mega) + "</description>")
		}, want: "text-cut"},
		{name: "bare ampersands", build: func() string {
			return oneItem("<description>" + strings.Repeat("&a", 7*mega) + "</description>")
		}, want: "text-cut"},
		{name: "sections", build: func() string {
			return oneItem("<description>" + strings.Repeat("<![CDATA[a]]>", mega) + "</description>")
		}},
		{name: "UTF-16 of 14 MB", build: func() string {
			return wide(oneItem("<description>" + strings.Repeat("汉字 ", 7*mega/3) + "</description>"))
		}, want: "text-cut"},
		{name: "HTML page of 14 MB", build: func() string {
			return "<!DOCTYPE html><html><body>" + strings.Repeat(`<p class="a">Words &amp; more.</p>`, 300_000)
		}, want: ErrHTML.Error()},
		{name: "nothing of 14 MB", build: repeated("", "no feed at all ", mega), want: ErrNotFeed.Error()},
		{name: "B12 300,000 items", build: func() string { return rssItems(300_000) }, want: "too-many-items"},
	}
}

// jsonBombs are JSON Feeds.
func jsonBombs(mega int) []bomb {
	item := func(i int) string { return fmt.Sprintf(`{"id":"%d","content_text":"t"},`, i) }
	return []bomb{
		{name: "deep JSON", build: repeated("", "[", 14*mega), want: refused},
		{name: "deep JSON objects", build: repeated("", `{"a":`, 2*mega), want: refused},
		{name: "deep JSON in an item", build: func() string {
			return jsonDoc(`{"_x":` + strings.Repeat("[", 7*mega) + strings.Repeat("]", 7*mega) + `}`)
		}, want: refused},
		{name: "JSON 300,000 items", build: func() string {
			return jsonDoc(filled(300_000, item) + `{"id":"x"}`)
		}, want: "too-many-items"},
		{name: "JSON empty items", build: func() string {
			return jsonDoc(strings.Repeat("{},", 4*mega) + `{"id":"x"}`)
		}, want: refused},
		{name: "JSON items of other kinds", build: func() string {
			return jsonDoc(strings.Repeat("{},1,", 2*mega) + `{"id":"x"}`)
		}, want: refused},
		{name: "JSON list of lists", build: func() string {
			return jsonDoc(strings.Repeat("[[]],", 2*mega) + `{"id":"x"}`)
		}, want: refused},
		{name: "JSON tags", build: func() string {
			return jsonDoc(`{"id":"1","tags":[` + strings.Repeat(`"a",`, 3*mega) + `"b"]}`)
		}, want: refused},
		{name: "JSON number of 14 MB", build: func() string {
			return jsonDoc(`{"id":"1","title":` + strings.Repeat("1", 14*mega) + `}`)
		}, want: refused},
		{name: "JSON string of 14 MB", build: func() string {
			return jsonDoc(`{"id":"1","title":"` + strings.Repeat("word ", 14*mega/5) + `"}`)
		}, want: "text-cut"},
		{name: "JSON control characters", build: func() string {
			return jsonDoc(`{"id":"1","title":"` + strings.Repeat("\x01", 14*mega) + `"}`)
		}, want: "repaired"},
		{name: "JSON line breaks", build: func() string {
			return jsonDoc(`{"id":"1","content_text":"` + strings.Repeat("\n", 14*mega) + `"}`)
		}, want: "repaired"},
		{name: "JSON backslashes", build: func() string {
			return jsonDoc(`{"id":"1","title":"` + strings.Repeat(`\\`, 7*mega) + `"}`)
		}, want: "text-cut"},
		{name: "JSON quotes", build: func() string {
			return jsonDoc(`{"id":"1","title":"` + strings.Repeat(`\"`, 7*mega) + `"}`)
		}, want: "text-cut"},
		{name: "JSON cut off", build: func() string {
			return jsonDoc(filled(300_000, item) + `{"id":"x`)[:9*mega]
		}, want: "too-many-items"},
	}
}

// heavyFeeds are documents just under the limits, or as heavy as honest ones are.
// They may cost more than bombs: what they say is read.
func heavyFeeds() []bomb {
	const long, large = 2 * time.Second, 256 << 20
	item := func(elements int, element string) func(int) string {
		return func(i int) string {
			return fmt.Sprintf("<item><guid>%d</guid><title>Episode</title>%s</item>", i,
				strings.Repeat(element, elements-3))
		}
	}
	distinct := func(n int, form string) string {
		return filled(n, func(i int) string { return fmt.Sprintf(form, i) })
	}
	return []bomb{
		{name: "1,000 items of 60 elements", build: func() string {
			return rssDoc(filled(1000, item(60, "<itunes:a b='c'>d</itunes:a>")))
		}, time: long, most: large},
		{name: "10,000 items of 30 elements", build: func() string {
			return rssDoc(filled(10_000, item(30, "<itunes:a>d</itunes:a>")))
		}, time: 2 * long, most: large, items: 10_000},
		{name: "10,000 distinct elements", build: func() string {
			return oneItem(distinct(10_000, "<z:a%d/>"))
		}, time: long, most: large},
		{name: "items of distinct elements", build: func() string {
			one := "<item>" + distinct(125, "<z:a%d b='c'/>") + "</item>"
			return rssDoc(strings.Repeat(one, 1000))
		}, time: long, most: large},
		{name: "10,000 items of distinct elements", build: func() string {
			one := "<item>" + distinct(23, "<z:a%d b='c'/>") + "</item>"
			return rssDoc(strings.Repeat(one, 10_000))
		}, time: 2 * long, most: large, items: 10_000},
		{name: "element heavy with attributes", build: func() string {
			return oneItem(strings.Repeat("<z:a"+distinct(99, " b%d='c'")+"/>", 15_000))
		}, want: refused},
		{name: "items of elements of attributes", build: func() string {
			one := "<item>" + strings.Repeat("<z:a"+distinct(99, " b%d='c'")+"/>", 2) + "</item>"
			return rssDoc(strings.Repeat(one, 1000))
		}, time: long, most: large},
		{name: "authors and categories", build: func() string {
			one := "<item>" + strings.Repeat("<author>a</author><category>b</category>", 125) + "</item>"
			return rssDoc(strings.Repeat(one, 1000))
		}, time: long, most: large},
		{name: "nested elements", build: func() string {
			one := "<item>" + strings.Repeat("<z:a><z:b><z:c/></z:b></z:a>", 80) + "</item>"
			return rssDoc(strings.Repeat(one, 1000))
		}, time: long, most: large},
		{name: "attributes without quotes", build: func() string {
			return rssDoc(strings.Repeat("<item>"+strings.Repeat("<z:a b=c/>", 100)+"</item>", 5000))
		}, want: "attribute-unquoted", time: long, most: large},
		{name: "Atom links", build: func() string {
			one := "<entry>" + strings.Repeat("<link rel='a' href='http://b.c/'/>", 80) + "</entry>"
			return "<feed xmlns='http://www.w3.org/2005/Atom'>" + strings.Repeat(one, 1000) + "</feed>"
		}, time: long, most: large},
		{name: "unknown element of 14 MB", build: func() string {
			return oneItem("<z:a>" + strings.Repeat("word ", 14<<20/5) + "</z:a>")
		}, want: "text-cut"},
		{name: "unknown section of 14 MB", build: func() string {
			return oneItem("<z:a><![CDATA[" + strings.Repeat("word ", 14<<20/5) + "]]></z:a>")
		}, want: "text-cut"},
		{name: "attribute of 14 MB", build: func() string {
			return oneItem("<enclosure url='" + strings.Repeat("word ", 14<<20/5) + "'/>")
		}, want: refused},
	}
}

// looseTexts are texts of unknown kind in which it costs much to find tags.
func looseTexts(mega int) []bomb {
	title := func(piece string, n int) func() string {
		return func() string {
			one := "<item><title>" + strings.Repeat(piece, n) + "</title></item>"
			return rssDoc(strings.Repeat(one, 4))
		}
	}
	section := func(before, piece, after string, n int) func() string {
		return func() string {
			return oneItem("<description><![CDATA[" + before + strings.Repeat(piece, n) + after + "]]></description>")
		}
	}
	const long = 2 * time.Second
	return []bomb{
		{name: "tags that never end", build: title("&lt;b ", mega/2), time: long},
		{name: "links that never end", build: title("&lt;a href=&quot;", mega/10), time: long},
		{name: "scripts that never end", build: title("&lt;script ", mega/10), time: long},
		{name: "scripts as words", build: title("&lt;script&gt; ", mega/10), time: long},
		{name: "declarations in a text", build: title("&lt;!", mega/10), time: long},
		{name: "end tags in a text", build: title("&lt;/b ", mega/10), time: long},
		{name: "names in a text", build: title("&lt;b&gt;", mega/4), time: long},
		{name: "references in a text", build: title("&amp;lt;", mega/4), want: "escaped-twice", time: long},
		{name: "tags that end late", build: section("", "<b ", ">", mega/2), time: long},
		{name: "quotes that end late", build: section("", `<b ="`, ">", mega/4), time: long},
		{name: "sets of pictures", build: section("", "srcset=a:", "", mega/5), time: long},
		{name: "sets of pictures in a tag", build: section("<img ", "srcset=a: ", ">", mega/5), time: long},
		{name: "sets of pictures that end", build: section("", `<img srcset="a:b 1x`, `">`, mega/10), time: long},
		{name: "addresses without a scheme", build: section("", "href=http:", "", mega/5), time: long},
		{name: "link full of quotes", build: func() string {
			return oneItem("<link>" + strings.Repeat(`"`, mega) + "</link>")
		}},
		{name: "link full of references", build: func() string {
			return oneItem("<link><![CDATA[https://h.com/" + strings.Repeat(`&amp;`, mega/3) + "]]></link>")
		}, want: "address-mended"},
	}
}

// longLists are items that name more than anybody reads.
func longLists() []bomb {
	many := func(n int, form string) string {
		return filled(n, func(i int) string { return fmt.Sprintf(form, i) })
	}
	item := func(members string) string { return jsonDoc(`{"id":"1",` + members + `}`) }
	const cut, long = "list-cut", 2 * time.Second
	return []bomb{
		{name: "JSON distinct tags", build: func() string {
			return item(`"tags":[` + many(160_000, `"t%d",`) + `"x"]`)
		}, want: cut, time: long},
		{name: "JSON distinct attachments", build: func() string {
			return item(`"attachments":[` + many(40_000, `{"url":"https://e.example/%d"},`) + `{}]`)
		}, want: cut, time: long},
		{name: "JSON distinct authors", build: func() string {
			return item(`"authors":[` + many(40_000, `{"name":"%d"},`) + `{}]`)
		}, want: cut, time: long},
		{name: "distinct categories", build: func() string {
			return oneItem(many(40_000, "<category>%d</category>"))
		}, want: cut, time: long, most: 128 << 20},
		{name: "distinct links", build: func() string {
			return oneItem(many(40_000, "<link>https://e.example/%d</link>"))
		}, want: cut, time: long, most: 128 << 20},
		{name: "distinct files", build: func() string {
			return oneItem(many(20_000, "<enclosure url='https://e.example/%d'/>"))
		}, want: cut, time: long, most: 128 << 20},
		{name: "distinct authors", build: func() string {
			return oneItem("<author>" + many(200_000, "a%d@e.example, ") + "</author>")
		}, want: cut, time: long, most: 128 << 20},
		{name: "distinct keywords", build: func() string {
			return oneItem("<itunes:keywords>" + many(200_000, "k%d,") + "</itunes:keywords>")
		}, want: cut, time: long, most: 128 << 20},
	}
}

// TestBombs holds that no document costs the process much, and no document its
// life: each is parsed in a process of its own, which may not grow without end.
func TestBombs(t *testing.T) {
	if name := child.Task(); name != "" {
		explode(t, name)
		return
	}
	if child.Raced() {
		t.Skip("the race detector makes figures meaningless")
	}
	for _, b := range bombs() {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			cpu, memory := cmp.Or(b.time, bombTime), cmp.Or(b.most, bombMemory)
			c := child.Within(t, "TestBombs", b.name, cpu, memory)
			t.Log(c)
			if !strings.Contains(c.Answer, b.want) || b.want == "" && c.Failed {
				t.Errorf("got %q, want %q", c.Answer, b.want)
			}
			c.Check(t, cpu, memory)
		})
	}
}

// explode parses the bomb of a name.
func explode(t *testing.T, name string) {
	list := bombs()
	i := slices.IndexFunc(list, func(b bomb) bool { return b.name == name })
	body := []byte(list[i].build())
	child.Measure(t, func() (string, error) {
		_, problems, err := Parse(Document{Body: body, MaxItems: list[i].items})
		return codes(problems), err
	})
}

func codes(problems []coranto.Problem) string {
	var codes []string
	for _, p := range problems {
		if !slices.Contains(codes, p.Code) {
			codes = append(codes, p.Code)
		}
	}
	return strings.Join(codes, " ")
}
