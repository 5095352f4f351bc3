package show

import (
	"encoding/hex"
	"fmt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/storage"
)

// Source is a source as it is stored.
type Source struct {
	SourceStatus
	Home         string            `json:"home,omitempty"`
	Categories   []coranto.Slug    `json:"categories,omitempty"`
	ETag         string            `json:"etag,omitempty"`
	LastModified string            `json:"last_modified,omitempty"`
	BodySHA256   string            `json:"body_sha256,omitempty"`
	Notes        []coranto.Problem `json:"notes,omitempty"`

	state storage.SourceState
}

// NewSource is a stored source.
func NewSource(rec *storage.SourceRecord) *Source {
	out := &Source{
		SourceStatus: NewSourceStatus(*rec),
		Home:         rec.Attribution().Link,
		Categories:   rec.Categories,
		ETag:         rec.State.ETag,
		LastModified: rec.State.LastModified,
		Notes:        rec.State.Problems,
		state:        rec.State,
	}
	if rec.State.BodyHash != [32]byte{} {
		out.BodySHA256 = hex.EncodeToString(rec.State.BodyHash[:])
	}
	return out
}

// Text implements View: a line for each thing that is known of it.
func (s *Source) Text(out term.Output) error {
	st := s.state
	fmt.Fprintf(out, "%s\n", out.Paint(term.Head, s.Title))
	pairs := [][2]string{
		{"id", string(s.Source)}, {"url", s.URL}, {"home", s.Home},
		{"categories", slugList(s.Categories)}, {"items", fmt.Sprint(s.Items)},
		{"last visit", when(st.LastVisit)}, {"outcome", string(st.Outcome)},
		{"last success", when(st.LastOK)}, {"last new item", when(st.LastNew)},
		{"next visit", when(st.Next)}, {"interval", st.Interval.String()}, {"error", st.LastError},
		{"etag", st.ETag}, {"last-modified", st.LastModified},
	}
	if err := writePairs(out, pairs); err != nil {
		return err
	}
	return writeNotes(out, s.Notes)
}
