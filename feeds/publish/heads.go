package publish

import (
	"context"
	"fmt"
	"iter"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
)

// headsRead is the number of heads of items that are read from the store at
// once.
const headsRead = 500

// heads are items without their content, or one error at the end.
type heads = iter.Seq2[*storage.Record, error]

// heads yields the items of a scope without their content, newest first, and
// ends after the first error. No snapshot of the store is held between two
// reads.
func (p *Publisher) heads(ctx context.Context, scope feeds.Scope) heads {
	q := storage.Query{By: scope.By, Value: scope.Value, Limit: headsRead, Heads: true}
	return func(yield func(*storage.Record, error) bool) {
		for {
			page, err := p.store.Latest(ctx, q)
			if err != nil {
				yield(nil, fmt.Errorf("read items of %s: %w", scope.Path(), err))
				return
			}
			for i := range page.Records {
				if !yield(&page.Records[i], nil) {
					return
				}
				q.Before = page.Records[i].Order()
			}
			if !page.More || len(page.Records) == 0 {
				return
			}
		}
	}
}
