package bolt

import (
	"context"
	"errors"
	"fmt"

	"github.com/coranto/coranto/storage/bolt/salvage"
)

// Rebuild makes a new store file at to of what can be read of the file at from, which
// stays as it is: keys, indices and counts are made anew from the items. The new file
// has passed a deep check. The report says what was lost.
func Rebuild(ctx context.Context, from, to string, opts Options) (report salvage.Report, err error) {
	old, err := salvage.Open(from)
	if err != nil {
		return report, fmt.Errorf("rebuild store %s: %w", from, err)
	}
	defer old.Close()
	s, err := Open(to, opts)
	if err != nil {
		return report, err
	}
	err = s.Import(ctx, old.Parts(ctx, s.codec, &report))
	if err == nil {
		err = old.Missing(ctx, s, &report)
	}
	if err == nil {
		err = s.Check(ctx, true)
	}
	return report, errors.Join(err, s.Close())
}
