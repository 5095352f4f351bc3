package show

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/storage"
)

// Round is the outcome of a round of visits.
type Round struct {
	Sources []Visit `json:"sources"` // never nil; those that failed come last
	New     int     `json:"new"`
	Updated int     `json:"updated"`
	Failed  int     `json:"failed"`
	Waiting int     `json:"waiting"` // not asked, because their hosts want that
	TookMS  int64   `json:"took_ms"`
	Store   struct {
		Items   int   `json:"items"`
		Writes  int64 `json:"item_writes"` // in this round
		Commits int64 `json:"commits"`     // in this round
	} `json:"store"`
}

// Visit is what a round brought from one source.
type Visit struct {
	Source   coranto.SourceID  `json:"source"`
	Title    string            `json:"title"`
	Outcome  storage.Outcome   `json:"outcome"`
	New      int               `json:"new"`
	Updated  int               `json:"updated"`
	TookMS   int64             `json:"took_ms"`
	Next     time.Time         `json:"next"`
	Error    string            `json:"error,omitempty"` // or why it waits
	Problems []coranto.Problem `json:"problems,omitempty"`
}

// NewRound sums up the reports of a round that took so long; stats are those of
// the store after it.
func NewRound(reports []aggregate.Report, stats storage.Stats, took time.Duration) *Round {
	r := &Round{Sources: []Visit{}, TookMS: took.Milliseconds()}
	r.Store.Items, r.Store.Writes, r.Store.Commits = stats.Items, stats.ItemWrites, stats.Commits
	for _, rep := range reports {
		r.New += rep.New
		r.Updated += rep.Updated
		switch {
		case rep.Outcome == aggregate.OutcomeWaiting:
			r.Waiting++
		case rep.Err != nil:
			r.Failed++
		}
		r.Sources = append(r.Sources, Visit{
			Source: rep.Source, Title: rep.Title, Outcome: rep.Outcome,
			New: rep.New, Updated: rep.Updated, Problems: rep.Problems,
			TookMS: rep.Took.Milliseconds(), Next: rep.Next, Error: cause(rep.Err),
		})
	}
	// Failures come last, where the prompt leaves them in sight.
	slices.SortFunc(r.Sources, func(a, b Visit) int {
		return cmp.Or(
			cmp.Compare(min(len(a.Error), 1), min(len(b.Error), 1)), cmp.Compare(a.Source, b.Source))
	})
	return r
}

// cause is an error for a table whose row names the source already.
func cause(err error) string {
	if err == nil {
		return ""
	}
	var fetchErr *fetch.Error
	if errors.As(err, &fetchErr) {
		return fetchErr.Cause()
	}
	var refreshErr *aggregate.Error
	if errors.As(err, &refreshErr) {
		return refreshErr.Err.Error()
	}
	return err.Error()
}

// Text implements View: a row for each source, and the sum.
func (r *Round) Text(out term.Output) error {
	table := term.NewTable("source", "outcome", ">new", ">updated", ">took", "")
	for _, src := range r.Sources {
		style, note := term.Plain, src.Error
		switch {
		case src.Error != "" && src.Outcome != aggregate.OutcomeWaiting:
			style = term.Bad
		case src.New+src.Updated > 0:
			style = term.Good
		}
		switch src.Outcome {
		case aggregate.OutcomeFresh:
			note = "the last answer is still good; --force asks again"
		case aggregate.OutcomeMerged:
			note = "moved to where another source is read; see `coranto status`"
		}
		if note == "" && len(src.Problems) > 0 {
			note = src.Problems[0].String()
		}
		table.Row(src.Source, term.Cell{Text: string(src.Outcome), Style: style},
			count(src.New), count(src.Updated), took(src.TookMS), term.Cell{Text: note, Style: style})
	}
	if table.Len() > 0 {
		if err := table.Write(out); err != nil {
			return err
		}
	}
	if len(r.Sources) == 0 {
		_, err := fmt.Fprintln(out,
			"nothing to visit: the file has no source, or all are paused or gone; see `coranto status`")
		return err
	}
	waiting := ""
	if r.Waiting > 0 {
		waiting = fmt.Sprintf(", %d waiting", r.Waiting)
	}
	_, err := fmt.Fprintf(out,
		"%s: %s, %d updated, %s failed%s, in %s; %s stored\n",
		Plural(len(r.Sources), "source"), Plural(r.New, "new item"), r.Updated,
		Plural(r.Failed, "source"), waiting, took(r.TookMS), Plural(r.Store.Items, "item"))
	return err
}
