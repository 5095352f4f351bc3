package ping_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/format"
	"github.com/coranto/coranto/feeds/hub/ping"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

// S47 A hub elsewhere is told of each topic that changed, once for all changes, when the
// new bytes can be had; also of what was committed while nobody told it.
func TestS47Ping(t *testing.T) {
	store, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.UpsertSources(t.Context(), []coranto.Source{sample.Source("a")}, nil); err != nil {
		t.Fatal(err)
	}
	publisher := publish.New(publish.Options{
		Store: store, Formats: format.All(),
		Reader: feeds.NewReader(store, feeds.Site{URL: "https://news.example/"}),
	})
	told := make(chan string, 100)
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("hub.mode") != "publish" || r.FormValue("hub.topic") != r.FormValue("hub.url") {
			t.Errorf("pinged with %v", r.Form)
		}
		path := strings.TrimPrefix(r.FormValue("hub.url"), "https://news.example")
		doc, err := publisher.Get(r.Context(), path)
		if err != nil {
			t.Error(err)
			return
		}
		told <- fmt.Sprint(path, " ", strings.Contains(string(doc.Body), "Post 1 of a"))
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "thanks")
	}))
	defer hub.Close()
	commit := func(from, to int) {
		t.Helper()
		visit := storage.Visit{Source: "a", Items: sample.Items("a", from, to, "go")}
		if got, err := store.Commit(t.Context(), []storage.Visit{visit}); err != nil || got[0].Err != nil {
			t.Fatal(err, got)
		}
	}
	run := func() (stop func()) {
		ctx, cancel := context.WithCancel(t.Context())
		var work sync.WaitGroup
		work.Go(func() { _ = publisher.Follow(ctx) })
		pinger := ping.New(ping.Options{
			Store: store, Publisher: publisher, Transport: http.DefaultTransport, Hubs: []string{hub.URL},
		})
		work.Go(func() { pinger.Run(ctx) })
		return func() { cancel(); work.Wait() }
	}
	commit(0, 1)
	stop := run()
	topics, next := map[string]bool{}, 1
	for len(topics) == 0 { // what came before it began is no news
		commit(next, next+1)
		next++
		select {
		case topic := <-told:
			topics[topic] = true
		case <-time.After(100 * time.Millisecond):
		}
	}
	for range 8 {
		topics[<-told] = true
	}
	for _, path := range []string{"/", "/category/go/", "/source/a/"} {
		for _, f := range format.All() {
			if !topics[path+f.File+" true"] {
				t.Errorf("the hub was told of %v, not of %s with the new item", topics, path+f.File)
			}
		}
	}
	stop()
	commit(next, next+1)
	defer run()()
	if topic := <-told; !strings.HasSuffix(topic, " true") {
		t.Errorf("after a restart the hub was told of %s", topic)
	}
}
