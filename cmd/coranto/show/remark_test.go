package show_test

import (
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/storage"
)

// TestRemarks is what the operator is told beside a source.
func TestRemarks(t *testing.T) {
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	tests := []struct {
		name  string
		state storage.SourceState
		want  string
	}{
		{"P52 a move that was adopted", storage.SourceState{
			Outcome: storage.OutcomeUnchanged,
			Move:    storage.Move{To: "https://b.example/feed", Polls: 3, Since: at, Adopted: at},
		}, "moved to https://b.example/feed on 2026-03-02; put that into the file or undo it by `coranto revisit a`"},
		{"P52 a source that was merged", storage.SourceState{
			Outcome: storage.OutcomeUnchanged,
			Move:    storage.Move{To: "https://b.example/feed", Polls: 3, Since: at, Adopted: at, Into: "b"},
		}, "merged into b since 2026-03-02, which is read at https://b.example/feed; not visited any more, take one of the two out of the file or undo it by `coranto revisit a`"},
		{"P51 a move on its way", storage.SourceState{
			Outcome: storage.OutcomeUnchanged,
			Move:    storage.Move{To: "https://b.example/feed", Polls: 2, Since: at},
		}, ""},
		{"P44 our own outage", storage.SourceState{
			Outcome: storage.OutcomeOffline, LastError: "our own connection seems to be down",
		}, "our own connection seems to be down"},
		{"P39 a failure", storage.SourceState{
			Outcome: storage.OutcomeFailed, LastError: "404 Not Found", Fails: 3,
		}, "404 Not Found (3 in a row, last success never)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := coranto.Source{ID: "a", URL: "https://a.example/feed"}
			status := show.NewSourceStatus(storage.SourceRecord{Source: src, State: tt.state})
			if got := status.Remark(); got != tt.want {
				t.Errorf("remark %q, want %q", got, tt.want)
			}
			if moved := status.MovedTo != ""; moved == tt.state.Move.Adopted.IsZero() || status.URL != src.URL {
				t.Errorf("moved to %q from %s, want the file's address kept", status.MovedTo, status.URL)
			}
		})
	}
}
