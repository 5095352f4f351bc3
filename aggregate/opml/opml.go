// Package opml reads and writes lists of subscriptions (OPML 1.0 and 2.0), as
// readers exchange them.
//
// What an outline says that this program has no use for is kept: Write gives
// back what Parse read, so that a list may pass through here on its way from one
// reader to another. Nested folders become one level of names, because a
// category has no parent; attributes of folders are not kept.
package opml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html/charset"

	"github.com/coranto/coranto"
)

// Limits of a list (S52).
const (
	MaxBytes = 5 << 20
	MaxDepth = 10
)

// Errors of Parse.
var (
	// ErrNotOPML reports a document that is no OPML.
	ErrNotOPML = errors.New("not an OPML document")

	// ErrTooLarge reports a document beyond MaxBytes or MaxDepth.
	ErrTooLarge = fmt.Errorf("larger than %d bytes or deeper than %d folders", MaxBytes, MaxDepth)
)

// Subscription is one feed of a list.
type Subscription struct {
	Title   string   // "" when the list has none but the feed's address
	Feed    string   // absolute, http or https
	Folders []string // names from the outermost in; a feed listed in several places has them all

	// Attributes are all others of its outline, of the first one where it has
	// several: htmlUrl and what other readers write, verbatim but for spaces
	// around values. A name may have a prefix; the namespace is then among them
	// as xmlns:prefix. nil when there are none. CheckAttribute says what may be.
	Attributes map[string]string
}

// Parse reads a list in document order, each feed once. An entry whose address
// is not http or https is left out with a problem, and so is an attribute that
// can't be kept. The error wraps ErrNotOPML or ErrTooLarge, or is that of r.
func Parse(r io.Reader) ([]Subscription, []coranto.Problem, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, nil, fmt.Errorf("read OPML: %w", err)
	}
	if len(text) > MaxBytes {
		return nil, nil, ErrTooLarge
	}
	p := parser{at: make(map[string]int), prefixes: map[string]string{xmlSpace: "xml"}}
	decoder := xml.NewDecoder(strings.NewReader(string(text)))
	decoder.Strict = false
	decoder.Entity = xml.HTMLEntity
	decoder.CharsetReader = charset.NewReaderLabel
	if err := p.document(decoder); err != nil {
		return nil, nil, err
	}
	return p.list, p.problems, nil
}

type parser struct {
	root     bool
	path     []string // texts of the open outlines; "" for one that is a feed
	list     []Subscription
	at       map[string]int    // index in list, by feed
	prefixes map[string]string // of namespaces that were declared
	problems []coranto.Problem
}

func (p *parser) document(d *xml.Decoder) error {
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && p.root {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrNotOPML, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := p.open(t); err != nil {
				return err
			}
		case xml.EndElement:
			if isOutline(t.Name) && len(p.path) > 0 {
				p.path = p.path[:len(p.path)-1]
			}
		}
	}
}

func (p *parser) open(t xml.StartElement) error {
	if !p.root {
		if !strings.EqualFold(t.Name.Local, "opml") {
			return fmt.Errorf("%w: its root is <%s>", ErrNotOPML, t.Name.Local)
		}
		p.root = true
	}
	p.declare(t)
	if !isOutline(t.Name) {
		return nil
	}
	address, _ := own(t, "xmlUrl")
	folder := strings.TrimSpace(address) == ""
	if len(p.path) > MaxDepth || folder && len(p.path) == MaxDepth {
		return ErrTooLarge
	}
	if folder {
		title, _ := p.titles(t, "")
		p.path = append(p.path, title)
		return nil
	}
	p.subscription(t, strings.TrimSpace(address))
	return nil
}

// subscription takes an outline that has the address of a feed.
func (p *parser) subscription(t xml.StartElement, address string) {
	folders := p.folders()
	p.path = append(p.path, "")
	title, text := p.titles(t, address)
	feed, ok := web(address)
	if !ok {
		p.problem("address-refused", title,
			fmt.Sprintf("%q is no http or https address; it was left out", address))
		return
	}
	if i, seen := p.at[feed]; seen {
		p.merge(&p.list[i], folders)
		return
	}
	p.at[feed] = len(p.list)
	p.list = append(p.list, Subscription{
		Title: title, Feed: feed, Folders: folders, Attributes: p.attributes(t, title, text),
	})
}

// titles are what an outline is called, and its text where that says something
// else. One whose text is the feed's address has no title.
func (p *parser) titles(t xml.StartElement, address string) (title, text string) {
	text, _ = own(t, "text")
	text = strings.Join(strings.Fields(text), " ")
	title, _ = own(t, "title")
	title = strings.Join(strings.Fields(title), " ")
	switch {
	case title == "" && text == address:
		return "", ""
	case title == "" || title == text:
		return text, ""
	}
	return title, text
}

func (p *parser) problem(code, place, text string) {
	p.problems = append(p.problems, coranto.Problem{Code: code, Place: place, Text: text})
}

func (p *parser) merge(s *Subscription, folders []string) {
	for _, f := range folders {
		if !slices.Contains(s.Folders, f) {
			s.Folders = append(s.Folders, f)
		}
	}
}

func (p *parser) folders() []string {
	var names []string
	for _, name := range p.path {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

func isOutline(n xml.Name) bool { return strings.EqualFold(n.Local, "outline") }

func web(raw string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return "", false
	}
	return u.String(), true
}
