// Package config reads the operator's file: one YAML document, checked whole, so
// that every mistake is reported at once with its place and its remedy.
//
// The keys of each mapping stand in one table (keys.go) that the decoder, the
// generated docs/CONFIG.md and the spelling hints share. Nothing here reads the
// environment or a flag; cmd lays those over the result.
package config

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/opml"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/site"
	"github.com/coranto/coranto/internal/host"
)

// Config is the operator's file with its defaults filled in.
type Config struct {
	Path     string // of the file; "" when there is none
	Empty    bool   // the file says nothing: it has no key
	Data     string // directory of the store
	Storage  string // engine: "bolt"
	Listen   string // address for readers
	Admin    string // address for the operator; "" means none
	Throttle int    // answers a second that one reader may ask for; 0 means any number
	Fetch    Fetch
	Push     Push
	Hub      Hub
	Keep     Keep
	Backup   Backup
	Build    Build
	Site     feeds.Site  // with Categories
	Looks    string      // directory of a theme; "" means the built-in one
	Theme    *site.Theme // read from there
	Defaults Defaults
	Sources  []coranto.Source
	Outlines []Outline     // of each source: what it is in lists of other readers
	Folders  []opml.Folder // of those lists: what they say besides their names

	sources ast.Node   // waits for the defaults
	places  []ast.Node // of each source, for messages
	own     []Own      // of each source: what it keeps
	former  []formerName
}

// Fetch limits and opens what may be fetched.
type Fetch struct {
	Workers       int           // hosts visited at a time
	PerHost       int           // requests to one host at a time
	Timeout       time.Duration // of one request
	MaxBody       int64         // bytes of a document, decoded
	UserAgent     string        // "" means the program's own
	Contact       string        // an address for operators of origins, added to UserAgent
	Proxy         string        // see coranto.Access; "" means none
	AllowNetworks []netip.Prefix
	AllowHosts    []string // "name" or "name:port"
	AllowPorts    []uint16
	Push          bool // hubs may tell of changes, if the site can be reached
}

// Backup is how a server copies the store by itself.
type Backup struct {
	Every time.Duration // 0 means never
	Keep  int           // the newest so many stay
	Dir   string        // "" means backups below Data
}

// Build is how files are written.
type Build struct {
	Dir           string // "" means what the command line says
	Precompressed bool   // .gz, .br and .zst copies too
	After         string // command that is run after a change; "" for none
}

// Push is what is believed of WebSub hubs.
type Push struct {
	SHA1 bool // signatures by SHA-1 count
}

// Defaults hold for sources that don't say otherwise.
type Defaults struct {
	Republish coranto.Republish
	Index     bool          // search engines may list pages that show content
	Every     time.Duration // 0 means adaptive
}

// DefaultName is the file's name where none is given.
const DefaultName = "coranto.yaml"

// Default is the configuration without a file.
func Default() *Config {
	return &Config{
		Data:     "data",
		Storage:  "bolt",
		Listen:   ":8080",
		Admin:    "127.0.0.1:8081",
		Throttle: 20,
		Fetch:    Fetch{Workers: 64, PerHost: 1, Timeout: 30 * time.Second, MaxBody: 15 << 20, Push: true},
		Push:     Push{SHA1: true},
		Hub:      Hub{Enabled: HubAuto, Lease: 10 * 24 * time.Hour, MaxLease: 30 * 24 * time.Hour},
		Backup:   Backup{Every: 24 * time.Hour, Keep: 3},
		Site:     feeds.Site{Title: "Coranto", Language: "en", Limit: 50},
	}
}

// Load reads a file. The error is an *Errors when the file was read but is
// wrong; it wraps fs.ErrNotExist when there is none.
func Load(path string) (*Config, error) {
	text, err := readFile(path)
	if err != nil {
		return nil, fmt.Errorf("read config: %w", err)
	}
	c, err := Parse(path, text)
	if err != nil {
		return nil, err
	}
	for _, dir := range []*string{&c.Data, &c.Backup.Dir, &c.Build.Dir} {
		if *dir != "" && !filepath.IsAbs(*dir) {
			*dir = filepath.Join(filepath.Dir(path), *dir)
		}
	}
	return c, c.readTheme(filepath.Dir(path))
}

// readTheme reads the theme of the file, which is named as seen from dir.
func (c *Config) readTheme(dir string) (err error) {
	if c.Looks == "" {
		return nil
	}
	if !filepath.IsAbs(c.Looks) {
		c.Looks = filepath.Join(dir, c.Looks)
	}
	c.Theme, err = site.ReadTheme(c.Looks, os.DirFS(c.Looks))
	return err
}

// maxFile is the longest file, in bytes: tens of thousands of sources.
const maxFile = 16 << 20

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxFile {
		return nil, fmt.Errorf("%s is longer than %d MB: is it the right file?", path, maxFile>>20)
	}
	return text, nil
}

// Parse reads the text of a file; name is what messages call it. The error is an
// *Errors.
func Parse(name string, text []byte) (*Config, error) {
	c := Default()
	c.Path = name
	d := &decoder{errs: Errors{File: name, text: text}}
	c.Empty = !d.document(text, topKeys(c))
	c.decodeSources(d)
	c.check(d)
	c.checkFormer(d)
	if len(d.errs.List) > 0 {
		d.errs.sort()
		return nil, &d.errs
	}
	return c, nil
}

// AsErrors returns the problems of a file that Load or Parse refused.
func AsErrors(err error) (*Errors, bool) {
	var e *Errors
	ok := errors.As(err, &e)
	return e, ok
}

// check looks at what no key can see alone.
func (c *Config) check(d *decoder) {
	ids := make(map[coranto.SourceID]int)
	urls := make(map[string]int)
	for i := range c.Sources {
		src, at := &c.Sources[i], c.places[i]
		if src.ID == "" && src.URL != "" {
			src.ID = SourceID(src.URL)
		}
		c.Keep.ofSource(src.ID, c.own[i])
		line, _ := Place(at)
		if first, taken := ids[src.ID]; taken && src.ID != "" {
			d.wrong(at, fmt.Sprintf("source id %q is taken by the source in line %d", src.ID, first),
				"give this one an id of its own: id: "+string(src.ID)+"-2")
		} else {
			ids[src.ID] = line
		}
		key := host.Key(src.URL)
		if first, taken := urls[key]; taken && src.URL != "" {
			d.wrong(at, fmt.Sprintf("%s is read by the source in line %d already", src.URL, first),
				"list its categories in one place")
		} else {
			urls[key] = line
		}
	}
}
