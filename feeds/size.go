package feeds

import (
	"context"
	"fmt"
)

// Size counts the sources that are known and the items that are held.
func (r *Reader) Size(ctx context.Context) (sources, items int, err error) {
	stats, err := r.store.Stats(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("count sources: %w", err)
	}
	return stats.Sources, stats.Items, nil
}
