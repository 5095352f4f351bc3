package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/storage"
)

type statusCommand struct {
	Admin string `env:"CORANTO_ADMIN" placeholder:"ADDRESS" help:"${admin_help}"`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// Run shows the sources as the store knows them. While a server holds the store,
// the server is asked.
func (cmd *statusCommand) Run(s *session) error {
	c, err := s.loadOrDefault()
	if err != nil {
		return err
	}
	layAdmin(c, cmd.Admin)
	result, err := s.readStatus(c)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return writeJSON(s.out, result)
	}
	return result.table(s.out)
}

func (s *session) readStatus(c *config.Config) (*statusResult, error) {
	store, err := s.openToRead(c)
	if errors.Is(err, storage.ErrInUse) && c.Admin != "" {
		result, askErr := askStatus(s.ctx, c.Admin)
		if askErr != nil {
			return nil, fmt.Errorf("%w; and its server does not tell: %w (--admin names its address)",
				err, askErr)
		}
		return result, nil
	}
	if err != nil {
		return nil, err
	}
	defer store.Close()
	return newStatus(s.ctx, store)
}

// askTime bounds a question to the server on this machine.
const askTime = 5 * time.Second

func askStatus(ctx context.Context, admin string) (*statusResult, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, localURL(admin)+"status", nil)
	if err != nil {
		return nil, err
	}
	res, err := localTransport().RoundTrip(req)
	if err != nil {
		return nil, fmt.Errorf("ask the server at %s: %w", admin, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("ask the server at %s: %s", admin, res.Status)
	}
	var result statusResult
	if err := json.NewDecoder(res.Body).Decode(&result); err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", admin, err)
	}
	return &result, nil
}

// localTransport talks to our own server on this machine, which the guarded
// client would refuse to. It follows no redirect and uses no proxy.
func localTransport() *http.Transport { return &http.Transport{DisableKeepAlives: true} }

// statusResult is what the store knows of the sources; its JSON form is a
// contract.
type statusResult struct {
	Sources []sourceStatus `json:"sources"`
	Offline int            `json:"offline"` // sources that our own outage kept us from
	Items   int            `json:"items"`
	Bytes   int64          `json:"file_bytes"`
	Free    int64          `json:"free_bytes"`
	Commits int64          `json:"commits"`
}

type sourceStatus struct {
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
	MovedTo  string           `json:"moved_to,omitempty"`   // asked in place of URL, which the file keeps
	MovedAt  time.Time        `json:"moved_at,omitzero"`
	Push     *pushStatus      `json:"push,omitempty"`
	Note     string           `json:"note,omitempty"` // paused, retired, not verified, gone, moved
}

func newStatus(ctx context.Context, store storage.Store) (*statusResult, error) {
	stats, err := store.Stats(ctx)
	if err != nil {
		return nil, err
	}
	r := &statusResult{
		Sources: []sourceStatus{}, Items: stats.Items,
		Bytes: stats.FileBytes, Free: stats.FreeBytes, Commits: stats.Commits,
	}
	for rec, err := range store.Sources(ctx, storage.SourceQuery{}) {
		if err != nil {
			return nil, err
		}
		r.Sources = append(r.Sources, newSourceStatus(rec))
		if rec.State.Outcome == storage.OutcomeOffline {
			r.Offline++
		}
	}
	return r, nil
}

func newSourceStatus(rec storage.SourceRecord) sourceStatus {
	st := rec.State
	out := sourceStatus{
		Source: rec.ID, Title: rec.Attribution().Title, URL: rec.URL,
		Outcome: st.Outcome, Items: rec.Items,
		Visited: st.LastVisit, OK: st.LastOK, New: st.LastNew,
		Next: st.Next, Interval: st.Interval.Seconds(),
		Fails: st.Fails, Problems: len(st.Problems), Error: st.LastError,
		Waits: st.Wait, MovedAt: st.Move.Adopted, Push: newPushStatus(st.Push),
	}
	if !st.Move.Adopted.IsZero() {
		out.MovedTo = st.Move.To
	}
	if rec.Retired || rec.Paused || st.Outcome == storage.OutcomeGone {
		out.Next = time.Time{}
	}
	switch {
	case rec.Retired:
		out.Note = "no longer in the file"
	case rec.Paused:
		out.Note = "paused"
	case st.Outcome == storage.OutcomeGone:
		out.Note = fmt.Sprintf("gone; not visited any more, `coranto fetch %s` tries again", rec.ID)
	case out.MovedTo != "":
		out.Note = fmt.Sprintf("moved to %s on %s; put that into the file",
			out.MovedTo, out.MovedAt.Format(time.DateOnly))
	}
	if rec.Access.Insecure {
		out.Note = strings.TrimPrefix(out.Note+"; certificate not verified", "; ")
	}
	return out
}

func (r *statusResult) table(out term.Output) error {
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
			term.Cell{Text: src.remark(), Style: style})
	}
	if table.Len() > 0 {
		if err := table.Write(out); err != nil {
			return err
		}
	}
	if r.Offline > 0 {
		if _, err := fmt.Fprintf(out, "our own connection seems to be down: %s not reached, not counted as failed\n",
			plural(r.Offline, "source")); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "%s, %s, %s on disk (%s reusable)\n",
		plural(len(r.Sources), "source"), plural(r.Items, "item"), size(r.Bytes), size(r.Free))
	return err
}

// remark is what the operator should know of a source, in a line.
func (src *sourceStatus) remark() string {
	failure := src.Error
	if failure != "" && src.Outcome != storage.OutcomeOffline {
		failure = fmt.Sprintf("%s (%d in a row, last success %s)", src.Error, src.Fails, when(src.OK))
	}
	parts := slices.DeleteFunc([]string{src.Note, failure, src.Push.remark()}, func(s string) bool {
		return s == ""
	})
	return strings.Join(parts, "; ")
}

// plural counts things that a name with an s stands for many of.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// short keeps a column of titles narrow.
func short(s string) string { return term.Cut(s, 32) }

func size(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%.0f KB", float64(bytes)/(1<<10))
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}
