// Package values is the part of the conformance suite of package storage about small
// values.
package values

import (
	"errors"
	"strings"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

// Run runs it against an engine.
func Run(t *testing.T, open func(testing.TB, string, coranto.Clock) storage.Store) {
	tests := map[string]func(*fixture){
		"are read by prefix":             pages,
		"change if they are as expected": conflicts,
		"are changed together":           together,
		"have bounds":                    bounds,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := &fixture{T: t, dir: t.TempDir(), open: open}
			f.store = open(t, f.dir, sample.NewClock().Now)
			t.Cleanup(func() { f.must(f.store.Close()) })
			test(f)
		})
	}
}

// fixture is an open store.
type fixture struct {
	*testing.T
	store storage.Store
	dir   string
	open  func(testing.TB, string, coranto.Clock) storage.Store
}

func (f *fixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatalf("unexpected error: %v", err)
	}
}

func (f *fixture) reopen() {
	f.Helper()
	f.must(f.store.Close())
	f.store = f.open(f, f.dir, sample.NewClock().Now)
}

// set changes values.
func (f *fixture) set(changes ...storage.ValueChange) {
	f.Helper()
	f.must(f.store.SetValues(f.Context(), changes))
}

// values are the names and data below a prefix, as name=data.
func (f *fixture) values(prefix, after string, limit int) string {
	f.Helper()
	list, err := f.store.Values(f.Context(), prefix, after, limit)
	f.must(err)
	var b strings.Builder
	for _, v := range list {
		b.WriteString(v.Name + "=" + string(v.Data) + " ")
	}
	return b.String()
}

func pages(f *fixture) {
	for _, name := range []string{"hub/b", "hub", "hub/a", "hub/c", "hub0", "a", "hub/"} {
		f.set(storage.ValueChange{Name: name, New: []byte(name)})
	}
	tests := []struct {
		prefix, after string
		limit         int
		want          string
	}{
		{"hub/", "", 0, "hub/=hub/ hub/a=hub/a hub/b=hub/b hub/c=hub/c "},
		{"hub/", "hub/a", 0, "hub/b=hub/b hub/c=hub/c "},
		{"hub/", "hub/a", 1, "hub/b=hub/b "},
		{"hub/", "hub/aa", 2, "hub/b=hub/b hub/c=hub/c "},
		{"hub/", "hub/c", 1, ""},
		{"hub/", "zzz", 1, ""},
		{"", "hub/c", 9, "hub0=hub0 "},
		{"x", "", 0, ""},
	}
	f.reopen()
	for _, tt := range tests {
		if got := f.values(tt.prefix, tt.after, tt.limit); got != tt.want {
			f.Errorf("%d values %q after %q: %s, want %s", tt.limit, tt.prefix, tt.after, got, tt.want)
		}
	}
}

func conflicts(f *fixture) {
	f.set(storage.ValueChange{Name: "a", New: []byte("1")})
	tests := []struct {
		name, old, next string
		err             error
		want            string
	}{
		{"a", "", "2", storage.ErrConflict, "a=1 "},
		{"a", "2", "2", storage.ErrConflict, "a=1 "},
		{"a", "1", "2", nil, "a=2 "},
		{"b", "1", "2", storage.ErrConflict, "a=2 "},
		{"a", "1", "", storage.ErrConflict, "a=2 "},
		{"a", "2", "", nil, ""},
		{"a", "2", "", storage.ErrConflict, ""},
		{"a", "", "3", nil, "a=3 "},
	}
	for _, tt := range tests {
		change := storage.ValueChange{Name: tt.name, Old: []byte(tt.old), New: []byte(tt.next)}
		err := f.store.SetValues(f.Context(), []storage.ValueChange{change})
		if !errors.Is(err, tt.err) {
			f.Errorf("%s from %q to %q: error %v, want %v", tt.name, tt.old, tt.next, err, tt.err)
		}
		if got := f.values("", "", 0); got != tt.want {
			f.Errorf("%s from %q to %q: then %s, want %s", tt.name, tt.old, tt.next, got, tt.want)
		}
	}
}

func together(f *fixture) {
	one, two := storage.ValueChange{Name: "a", New: []byte("1")}, storage.ValueChange{Name: "b", New: []byte("2")}
	f.set(one, two)
	err := f.store.SetValues(f.Context(), []storage.ValueChange{{Name: "c", New: []byte("3")}, two})
	if !errors.Is(err, storage.ErrConflict) {
		f.Errorf("error %v, want ErrConflict", err)
	}
	if got := f.values("", "", 0); got != "a=1 b=2 " {
		f.Errorf("then %s, want a=1 b=2", got)
	}
	f.set()
}

func bounds(f *fixture) {
	long := strings.Repeat("x", storage.MaxValue)
	name := strings.Repeat("n", storage.MaxValueName)
	f.set(storage.ValueChange{Name: name, New: []byte(long)})
	if got := f.values("n", "", 0); got != name+"="+long+" " {
		f.Errorf("%d bytes came back", len(got))
	}
	for _, bad := range []storage.ValueChange{
		{Name: "", New: []byte("1")}, {Name: name + "n", New: []byte("1")}, {Name: "a", New: []byte(long + "x")},
	} {
		if err := f.store.SetValues(f.Context(), []storage.ValueChange{bad}); !errors.Is(err, storage.ErrValue) {
			f.Errorf("a name of %d bytes, %d bytes: error %v, want ErrValue", len(bad.Name), len(bad.New), err)
		}
	}
}
