package calls

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// As many calls as wait make a group, within bounds; none waits for others.
func TestGroups(t *testing.T) {
	tests := []struct {
		name  string
		calls int
		size  int // of each, in bytes
		want  []int
	}{
		{"none", 0, 0, nil},
		{"one", 1, 0, []int{1}},
		{"one beyond the bound", 1, 2 * maxGroupBytes, []int{1}},
		{"as many as go in", maxGroupCalls, 1, []int{maxGroupCalls}},
		{"too many", 2*maxGroupCalls + 3, 1, []int{maxGroupCalls, maxGroupCalls, 3}},
		{"too large", 5, maxGroupBytes / 2, []int{2, 2, 1}},
	}
	for _, tt := range tests {
		q := &Queue{wake: make(chan struct{}, 1)}
		for range tt.calls {
			q.push(&call{size: tt.size})
		}
		var got []int
		for group, _ := q.take(); len(group) > 0; group, _ = q.take() {
			got = append(got, len(group))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: groups of %v, want %v", tt.name, got, tt.want)
		}
	}
}

var errNo = errors.New("no")

func never(error) bool      { return false }
func isNo(err error) bool   { return errors.Is(err, errNo) }
func isFull(err error) bool { return errors.Is(err, storage.ErrFull) }

// What one refused visit costs the others of its call.
func TestRefusal(t *testing.T) {
	tests := []struct {
		name    string
		sources []coranto.SourceID // the visit of "bad" is refused
		err     error              // why
		final   func(error) bool
		writes  int
		stored  []bool // of each visit
		want    error  // of the call
	}{
		{"nothing is refused", []coranto.SourceID{"a", "b"}, errNo, never, 1, []bool{true, true}, nil},
		{"one of three", []coranto.SourceID{"a", "bad", "b"}, errNo, never, 4,
			[]bool{true, false, true}, nil},
		{"one of one", []coranto.SourceID{"bad"}, errNo, never, 1, nil, errNo},
		{"a final error", []coranto.SourceID{"a", "bad"}, errNo, isNo, 1, nil, errNo},
		{"one does not fit", []coranto.SourceID{"bad"}, storage.ErrFull, never, 1,
			[]bool{false}, nil},
		{"nothing fits", []coranto.SourceID{"a", "bad"}, storage.ErrFull, isFull, 1,
			[]bool{false, false}, nil},
	}
	for _, tt := range tests {
		writes := 0
		q := New(func(visits []*Visit) error {
			writes++
			for _, v := range visits {
				if v.Source == "bad" {
					return tt.err
				}
				v.Result = storage.VisitResult{New: 1}
			}
			return nil
		}, tt.final)
		var visits []storage.Visit
		for _, id := range tt.sources {
			visits = append(visits, storage.Visit{Source: id})
		}
		results, err := q.Commit(t.Context(), visits)
		q.Close()
		var stored []bool
		for _, r := range results {
			stored = append(stored, r.New == 1 && r.Err == nil)
			if r.New == 0 && !errors.Is(r.Err, tt.err) {
				t.Errorf("%s: error of a visit = %v, want %v", tt.name, r.Err, tt.err)
			}
		}
		if !errors.Is(err, tt.want) || !slices.Equal(stored, tt.stored) || writes != tt.writes {
			t.Errorf("%s: stored %v in %d writes, error %v; want %v, %d, %v",
				tt.name, stored, writes, err, tt.stored, tt.writes, tt.want)
		}
	}
}

// A call is taken back when its context ends before the writer has begun with
// it, and not after.
func TestContextEnds(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	var written []coranto.SourceID
	q := New(func(visits []*Visit) error {
		for _, v := range visits {
			written = append(written, v.Source)
		}
		close(begun)
		<-release
		return nil
	}, never)
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error)
	go func() {
		_, err := q.Commit(ctx, []storage.Visit{{Source: "begun"}})
		first <- err
	}()
	<-begun
	cancel()
	_, err := q.Commit(ctx, []storage.Visit{{Source: "waiting"}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a call that waits: error = %v, want context.Canceled", err)
	}
	close(release)
	if err := <-first; err != nil {
		t.Errorf("a call that is written: error = %v, want none", err)
	}
	q.Close()
	if want := []coranto.SourceID{"begun"}; !slices.Equal(written, want) {
		t.Errorf("written %v, want %v", written, want)
	}
	if _, err := q.Commit(t.Context(), nil); !errors.Is(err, storage.ErrClosed) {
		t.Errorf("a call after Close: error = %v, want ErrClosed", err)
	}
}

// Each item is prepared once, as it was brought last, in a copy.
func TestPrepared(t *testing.T) {
	one, two := coranto.ItemID{1}, coranto.ItemID{2}
	items := []coranto.Item{
		{ID: one, Title: "old", Categories: []coranto.Slug{"b", "a", "b"}},
		{ID: two, Title: "other"},
		{ID: one, Title: "new", Categories: []coranto.Slug{"b", "a", "b"}},
	}
	visit := newCall([]storage.Visit{{Source: "s", Items: items}}).visits[0]
	want := []coranto.Item{
		{ID: one, Source: "s", Title: "new", Categories: []coranto.Slug{"a", "b"}},
		{ID: two, Source: "s", Title: "other"},
	}
	if !reflect.DeepEqual(visit.Items, want) {
		t.Errorf("items %+v, want %+v", visit.Items, want)
	}
	for i := range want {
		if got := visit.Hashes[i]; got != storage.ContentHash(&want[i]) {
			t.Errorf("hash %d is %x, want %x", i, got, storage.ContentHash(&want[i]))
		}
	}
	if items[0].Title != "old" || items[0].Source != "" || items[2].Categories[0] != "b" {
		t.Errorf("the caller's items changed to %+v", items)
	}
}
