package parse

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

const podcastHead = `<rss version="2.0" xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:p="https://podcastindex.org/namespace/1.0" xmlns:psc="http://podlove.org/simple-chapters"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:georss="http://www.georss.org/georss"
 xmlns:gml="http://www.opengis.net/gml" xmlns:thr="http://purl.org/syndication/thread/1.0"
 xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:cc="http://web.resource.org/cc/"><channel><item>`

// TestExtensions is C25: podcast, media, place and discussion elements are kept,
// under their usual prefixes whatever those of the document are.
func TestExtensions(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"episode", `<i:episode>7</i:episode><i:season>2</i:season><i:episodeType>Full</i:episodeType>`,
			`[{"name":"itunes:episode","value":"7"},{"name":"itunes:episodeType","value":"full"},` +
				`{"name":"itunes:season","value":"2"}]`},
		{"transcript", `<p:transcript url="/1.vtt" type="text/vtt"/>`,
			`[{"name":"podcast:transcript","attrs":{"type":"text/vtt","url":"http://f.example/1.vtt"}}]`},
		{"people in their order", `<p:person role="guest">Zoe</p:person><p:person>Ann</p:person>`,
			`[{"name":"podcast:person","value":"Zoe","attrs":{"role":"guest"}},` +
				`{"name":"podcast:person","value":"Ann"}]`},
		{"value", `<p:value type="lightning" method="keysend"><p:valueRecipient name="A &amp; B" type="node" ` +
			`address="02d5" split="90"/></p:value>`,
			`[{"name":"podcast:value","attrs":{"method":"keysend","type":"lightning"},"children":[` +
				`{"name":"podcast:valueRecipient","attrs":{"address":"02d5","name":"A & B","split":"90","type":"node"}}]}]`},
		{"chapters", `<psc:chapters version="1.2"><psc:chapter start="00:00:00" title="Intro"/></psc:chapters>`,
			`[{"name":"psc:chapters","attrs":{"version":"1.2"},"children":[` +
				`{"name":"psc:chapter","attrs":{"start":"00:00:00","title":"Intro"}}]}]`},
		{"place", `<georss:where><gml:Point><gml:pos>45.256 -71.92</gml:pos></gml:Point></georss:where>`,
			`[{"name":"georss:where","children":[{"name":"gml:Point","children":[` +
				`{"name":"gml:pos","value":"45.256 -71.92"}]}]}]`},
		{"discussion", `<slash:comments>3</slash:comments><thr:in-reply-to ref="urn:x:1"/>`,
			`[{"name":"slash:comments","value":"3"},{"name":"thr:in-reply-to","attrs":{"ref":"urn:x:1"}}]`},
		{"long text in HTML", `<i:summary>&lt;p&gt;One &lt;b&gt;two&lt;/b&gt;` + strings.Repeat(" x", 60) + `&lt;/p&gt;</i:summary>`,
			`[{"name":"itunes:summary","value":"One two` + strings.Repeat(" x", 60) + `"}]`},
		{"no prefix", `<duration xmlns="http://www.itunes.com/dtds/podcast-1.0.dtd">61</duration>`,
			`[{"name":"itunes:duration","value":"61"}]`},
		{"what nobody lists", `<media:embed url="http://x.example/"/><i:owner><i:name>x</i:name></i:owner>`, `null`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			feed, problems, err := Parse(Document{
				Body: []byte(podcastHead + tt.body + "</item></channel></rss>"), URL: "http://f.example/feed",
			})
			if err != nil || len(feed.Items) != 1 || len(problems) > 1 {
				t.Fatalf("error %v, problems %v", err, problems)
			}
			var got strings.Builder
			e := json.NewEncoder(&got)
			e.SetEscapeHTML(false)
			if err := e.Encode(feed.Items[0].Extensions); err != nil {
				t.Fatal(err)
			}
			if strings.TrimSpace(got.String()) != tt.want {
				t.Errorf("got  %swant %s", got.String(), tt.want)
			}
		})
	}
}

// TestRenditions is C25: the files of a group are all kept, its default first.
func TestRenditions(t *testing.T) {
	feed, _, err := Parse(Document{URL: "http://f.example/feed", Body: []byte(podcastHead + `<media:group>
		<media:content url="http://x.example/small.mp4" bitrate="64" lang="en" duration="60"/>
		<media:content url="http://x.example/big.mp4" bitrate="900" isDefault="true" width="640" height="480"/>
		<media:license href="http://x.example/by">BY</media:license>
		</media:group><i:duration>1:01</i:duration></item></channel></rss>`)})
	if err != nil {
		t.Fatal(err)
	}
	it := feed.Items[0]
	if len(it.Enclosures) != 2 || it.Enclosures[0].URL != "http://x.example/big.mp4" ||
		it.Enclosures[0].Duration != 61*time.Second || it.Enclosures[1].Duration != time.Minute {
		t.Errorf("enclosures %+v, want the default first, 61 s, then the other, 60 s", it.Enclosures)
	}
	group := it.Extensions[1]
	if group.Name != "media:group" || len(group.Children) != 3 || group.Children[0].Attrs["bitrate"] != "900" {
		t.Errorf("elements %+v, want a group of two files with their attributes", it.Extensions)
	}
}

// What an element must hold and does not is a problem of its item.
func TestExtensionProblems(t *testing.T) {
	feed, problems, err := Parse(Document{Body: []byte(podcastHead +
		`<title>t</title><p:transcript url="http://x.example/t"/><i:duration>long</i:duration><i:keywords/>` +
		`</item></channel></rss>`)})
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) == 0 || problems[0].Code != "extension-invalid" || problems[0].Place != "item 1" ||
		!strings.Contains(problems[0].Text, "itunes:duration, podcast:transcript.") {
		t.Errorf("problems %v, want one of item 1 that names both elements", problems)
	}
	if feed.Items[0].Extensions != nil {
		t.Errorf("elements %+v, want none", feed.Items[0].Extensions)
	}
}

// TestMembers is C22: the extensions of a JSON Feed item are kept as they are.
func TestMembers(t *testing.T) {
	feed, problems, err := Parse(Document{Body: []byte(jsonHead + `"_feed":1,"items":[null,
		{"id":"1","content_text":"a","_x":{"html": "<b>"},"_extensions":{"elements":[
			{"name":"itunes:episode","value":"7"},{"name":"evil:x","value":"7"}]}},
		{"id":"2","content_text":"b","_long":"` + strings.Repeat("x", 5000) + `"}]}`)})
	if err != nil || len(feed.Items) != 2 {
		t.Fatalf("error %v, feed %+v", err, feed)
	}
	it := feed.Items[0]
	if len(it.Members) != 1 || it.Members["_x"] != `{"html":"<b>"}` {
		t.Errorf("members %v, want _x", it.Members)
	}
	if len(it.Extensions) != 1 || it.Extensions[0].Name != "itunes:episode" {
		t.Errorf("elements %+v, want the episode", it.Extensions)
	}
	if len(problems) == 0 || problems[0].Code != "members-cut" || feed.Items[1].Members != nil {
		t.Errorf("problems %v and members %v, want one problem and none", problems, feed.Items[1].Members)
	}
}
