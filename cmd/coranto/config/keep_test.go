package config

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

func TestKeep(t *testing.T) {
	c, err := Parse("f", []byte(`
keep:
  days: 365
  bytes: 1.5 GB
  disk: 2GiB
  per_source: {items: 1000}
sources:
  - {url: https://a.example/feed, id: a, keep: {days: 30}}
  - {url: https://b.example/feed, id: b, keep: all}
  - {url: https://c.example/feed, id: c}
categories:
  go: {keep: {items: 50}}
  web: {}
`))
	if err != nil {
		t.Fatal(err)
	}
	day := 24 * time.Hour
	want := Keep{Disk: 2 << 30, Policy: storage.Policy{
		Limits:     storage.Limits{Age: 365 * day, Bytes: 1_500_000_000},
		PerSource:  storage.Limits{Items: 1000},
		Sources:    map[coranto.SourceID]storage.Limits{"a": {Age: 30 * day}, "b": {}},
		Categories: map[coranto.Slug]storage.Limits{"go": {Items: 50}},
	}}
	if diff := cmp.Diff(want, c.Keep); diff != "" {
		t.Errorf("keep differs (-want +got):\n%s", diff)
	}
	if !Default().Keep.Policy.IsZero() || Default().Keep.Disk != 0 {
		t.Errorf("without a word, not everything is kept: %+v", Default().Keep)
	}
}

func TestSizes(t *testing.T) {
	tests := []struct {
		text string
		want int64 // 0 for no size
	}{
		{"1", 1}, {"500MB", 500_000_000}, {"2 GB", 2_000_000_000}, {"1GiB", 1 << 30}, {"1.5kB", 1500},
		{"", 0}, {"GB", 0}, {"-1MB", 0}, {"2XB", 0}, {"2 G i B", 0}, {"nan", 0}, {"inf", 0}, {"1e30", 0}, {"0", 0},
	}
	for _, tt := range tests {
		got, ok := parseSize(tt.text)
		if ok != (tt.want > 0) || ok && got != tt.want {
			t.Errorf("%q is %d, %v; want %d", tt.text, got, ok, tt.want)
		}
	}
}
