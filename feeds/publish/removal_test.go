package publish_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
)

// S37 What leaves the store, whatever made it go, is in no document any more; its
// page is gone and not merely unknown.
func TestRemovedIsNowhere(t *testing.T) {
	first, second := item("gopher", "go", 1, "Vanishing"), item("gopher", "go", 2, "Staying")
	tests := []struct {
		name string
		do   func(s storage.Store) error
	}{
		{"taken down", func(s storage.Store) error {
			_, err := s.Remove(t.Context(), []coranto.ItemID{first.ID}, "its author asked")
			return err
		}},
		{"retained no longer", func(s storage.Store) error {
			p := storage.Policy{PerCategory: storage.Limits{Items: 1}}
			_, _, err := s.Retain(t.Context(), p, 10)
			return err
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPress(t)
			p.commit(t, first, second)
			p.follow(t)
			page := feeds.ItemPath(first.ID)
			if p.all(t)[page] == nil || p.Gone(t.Context(), page) {
				t.Fatal("the item has no page to begin with")
			}
			if err := tt.do(p.store); err != nil {
				t.Fatal(err)
			}
			p.commit(t, first) // its source still lists it
			for path, edition := range p.all(t) {
				for _, word := range []string{"Vanishing", strings.Trim(page, "/")} {
					if bytes.Contains(edition.Body, []byte(word)) {
						t.Errorf("%s still has %q", path, word)
					}
				}
			}
			if _, err := p.Get(t.Context(), page); !errors.Is(err, feeds.ErrNotFound) {
				t.Errorf("error %v for the page, want ErrNotFound", err)
			}
			other := feeds.ItemPath(coranto.NewItemID("gopher", "never"))
			if !p.Gone(t.Context(), page) || p.Gone(t.Context(), other) {
				t.Error("the page is not told from one that never was")
			}
		})
	}
}
