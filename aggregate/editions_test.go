package aggregate_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
)

// entry is an item as a source writes it.
type entry struct{ id, link, title, body, date, author, extra string }

// newsroom is a source whose author edits, renames, doubles and moves entries.
type newsroom struct {
	random  *rand.Rand
	serial  int
	entries []entry
	gone    []entry
}

func (n *newsroom) write() entry {
	n.serial++
	e := entry{
		id: fmt.Sprintf("id%d", n.serial), link: fmt.Sprintf("https://ex.example/%d", n.serial),
		title: fmt.Sprintf("Title %d", n.serial), date: n.date(),
		body: fmt.Sprintf("Body %d &lt;a href=&quot;rel&quot;&gt;x&lt;/a&gt;", n.serial),
	}
	switch n.random.IntN(12) {
	case 0:
		e.id = ""
	case 1:
		e.id = "1"
	case 2:
		e.link = ""
	case 3:
		e.title = ""
	case 4:
		e.id, e.link = "", ""
	case 5:
		e.link = "/relative"
	case 6:
		e.link = fmt.Sprintf("https://ex.example/?utm_source=a&amp;p=%d", n.serial%4)
	case 7:
		e.title = "Same title"
	case 8:
		e.author = "Al"
	case 9:
		e.extra = "<media:content url='rel.jpg' medium='image'/>"
	case 10:
		e.body = "a & b <br> c &nope;"
	}
	return e
}

// date is one of few, so that entries share them; some say nothing, some lie ahead.
func (n *newsroom) date() string {
	dates := []string{
		"", "2026-02-01T10:00:00Z", "2026-02-01T10:00:00Z", "Mon, 02 Feb 2026 10:00:00 GMT",
		"nonsense", "02/03/2026", "Mon, 02 Feb 2026 10:00:00 CST", "2026-02-03T07:00:00Z",
	}
	return dates[n.random.IntN(len(dates))]
}

// edit changes the entries once.
func (n *newsroom) edit() {
	all := slices.Clone(n.entries)
	if len(all) == 0 {
		all = append(all, n.write())
	}
	k := n.random.IntN(len(all))
	e := &all[k]
	switch n.random.IntN(13) {
	case 0:
		all = slices.Insert(all, 0, n.write())
	case 1:
		n.gone = append(n.gone, *e)
		all = slices.Delete(all, k, k+1)
	case 2:
		if len(n.gone) > 0 {
			all = slices.Insert(all, 0, n.gone[0])
			n.gone = n.gone[1:]
		}
	case 3:
		e.title += "!"
	case 4:
		e.id = "new-" + e.id
	case 5:
		n.serial++
		for i := range all {
			all[i].id = fmt.Sprintf("v%d-%d", n.serial, i)
		}
	case 6:
		slices.Reverse(all)
	case 7:
		all = append(all, *e)
	case 8:
		e.date = n.date()
	case 9:
		e.body += " edited"
	case 10:
		e.link = strings.Replace(e.link, "https:", "http:", 1)
	case 11:
		twin := *e
		twin.title = "Copy of " + twin.title
		all = append(all, twin)
	case 12:
		e.link = all[n.random.IntN(len(all))].link
	}
	n.entries = all
}

// rss writes the entries as RSS, with one of a few heads.
func (n *newsroom) rss() string {
	heads := []string{"", "", "", "<author>Feed Author</author>",
		"<lastBuildDate>Mon, 02 Feb 2026 10:00:00 GMT</lastBuildDate>", "<copyright>c</copyright>"}
	var b strings.Builder
	fmt.Fprintf(&b, `<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>T</title>
<link>https://ex.example/</link>%s`, heads[n.random.IntN(len(heads))])
	for _, e := range n.entries {
		b.WriteString("<item>")
		element(&b, `guid isPermaLink="false"`, e.id)
		element(&b, "title", e.title)
		element(&b, "link", e.link)
		element(&b, "pubDate", e.date)
		element(&b, "author", e.author)
		element(&b, "description", e.body)
		b.WriteString(e.extra + "</item>\n")
	}
	return b.String() + "</channel></rss>"
}

func element(b *strings.Builder, tag, text string) {
	if text != "" {
		name, _, _ := strings.Cut(tag, " ")
		fmt.Fprintf(b, "<%s>%s</%s>", tag, text, name)
	}
}

