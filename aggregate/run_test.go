package aggregate_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/storage"
)

// run starts the daemon and returns what ends it and waits for it.
func (w *world) run(observer aggregate.Observer) (stop func()) {
	w.Helper()
	ctx, cancel := context.WithCancel(w.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.agg.Run(ctx, observer) }()
	return func() {
		w.Helper()
		cancel()
		if err := <-ended; err != nil {
			w.Errorf("run: %v", err)
		}
	}
}

// claimable is the number of lanes that could be claimed now; they are given
// back.
func (w *world) claimable() int {
	w.Helper()
	leases, _, err := w.store.Claim(w.Context(), "somebody else", 100, 1, time.Minute)
	if err != nil {
		w.Fatal(err)
	}
	var refs []storage.LeaseRef
	for _, l := range leases {
		refs = append(refs, l.LeaseRef)
	}
	if _, err := w.store.Extend(w.Context(), refs, 0); err != nil {
		w.Fatal(err)
	}
	return len(leases)
}

func TestRunVisitsWhatIsDueAndStops(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{}, 10)
	url := origin(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, feedHead, "<item><guid>a</guid><title>A</title></item></channel></rss>")
		asked <- struct{}{}
	})
	w := newWorld(t, nil, coranto.Source{ID: "news", URL: url})
	stored := make(chan aggregate.Report, 10)
	stop := w.run(aggregate.Observer{Stored: func(r aggregate.Report) { stored <- r }})
	if r := <-stored; r.New != 1 {
		t.Errorf("first visit: %+v, want one new item", r)
	}
	<-asked
	if err := w.store.DueNow(t.Context(), []coranto.SourceID{"news"}); err != nil {
		t.Fatal(err)
	}
	<-asked // without waiting for its time
	stop()
	if got := w.stats().Items; got != 1 {
		t.Errorf("%d items are stored, want 1", got)
	}
}

// TestStopGivesLanesBack ends a run in the middle of a visit.
func TestStopGivesLanesBack(t *testing.T) {
	asked := make(chan struct{}, 1)
	url := origin(t, func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-r.Context().Done()
	})
	w := newWorld(t, nil, coranto.Source{ID: "a", URL: url + "/a"}, coranto.Source{ID: "b", URL: url + "/b"})
	stop := w.run(aggregate.Observer{})
	<-asked
	if got := w.claimable(); got != 0 {
		t.Errorf("%d lanes could be claimed during the visit, want none", got)
	}
	stop()
	if got := w.claimable(); got != 1 {
		t.Errorf("%d lanes can be claimed after the run, want 1", got)
	}
	if st := w.state("a"); !st.LastVisit.IsZero() {
		t.Errorf("a visit that was given up left the outcome %q", st.Outcome)
	}
}

// TestSourceMovesDuringItsVisit makes the last commit of a lane fail: the lane
// must not stay blocked.
func TestSourceMovesDuringItsVisit(t *testing.T) {
	var w *world
	moved := coranto.Source{ID: "a", URL: "http://127.0.0.1:1/elsewhere"}
	url := origin(t, func(rw http.ResponseWriter, _ *http.Request) {
		if err := w.store.UpsertSources(context.Background(), []coranto.Source{moved}, nil); err != nil {
			t.Error(err)
		}
		fmt.Fprint(rw, feedHead, "</channel></rss>")
	})
	w = newWorld(t, nil, coranto.Source{ID: "a", URL: url + "/a"})
	w.round("a")
	if err := w.store.UpsertSources(t.Context(), []coranto.Source{{ID: "b", URL: url + "/b"}}, nil); err != nil {
		t.Fatal(err)
	}
	if got := w.claimable(); got != 2 {
		t.Errorf("%d lanes can be claimed, want the old host's and the new one's", got)
	}
}

// TestHintsOutliveNotModified is P21: a 304 says nothing of ttl.
func TestHintsOutliveNotModified(t *testing.T) {
	url := origin(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, strings.Replace(feedHead, "<channel>", "<channel><ttl>720</ttl>", 1), "</channel></rss>")
	})
	w := newWorld(t, nil, coranto.Source{ID: "news", URL: url})
	for i := range 2 {
		r := w.round("news")["news"]
		if wait := time.Until(r.Next); wait < 11*time.Hour {
			t.Errorf("visit %d (%s): the next is in %s, want 12 hours or more", i+1, r.Outcome, wait)
		}
	}
}

// TestSettingsApplyToQuietSources is P07: the origin answers 304 to what was
// asked before, but what was read by other settings is read again.
func TestSettingsApplyToQuietSources(t *testing.T) {
	url := origin(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, feedHead, "<item><guid>a</guid><title>A</title></item><item><guid>b</guid><title>B</title></item></channel></rss>")
	})
	src := coranto.Source{ID: "news", URL: url, MaxItems: 1}
	w := newWorld(t, nil, src)
	w.round()
	if got := w.stats().Items; got != 1 {
		t.Fatalf("%d items are stored, want max_items: 1", got)
	}
	src.MaxItems = 5
	if err := w.store.UpsertSources(t.Context(), []coranto.Source{src}, nil); err != nil {
		t.Fatal(err)
	}
	w.round()
	if got := w.stats().Items; got != 2 {
		t.Errorf("%d items are stored after max_items rose, want 2", got)
	}
	if r := w.round()["news"]; r.Outcome != storage.OutcomeNotModified {
		t.Errorf("a third visit: %s, want not-modified", r.Outcome)
	}
}

