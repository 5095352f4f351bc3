package show_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/cmd/coranto/term"
)

// TestStatusOfStore is what the end of a status says of the store's file and its copies.
func TestStatusOfStore(t *testing.T) {
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	last := show.Backup{Dir: "data/backups", File: "data/backups/x.db", Last: noon, Next: noon.Add(24 * time.Hour)}
	failed := last
	failed.Failed, failed.Error = noon.Add(25*time.Hour), "skipped: disk full"
	tests := []struct {
		name   string
		status show.Status
		want   string // "" for nothing
	}{
		{"no backups wanted", show.Status{}, ""},
		{"none yet", show.Status{Backup: &show.Backup{Next: noon}},
			"no backup yet, the first is due on 2026-03-02 12:00:00 UTC"},
		{"as it should be", show.Status{Backup: &last},
			"backup of 2026-03-02 12:00:00 UTC in data/backups, the next is due on 2026-03-03 12:00:00 UTC"},
		{"failed", show.Status{Backup: &failed},
			"no backup was made on 2026-03-03 13:00:00 UTC: skipped: disk full; the newest is of 2026-03-02 12:00:00 UTC"},
		{"more than half is free", show.Status{Bytes: 100 << 20, Free: 60 << 20},
			"60.0 MB of 100.0 MB free: `coranto compact` gives it back, while no server runs"},
		{"half is free", show.Status{Bytes: 100 << 20, Free: 50 << 20}, ""},
		{"a small file", show.Status{Bytes: 60 << 20, Free: 50 << 20}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := tt.status.Text(term.Output{Writer: &out}); err != nil {
				t.Fatal(err)
			}
			_, got, _ := strings.Cut(strings.TrimSuffix(out.String(), "\n"), "reusable)")
			if strings.TrimPrefix(got, "\n") != tt.want {
				t.Errorf("the status ends with %q, want %q", got, tt.want)
			}
		})
	}
}
