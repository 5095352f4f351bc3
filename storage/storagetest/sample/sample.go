// Package sample is what tests store: sources and items that are quickly made and
// always the same, and a clock that tests move. It serves the tests of any package.
package sample

import (
	"fmt"
	"sync"
	"time"

	"github.com/coranto/coranto"
)

// Start is the time at which the suite's clocks begin.
func Start() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// Clock is a clock that stands still until it is moved. It is safe for
// concurrent use.
type Clock struct {
	mu sync.Mutex
	t  time.Time
}

// NewClock returns a clock that shows Start.
func NewClock() *Clock { return &Clock{t: Start()} }

// Now is the time; the method value is a coranto.Clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// Source is a source of its own host, without a category.
func Source(id coranto.SourceID) coranto.Source {
	return coranto.Source{ID: id, URL: fmt.Sprintf("https://%s.example/feed", id)}
}

// Item is the n-th item of a source, ready to be stored: n from 0 to 50,000,
// published n minutes after the year began that Start is in.
func Item(source coranto.SourceID, n int) coranto.Item {
	guid := fmt.Sprintf("tag:%s.example,2026:%d", source, n)
	published := time.Date(Start().Year(), 1, 1, 0, n, 0, 0, time.UTC)
	return coranto.Item{
		ID:        coranto.NewItemID(source, guid),
		Source:    source,
		GUID:      guid,
		Link:      fmt.Sprintf("https://%s.example/post/%d", source, n),
		Title:     fmt.Sprintf("Post %d of %s", n, source),
		Summary:   "What it is about.",
		Content:   fmt.Sprintf("<p>Text of post %d.</p>", n),
		Published: published,
		Updated:   published,
	}
}

// Items are the items from to to, the last excluded, filed in categories.
func Items(source coranto.SourceID, from, to int, categories ...coranto.Slug) []coranto.Item {
	var items []coranto.Item
	for n := from; n < to; n++ {
		it := Item(source, n)
		it.Categories = categories
		items = append(items, it)
	}
	return items
}

// IDs are the ids of items.
func IDs(items []coranto.Item) (ids []coranto.ItemID) {
	for _, it := range items {
		ids = append(ids, it.ID)
	}
	return ids
}
