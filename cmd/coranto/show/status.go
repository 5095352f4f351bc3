package show

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/storage"
)

// Status is what the store knows of the sources.
type Status struct {
	Sources []SourceStatus `json:"sources"`
	Offline int            `json:"offline"` // sources that our own outage kept us from
	Items   int            `json:"items"`
	Bytes   int64          `json:"file_bytes"`
	Free    int64          `json:"free_bytes"`
	Store   StoreStatus    `json:"store"`
	Commits int64          `json:"commits"`
	Halted  string         `json:"halted,omitempty"` // why nothing is fetched
	Backup  *Backup        `json:"backup,omitempty"` // absent when none are made
	Hub     *Hub           `json:"hub,omitempty"`    // absent where no hub runs
}

// SourceStatus is how a source is.
type SourceStatus struct {
	Source   coranto.SourceID `json:"source"`
	Title    string           `json:"title"`
	URL      string           `json:"url"`
	Outcome  storage.Outcome  `json:"outcome"`
	Items    int              `json:"items"`
	Visited  time.Time        `json:"last_visit,omitzero"`
	OK       time.Time        `json:"last_success,omitzero"`
	New      time.Time        `json:"last_new,omitzero"`
	Next     time.Time        `json:"next_visit,omitzero"`
	Interval float64          `json:"interval_s"`
	Fails    int              `json:"fails"`
	Problems int              `json:"problems"`
	Error    string           `json:"error,omitempty"`
	Waits    time.Time        `json:"waits_until,omitzero"` // the origin asked for it
	MovedTo  string           `json:"moved_to,omitempty"`   // asked in place of the file's URL
	MovedAt  time.Time        `json:"moved_at,omitzero"`
	Into     coranto.SourceID `json:"merged_into,omitempty"` // read at MovedTo, and this one is not
	Push     *Push            `json:"push,omitempty"`
	Note     string           `json:"note,omitempty"` // paused, retired, not verified, gone, moved
}

// NewStatus sums up what a store says of itself and of its sources.
func NewStatus(
	stats storage.Stats, sources iter.Seq2[storage.SourceRecord, error],
) (*Status, error) {
	r := &Status{
		Sources: []SourceStatus{}, Items: stats.Items,
		Bytes: stats.FileBytes, Free: stats.FreeBytes, Commits: stats.Commits,
		Store: newStoreStatus(stats),
	}
	for rec, err := range sources {
		if err != nil {
			return nil, err
		}
		r.Sources = append(r.Sources, NewSourceStatus(rec))
		if rec.State.Outcome == storage.OutcomeOffline {
			r.Offline++
		}
	}
	return r, nil
}

// NewSourceStatus says how a stored source is. One that is not visited any more has
// no next visit.
func NewSourceStatus(rec storage.SourceRecord) SourceStatus {
	st := rec.State
	out := SourceStatus{
		Source: rec.ID, Title: rec.Attribution().Title, URL: rec.URL,
		Outcome: st.Outcome, Items: rec.Items,
		Visited: st.LastVisit, OK: st.LastOK, New: st.LastNew,
		Next: st.Next, Interval: st.Interval.Seconds(),
		Fails: st.Fails, Problems: len(st.Problems), Error: st.LastError,
		Waits: st.Wait, MovedAt: st.Move.Adopted, Push: newPush(st.Push),
	}
	if !st.Move.Adopted.IsZero() {
		out.MovedTo, out.Into = st.Move.To, st.Move.Into
	}
	if rec.Retired || rec.Paused || st.Outcome == storage.OutcomeGone || out.Into != "" {
		out.Next = time.Time{}
	}
	switch {
	case rec.Retired:
		out.Note = "no longer in the file"
	case rec.Paused:
		out.Note = "paused"
	case st.Outcome == storage.OutcomeGone:
		out.Note = fmt.Sprintf("gone; not visited any more, `coranto revisit %s` tries again", rec.ID)
	case out.Into != "":
		out.Note = fmt.Sprintf("merged into %s since %s, which is read at %s; not visited any more, "+
			"take one of the two out of the file or undo it by `coranto revisit %s`",
			out.Into, out.MovedAt.Format(time.DateOnly), out.MovedTo, rec.ID)
	case out.MovedTo != "":
		out.Note = fmt.Sprintf("moved to %s on %s; put that into the file or undo it by `coranto revisit %s`",
			out.MovedTo, out.MovedAt.Format(time.DateOnly), rec.ID)
	}
	if rec.Access.Insecure {
		out.Note = strings.TrimPrefix(out.Note+"; certificate not verified", "; ")
	}
	return out
}

