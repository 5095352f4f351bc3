package publish_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/coranto/coranto"
)

// pagesNow makes every page of older items.
func (p *press) pagesNow(t *testing.T) map[string]string {
	t.Helper()
	pages := make(map[string]string)
	for path, err := range p.Paths(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(path, "/before/") {
			pages[path] = string(p.get(t, path).Body)
		}
	}
	return pages
}

// Each new item changes few of the pages of older items, so that a static build
// writes few files, and an address that someone kept goes on showing what it showed.
func TestOlderPagesStay(t *testing.T) {
	p := newPress(t)
	var old []coranto.Item
	for n := range 500 {
		old = append(old, item("gopher", "go", n, fmt.Sprint("Post ", n)))
	}
	p.commit(t, old...)
	p.follow(t)
	before := p.pagesNow(t)
	if len(before) < 3*500/50 {
		t.Fatalf("%d pages of older items in three scopes, want more", len(before))
	}
	for n := range 8 {
		p.commit(t, item("gopher", "go", 500+25*n, fmt.Sprint("New ", n)))
		now := p.pagesNow(t)
		fresh := 0
		for path, body := range now {
			if before[path] != body {
				fresh++
			}
		}
		if most := 3; fresh > most {
			t.Errorf("new item %d changed %d pages of older items, want %d at most", n, fresh, most)
		}
		before = now
	}
}
