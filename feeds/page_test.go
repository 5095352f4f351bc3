package feeds_test

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
)

// pagesOf splits a list into pages, each told by its items.
func pagesOf(ids []coranto.ItemID) []string {
	var pages []string
	for start := 0; start < len(ids); {
		n := feeds.PageEnd(ids, start)
		pages = append(pages, fmt.Sprint(ids[start:start+n]))
		start += n
	}
	return pages
}

func numbered(n int) coranto.ItemID {
	sum := sha256.Sum256(binary.AppendVarint(nil, int64(n)))
	return coranto.ItemID(sum[:16])
}

// An item that comes, goes or moves anywhere in a list changes the pages around it
// and no other, however long the list is.
func TestPagesStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := make([]coranto.ItemID, rapid.IntRange(0, 900).Draw(t, "items"))
		salt := rapid.IntRange(0, 1<<30).Draw(t, "salt")
		for i := range ids {
			ids[i] = numbered(salt + i)
		}
		before := pagesOf(ids)
		changed := slices.Clone(ids)
		places := 1
		at := rapid.IntRange(0, len(ids)).Draw(t, "place")
		switch rapid.SampledFrom([]string{"add", "remove", "move"}).Draw(t, "change") {
		case "remove":
			changed = slices.Delete(changed, min(at, max(len(ids)-1, 0)), min(at+1, len(ids)))
		case "move":
			if len(changed) == 0 {
				break
			}
			changed = slices.Delete(changed, min(at, len(ids)-1), min(at, len(ids)-1)+1)
			places = 2
			at = rapid.IntRange(0, len(changed)).Draw(t, "new place")
			fallthrough
		default:
			changed = slices.Insert(changed, at, numbered(salt-1))
		}
		after := pagesOf(changed)
		fresh := 0
		for _, page := range after {
			if !slices.Contains(before, page) {
				fresh++
			}
		}
		// Around a place a page may be split or joined with a neighbor; and the first
		// page, which grows with what is new, may give up its end.
		if most := 3*places + 2; fresh > most {
			t.Fatalf("%d of %d pages are new, want at most %d", fresh, len(after), most)
		}
	})
}

// The ends of pages are such that a page is worth reading and not too long.
func TestPageSizes(t *testing.T) {
	ids := make([]coranto.ItemID, 20_000)
	for i := range ids {
		ids[i] = numbered(i)
	}
	pages, most := 0, 0
	for start := 0; start < len(ids); pages++ {
		n := feeds.PageEnd(ids, start)
		if start == 0 && n < 30 {
			t.Errorf("first page has %d items, want 30 at least", n)
		}
		most, start = max(most, n), start+n
	}
	if mean := len(ids) / pages; most > 100 || mean < 25 || mean > 45 {
		t.Errorf("%d items in pages of %d, the longest of %d; want about 33 and at most 100",
			len(ids), mean, most)
	}
	few := ids[:31]
	if n := feeds.PageEnd(few, 0); n != len(few) {
		t.Errorf("the first page of %d items has %d, want all", len(few), n)
	}
}
