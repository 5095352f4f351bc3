// Package publish keeps the documents of a publication: every page, feed and
// list is made from the store when first asked for, and dropped when a change
// in the store touches it.
//
// # Contract
//
// A document depends on nothing but the store and the operator's file, so the
// same store gives the same bytes and the same ETag on every machine and after
// every restart. It is made once, however many ask for it at the same time. One
// that was made from a state older than a change that touches it is never kept.
// When it cannot be made, its last good copy is given instead.
//
// Follow reads the store's log of changes and drops what they touch: the pages
// and feeds of the categories and of the source, those of the whole site, the
// pages of the items, and the lists that show every source or category. All
// else stays, with its bytes.
package publish

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
)

// makeTimeout bounds the making of one document. It does not end with the
// request that asked first, because others wait for the same document.
const makeTimeout = 30 * time.Second

// errAbandoned is what waiters get when the making of a document panicked.
var errAbandoned = errors.New("making the document was abandoned")

// Maker makes the document at a path from the store. It leaves ETag empty. The
// error wraps feeds.ErrNotFound when it has no document there.
type Maker func(ctx context.Context, path string) (*feeds.Document, error)

// Options configures a Publisher. Store and Reader are required.
type Options struct {
	Store    storage.Store
	Reader   *feeds.Reader  // of Store
	Formats  []feeds.Format // feeds are published in each
	Pages    Maker          // HTML pages and their assets; nil means that there are none
	MaxBytes int64          // of documents kept, their coded copies as an estimate; 0 means 128 MiB
	Logger   *slog.Logger   // nil logs nothing
}

// Publisher makes and keeps documents. It is safe for concurrent use.
type Publisher struct {
	store   storage.Store
	reader  *feeds.Reader
	formats []feeds.Format
	pages   Maker
	log     *slog.Logger
	coders  *coders
	cache   *cache
	last    memo

	sitemapMax int // addresses in one file of the sitemap

	// following guards the place in the log, and makes sure that changes are
	// taken in one after another.
	following sync.Mutex
	started   bool
	cursor    storage.Cursor
	shown     []coranto.Slug // the categories that pages link to
}

// New returns a Publisher that keeps nothing yet.
func New(opts Options) *Publisher {
	return &Publisher{
		store:   opts.Store,
		reader:  opts.Reader,
		formats: opts.Formats,
		pages:   opts.Pages,
		log:     cmp.Or(opts.Logger, slog.New(slog.DiscardHandler)),
		coders:  newCoders(),
		cache:   newCache(cmp.Or(opts.MaxBytes, 128<<20)),

		sitemapMax: sitemapMax,
	}
}

// Site is the site that is published, with its defaults filled in.
func (p *Publisher) Site() feeds.Site { return p.reader.Site() }

// Formats lists the formats of feeds, in the operator's order of preference.
func (p *Publisher) Formats() []feeds.Format { return p.formats }

// Get returns the document at a path. While Follow runs, it shows every change
// that the store has hinted at by then: on an engine in this process, all that
// is committed. The error wraps feeds.ErrNotFound when there is no such
// document; other errors come only when there is no earlier copy of it either.
func (p *Publisher) Get(ctx context.Context, path string) (*Edition, error) {
	if p.cache.behind() {
		// An error is left to Follow, which tries again. Until then the
		// documents that there are do.
		_ = p.CatchUp(ctx)
	}
	edition, work, mine := p.cache.look(path)
	if edition != nil {
		return edition, nil
	}
	if mine {
		p.work(context.WithoutCancel(ctx), path, work)
	}
	select {
	case <-work.done:
		return work.edition, work.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Coming tells, for the path of an archived document that will be closed next, the path
// of the feed, which shows until then what it will hold.
func (p *Publisher) Coming(ctx context.Context, path string) (feed string, ok bool) {
	scope, number, format, ok := p.archivedAt(path)
	if !ok {
		return "", false
	}
	closed, err := p.reader.ArchiveEnd(ctx, scope)
	return scope.Path() + format.File, err == nil && closed > 0 && number == closed+1
}

// Gone reports whether a path for which there is no document is the page of an item
// that was removed, an archived document with nothing left in it, or belongs to a
// category that held items once and has none left.
func (p *Publisher) Gone(ctx context.Context, path string) bool {
	if name, ok := strings.CutPrefix(path, itemPrefix); ok {
		id, err := coranto.ParseItemID(strings.TrimSuffix(name, "/"))
		if err == nil {
			_, err = p.store.Tombstone(ctx, id)
		}
		return err == nil
	}
	if scope, number, _, ok := p.archivedAt(path); ok {
		closed, err := p.reader.ArchiveEnd(ctx, scope)
		return err == nil && number <= closed
	}
	scope, _ := cutScope(path)
	if scope.By != storage.ByCategory || !validScope(scope) {
		return false
	}
	q := storage.Query{By: scope.By, Value: scope.Value, Limit: 1, Heads: true}
	page, err := p.store.Latest(ctx, q)
	return err == nil && len(page.Records) == 0 && !page.Modified.IsZero()
}

// work makes a document for all who wait for it.
func (p *Publisher) work(ctx context.Context, path string, w *work) {
	ctx, cancel := context.WithTimeout(ctx, makeTimeout)
	defer cancel()
	var edition *Edition
	err := errAbandoned
	defer func() {
		if firstLoss := p.cache.finish(path, w, edition, err); firstLoss {
			p.log.Error("document could not be made; its last good copy is served", "url", path, "err", err)
		}
	}()
	if err = p.start(ctx); err != nil {
		return
	}
	var doc *feeds.Document
	if doc, err = p.make(ctx, path); err == nil {
		edition = newEdition(doc, p.coders, p.links(path))
	}
}
