package feeds

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds/archive"
	"github.com/coranto/coranto/storage"
)

// Reader composes what is published from what is stored. It keeps nothing
// itself and is safe for concurrent use.
type Reader struct {
	store  storage.Store
	site   Site
	ledger *archive.Ledger
	sums   sums
}

// NewReader returns a Reader of store that publishes as site says.
func NewReader(store storage.Store, site Site) *Reader {
	return &Reader{store: store, site: site.WithDefaults(), ledger: archive.New(store)}
}

// Site is the site with its defaults filled in.
func (r *Reader) Site() Site { return r.site }

// Feed composes the feed of a scope. The error wraps ErrNotFound when the scope
// is not published: an unknown source, or a category that neither the operator
// names nor any item is filed in.
func (r *Reader) Feed(ctx context.Context, scope Scope) (*Feed, error) {
	about, err := r.about(ctx, scope)
	if err != nil {
		return nil, err
	}
	page, err := r.store.Latest(ctx, storage.Query{
		By: scope.By, Value: scope.Value, Limit: about.limit, Arrival: about.order == coranto.OrderArrival,
	})
	if err != nil {
		return nil, fmt.Errorf("read items of %s: %w", scope.Path(), err)
	}
	entries, err := r.entries(ctx, page.Records)
	if err != nil {
		return nil, err
	}
	entries = slimmed(bounded(entries))
	f := r.feed(scope, about, entries)
	f.Modified = page.Modified
	if f.Deleted, err = r.deleted(ctx, scope); err != nil {
		return nil, err
	}
	f.Archive.Prev, err = r.archived(ctx, scope, page.Records[:len(entries)])
	return f, err
}

// feed composes a document of a scope's feed.
func (r *Reader) feed(scope Scope, about about, entries []Entry) *Feed {
	f := &Feed{
		Scope:    scope,
		ID:       r.feedID(scope),
		Title:    about.title,
		Subtitle: about.description,
		Language: about.language,
		Home:     r.site.Absolute(scope.Path()),
		Icon:     r.site.Absolute(IconPath),
		Image:    about.image,
		Entries:  entries,
		Hubs:     r.site.Hubs,
		Contact:  r.site.Contact,
		TTL:      feedTTL,
	}
	for _, e := range entries {
		if e.Updated.After(f.Updated) {
			f.Updated = e.Updated
		}
	}
	return f
}

// feedTTL is what feeds say of how long they may be kept. It is the shortest that HTTP
// says of them, and does not depend on when sources are visited, because the bytes of
// a feed change only with its items.
const feedTTL = 5 * time.Minute

// feedBytes bounds the texts of a feed (S46): poor lines have to take it whole.
const feedBytes = 512 << 10

// bounded leaves out the last entries beyond feedBytes, but for one. They are archived.
func bounded(entries []Entry) []Entry {
	size := 0
	for i := range entries {
		e := &entries[i]
		size += len(e.Title) + len(e.Summary) + len(e.Content) + len(e.CreditHTML)
		if i > 0 && size > feedBytes {
			return entries[:i]
		}
	}
	return entries
}

// feedID is the permanent id of a scope's feed: a feed that moves is the same feed (RFC
// 4287 §4.2.6).
func (r *Reader) feedID(scope Scope) string {
	return r.site.MintID("feed" + strings.TrimSuffix(r.firstScope(scope).Path(), "/"))
}

// firstScope is a scope as it was called at first.
func (r *Reader) firstScope(scope Scope) Scope {
	if scope.By == storage.ByCategory {
		if c := r.site.Category(coranto.Slug(scope.Value)); len(c.Formerly) > 0 {
			return CategoryScope(c.Formerly[0])
		}
	}
	return scope
}

// Entry reads one item. The error wraps ErrNotFound when it is not stored.
func (r *Reader) Entry(ctx context.Context, id coranto.ItemID) (*Entry, time.Time, error) {
	rec, err := r.record(ctx, id)
	if err != nil {
		return nil, time.Time{}, err
	}
	entries, err := r.entries(ctx, []storage.Record{*rec})
	if err != nil {
		return nil, time.Time{}, err
	}
	return &entries[0], rec.Changed, nil
}

