package score

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/coranto/coranto"
)

const day = 24 * time.Hour

// feed is one feed with its habits and the record of who asked for it.
type feed struct {
	name  string
	habit string // for the report

	every    time.Duration // between two posts
	maxAge   time.Duration // of its answers; 0 says nothing
	etag     func(post, visit int) string
	modified func(post int) string
	undated  bool          // its posts have no dates
	again    bool          // a 304 carries validators too
	redirect int           // the status by which it leads to its feed; 0 is the feed
	refuse   []refusal     // in order
	least    time.Duration // between two visits; 0 means an hour
	most     time.Duration // between two visits; 0 means that nobody minds
	skew     time.Duration // of its clock
	expires  time.Duration // after its Date; 0 says nothing
	access   coranto.Access
	leads    string // the feed of another host to which it redirects
	hub      bool   // a hub tells of its posts
	hidden   bool   // nobody subscribes to it

	record record
}

// refusal is a time in which a feed is not served.
type refusal struct {
	from, to time.Duration
	status   int
	wait     time.Duration // asked for; 0 asks for nothing
	date     string        // layout of a date instead of seconds; "" means seconds
}

// The two layouts of dates besides http.TimeFormat (RFC 9110 §5.6.7).
const (
	rfc850  = "Monday, 02-Jan-06 15:04:05 GMT"
	asctime = time.ANSIC
)

// answer is what a feed says to one request.
type answer struct {
	status         int
	etag, modified string
	maxAge, wait   time.Duration
	skew, expires  time.Duration
	date           string
	link           string
	location       string
	body           string
}

func (a answer) header(now time.Time) map[string]string {
	date := now.Add(a.skew)
	h := map[string]string{"Etag": a.etag, "Last-Modified": a.modified, "Location": a.location,
		"Link": a.link, "Date": date.Format(http.TimeFormat)}
	if a.expires > 0 {
		h["Expires"] = date.Add(a.expires).Format(http.TimeFormat)
	}
	if a.maxAge > 0 {
		h["Cache-Control"] = fmt.Sprint("max-age=", int(a.maxAge.Seconds()))
	}
	return h
}

func (a answer) waitText(now time.Time) string {
	if a.date != "" {
		return now.Add(a.wait).Format(a.date)
	}
	return strconv.Itoa(int(a.wait.Seconds()))
}

func quoted(post, _ int) string { return fmt.Sprintf(`"post-%d"`, post) }

func dated(post int) string {
	return time.Date(2026, 3, 1, 0, 0, post, 0, time.UTC).Format(http.TimeFormat)
}

