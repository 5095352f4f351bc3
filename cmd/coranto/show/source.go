package show

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

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
	Asked        Access            `json:"asked"`
	Notes        []coranto.Problem `json:"notes,omitempty"`
	Leads        *Leads            `json:"leads_to,omitempty"`
}

// Leads is a permanent redirect that is not believed, yet or any more.
type Leads struct {
	To     string    `json:"to"`
	Since  time.Time `json:"since"`
	Visits int       `json:"visits,omitempty"` // that were led there; absent when it is undone
}

// NewSource is a stored source; all is how sources are asked that say nothing of
// their own.
func NewSource(rec *storage.SourceRecord, all coranto.Access) *Source {
	out := &Source{
		SourceStatus: NewSourceStatus(*rec),
		Home:         rec.Attribution().Link,
		Categories:   rec.Categories,
		ETag:         rec.State.ETag,
		LastModified: rec.State.LastModified,
		Asked:        NewAccess(rec.Access, all),
		Notes:        rec.State.Problems,
		Leads:        newLeads(rec.State.Move),
	}
	if rec.State.BodyHash != [32]byte{} {
		out.BodySHA256 = hex.EncodeToString(rec.State.BodyHash[:])
	}
	return out
}

// Text implements View: a line for each thing that is known of it.
func (s *Source) Text(out term.Output) error {
	fmt.Fprintf(out, "%s\n", out.Paint(term.Head, s.Title))
	pairs := [][2]string{
		{"id", string(s.Source)}, {"note", s.Note}, {"url", s.URL}, {"asked at", s.MovedTo},
		{"leads to", s.leadsTo()}, {"home", s.Home},
		{"categories", slugList(s.Categories)}, {"items", fmt.Sprint(s.Items)},
		{"last visit", when(s.Visited)}, {"outcome", string(s.Outcome)},
		{"last success", when(s.OK)}, {"last new item", when(s.New)},
		{"next visit", s.nextVisit()}, {"interval", (time.Duration(s.Interval) * time.Second).String()},
		{"fails in a row", positive(s.Fails)}, {"error", s.Error},
		{"waits until", set(s.Waits)}, {"push", strings.TrimPrefix(s.Push.remark(), "push ")},
		{"etag", s.ETag}, {"last-modified", s.LastModified},
	}
	if err := writePairs(out, append(pairs, s.Asked.pairs()...)); err != nil {
		return err
	}
	return writeNotes(out, s.Notes)
}

// newLeads is nil for a source that leads nowhere, or is asked there already.
func newLeads(move storage.Move) *Leads {
	if move.To == "" || !move.Adopted.IsZero() {
		return nil
	}
	return &Leads{To: move.To, Since: move.Since, Visits: max(0, move.Polls)}
}

func (s *Source) leadsTo() string {
	if s.Leads == nil {
		return ""
	}
	if s.Leads.Visits == 0 {
		return fmt.Sprintf("%s, which is not followed: the move was undone on %s", s.Leads.To, when(s.Leads.Since))
	}
	return fmt.Sprintf("%s, by a permanent redirect since %s (%s)",
		s.Leads.To, when(s.Leads.Since), Plural(s.Leads.Visits, "visit"))
}

// nextVisit is none for a source that is not visited any more.
func (s *Source) nextVisit() string {
	if s.Next.IsZero() && !s.Visited.IsZero() {
		return "none"
	}
	return when(s.Next)
}

// set is a time that there may be none of.
func set(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return when(t)
}

func positive(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
