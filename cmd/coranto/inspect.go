package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/normalize"
	"github.com/coranto/coranto/aggregate/parse"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/storage"
)

type inspectCommand struct {
	What        string `arg:"" help:"A file, an address, a source's id or an item's id."`
	Stage       string `enum:"parse,item," default:"" help:"Show one stage: parse (the source's own words) or item (what is made of them)."`
	JSON        bool   `name:"json" help:"Print JSON."`
	ContentType string `placeholder:"TYPE" help:"The Content-Type that a file came with."`
	Base        string `placeholder:"URL" help:"The address that a file came from."`
	Zone        string `default:"UTC" help:"The zone of dates without one."`
}

// Run shows a document's stages, or what is stored under an id.
func (cmd *inspectCommand) Run(s *session) error {
	if doc, err := cmd.document(s); err != nil || doc != nil {
		if err != nil {
			return err
		}
		return cmd.showDocument(s, doc)
	}
	c, err := s.load()
	if err != nil {
		return err
	}
	store, err := s.openToRead(c)
	if err != nil {
		return err
	}
	defer store.Close()
	return cmd.showStored(s, store)
}

// document reads What when it is a file or an address; nil when it is neither.
func (cmd *inspectCommand) document(s *session) (*parse.Document, error) {
	zone, err := time.LoadLocation(cmd.Zone)
	if err != nil {
		return nil, fmt.Errorf("zone %q: %w", cmd.Zone, err)
	}
	if strings.HasPrefix(cmd.What, "http://") || strings.HasPrefix(cmd.What, "https://") {
		c, err := s.loadOrDefault()
		if err != nil {
			return nil, err
		}
		res, err := s.client(c).Get(s.ctx, fetch.Request{URL: cmd.What})
		if err != nil {
			return nil, err
		}
		return &parse.Document{Body: res.Body, ContentType: res.ContentType, URL: res.URL, Zone: zone}, nil
	}
	if info, err := os.Stat(cmd.What); err != nil || info.IsDir() {
		return nil, nil //nolint:nilerr // what is no file may be an id
	}
	body, err := os.ReadFile(cmd.What)
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	if _, err := url.Parse(cmd.Base); err != nil {
		return nil, fmt.Errorf("base address: %w", err)
	}
	return &parse.Document{Body: body, ContentType: cmd.ContentType, URL: cmd.Base, Zone: zone}, nil
}

func (cmd *inspectCommand) showDocument(s *session, doc *parse.Document) error {
	feed, problems, err := parse.Parse(*doc)
	if err != nil {
		return fmt.Errorf("parse %s: %w", cmd.What, err)
	}
	if cmd.Stage == "parse" && cmd.JSON {
		return writeJSON(s.out, feed.Inspect(problems))
	}
	result := normalize.Feed(normalize.Document{
		Source: coranto.Source{ID: config.SourceID(cmd.What), URL: doc.URL}, Feed: feed, URL: doc.URL, Now: time.Now(),
	})
	if cmd.JSON {
		return writeJSON(s.out, result)
	}
	return cmd.printFeed(s.out, feed, result, append(problems, result.Problems...))
}

func (cmd *inspectCommand) printFeed(out term.Output, feed *parse.Feed, result normalize.Result, problems []coranto.Problem) error {
	fmt.Fprintf(out, "%s\n", out.Paint(term.Head, result.Credit.Title))
	fmt.Fprintf(out, "%s %s, %d items, home %s\n\n", feed.Format, feed.Version, len(feed.Items), result.Credit.Link)
	table := term.NewTable("published", "id", "title")
	for _, post := range result.Posts {
		table.Row(post.Item.Published.Format(time.DateTime), post.Item.ID, post.Item.Title)
	}
	if err := table.Write(out); err != nil {
		return err
	}
	for _, p := range problems {
		fmt.Fprintf(out, "note: %s\n", p)
	}
	return nil
}

// showStored prints the source or item with the given id.
func (cmd *inspectCommand) showStored(s *session, store storage.Store) error {
	if id, err := coranto.ParseItemID(cmd.What); err == nil {
		rec, err := store.Item(s.ctx, id)
		if err != nil {
			return fmt.Errorf("item %s: %w", cmd.What, err)
		}
		return cmd.showItem(s.out, rec)
	}
	rec, err := storedSource(s.ctx, store, coranto.SourceID(cmd.What))
	if err != nil {
		return err
	}
	return cmd.showSource(s.out, rec)
}

func storedSource(ctx context.Context, store storage.Store, id coranto.SourceID) (*storage.SourceRecord, error) {
	for rec, err := range store.Sources(ctx, storage.SourceQuery{IDs: []coranto.SourceID{id}}) {
		return &rec, err
	}
	return nil, fmt.Errorf("%q is no file, no address, no source and no item", id)
}

func (cmd *inspectCommand) showItem(out term.Output, rec *storage.Record) error {
	if cmd.JSON {
		return writeJSON(out, rec)
	}
	fmt.Fprintf(out, "%s\n", out.Paint(term.Head, rec.Title))
	pairs := [][2]string{
		{"id", rec.Item.ID.String()}, {"source", string(rec.Source)}, {"guid", rec.GUID}, {"link", rec.Link},
		{"published", when(rec.Published)}, {"updated", when(rec.Updated)}, {"first seen", when(rec.FirstSeen)},
		{"revision", fmt.Sprint(rec.Revision)}, {"categories", fmt.Sprint(rec.Categories)}, {"summary", rec.Summary},
	}
	return writePairs(out, pairs)
}

func (cmd *inspectCommand) showSource(out term.Output, rec *storage.SourceRecord) error {
	if cmd.JSON {
		return writeJSON(out, rec)
	}
	st := rec.State
	fmt.Fprintf(out, "%s\n", out.Paint(term.Head, rec.Attribution().Title))
	pairs := [][2]string{
		{"id", string(rec.ID)}, {"url", rec.URL}, {"home", rec.Attribution().Link}, {"categories", fmt.Sprint(rec.Categories)},
		{"items", fmt.Sprint(rec.Items)}, {"last visit", when(st.LastVisit)}, {"outcome", string(st.Outcome)},
		{"last success", when(st.LastOK)}, {"last new item", when(st.LastNew)}, {"next visit", when(st.Next)},
		{"interval", st.Interval.String()}, {"error", st.LastError}, {"etag", st.ETag}, {"last-modified", st.LastModified},
	}
	if err := writePairs(out, pairs); err != nil {
		return err
	}
	for _, p := range st.Problems {
		fmt.Fprintf(out, "note: %s\n", p)
	}
	return nil
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