// roster is the feeds of each host.
func roster() [][]*feed {
	return [][]*feed{
		{{name: "both", habit: "ETag and Last-Modified", every: 6 * time.Hour,
			etag: quoted, modified: dated}},
		{{name: "odd", habit: "weak ETag with blanks, a Last-Modified that is no date",
			every:    6 * time.Hour,
			etag:     func(post, _ int) string { return fmt.Sprintf(`W/"a b\\%d"`, post) },
			modified: func(post int) string { return fmt.Sprint("yesterday, about noon ", post) }}},
		{{name: "etag-only", habit: "ETag alone", every: 5 * time.Hour, etag: quoted}},
		{{name: "date-only", habit: "Last-Modified alone", every: 5 * time.Hour, modified: dated}},
		{{name: "max-age", habit: "fresh for four hours", every: 2 * time.Hour, maxAge: 4 * time.Hour,
			etag: quoted, modified: dated}},
		{{name: "renewed", habit: "each 304 brings another ETag", every: 6 * time.Hour, again: true,
			etag: func(post, visit int) string { return fmt.Sprintf(`"%d.%d"`, post, visit) }}},
		{{name: "two-backends", habit: "ETags of two servers in turn", every: 6 * time.Hour, again: true,
			etag: func(post, visit int) string { return fmt.Sprintf(`"%d-%c"`, post, 'a'+visit%2) }}},
		{{name: "vanishing", habit: "an ETag with every second post",
			every: 6 * time.Hour, modified: dated,
			etag: func(post, _ int) string {
				if post%2 == 1 {
					return ""
				}
				return quoted(post, 0)
			}}},
		{{name: "undated", habit: "posts without dates",
			every: 6 * time.Hour, etag: quoted, undated: true}},
		{{name: "bare", habit: "no validators, no freshness", every: 6 * time.Hour, least: day}},
		{
			{name: "busy", habit: "429 with Retry-After: 5400, once a day",
				every: 6 * time.Hour, etag: quoted, refuse: daily(refusal{
					from: 10 * time.Hour, to: 20 * time.Hour, status: 429, wait: 90 * time.Minute,
				})},
			{name: "busy-neighbor", habit: "of the same host", every: 4 * time.Hour, etag: quoted},
			{name: "busy-friend", habit: "of the same host", every: 3 * time.Hour, modified: dated},
		},
		{
			{name: "closed", habit: "503 with a date ten hours away", every: 6 * time.Hour, etag: quoted,
				refuse: []refusal{{from: 2 * day, to: 3 * day, status: 503, wait: 10 * time.Hour, date: http.TimeFormat}}},
			{name: "closed-neighbor", habit: "of the same host", every: 5 * time.Hour, modified: dated},
		},
		{
			{name: "later", habit: "429 until a date of RFC 850", every: 4 * time.Hour, etag: quoted,
				refuse: []refusal{{from: day, to: 2 * day, status: 429, wait: 8 * time.Hour, date: rfc850}}},
			{name: "later-still", habit: "of the same host; 503 until a date of asctime", every: 4 * time.Hour,
				etag:   quoted,
				refuse: []refusal{{from: 3 * day, to: 4 * day, status: 503, wait: 9 * time.Hour, date: asctime}}},
			{name: "later-neighbor", habit: "of the same host", every: 2 * time.Hour, etag: quoted},
		},
		{{name: "broken", habit: "500 for two days", every: 6 * time.Hour, etag: quoted,
			refuse: []refusal{{from: 2 * day, to: 4 * day, status: 500}}}},
		{{name: "gone", habit: "410 from the third day on", every: 6 * time.Hour, etag: quoted,
			refuse: []refusal{{from: 2 * day, to: 99 * day, status: 410}}}},
		{{name: "moved", habit: "301 to another address",
			every: 6 * time.Hour, etag: quoted, redirect: 301}},
		{{name: "detour", habit: "302 to another address",
			every: 6 * time.Hour, etag: quoted, redirect: 302}},
		{{name: "host-moved", habit: "308 to another host", every: 6 * time.Hour,
			redirect: http.StatusPermanentRedirect, leads: "new-host"}},
		{{name: "new-host", habit: "where that leads", every: 6 * time.Hour, etag: quoted, hidden: true}},
		{{name: "private", habit: "password, cookie and key; 307 to another host", every: 6 * time.Hour,
			redirect: http.StatusTemporaryRedirect, leads: "stranger", access: coranto.Access{
				User: "reader", Password: "secret", Cookies: "session=1",
				Headers: map[string]string{"X-Key": "key"},
			}}},
		{{name: "stranger", habit: "where that leads; must see none of them",
			every: 6 * time.Hour, etag: quoted, hidden: true}},
		{{name: "told", habit: "a hub tells of its posts", every: 30 * time.Hour, hub: true,
			etag: quoted, modified: dated}},
		{{name: "ahead", habit: "clock three days ahead, fresh for an hour by it, Last-Modified in 2038",
			every: 4 * time.Hour, most: 12 * time.Hour, skew: 3 * day, expires: time.Hour, etag: quoted,
			modified: func(int) string { return "Tue, 19 Jan 2038 03:14:07 GMT" }}},
		{{name: "behind", habit: "clock three days behind, fresh for four hours by it", every: 2 * time.Hour,
			most: 12 * time.Hour, skew: -3 * day, expires: 4 * time.Hour, etag: quoted, modified: dated}},
	}
}

// daily repeats a refusal through the week.
func daily(r refusal) (list []refusal) {
	for range 7 {
		list = append(list, r)
		r.from, r.to = r.from+day, r.to+day
	}
	return list
}

// answer is what the feed says at a time, for the path below its name.
func (f *feed) answer(at time.Duration, rest string, r *http.Request) answer {
	if f.redirect != 0 && rest == "" {
		return answer{status: f.redirect, location: cmp.Or(f.leads, "/"+f.name+"/feed")}
	}
	for _, no := range f.refuse {
		if at >= no.from && at < no.to && !f.record.told(no) {
			return answer{status: no.status, wait: no.wait, date: no.date}
		}
	}
	post := int(at / f.every)
	a := answer{status: http.StatusOK, maxAge: f.maxAge, skew: f.skew, expires: f.expires}
	if f.hub {
		self := "http://" + r.Host + "/" + f.name
		a.link = fmt.Sprintf(`<%s/%s>; rel="hub", <%[1]s>; rel="self"`, self, hubPath)
	}
	if f.etag != nil {
		a.etag = f.etag(post, f.record.visits)
	}
	if f.modified != nil {
		a.modified = f.modified(post)
	}
	if post == f.record.post && f.record.matches(r.Header) {
		a.status = http.StatusNotModified
		if !f.again {
			a.etag, a.modified = "", ""
		}
		return a
	}
	f.record.post = post
	a.body = f.document(post)
	return a
}

// document is an RSS feed of the newest posts.
func (f *feed) document(post int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<rss version="2.0"><channel><title>%s</title>`, f.name)
	fmt.Fprintf(&b, `<link>https://score.example/%s</link><description>d</description>`, f.name)
	began := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for n := post; n > post-10; n-- {
		fmt.Fprintf(&b, `<item><guid isPermaLink="false">%s-%d</guid>`, f.name, n)
		fmt.Fprintf(&b, "<title>Post %d</title>", n)
		if !f.undated {
			published := began.Add(time.Duration(n) * f.every)
			fmt.Fprintf(&b, "<pubDate>%s</pubDate>", published.Format(time.RFC1123Z))
		}
		b.WriteString("</item>")
	}
	b.WriteString("</channel></rss>")
	return b.String()
}
