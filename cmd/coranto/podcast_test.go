package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/parse"
)

const podcastFeed = `<?xml version="1.0"?>
<rss version="2.0" xmlns:apple="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:psc="http://podlove.org/simple-chapters"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:georss="http://www.georss.org/georss"
 xmlns:gml="http://www.opengis.net/gml" xmlns:thr="http://purl.org/syndication/thread/1.0"
 xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel><title>A podcast</title><link>https://cast.example/</link>
<item><guid>https://cast.example/7</guid><title>Episode 7</title><description>About it.</description>
<enclosure url="https://cast.example/7.mp3" type="audio/mpeg" length="12345"/>
<apple:duration>40:00</apple:duration><apple:episode>7</apple:episode><apple:season>2</apple:season>
<apple:episodeType>Full</apple:episodeType><apple:explicit>no</apple:explicit>
<apple:image href="https://cast.example/7.png"/><apple:summary>All of it, &amp; more.</apple:summary>
<podcast:person role="host" href="https://cast.example/ann">Ann</podcast:person>
<podcast:person role="guest">Bob</podcast:person>
<podcast:transcript url="https://cast.example/7.vtt" type="text/vtt" language="en"/>
<podcast:chapters url="https://cast.example/7.json" type="application/json+chapters"/>
<podcast:soundbite startTime="73.0" duration="60.0">The best</podcast:soundbite>
<podcast:value type="lightning" method="keysend" suggested="0.00000005000">
<podcast:valueRecipient name="Ann" type="node" address="02d5c1bf8b" split="100"/></podcast:value>
<psc:chapters version="1.2"><psc:chapter start="00:00:00.000" title="Intro"/>
<psc:chapter start="00:01:30" title="Talk" href="https://cast.example/talk"/></psc:chapters>
<media:group><media:content url="https://cast.example/small.mp4" type="video/mp4" bitrate="64" lang="en"/>
<media:content url="https://cast.example/big.mp4" type="video/mp4" fileSize="99" duration="2400" width="640"
 height="480" isDefault="true"/><media:rating scheme="urn:simple">nonadult</media:rating></media:group>
<georss:where><gml:Point><gml:pos>45.256 -71.92</gml:pos></gml:Point></georss:where>
<georss:point>45.256 -71.92</georss:point>
<slash:comments>3</slash:comments><thr:in-reply-to ref="tag:cast.example,2026:6"/>
</item></channel></rss>`

// TestPodcastSurvives is C25 from end to end: whoever reads our feeds finds the
// podcast, media, place and discussion elements of the source's.
func TestPodcastSurvives(t *testing.T) {
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = w.Write([]byte(podcastFeed))
	}))
	t.Cleanup(origin.Close)
	o := newOperator(t, "")
	o.edit("  language: en\n", "  language: en\n  contact: ops@planet.example\n")
	o.edit("sources:\n", "sources:\n  - {id: cast, url: \""+origin.URL+"\", categories: [audio]}\n")
	o.fetch(exitOK)
	o.build("site")
	o.checkLint("site", time.Time{})

	want := onlyItem(t, []byte(podcastFeed))
	if len(want.Extensions) != 19 || len(want.Enclosures) != 3 {
		t.Fatalf("the source's item has the elements %+v and files %+v, want 19 and 3", want.Extensions, want.Enclosures)
	}
	for _, file := range feedFiles() {
		doc, err := os.ReadFile(o.path("site/category/audio/" + file))
		if err != nil {
			t.Fatal(err)
		}
		got := onlyItem(t, doc)
		elements := want.Extensions
		if file != "feed.json" {
			elements = inXML(elements)
		}
		if diff := cmp.Diff(elements, ofSource(got.Extensions, elements)); diff != "" {
			t.Errorf("%s: elements differ (-want +got):\n%s", file, diff)
		}
		if diff := cmp.Diff(want.Enclosures, got.Enclosures); diff != "" {
			t.Errorf("%s: files differ (-want +got):\n%s", file, diff)
		}
		if got.Image.URL != want.Image.URL {
			t.Errorf("%s: picture %q, want %q", file, got.Image.URL, want.Image.URL)
		}
	}
}

// inXML is elements as Apple wants them in feeds.
func inXML(list []coranto.Extension) []coranto.Extension {
	list = slices.Clone(list)
	for i := range list {
		switch list[i].Name {
		case "itunes:duration":
			list[i].Value = "2400"
		case "itunes:explicit":
			list[i].Value = "false"
		}
	}
	return list
}

func onlyItem(t *testing.T, doc []byte) parse.Item {
	t.Helper()
	feed, problems, err := parse.Parse(parse.Document{Body: doc, URL: "https://reader.example/"})
	if err != nil || len(feed.Items) != 1 {
		t.Fatalf("error %v, problems %v, feed %+v; want one item", err, problems, feed)
	}
	return feed.Items[0]
}

// ofSource leaves out what we say by elements of our own, as the picture.
func ofSource(list, source []coranto.Extension) []coranto.Extension {
	return slices.DeleteFunc(list, func(e coranto.Extension) bool {
		return !slices.ContainsFunc(source, func(s coranto.Extension) bool { return s.Name == e.Name })
	})
}
