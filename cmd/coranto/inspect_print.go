package main

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/normalize"
	"github.com/coranto/coranto/aggregate/parse"
	"github.com/coranto/coranto/aggregate/sanitize"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/storage"
)

// printParsed shows a document in its source's own words.
func printParsed(out term.Output, feed *parse.Feed, problems []coranto.Problem) error {
	fmt.Fprintf(out, "%s\n", out.Paint(term.Head, oneLine(feed.Title)))
	pairs := [][2]string{
		{"format", feed.Format + " " + feed.Version}, {"id", oneLine(feed.ID)},
		{"home", oneLine(feed.Link)}, {"language", oneLine(feed.Language)},
		{"rights", oneLine(feed.Rights)}, {"generator", oneLine(feed.Generator)},
		{"items", fmt.Sprint(len(feed.Items))},
	}
	if err := writePairs(out, pairs); err != nil {
		return err
	}
	table := term.NewTable("date as written", "id", "title", "link")
	for _, it := range feed.Items {
		date := cmp.Or(it.PublishedRaw, it.UpdatedRaw)
		table.Row(oneLine(date), oneLine(it.ID), short(oneLine(it.Title)), oneLine(it.Link))
	}
	fmt.Fprintln(out)
	if err := table.Write(out); err != nil {
		return err
	}
	return printNotes(out, problems)
}

// oneLine makes text of an origin harmless for a terminal.
func oneLine(s string) string { return sanitize.Line(s) }

// printFeed shows a document as it would be stored.
func printFeed(
	out term.Output, feed *parse.Feed, result normalize.Result, problems []coranto.Problem,
) error {
	fmt.Fprintf(out, "%s\n", out.Paint(term.Head, result.Credit.Title))
	fmt.Fprintf(out, "%s %s, %d items, home %s\n\n",
		feed.Format, feed.Version, len(feed.Items), result.Credit.Link)
	table := term.NewTable("published", "id", "title")
	for _, post := range result.Posts {
		table.Row(post.Item.Published.Format(time.DateTime), post.Item.ID, post.Item.Title)
	}
	if err := table.Write(out); err != nil {
		return err
	}
	return printNotes(out, problems)
}

func printNotes(out term.Output, problems []coranto.Problem) error {
	for _, p := range problems {
		if _, err := fmt.Fprintf(out, "note: %s\n", p); err != nil {
			return err
		}
	}
	return nil
}

func (cmd *inspectCommand) showItem(out term.Output, rec *storage.Record) error {
	if cmd.JSON {
		return writeJSON(out, newInspectedRecord(rec))
	}
	fmt.Fprintf(out, "%s\n", out.Paint(term.Head, rec.Title))
	pairs := [][2]string{
		{"id", rec.Item.ID.String()}, {"source", string(rec.Source)},
		{"guid", rec.GUID}, {"link", rec.Link},
		{"published", when(rec.Published)}, {"updated", when(rec.Updated)},
		{"first seen", when(rec.FirstSeen)}, {"revision", fmt.Sprint(rec.Revision)},
		{"categories", slugList(rec.Categories)}, {"summary", rec.Summary},
	}
	return writePairs(out, pairs)
}

func (cmd *inspectCommand) showSource(out term.Output, rec *storage.SourceRecord) error {
	if cmd.JSON {
		return writeJSON(out, newInspectedSource(rec))
	}
	st := rec.State
	fmt.Fprintf(out, "%s\n", out.Paint(term.Head, rec.Attribution().Title))
	pairs := [][2]string{
		{"id", string(rec.ID)}, {"url", rec.URL}, {"home", rec.Attribution().Link},
		{"categories", slugList(rec.Categories)}, {"items", fmt.Sprint(rec.Items)},
		{"last visit", when(st.LastVisit)}, {"outcome", string(st.Outcome)},
		{"last success", when(st.LastOK)}, {"last new item", when(st.LastNew)},
		{"next visit", when(st.Next)}, {"interval", st.Interval.String()}, {"error", st.LastError},
		{"etag", st.ETag}, {"last-modified", st.LastModified},
	}
	if err := writePairs(out, pairs); err != nil {
		return err
	}
	return printNotes(out, st.Problems)
}

func slugList(slugs []coranto.Slug) string {
	names := make([]string, len(slugs))
	for i, s := range slugs {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

func writePairs(out term.Output, pairs [][2]string) error {
	for _, p := range pairs {
		if p[1] == "" {
			continue
		}
		if _, err := fmt.Fprintf(out, "%-14s %s\n", p[0], p[1]); err != nil {
			return err
		}
	}
	return nil
}

func when(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format(time.DateTime + " MST")
}
