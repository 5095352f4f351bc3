// Package opml reads and writes lists of subscriptions (OPML 1.0 and 2.0), as
// readers exchange them.
//
// What an outline says that this program has no use for is kept, and so is what
// folders say and how they are nested: Write gives back what Parse read, so that a
// list may pass through here on its way from one reader to another. Among siblings
// feeds come before folders, and folders of one name become one.
package opml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
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

	// ErrFolder reports what can't be the name of a folder.
	ErrFolder = errors.New("not the name of a folder")

	// ErrTooLarge reports a document beyond MaxBytes or MaxDepth.
	ErrTooLarge = fmt.Errorf("larger than %d bytes or deeper than %d folders", MaxBytes, MaxDepth)
)

// List is what a document holds, in its order.
type List struct {
	Subscriptions []Subscription
	Folders       []Folder // those that say something of their own, or hold no feed
}

// Path names a folder: names from the outermost in, none of them "".
type Path []string

// Folder is a folder with what it says besides its name.
type Folder struct {
	Path       Path
	Attributes map[string]string // as those of a Subscription; nil when there are none
}

// Subscription is one feed of a list.
type Subscription struct {
	Title   string // "" when the list has none but the feed's address
	Feed    string // absolute, http or https
	Folders []Path // where it is, an empty Path for the top; nil means there alone

	// Attributes are all others of its outline, and of the first one where several
	// differ: htmlUrl and what other readers write, verbatim but for spaces around
	// values. A name may have a prefix; the namespace is then among them
	// as xmlns:prefix. nil when there are none. CheckAttribute says what may be.
	Attributes map[string]string
}

// Parse reads a list in document order, each feed once. An entry whose address
// is not http or https is left out with a problem, and so is an attribute that
// can't be kept. The error wraps ErrNotOPML or ErrTooLarge, or is that of r.
func Parse(r io.Reader) (List, []coranto.Problem, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return List{}, nil, fmt.Errorf("read OPML: %w", err)
	}
	if len(text) > MaxBytes {
		return List{}, nil, ErrTooLarge
	}
	p := parser{
		at: make(map[string]int), prefixes: map[string]string{xmlSpace: "xml"}, folders: newFolder(""),
	}
	decoder := xml.NewDecoder(strings.NewReader(string(text)))
	decoder.Strict = false
	decoder.Entity = xml.HTMLEntity
	decoder.CharsetReader = charset.NewReaderLabel
	if err := p.document(decoder); err != nil {
		return List{}, nil, err
	}
	for i := range p.list {
		if folders := p.list[i].Folders; len(folders) == 1 && len(folders[0]) == 0 {
			p.list[i].Folders = nil
		}
	}
	return List{p.list, p.folders.notable(nil, nil)}, p.problems, nil
}

// CheckPath reports whether a path can be that of a folder: not too deep, and each
// name one line of text.
func CheckPath(path Path) error {
	if len(path) > MaxDepth {
		return ErrTooLarge
	}
	for _, name := range path {
		if name == "" || !isText(name) || strings.Join(strings.Fields(name), " ") != name {
			return fmt.Errorf("%w: %q", ErrFolder, name)
		}
	}
	return nil
}

type parser struct {
	root     bool
	line     int      // of the outline that is read
	path     []string // names of the open outlines; "" for one that is a feed or has none
	folders  *folder
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
		p.line, _ = d.InputPos()
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
		p.folder(t)
		return nil
	}
	p.subscription(t, strings.TrimSpace(address))
	return nil
}

// subscription takes an outline that has the address of a feed.
func (p *parser) subscription(t xml.StartElement, address string) {
	here := p.here()
	p.path = append(p.path, "")
	title, text := p.titles(t, address)
	feed, ok := web(address)
	if !ok {
		p.problem("address-refused", title,
			fmt.Sprintf("%q is no http or https address; it was left out", address))
		return
	}
	p.folders.at(here).feeds++
	attributes := p.attributes(t, title, text)
	i, seen := p.at[feed]
	if !seen {
		i = len(p.list)
		p.at[feed] = i
		p.list = append(p.list, Subscription{Title: title, Feed: feed, Attributes: attributes})
	}
	sub := &p.list[i]
	if seen {
		sub.Attributes = p.merge(sub.Attributes, attributes, title)
	}
	if !slices.ContainsFunc(sub.Folders, func(f Path) bool { return slices.Equal(f, here) }) {
		sub.Folders = append(sub.Folders, here)
	}
}

// folder takes an outline that has no address. One without a name is passed
// through: what it holds is where it stands.
func (p *parser) folder(t xml.StartElement) {
	name, text := p.titles(t, "")
	p.path = append(p.path, name)
	attributes := p.attributes(t, name, text)
	if name == "" {
		if len(attributes) > 0 {
			p.problem("folder-unnamed", "", "a folder without a name; what it says was left out")
		}
		return
	}
	f := p.folders.at(p.here())
	f.attributes = p.merge(f.attributes, attributes, name)
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
	place = strings.TrimSpace(fmt.Sprintf("line %d %s", p.line, place))
	p.problems = append(p.problems, coranto.Problem{Code: code, Place: place, Text: text})
}

// merge adds attributes to those of the same feed or folder at another place.
func (p *parser) merge(kept, more map[string]string, title string) map[string]string {
	if kept == nil {
		return more
	}
	for _, name := range slices.Sorted(maps.Keys(more)) {
		value := more[name]
		if before, known := kept[name]; known && before != value {
			p.problem("attribute-dropped", title, fmt.Sprintf("%q is another one than before", name))
			continue
		}
		p.keep(kept, title, name, value)
	}
	return kept
}

// here is the folder that is open.
func (p *parser) here() Path {
	path := make(Path, 0, len(p.path))
	for _, name := range p.path {
		if name != "" {
			path = append(path, name)
		}
	}
	return path
}

func isOutline(n xml.Name) bool { return strings.EqualFold(n.Local, "outline") }

func web(raw string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return "", false
	}
	return u.String(), true
}
