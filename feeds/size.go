package feeds

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// CategoryInfo is a category that is published.
type CategoryInfo struct {
	coranto.Category
	Items  int
	Newest time.Time // zero when it holds no item
}

// sums are what the store added up to when they were looked at last. Every page names
// categories, and counting thousands of them takes longer than all the rest of a page.
type sums struct {
	mu             sync.Mutex
	known          bool
	at             storage.Cursor // the end of the log before they were counted
	categories     []CategoryInfo
	sources, items int
}

// Categories lists what is published: the operator's categories in the order of
// the file, then others by slug. Nobody may change the list.
func (r *Reader) Categories(ctx context.Context) ([]CategoryInfo, error) {
	if err := r.count(ctx); err != nil {
		return nil, err
	}
	r.sums.mu.Lock()
	defer r.sums.mu.Unlock()
	return r.sums.categories, nil
}

// Size is how many sources and items there are.
func (r *Reader) Size(ctx context.Context) (sources, items int, err error) {
	if err := r.count(ctx); err != nil {
		return 0, 0, err
	}
	r.sums.mu.Lock()
	defer r.sums.mu.Unlock()
	return r.sums.sources, r.sums.items, nil
}

// count looks at the sums again if anything changed.
func (r *Reader) count(ctx context.Context) error {
	end, err := r.store.LogEnd(ctx)
	if err != nil {
		return fmt.Errorf("find end of changes: %w", err)
	}
	r.sums.mu.Lock()
	known := r.sums.known && r.sums.at == end
	r.sums.mu.Unlock()
	if known {
		return nil
	}
	stats, err := r.store.Stats(ctx)
	if err != nil {
		return fmt.Errorf("count items: %w", err)
	}
	categories := r.shown(&stats)
	r.sums.mu.Lock()
	defer r.sums.mu.Unlock()
	r.sums.known, r.sums.at, r.sums.categories = true, end, categories
	r.sums.sources, r.sums.items = stats.Sources, stats.Items
	return nil
}

// shown are the categories that are published, of all that hold something.
func (r *Reader) shown(stats *storage.Stats) (list []CategoryInfo) {
	held := make(map[coranto.Slug]storage.Count, len(stats.Categories))
	for _, c := range stats.Categories {
		held[c.Slug] = c
	}
	for _, c := range r.site.Categories {
		n := held[c.Slug]
		list = append(list, CategoryInfo{r.site.Category(c.Slug), n.Items, n.Newest})
		delete(held, c.Slug)
	}
	named := len(list)
	for slug, n := range held {
		if _, renamed := r.site.Renamed(slug); n.Items > 0 && !renamed {
			list = append(list, CategoryInfo{r.site.Category(slug), n.Items, n.Newest})
		}
	}
	slices.SortFunc(list[named:], func(a, b CategoryInfo) int { return cmp.Compare(a.Slug, b.Slug) })
	return list
}
