package show

import (
	"fmt"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/storage"
)

// Revisit is what kept a source from being asked at its address, and is undone.
type Revisit struct {
	Source  coranto.SourceID `json:"source"`
	URL     string           `json:"url"` // asked from now on
	Gone    time.Time        `json:"gone_since,omitzero"`
	MovedTo string           `json:"moved_to,omitempty"`
	MovedAt time.Time        `json:"moved_at,omitzero"`
	Into    coranto.SourceID `json:"merged_into,omitempty"`
}

// NewRevisit says what is about to be undone of a source.
func NewRevisit(rec *storage.SourceRecord) *Revisit {
	out := &Revisit{Source: rec.ID, URL: rec.URL}
	if move := rec.State.Move; !move.Adopted.IsZero() {
		out.MovedTo, out.MovedAt, out.Into = move.To, move.Adopted, move.Into
	}
	if rec.State.Outcome == storage.OutcomeGone {
		out.Gone = rec.State.GoneSince
	}
	return out
}

// Text implements View: what it was, and what comes.
func (r *Revisit) Text(out term.Output) error {
	was := "gone since " + when(r.Gone)
	switch {
	case r.Into != "":
		was = fmt.Sprintf("merged into %s, which is read at %s, on %s", r.Into, r.MovedTo, when(r.MovedAt))
	case r.MovedTo != "":
		was = fmt.Sprintf("moved to %s on %s", r.MovedTo, when(r.MovedAt))
	}
	_, err := fmt.Fprintf(out, "%s was %s; that is undone\n"+
		"it is due now at %s: a running server asks it soon, `coranto fetch %s` at once\n",
		r.Source, was, r.URL, r.Source)
	return err
}
