package house_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/coranto/coranto/internal/house"
)

func TestRepository(t *testing.T) {
	found, err := house.Check(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range found {
		t.Error(line)
	}
}

// TestPlanted shows that the check fails where it must.
func TestPlanted(t *testing.T) {
	tests := []struct {
		file, imports string
		want          string // part of the finding; "" for none
	}{
		{"aggregate/x.go", "github.com/coranto/coranto/feeds", "never meet"},
		{"feeds/format/x.go", "github.com/coranto/coranto/aggregate/parse", "never meet"},
		{"storage/x.go", "github.com/coranto/coranto/aggregate", "point down"},
		{"storage/x.go", "github.com/coranto/coranto/cmd/coranto/config", "point down"},
		{"x.go", "github.com/coranto/coranto/storage", "point down"},
		{"internal/farm/x.go", "github.com/coranto/coranto/storage", "root package alone"},
		{"feeds/x.go", "github.com/mmcdole/gofeed/rss", "only aggregate/parse"},
		{"aggregate/fetch/x.go", "go.etcd.io/bbolt", "only storage/bolt"},
		{"aggregate/x_test.go", "github.com/mmcdole/gofeed", ""},
		{"aggregate/x_test.go", "github.com/coranto/coranto/feeds/format", "never meet"},
		{"aggregate/x_test.go", "github.com/coranto/coranto/storage/bolt", ""},
		{"cmd/coranto/x.go", "github.com/coranto/coranto/feeds/site", ""},
		{"feeds/x.go", "github.com/coranto/coranto/storage", ""},
		{"aggregate/parse/x.go", "github.com/mmcdole/gofeed", ""},
		{"feeds/x.go", "strings", ""},
	}
	for _, tt := range tests {
		tree := fstest.MapFS{tt.file: {Data: []byte("package x\n\nimport _ \"" + tt.imports + "\"\n")}}
		found, err := house.Check(tree)
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(found, "\n")
		if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%s importing %s: found %q, want %q", tt.file, tt.imports, got, tt.want)
		}
	}
}