// Sources lists every source, by id.
func (r *Reader) Sources(ctx context.Context) ([]storage.SourceRecord, error) {
	var list []storage.SourceRecord
	for rec, err := range r.store.Sources(ctx, storage.SourceQuery{}) {
		if err != nil {
			return nil, fmt.Errorf("list sources: %w", err)
		}
		list = append(list, rec)
	}
	return list, nil
}

// Source reads one source. The error wraps ErrNotFound when there is none.
func (r *Reader) Source(ctx context.Context, id coranto.SourceID) (*storage.SourceRecord, error) {
	q := storage.SourceQuery{IDs: []coranto.SourceID{id}}
	for rec, err := range r.store.Sources(ctx, q) {
		if err != nil {
			return nil, fmt.Errorf("read source %s: %w", id, err)
		}
		return &rec, nil
	}
	return nil, fmt.Errorf("source %s: %w", id, ErrNotFound)
}

func (r *Reader) record(ctx context.Context, id coranto.ItemID) (*storage.Record, error) {
	rec, err := r.store.Item(ctx, id)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, fmt.Errorf("item %s: %w", id, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("read item %s: %w", id, err)
	}
	return rec, nil
}

// about is what a feed or page says of its scope.
type about struct {
	title, description, language, image string

	limit int
	order coranto.Order
}

func (r *Reader) about(ctx context.Context, scope Scope) (about, error) {
	switch scope.By {
	case storage.ByCategory:
		return r.aboutCategory(ctx, coranto.Slug(scope.Value))
	case storage.BySource:
		rec, err := r.Source(ctx, coranto.SourceID(scope.Value))
		if err != nil {
			return about{}, err
		}
		credit := rec.Attribution()
		return about{
			title: credit.Title, description: credit.Summary,
			language: cmp.Or(Language(credit.Language), r.site.Language), limit: r.site.Limit,
		}, nil
	}
	return about{
		title: r.site.Title, description: r.site.Description, language: r.site.Language,
		image: r.site.Image, limit: r.site.Limit,
	}, nil
}

func (r *Reader) aboutCategory(ctx context.Context, slug coranto.Slug) (about, error) {
	c := r.site.Category(slug)
	found := about{
		title: c.Title + " — " + r.site.Title, description: c.Description,
		language: c.Language, image: c.Image, limit: c.Limit, order: c.Order,
	}
	if r.names(slug) {
		return found, nil
	}
	if now, renamed := r.site.Renamed(slug); renamed {
		return about{}, fmt.Errorf("category %s, which is %s now: %w", slug, now, ErrNotFound)
	}
	page, err := r.store.Latest(ctx, storage.Query{By: storage.ByCategory, Value: string(slug), Limit: 1, Heads: true})
	if err != nil {
		return about{}, fmt.Errorf("read category %s: %w", slug, err)
	}
	if len(page.Records) == 0 {
		return about{}, fmt.Errorf("category %s: %w", slug, ErrNotFound)
	}
	return found, nil
}

// names reports whether the operator's file has the category.
func (r *Reader) names(slug coranto.Slug) bool {
	return slices.ContainsFunc(r.site.Categories, func(c coranto.Category) bool { return c.Slug == slug })
}

// entries composes records, looking each source up once.
func (r *Reader) entries(ctx context.Context, records []storage.Record) ([]Entry, error) {
	sources := make(map[coranto.SourceID]storage.SourceRecord)
	for _, rec := range records {
		if _, ok := sources[rec.Source]; ok {
			continue
		}
		src, err := r.Source(ctx, rec.Source)
		if err != nil {
			return nil, err
		}
		sources[rec.Source] = *src
	}
	entries := make([]Entry, len(records))
	for i := range records {
		entries[i] = r.entry(&records[i], sources[records[i].Source])
	}
	return entries, nil
}
