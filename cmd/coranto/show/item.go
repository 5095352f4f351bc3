package show

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/storage"
)

// Credit is what a source says of itself.
type Credit struct {
	ID       string `json:"id,omitempty"`
	Title    string `json:"title,omitempty"`
	Link     string `json:"link,omitempty"`
	Feed     string `json:"feed,omitempty"`
	Language string `json:"language,omitempty"`
	Rights   string `json:"rights,omitempty"`
	License  string `json:"license,omitempty"`
}

// Item is an item, stored or as it would be. Only a stored one has been seen and has
// a revision.
type Item struct {
	ID         string           `json:"id"`
	Source     coranto.SourceID `json:"source"`
	GUID       string           `json:"guid,omitempty"`
	Link       string           `json:"link,omitempty"`
	Title      string           `json:"title"`
	Summary    string           `json:"summary,omitempty"`
	Content    string           `json:"content,omitempty"`
	Authors    []Person         `json:"authors,omitempty"`
	Published  time.Time        `json:"published,omitzero"`
	Updated    time.Time        `json:"updated,omitzero"`
	FirstSeen  time.Time        `json:"first_seen,omitzero"`
	Revision   int              `json:"revision,omitempty"`
	Language   string           `json:"language,omitempty"`
	Rights     string           `json:"rights,omitempty"`
	License    string           `json:"license,omitempty"`
	Tags       []string         `json:"tags,omitempty"`
	Categories []coranto.Slug   `json:"categories,omitempty"`
	Image      string           `json:"image,omitempty"`
	Enclosures []string         `json:"enclosures,omitempty"`
	Origin     *Credit          `json:"origin,omitempty"`
	Pinned     bool             `json:"pinned,omitempty"`
	Revisions  []Revision       `json:"revisions,omitempty"` // earlier ones, newest first
}

// Revision is what an item was before its content changed.
type Revision struct {
	Revision int       `json:"revision"`
	At       time.Time `json:"at"`      // when it was stored
	Title    string    `json:"title"`   // it had
	Changed  []string  `json:"changed"` // what the revision after it has otherwise
}

// changes names what is not alike in two contents of an item.
func changes(old, next *coranto.Item) []string {
	changed := []string{}
	for _, part := range []struct {
		name     string
		old, now any
	}{
		{"title", old.Title, next.Title}, {"summary", old.Summary, next.Summary},
		{"content", old.Content, next.Content}, {"link", old.Link, next.Link},
		{"authors", old.Authors, next.Authors}, {"tags", old.Tags, next.Tags},
		{"enclosures", old.Enclosures, next.Enclosures}, {"image", old.Image, next.Image},
	} {
		if !reflect.DeepEqual(part.old, part.now) {
			changed = append(changed, part.name)
		}
	}
	if len(changed) == 0 {
		changed = append(changed, "something else")
	}
	return changed
}

// Person is an author of an item.
type Person struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	URI   string `json:"uri,omitempty"`
}

// NewItem is a stored item, and what it was before, newest first.
func NewItem(rec *storage.Record, earlier []storage.Record) *Item {
	out := newItem(&rec.Item)
	out.FirstSeen, out.Revision, out.Pinned = rec.FirstSeen, rec.Revision, rec.Pinned
	next := &rec.Item
	for i := range earlier {
		was := &earlier[i]
		out.Revisions = append(out.Revisions, Revision{
			was.Revision, was.Changed, was.Title, changes(&was.Item, next),
		})
		next = &was.Item
	}
	return &out
}

func newCredit(a coranto.Attribution) Credit {
	return Credit{a.ID, a.Title, a.Link, a.Feed, a.Language, a.Rights, a.License}
}

func newItem(it *coranto.Item) Item {
	out := Item{
		ID: it.ID.String(), Source: it.Source, GUID: it.GUID, Link: it.Link,
		Title: it.Title, Summary: it.Summary, Content: it.Content,
		Published: it.Published, Updated: it.Updated,
		Language: it.Language, Rights: it.Rights, License: it.License,
		Categories: it.Categories, Image: it.Image.URL,
	}
	for _, p := range it.Authors {
		out.Authors = append(out.Authors, Person{p.Name, p.Email, p.URI})
	}
	for _, t := range it.Tags {
		out.Tags = append(out.Tags, t.Term)
	}
	for _, e := range it.Enclosures {
		out.Enclosures = append(out.Enclosures, e.URL)
	}
	if it.Origin != nil {
		origin := newCredit(*it.Origin)
		out.Origin = &origin
	}
	return out
}

// Text implements View: a line for each of its parts but the content.
func (it *Item) Text(out term.Output) error {
	fmt.Fprintf(out, "%s\n", out.Paint(term.Head, it.Title))
	pinned := ""
	if it.Pinned {
		pinned = "yes"
	}
	err := writePairs(out, [][2]string{
		{"id", it.ID}, {"source", string(it.Source)},
		{"guid", it.GUID}, {"link", it.Link},
		{"published", when(it.Published)}, {"updated", when(it.Updated)},
		{"first seen", when(it.FirstSeen)}, {"revision", fmt.Sprint(it.Revision)},
		{"categories", slugList(it.Categories)}, {"summary", it.Summary},
		{"pinned", pinned},
	})
	for _, r := range it.Revisions {
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%-14s %s, then other: %s\n",
			fmt.Sprintf("revision %d", r.Revision), when(r.At), strings.Join(r.Changed, ", "))
	}
	return err
}
