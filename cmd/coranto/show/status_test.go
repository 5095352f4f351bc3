package show_test

import (
	"strings"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/storage"
)

// TestGoneSourceSaysHow shows that the table has the remedy and the cause.
func TestGoneSourceSaysHow(t *testing.T) {
	rec := storage.SourceRecord{Source: coranto.Source{ID: "paper", URL: "https://a.example/"}}
	rec.State.Outcome, rec.State.LastError = storage.OutcomeGone, "410 Gone"
	result := show.Status{Sources: []show.SourceStatus{show.NewSourceStatus(rec)}}
	var out strings.Builder
	if err := result.Text(term.Output{Writer: &out}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"`coranto revisit paper` tries again", "410 Gone"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("table lacks %q:\n%s", want, out.String())
		}
	}
}