// TestLooseIDsStayApart is input B25 over several documents: whatever items
// share a document, each is stored once.
func TestLooseIDsStayApart(t *testing.T) {
	post := func(n string) string {
		return "<item><guid>https://news.example/feed</guid><title>" + n + "</title><link>https://news.example/" + n + "</link></item>"
	}
	documents := []string{post("a"), post("b") + post("a"), post("b"), post("c") + post("b"), post("a")}
	turn := 0
	url := origin(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, feedHead, documents[turn], "</channel></rss>")
	})
	w := newWorld(t, nil, coranto.Source{ID: "news", URL: url})
	for i, want := range []int{1, 2, 2, 3, 3} {
		turn = i
		w.round()
		if got := w.stats().Items; got != want {
			t.Errorf("after document %d: %d items are stored, want %d", i+1, got, want)
		}
	}
}

// TestChangingGUIDs is input B26: GUIDs with a session in them.
func TestChangingGUIDs(t *testing.T) {
	visit := 0
	url := origin(t, func(w http.ResponseWriter, _ *http.Request) {
		visit++
		fmt.Fprint(w, feedHead)
		for _, n := range []string{"a", "b", "c"} {
			fmt.Fprintf(w, "<item><guid>session-%d-%s</guid><title>%s</title><link>https://news.example/%s</link></item>", visit, n, n, n)
		}
		fmt.Fprint(w, "</channel></rss>")
	})
	w := newWorld(t, nil, coranto.Source{ID: "news", URL: url})
	for i, want := range []int{3, 0, 0} {
		if r := w.round()["news"]; r.New != want || r.Updated != 0 {
			t.Errorf("visit %d: %d new, %d updated, want %d and none", i+1, r.New, r.Updated, want)
		}
	}
}

// TestEditedTitleUnderChangingGUIDs stores the edit once, not once a visit.
func TestEditedTitleUnderChangingGUIDs(t *testing.T) {
	visit, title := 0, "Before"
	url := origin(t, func(w http.ResponseWriter, _ *http.Request) {
		visit++
		fmt.Fprintf(w, "%s<item><guid>session-%d</guid><title>%s</title><link>https://news.example/1</link></item></channel></rss>",
			feedHead, visit, title)
	})
	w := newWorld(t, nil, coranto.Source{ID: "news", URL: url}, coranto.Source{ID: "other", URL: url + "/2"})
	w.round("other") // stores the link first
	w.round("news")
	title = "After"
	for range 3 {
		w.round("news")
	}
	if got := w.stats().Items; got != 3 {
		t.Errorf("%d items are stored, want the other source's, and ours before and after the edit", got)
	}
}

// TestConstantTitleAndLink is posts that only their GUIDs and dates tell apart.
func TestConstantTitleAndLink(t *testing.T) {
	from := 1
	url := origin(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, feedHead)
		for n := from + 2; n >= from; n-- {
			fmt.Fprintf(w, `<item><guid>ep-%d</guid><title>Morning news</title><link>https://news.example/show</link>
				<pubDate>Mon, %02d Mar 2025 06:00:00 +0000</pubDate></item>`, n, n)
		}
		fmt.Fprint(w, "</channel></rss>")
	})
	w := newWorld(t, nil, coranto.Source{ID: "news", URL: url})
	for ; from <= 6; from++ {
		w.round()
	}
	if got := w.stats().Items; got != 8 {
		t.Errorf("%d episodes are stored, want 8", got)
	}
}

// TestHomePageUnderAnotherScheme keeps posts that lead to the home page apart
// and in place when the feed moves to https.
func TestHomePageUnderAnotherScheme(t *testing.T) {
	head := feedHead
	url := origin(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, head)
		for _, n := range []string{"a", "b"} {
			fmt.Fprintf(w, "<item><guid>https://news.example/</guid><title>%s</title><link>https://news.example/</link></item>", n)
		}
		fmt.Fprint(w, "</channel></rss>")
	})
	w := newWorld(t, nil, coranto.Source{ID: "news", URL: url})
	w.round()
	head = strings.Replace(feedHead, "https:", "http:", 1)
	w.round()
	if got := w.stats().Items; got != 2 {
		t.Errorf("%d items are stored, want 2", got)
	}
}

// TestTruncatedIsAskedAgainSoon is input B03: the rest of a document that was cut
// off is not left for a day.
func TestTruncatedIsAskedAgainSoon(t *testing.T) {
	whole := feedHead + "<item><guid>a</guid><title>A</title></item><item><guid>b</guid><title>B</title></item></channel></rss>"
	visits := 0
	url := origin(t, func(w http.ResponseWriter, r *http.Request) {
		visits++
		w.Header().Set("ETag", `"1"`)
		switch {
		case r.Header.Get("If-None-Match") != "":
			w.WriteHeader(http.StatusNotModified)
		case visits == 1:
			fmt.Fprint(w, whole[:len(whole)-40])
		default:
			fmt.Fprint(w, whole)
		}
	})
	w := newWorld(t, nil, coranto.Source{ID: "news", URL: url})
	first := w.round()["news"]
	if wait := time.Until(first.Next); first.New != 1 || wait > 2*time.Hour {
		t.Errorf("first visit: %d new, next in %s, want the whole item and a visit soon", first.New, wait)
	}
	w.round()
	if got := w.stats().Items; got != 2 {
		t.Errorf("%d items are stored after the whole document, want 2", got)
	}
}