// noSources is for operators who have none yet.
const noSources = "no sources yet: `coranto add https://example.org/` finds a site's feed"

// Text implements View: a row for each source, and the sum.
func (r *Status) Text(out term.Output) error {
	table := term.NewTable(
		"source", "title", "outcome", ">items", "last visit", "next visit", ">notes", "")
	for _, src := range r.Sources {
		style := term.Plain
		if src.Error != "" {
			style = term.Bad
		}
		outcome := string(src.Outcome)
		if outcome == "" {
			outcome = "not visited"
		}
		table.Row(src.Source, short(src.Title), term.Cell{Text: outcome, Style: style},
			src.Items, when(src.Visited), when(src.Next), count(src.Problems),
			term.Cell{Text: src.Remark(), Style: style})
	}
	if table.Len() == 0 {
		if _, err := fmt.Fprintln(out, noSources); err != nil {
			return err
		}
	} else if err := table.Write(out); err != nil {
		return err
	}
	if r.Halted != "" {
		if _, err := fmt.Fprintf(out, "nothing is fetched: %s\n", oneLine(r.Halted)); err != nil {
			return err
		}
	}
	if r.Offline > 0 {
		_, err := fmt.Fprintf(out,
			"our own connection seems to be down: %s not reached, not counted as failed\n",
			Plural(r.Offline, "source"))
		if err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "%s, %s, %s on disk (%s reusable)%s\n%s%s%s",
		Plural(len(r.Sources), "source"), Plural(r.Items, "item"), size(r.Bytes), size(r.Free),
		r.Store.remark(), r.spare(), r.Backup.remark(), r.Hub.remark())
	return err
}

// spare is a hint to compact where it would give back much.
func (r *Status) spare() string {
	if r.Bytes <= 64<<20 || r.Free <= r.Bytes/2 {
		return ""
	}
	return fmt.Sprintf("%s of %s free: `coranto compact` gives it back, while no server runs\n",
		size(r.Free), size(r.Bytes))
}

// Remark is what the operator should know of a source, in a line.
func (src *SourceStatus) Remark() string {
	failure := src.Error
	if failure != "" && src.Outcome != storage.OutcomeOffline {
		failure = fmt.Sprintf("%s (%d in a row, last success %s)", src.Error, src.Fails, when(src.OK))
	}
	waits := ""
	if src.Waits.After(src.Visited) {
		waits = "the origin asks to be left alone until " + when(src.Waits)
	}
	parts := slices.DeleteFunc([]string{src.Note, failure, waits, src.Push.remark()}, func(s string) bool {
		return s == ""
	})
	return strings.Join(parts, "; ")
}

// Push is what a hub does for a source.
type Push struct {
	Hub   string    `json:"hub"`
	Until time.Time `json:"until,omitzero"`     // end of the lease
	Last  time.Time `json:"last_push,omitzero"` // last word of a hub
	Error string    `json:"error,omitempty"`
}

// newPush is nil for a source without a subscription.
func newPush(p storage.Push) *Push {
	sub := p.Subscription
	if sub.Hub == "" {
		return nil
	}
	return &Push{Hub: sub.Hub, Until: sub.Until, Last: p.Last, Error: sub.LastError}
}

// remark is the subscription in a few words.
func (p *Push) remark() string {
	switch {
	case p == nil:
		return ""
	case p.Error != "":
		return "no push: " + p.Error
	case p.Until.IsZero():
		return "push asked for"
	}
	return "push until " + when(p.Until)
}
