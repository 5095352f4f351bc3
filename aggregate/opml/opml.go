// Package opml reads lists of subscriptions (OPML 1.0 and 2.0), as other
// readers export them.
package opml

import (
	"cmp"
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
	Title   string
	Feed    string   // absolute, http or https
	Home    string   // "" when not given
	Folders []string // names from the outermost in; a feed listed in several places has them all
}

// Parse reads a list in document order, each feed once. An entry whose address
// is not http or https is left out with a problem. The error wraps ErrNotOPML
// or ErrTooLarge, or is that of r.
func Parse(r io.Reader) ([]Subscription, []coranto.Problem, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, nil, fmt.Errorf("read OPML: %w", err)
	}
	if len(text) > MaxBytes {
		return nil, nil, ErrTooLarge
	}
	p := parser{at: make(map[string]int)}
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
	at       map[string]int // index in list, by feed
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
	if !isOutline(t.Name) {
		return nil
	}
	attr := attributes(t)
	folder := strings.TrimSpace(attr["xmlurl"]) == ""
	if len(p.path) > MaxDepth || folder && len(p.path) == MaxDepth {
		return ErrTooLarge
	}
	p.outline(attr)
	return nil
}

func (p *parser) outline(attr map[string]string) {
	title := strings.Join(strings.Fields(cmp.Or(attr["title"], attr["text"])), " ")
	raw := strings.TrimSpace(attr["xmlurl"])
	if raw == "" {
		p.path = append(p.path, title)
		return
	}
	folders := p.folders()
	p.path = append(p.path, "")
	feed, ok := web(raw)
	if !ok {
		p.problems = append(p.problems, coranto.Problem{
			Code: "address-refused", Place: title,
			Text: fmt.Sprintf("%q is no http or https address; it was left out", raw),
		})
		return
	}
	if i, seen := p.at[feed]; seen {
		p.merge(&p.list[i], folders)
		return
	}
	home, _ := web(attr["htmlurl"])
	p.at[feed] = len(p.list)
	p.list = append(p.list, Subscription{Title: title, Feed: feed, Home: home, Folders: folders})
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

func attributes(t xml.StartElement) map[string]string {
	attr := make(map[string]string, len(t.Attr))
	for _, a := range t.Attr {
		attr[strings.ToLower(a.Name.Local)] = a.Value
	}
	return attr
}

func web(raw string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return "", false
	}
	return u.String(), true
}