// json writes the entries as a JSON Feed.
func (n *newsroom) json() string {
	heads := []string{"", "", `"authors":[{"name":"FA"}],`, `"language":"fr",`}
	items := make([]string, len(n.entries))
	for i, e := range n.entries {
		members := []string{fmt.Sprintf(`"content_html":%q`, e.body)}
		for _, m := range [][2]string{{"id", e.id}, {"title", e.title}, {"url", e.link}, {"date_published", e.date}} {
			if m[1] != "" {
				members = append(members, fmt.Sprintf("%q:%q", m[0], m[1]))
			}
		}
		items[i] = "{" + strings.Join(members, ",") + "}"
	}
	return fmt.Sprintf(`{"version":"https://jsonfeed.org/version/1.1","title":"T","home_page_url":"https://ex.example/",%s"items":[%s]}`,
		heads[n.random.IntN(len(heads))], strings.Join(items, ",\n"))
}

// TestDeltaThroughEdits is TestDeltaIsTheLongWay for sources that do to their ids,
// links, titles and dates whatever sources do.
func TestDeltaThroughEdits(t *testing.T) {
	t.Parallel()
	const count, editions = 90, 12
	random := rand.New(rand.NewPCG(26, 7))
	rooms := make([]newsroom, count)
	current := make([]string, count)
	url := origin(t, func(w http.ResponseWriter, r *http.Request) {
		var i int
		fmt.Sscanf(r.URL.Path, "/%d", &i)
		fmt.Fprint(w, current[i])
	})
	sources := make([]coranto.Source, count)
	for i := range sources {
		sources[i] = coranto.Source{
			ID: coranto.SourceID(fmt.Sprintf("doc-%03d", i)), URL: fmt.Sprintf("%s/%d", url, i),
			MaxItems: []int{0, 0, 0, 4}[i%4],
		}
		rooms[i].random = random
		for range 3 + random.IntN(8) {
			rooms[i].entries = append(rooms[i].entries, rooms[i].write())
		}
	}
	now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	clock := func() time.Time { return now }
	delta, whole := newStore(t, clock, sources), newStore(t, clock, sources)
	roundDelta, roundWhole := newRounds(t, delta, clock), newRounds(t, forgetful{whole}, clock)
	for edition := range editions {
		for i := range rooms {
			for range random.IntN(3) {
				rooms[i].edit()
			}
			if current[i] = rooms[i].rss(); i%3 == 2 {
				current[i] = rooms[i].json()
			}
		}
		roundDelta()
		roundWhole()
		sameStores(t, delta, whole, count, func(i int) string { return fmt.Sprintf("edition %d:\n%s", edition, current[i]) })
		now = now.Add(time.Hour)
	}
}

// TestNothingTwice holds that posts are stored once whatever their source does to
// its ids.
func TestNothingTwice(t *testing.T) {
	item := func(guid, title, date string) string {
		return fmt.Sprintf(`<item><guid isPermaLink="false">%s</guid><title>%s</title>
<link>https://ex.example/%s</link><description>x</description><pubDate>%s</pubDate></item>`, guid, title, title, date)
	}
	const past, ahead = "Mon, 02 Feb 2026 10:00:00 GMT", "Tue, 03 Feb 2026 04:35:00 GMT"
	bare := `<item><guid isPermaLink="false">g</guid><description>only text</description></item>`
	tests := []struct {
		name     string
		editions []string
		want     int
	}{
		{"other GUIDs", []string{item("1", "A", past), item("2", "A", past)}, 1},
		{"other GUIDs, dated ahead", []string{item("1", "A", ahead), item("2", "A", ahead)}, 1},
		{"other GUIDs, long after it was dated ahead",
			[]string{item("1", "A", ahead), item("1", "A", ahead) + bare, item("2", "A", ahead)}, 2},
		{"another date under the same link and title", []string{item("1", "A", past), item("2", "A", ahead)}, 2},
		{"ids that turn out to be loose",
			[]string{bare + item("h", "Z", past), item("1", "X", past) + item("1", "Y", past) + bare + item("h", "Z", past)}, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var current string
			url := origin(t, func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprint(w, feedHead, current, "</channel></rss>")
			})
			now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
			clock := func() time.Time { return now }
			sources := []coranto.Source{{ID: "doc-000", URL: url}}
			store := newStore(t, clock, sources)
			agg := aggregate.New(aggregate.Options{Store: store, Fetch: loopbackClient(0), Clock: clock})
			for _, current = range tt.editions {
				if err := agg.Round(t.Context(), aggregate.Call{Force: true}, aggregate.Observer{}); err != nil {
					t.Fatal(err)
				}
				now = now.Add(time.Hour)
			}
			if got := len(contents(t, store, "doc-000").Items); got != tt.want {
				t.Errorf("%d items are stored, want %d", got, tt.want)
			}
		})
	}
}
