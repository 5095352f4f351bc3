package show

import (
	"cmp"
	"fmt"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/normalize"
	"github.com/coranto/coranto/aggregate/parse"
	"github.com/coranto/coranto/cmd/coranto/term"
)

// Parsed is a document in its source's own words. Its JSON form is that of
// parse.Inspection.
type Parsed struct{ parse.Inspection }

// Text implements View: what the feed says of itself, and a row for each item.
func (p Parsed) Text(out term.Output) error {
	feed := p.Feed
	fmt.Fprintf(out, "%s\n", out.Paint(term.Head, oneLine(feed.Title)))
	pairs := [][2]string{
		{"format", feed.Format + " " + feed.Version}, {"id", oneLine(feed.ID)},
		{"home", oneLine(feed.Link)}, {"language", oneLine(feed.Language)},
		{"rights", oneLine(feed.Rights)}, {"generator", oneLine(feed.Generator)},
		{"items", fmt.Sprint(len(p.Items))},
	}
	if err := writePairs(out, pairs); err != nil {
		return err
	}
	table := term.NewTable("date as written", "id", "title", "link")
	for _, it := range p.Items {
		date := cmp.Or(it.PublishedRaw, it.UpdatedRaw)
		table.Row(oneLine(date), oneLine(it.ID), short(oneLine(it.Title)), oneLine(it.Link))
	}
	fmt.Fprintln(out)
	if err := table.Write(out); err != nil {
		return err
	}
	return writeNotes(out, p.Problems)
}

// Document is a document as it would be stored.
type Document struct {
	Source   Credit            `json:"source"`
	Items    []Item            `json:"items"`    // never nil
	Problems []coranto.Problem `json:"problems"` // never nil

	feed *parse.Feed
}

// NewDocument lays beside each other a feed and what became of all of it.
func NewDocument(feed *parse.Feed, result normalize.Result) *Document {
	doc := &Document{
		Source: newCredit(result.Credit), Items: []Item{},
		Problems: append([]coranto.Problem{}, result.ListProblems(feed)...),
		feed:     feed,
	}
	for i := range result.Posts {
		doc.Items = append(doc.Items, newItem(&result.Posts[i].Item))
	}
	return doc
}

// Text implements View: the feed in two lines, and a row for each item.
func (d *Document) Text(out term.Output) error {
	fmt.Fprintf(out, "%s\n", out.Paint(term.Head, d.Source.Title))
	fmt.Fprintf(out, "%s %s, %d items, home %s\n\n",
		d.feed.Format, d.feed.Version, len(d.feed.Items), d.Source.Link)
	table := term.NewTable("published", "id", "title")
	for i := range d.Items {
		it := &d.Items[i]
		table.Row(it.Published.Format(time.DateTime), it.ID, it.Title)
	}
	if err := table.Write(out); err != nil {
		return err
	}
	return writeNotes(out, d.Problems)
}
