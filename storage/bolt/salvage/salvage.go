package salvage

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/parts"
)

// Report says what a damaged file has lost.
type Report struct {
	Rows  int              // that could not be read, in pages that could
	Pages int              // that could not be read
	Items []coranto.ItemID // known by their key, and not read; the first thousand
	Lost  int              // items, Items included
	Notes []string         // in plain words, the first few
}

// Whole reports whether nothing was lost.
func (r *Report) Whole() bool { return r.Rows == 0 && r.Pages == 0 && r.Lost == 0 }

func (r *Report) note(format string, args ...any) {
	const enough = 20
	if len(r.Notes) < enough {
		r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
	}
}

// Parts yields what can be read of the file, for a new store. Sources are read whole
// at their next visit, so that what was lost may come again. When the loop is over the
// report is complete but for Items and Lost.
func (f *File) Parts(
	ctx context.Context, codec *layout.Codec, report *Report,
) iter.Seq2[storage.Part, error] {
	opts := parts.Options{Afresh: true, Graves: true, Lost: func(bucket string, key []byte, err error) error {
		if errors.Is(err, context.Canceled) {
			return err
		}
		report.Rows++
		report.note("a row of %s can't be read (key %x): %v", bucket, key, err)
		return nil
	}}
	return func(yield func(storage.Part, error) bool) {
		for part, err := range parts.Read(ctx, codec, f.Rows, opts) {
			if !yield(part, err) {
				return
			}
		}
		report.Pages = f.Pages
		for _, err := range f.errs {
			report.note("%v", err)
		}
	}
}

// Missing completes a report with the items whose keys the file has, and which the
// store that took the parts does not.
func (f *File) Missing(ctx context.Context, taken storage.Store, report *Report) error {
	const enough = 1000
	for key := range f.Rows("key") {
		var id coranto.ItemID
		copy(id[:], key)
		_, err := taken.Item(ctx, id)
		switch {
		case err == nil:
		case errors.Is(err, storage.ErrNotFound):
			report.Lost++
			if len(report.Items) < enough {
				report.Items = append(report.Items, id)
			}
		default:
			return err
		}
	}
	return nil
}
