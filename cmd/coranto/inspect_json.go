package main

import (
	"encoding/hex"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/normalize"
	"github.com/coranto/coranto/storage"
)

// inspectedDocument is a document as it would be stored. Its JSON form and those
// below are a contract; keys are absent when empty.
type inspectedDocument struct {
	Source   inspectedCredit   `json:"source"`
	Items    []inspectedItem   `json:"items"`
	Problems []coranto.Problem `json:"problems"`
}

type inspectedCredit struct {
	ID       string `json:"id,omitempty"`
	Title    string `json:"title,omitempty"`
	Link     string `json:"link,omitempty"`
	Feed     string `json:"feed,omitempty"`
	Language string `json:"language,omitempty"`
	Rights   string `json:"rights,omitempty"`
	License  string `json:"license,omitempty"`
}

type inspectedItem struct {
	ID         string            `json:"id"`
	Source     coranto.SourceID  `json:"source"`
	GUID       string            `json:"guid,omitempty"`
	Link       string            `json:"link,omitempty"`
	Title      string            `json:"title"`
	Summary    string            `json:"summary,omitempty"`
	Content    string            `json:"content,omitempty"`
	Authors    []inspectedPerson `json:"authors,omitempty"`
	Published  time.Time         `json:"published,omitzero"`
	Updated    time.Time         `json:"updated,omitzero"`
	FirstSeen  time.Time         `json:"first_seen,omitzero"`
	Revision   int               `json:"revision,omitempty"`
	Language   string            `json:"language,omitempty"`
	Rights     string            `json:"rights,omitempty"`
	License    string            `json:"license,omitempty"`
	Tags       []string          `json:"tags,omitempty"`
	Categories []coranto.Slug    `json:"categories,omitempty"`
	Image      string            `json:"image,omitempty"`
	Enclosures []string          `json:"enclosures,omitempty"`
	Origin     *inspectedCredit  `json:"origin,omitempty"`
}

type inspectedPerson struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	URI   string `json:"uri,omitempty"`
}

// inspectedSource is a source as it is stored.
type inspectedSource struct {
	sourceStatus
	Home         string            `json:"home,omitempty"`
	Categories   []coranto.Slug    `json:"categories,omitempty"`
	ETag         string            `json:"etag,omitempty"`
	LastModified string            `json:"last_modified,omitempty"`
	BodySHA256   string            `json:"body_sha256,omitempty"`
	Notes        []coranto.Problem `json:"notes,omitempty"`
}

func newInspectedDocument(result normalize.Result, problems []coranto.Problem) inspectedDocument {
	doc := inspectedDocument{Source: newInspectedCredit(result.Credit), Items: []inspectedItem{}}
	for i := range result.Posts {
		doc.Items = append(doc.Items, newInspectedItem(&result.Posts[i].Item))
	}
	doc.Problems = append([]coranto.Problem{}, problems...)
	return doc
}

func newInspectedCredit(a coranto.Attribution) inspectedCredit {
	return inspectedCredit{a.ID, a.Title, a.Link, a.Feed, a.Language, a.Rights, a.License}
}

func newInspectedItem(it *coranto.Item) inspectedItem {
	out := inspectedItem{
		ID: it.ID.String(), Source: it.Source, GUID: it.GUID, Link: it.Link,
		Title: it.Title, Summary: it.Summary, Content: it.Content,
		Published: it.Published, Updated: it.Updated,
		Language: it.Language, Rights: it.Rights, License: it.License,
		Categories: it.Categories, Image: it.Image.URL,
	}
	for _, p := range it.Authors {
		out.Authors = append(out.Authors, inspectedPerson{p.Name, p.Email, p.URI})
	}
	for _, t := range it.Tags {
		out.Tags = append(out.Tags, t.Term)
	}
	for _, e := range it.Enclosures {
		out.Enclosures = append(out.Enclosures, e.URL)
	}
	if it.Origin != nil {
		origin := newInspectedCredit(*it.Origin)
		out.Origin = &origin
	}
	return out
}

func newInspectedRecord(rec *storage.Record) inspectedItem {
	out := newInspectedItem(&rec.Item)
	out.FirstSeen, out.Revision = rec.FirstSeen, rec.Revision
	return out
}

func newInspectedSource(rec *storage.SourceRecord) inspectedSource {
	out := inspectedSource{
		sourceStatus: newSourceStatus(*rec),
		Home:         rec.Attribution().Link,
		Categories:   rec.Categories,
		ETag:         rec.State.ETag,
		LastModified: rec.State.LastModified,
		Notes:        rec.State.Problems,
	}
	if rec.State.BodyHash != [32]byte{} {
		out.BodySHA256 = hex.EncodeToString(rec.State.BodyHash[:])
	}
	return out
}
