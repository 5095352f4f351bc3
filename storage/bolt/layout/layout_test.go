package layout

import (
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

func newTestCodec(tb testing.TB) *Codec {
	c, err := NewCodec()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(c.Close)
	return c
}

// Every kind of value comes back as it was written.
func TestRoundTrip(t *testing.T) {
	c := newTestCodec(t)
	rapid.Check(t, func(t *rapid.T) {
		r := drawRecord(t)
		tidyRecord(t, &r)
		value := c.EncodeRecord(&r)
		r.Bytes = int64(len(value))
		got, err := c.DecodeRecord(value, false)
		same(t, err, *got, r)

		grave := storage.Tombstone{
			ID: r.ID, Source: r.Source, At: drawTime(t), Expired: rapid.Bool().Draw(t, "expired"),
			Why: r.Title, GUID: r.GUID, Link: r.Link, Published: r.Published, Categories: r.Categories,
		}
		gotT, err := c.DecodeTombstone(c.EncodeTombstone(&grave))
		same(t, err, *gotT, grave)

		d := rapid.Make[Description]().Draw(t, "description")
		tidyLists(&d.Categories, &d.Include, &d.Exclude)
		d.Access.Headers = drawPairs(t)
		gotD, err := c.DecodeDescription(c.EncodeDescription(d))
		same(t, err, gotD, d)

		s := rapid.Make[storage.SourceState]().Draw(t, "state")
		tidyState(t, &s)
		gotS, err := c.DecodeState(c.EncodeState(&s))
		same(t, err, gotS, s)
	})
}

// drawRecord draws a record. rapid can't make a type that holds itself, so the
// elements are made here, a level at a time.
func drawRecord(t *rapid.T) storage.Record {
	leaf := rapid.Custom(func(t *rapid.T) coranto.Extension {
		return coranto.Extension{
			Name: rapid.String().Draw(t, "name"), Value: rapid.String().Draw(t, "value"),
			Attrs: drawPairs(t),
		}
	})
	parent := rapid.Custom(func(t *rapid.T) coranto.Extension {
		e := leaf.Draw(t, "parent")
		e.Children = rapid.SliceOfN(leaf, 0, 3).Draw(t, "children")
		tidy(&e.Children)
		return e
	})
	r := rapid.MakeCustom[storage.Record](rapid.MakeConfig{
		Types: map[reflect.Type]*rapid.Generator[any]{
			reflect.TypeFor[coranto.Extension](): parent.AsAny(),
		},
	}).Draw(t, "record")
	r.Members = drawPairs(t)
	return r
}

func drawPairs(t *rapid.T) map[string]string {
	pairs := rapid.MapOfN(rapid.String(), rapid.String(), 0, 3).Draw(t, "pairs")
	if len(pairs) == 0 {
		return nil
	}
	return pairs
}

func same[T any](t *rapid.T, err error, got, want T) {
	if err != nil {
		t.Fatalf("%T: %v", want, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%T differs (-want +got):\n%s", want, diff)
	}
}

// tidyRecord makes of a drawn record one that follows the contract: times in
// UTC, which rapid can't make, and nil for what is empty.
func tidyRecord(rt *rapid.T, r *storage.Record) {
	for _, t := range []*time.Time{&r.Published, &r.Updated, &r.FirstSeen, &r.Changed} {
		*t = drawTime(rt)
	}
	tidy(&r.Authors)
	tidy(&r.Contributors)
	tidy(&r.Tags)
	tidy(&r.Categories)
	tidy(&r.Enclosures)
	tidy(&r.Links)
	tidy(&r.Extensions)
	if r.Origin != nil {
		tidy(&r.Origin.Authors)
	}
}

func tidyState(rt *rapid.T, s *storage.SourceState) {
	times := []*time.Time{
		&s.Next, &s.Wait, &s.LastVisit, &s.LastOK, &s.LastNew, &s.GoneSince, &s.Missing, &s.Fresh,
		&s.LastFull, &s.Clock, &s.Move.Since, &s.Move.Adopted,
		&s.Push.Last, &s.Push.Missed, &s.Push.Fallback,
		&s.Push.Subscription.Asked, &s.Push.Subscription.Until, &s.Push.Subscription.Again,
	}
	for _, t := range times {
		*t = drawTime(rt)
	}
	tidy(&s.Problems)
	tidy(&s.Push.Hubs)
	tidy(&s.Feed.Authors)
	s.Hints.SkipHours = rapid.SliceOfN(rapid.IntRange(0, 23), 0, 24).Draw(rt, "hours")
	s.Hints.SkipDays = nil
	for range rapid.IntRange(0, 2).Draw(rt, "days") {
		s.Hints.SkipDays = append(s.Hints.SkipDays, time.Weekday(rapid.IntRange(0, 6).Draw(rt, "day")))
	}
	tidy(&s.Hints.SkipHours)
}

func drawTime(t *rapid.T) time.Time {
	if rapid.Bool().Draw(t, "unknown time") {
		return time.Time{}
	}
	return time.Unix(0, rapid.Int64().Draw(t, "time")).UTC()
}

func tidyLists(slugs *[]coranto.Slug, texts ...*[]string) {
	tidy(slugs)
	for _, list := range texts {
		tidy(list)
	}
}

func tidy[T any](list *[]T) {
	if len(*list) == 0 {
		*list = nil
	}
}

// A field that a later version added is passed over.
func TestUnknownFields(t *testing.T) {
	c := newTestCodec(t)
	var w writer
	w.text(4, "https://x.example/")
	w.text(900, "from the future")
	w.number(901, 7)
	w.time(902, time.Unix(1, 0))
	value := JoinFrames(c.appendFrame(nil, w.b), c.appendFrame(nil, nil))
	r, err := c.DecodeRecord(value, false)
	if err != nil || r.Link != "https://x.example/" {
		t.Errorf("record %+v, error %v; want its link and no error", r, err)
	}
}

// A flipped bit anywhere in a value is an error, never another value.
func TestFlippedBit(t *testing.T) {
	c := newTestCodec(t)
	text := make([]byte, 2000)
	for i := range text {
		text[i] = byte('a' + i*i%26)
	}
	r := &storage.Record{Item: coranto.Item{Title: "A title", Content: string(text)}}
	value := c.EncodeRecord(r)
	r.Bytes = int64(len(value))
	for i := range len(value) * 8 {
		flipped := slices.Clone(value)
		flipped[i/8] ^= 1 << (i % 8)
		got, err := c.DecodeRecord(flipped, false)
		if err == nil && !cmp.Equal(got, r) {
			t.Fatalf("bit %d of byte %d of %d: read as %+v", i%8, i/8, len(value), got)
		}
	}
}

func TestPlaceOrder(t *testing.T) {
	year := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	ordered := []storage.OrderKey{
		{Published: year(2300)}, {Published: year(2026)}, {Published: year(2026), ID: coranto.ItemID{1}},
		{Published: time.Unix(0, 1)}, {Published: time.Unix(0, 0)}, {Published: time.Unix(0, -1)},
		{Published: year(1901)}, {Published: year(1000)},
	}
	f := Filing{storage.ByCategory, "c"}
	for i := range len(ordered) - 1 {
		a, b := f.Key(ordered[i]), f.Key(ordered[i+1])
		if slices.Compare(a, b) >= 0 {
			t.Errorf("%v does not stand before %v", ordered[i], ordered[i+1])
		}
		want := storage.OrderKey{Published: Storable(ordered[i].Published), ID: ordered[i].ID}
		if got := ParsePlace(a); got != want {
			t.Errorf("place = %v, want %v", got, want)
		}
	}
}

func TestPrefixes(t *testing.T) {
	values := []string{"", "a", "ab", "b"}
	for _, n := range []int{254, 255, 300} {
		values = append(values, string(make([]byte, n)))
	}
	for _, a := range values {
		for _, b := range values {
			begins := slices.Equal(prefix(b)[:min(len(prefix(a)), len(prefix(b)))], prefix(a))
			if begins != (a == b) {
				t.Errorf("the prefix of %d bytes begins that of %d", len(a), len(b))
			}
		}
	}
}

func TestStorable(t *testing.T) {
	date := time.Date(2026, 1, 1, 0, 0, 0, 5, time.UTC)
	tests := []struct {
		name string
		give time.Time
		want time.Time
	}{
		{"none", time.Time{}, time.Time{}},
		{"the beginning of 1970", time.Unix(0, 0), time.Unix(0, 0).UTC()},
		{"another zone", date.In(time.FixedZone("", 8*3600)), date},
		{"long ago", time.Date(1, 2, 3, 0, 0, 0, 0, time.UTC), time.Unix(0, math.MinInt64).UTC()},
		{"far away", time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(0, math.MaxInt64).UTC()},
	}
	for _, tt := range tests {
		if got := Storable(tt.give); !got.Equal(tt.want) || got != Storable(got) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// Whatever the bytes, reading them ends in a value or an error.
func FuzzDecode(f *testing.F) {
	c := newTestCodec(f)
	r := &storage.Record{Item: coranto.Item{Title: "t", Content: "c"}, Revision: 1}
	r.Tags = []coranto.Tag{{Term: "x"}}
	r.Extensions = []coranto.Extension{{
		Name: "media:group", Children: []coranto.Extension{{Name: "x", Attrs: map[string]string{"a": "b"}}},
	}}
	r.Members = map[string]string{"_x": "1"}
	value := c.EncodeRecord(r)
	f.Add(value)
	first, second, _ := SplitFrames(value)
	f.Add(first)
	f.Add(second)
	f.Add(c.EncodeState(&storage.SourceState{ETag: "e", Problems: []coranto.Problem{{Code: "c"}}}))
	f.Add([]byte{codecZstd, 0x28, 0xb5, 0x2f, 0xfd})
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = c.DecodeRecord(b, false)
		_, _ = c.DecodeState(b)
		_, _ = c.DecodeChange(b)
		_, _ = c.DecodeDescription(b)
		if _, err := readRecord(b); err == nil {
			checkAgain(t, c, b)
		}
		_, _ = c.DecodeState(appendPlain(nil, b)) // past the checksum
		_, _ = c.DecodeDescription(appendPlain(nil, b))
		_, _ = c.DecodeChange(appendPlain(nil, b))
	})
}

// checkAgain writes and reads again what was read from any message at all.
func checkAgain(t *testing.T, c *Codec, message []byte) {
	r, _ := readRecord(message)
	again, err := c.DecodeRecord(c.EncodeRecord(r), false)
	if err != nil {
		t.Fatalf("a record that was read can't be read again: %v", err)
	}
	if diff := cmp.Diff(r, again); diff != "" {
		t.Fatalf("a record changes when it is written (-first +second):\n%s", diff)
	}
}
