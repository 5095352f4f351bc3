package show_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/normalize"
	"github.com/coranto/coranto/aggregate/parse"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/storage"
)

var update = flag.Bool("update", false, "rewrite the golden files with what the code writes now")

const paper = `<rss version="2.0"><channel><title>The Paper</title><link>/</link>
<description>d</description><language>en</language>
<item><guid isPermaLink="false">a</guid><title>AT&amp;T &amp; &#27;[31mmore</title><link>/a</link>
<category>Telephony</category><author>ann@example.org (Ann)</author>
<pubDate>Mon, 02 Mar 2026 10:00:00 +0800</pubDate><description>&lt;b&gt;Hello&lt;/b&gt;</description>
<enclosure url="https://example.org/a.mp3" type="audio/mpeg" length="1"/></item>
<item><guid isPermaLink="false">b</guid><title>Some day</title><pubDate>some day</pubDate></item>
</channel></rss>`

func at(hour int) time.Time { return time.Date(2026, 3, 2, hour, 0, 0, 0, time.UTC) }

// read is the paper with what became of it.
func read(t *testing.T) (*parse.Feed, []coranto.Problem, normalize.Result) {
	t.Helper()
	const address = "https://example.org/feed.xml"
	feed, problems, err := parse.Parse(parse.Document{
		Body: []byte(paper), ContentType: "application/rss+xml", URL: address,
	})
	if err != nil {
		t.Fatal(err)
	}
	return feed, problems, normalize.Feed(normalize.Document{
		Source: coranto.Source{ID: "paper", URL: address}, Feed: feed, URL: address, Now: at(12),
	})
}

// record is the paper as a source that is stored.
func record(id coranto.SourceID) storage.SourceRecord {
	return storage.SourceRecord{
		Source: coranto.Source{
			ID: id, URL: "https://example.org/feed.xml", Categories: []coranto.Slug{"news", "wire"},
		},
		Items: 2,
		State: storage.SourceState{
			ETag: `"1"`, LastModified: "Mon, 02 Mar 2026 09:00:00 GMT", BodyHash: [32]byte{1},
			Next: at(13), Interval: time.Hour, Outcome: storage.OutcomeUnchanged,
			LastVisit: at(12), LastOK: at(12), LastNew: at(11),
			Feed:     coranto.Attribution{Title: "The Paper", Link: "https://example.org/"},
			Problems: []coranto.Problem{{Code: "date-missing", Place: "item 2", Text: "no date"}},
			Push: storage.Push{
				Subscription: storage.Subscription{Hub: "https://hub.example/", Until: at(20)},
			},
		},
	}
}

// sources are a source in each condition that has words of its own.
func sources() iter.Seq2[storage.SourceRecord, error] {
	well, paused, retired, down := record("well"), record("paused"), record("retired"), record("down")
	paused.Paused, retired.Retired = true, true
	paused.Access.Insecure = true
	paused.State.Push.Subscription.LastError = "the hub says no"
	retired.State.Push.Subscription.Until = time.Time{}
	down.State.Outcome = storage.OutcomeOffline
	down.State.LastError = "our own connection seems to be down"
	down.State.Push = storage.Push{}
	fresh := storage.SourceRecord{Source: coranto.Source{ID: "fresh", URL: "https://new.example/"}}
	return func(yield func(storage.SourceRecord, error) bool) {
		for _, rec := range []storage.SourceRecord{well, paused, retired, down, fresh} {
			if !yield(rec, nil) {
				return
			}
		}
	}
}

