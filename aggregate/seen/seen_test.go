package seen

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/coranto/coranto"
)

func TestCoding(t *testing.T) {
	at := time.Date(2026, 2, 3, 4, 5, 6, 7000, time.UTC)
	problem := []coranto.Problem{{Code: "title-cut", Text: "The title is very long."}}
	tests := []struct {
		name  string
		items []Item
	}{
		{"none", nil},
		{"one", []Item{{Mark: 1, ID: 2, Stored: 3, Key: 4, At: at}}},
		{"one of which nothing is known", []Item{{}}},
		{"problems of some", []Item{{Mark: 1}, {Mark: 2, Problems: problem}, {}, {Problems: problem}}},
		{"before 1970", []Item{{At: time.Date(1969, 1, 1, 0, 0, 0, 0, time.UTC)}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, err := Encode(tt.items)
			if err != nil || b == nil {
				t.Fatalf("Encode = %v, %v", b, err)
			}
			got, err := Decode(b)
			if err != nil || !reflect.DeepEqual(got, tt.items) {
				t.Errorf("got %+v, %v, want %+v", got, err, tt.items)
			}
		})
	}
}

func TestOtherBytes(t *testing.T) {
	for _, b := range []string{"\x02", "\x01", "\x01\x05", "\x01\x01" + "short", "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"} {
		if items, err := Decode([]byte(b)); !errors.Is(err, ErrCoding) {
			t.Errorf("Decode(%q) = %v, %v, want an error that wraps ErrCoding", b, items, err)
		}
	}
}

// FuzzDecode holds that whatever bytes are stored, reading them is safe, and that
// what was read can be written.
func FuzzDecode(f *testing.F) {
	seed, err := Encode([]Item{{Mark: 1, Problems: []coranto.Problem{{Code: "c"}}}, {ID: 2}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, b []byte) {
		items, err := Decode(b)
		if err != nil {
			return
		}
		if _, err := Encode(items); err != nil {
			t.Errorf("Encode(%+v): %v", items, err)
		}
	})
}
