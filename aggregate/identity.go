package aggregate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/normalize"
	"github.com/coranto/coranto/storage"
)

// keepIDs gives posts of a source with loose GUIDs the id that they were stored
// under before that was known, so that none is stored twice.
func (a *Aggregator) keepIDs(ctx context.Context, posts []normalize.Post) error {
	for i := range posts {
		post := &posts[i]
		if post.PlainID.IsZero() {
			continue
		}
		rec, err := a.store.Item(ctx, post.PlainID)
		switch {
		case errors.Is(err, storage.ErrNotFound):
		case err != nil:
			return fmt.Errorf("look for item %s: %w", post.PlainID, err)
		case rec.Link == post.Item.Link:
			post.Item.ID = post.PlainID
		}
	}
	return nil
}

// readingVersion is raised when documents come to be read differently, so that
// every source is read anew.
const readingVersion = 1

// reading stands for all that decides what is found in a source's documents.
func reading(src coranto.Source) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\n%s\n%s\n%d", readingVersion, src.Kind, src.Zone, src.MaxItems))
	return hex.EncodeToString(sum[:8])
}