func status(t *testing.T) *show.Status {
	t.Helper()
	stats := storage.Stats{Items: 8, FileBytes: 3 << 20, FreeBytes: 1 << 10, Commits: 4}
	s, err := show.NewStatus(stats, sources())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func round() *show.Round {
	notFound := &fetch.Error{URL: "https://example.org/feed.xml", Status: 404}
	return show.NewRound([]aggregate.Report{
		{Source: "broken", Outcome: storage.OutcomeFailed, Took: 90 * time.Millisecond, Next: at(14),
			Err: &aggregate.Error{Source: "broken", Stage: "fetch", Err: notFound}},
		{Source: "unread", Outcome: storage.OutcomeFailed, Next: at(14),
			Err: &aggregate.Error{Source: "unread", Stage: "list", Err: errors.New("no feed")}},
		{Source: "busy", Outcome: aggregate.OutcomeWaiting, Next: at(15), Err: &aggregate.Error{
			Source: "busy", Stage: "schedule", Err: errors.New("the origin asked to wait until 15:00")}},
		{Source: "fresh", Outcome: aggregate.OutcomeFresh, Next: at(14)},
		{Source: "paper", Title: "The Paper", Outcome: storage.OutcomeNew, New: 2, Updated: 1,
			Took: 2345 * time.Millisecond, Next: at(13),
			Problems: []coranto.Problem{{Code: "date-missing", Place: "item 2", Text: "no date"}}},
	}, storage.Stats{Items: 8, ItemWrites: 3, Commits: 4}, 3*time.Second)
}

// TestViews holds each view's JSON, which is a contract, and its text.
func TestViews(t *testing.T) {
	feed, problems, result := read(t)
	item := result.Posts[0].Item
	item.Categories = []coranto.Slug{"news"}
	item.Origin = &coranto.Attribution{Title: "The Agency", Link: "https://agency.example/"}
	source := record("paper")
	source.Access = coranto.Access{
		Headers: map[string]string{"X-Key": "canary"}, Cookies: "a=canary", User: "me", Password: "canary",
		Proxy: "http://me:canary@proxy.example:3128", Insecure: true, HTTP1: true, Believed: true,
	}
	source.State.Move = storage.Move{To: "https://new.example/feed", Polls: 2, Since: at(8)}
	moved := record("moved")
	moved.State.Move = storage.Move{To: "https://new.example/feed", Polls: 3, Since: at(8), Adopted: at(11)}
	all := coranto.Access{UserAgent: "Planet/1", Timeout: 30 * time.Second, MaxBody: 15 << 20}
	views := []struct {
		name string
		view show.View
	}{
		{"parsed", show.Parsed{Inspection: feed.Inspect(problems)}},
		{"document", show.NewDocument(feed, result)},
		{"item", show.NewItem(&storage.Record{Item: item, FirstSeen: at(12), Revision: 1}, nil)},
		{"source", show.NewSource(&source, all)},
		{"moved", show.NewSource(&moved, coranto.Access{})},
		{"status", status(t)},
		{"round", round()},
	}
	for _, v := range views {
		t.Run(v.name, func(t *testing.T) {
			golden(t, v.name+".json", printed(t, true, v.view))
			text := printed(t, false, v.view)
			golden(t, v.name+".txt", text)
			if bytes.ContainsRune(text, '\x1b') {
				t.Errorf("%q has what a terminal would obey", text)
			}
		})
	}
}

func printed(t *testing.T, asJSON bool, v show.View) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := show.Print(term.Output{Writer: &b}, asJSON, v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what is shown; -update rewrites it. Shown:\n%s", path, got)
	}
}

// TestStatusTravels shows that a status read from a server's answer tells the same.
func TestStatusTravels(t *testing.T) {
	sent := status(t)
	var received show.Status
	if err := json.Unmarshal(printed(t, true, sent), &received); err != nil {
		t.Fatal(err)
	}
	got, want := printed(t, false, &received), printed(t, false, sent)
	if !bytes.Equal(got, want) {
		t.Errorf("received as\n%s\nwant\n%s", got, want)
	}
}

func TestStatusOfBrokenStore(t *testing.T) {
	broken := errors.New("the disk is gone")
	_, err := show.NewStatus(storage.Stats{}, func(yield func(storage.SourceRecord, error) bool) {
		yield(storage.SourceRecord{}, broken)
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
}

// TestNothing is what programs rely on: a list without elements is a list.
func TestNothing(t *testing.T) {
	empty, err := show.NewStatus(storage.Stats{}, func(func(storage.SourceRecord, error) bool) {})
	if err != nil {
		t.Fatal(err)
	}
	nothing := show.NewDocument(&parse.Feed{}, normalize.Result{})
	for _, v := range []show.View{empty, show.NewRound(nil, storage.Stats{}, 0), nothing} {
		if got := printed(t, true, v); bytes.Contains(got, []byte("null")) {
			t.Errorf("%T: %s, want no null", v, got)
		}
	}
}
