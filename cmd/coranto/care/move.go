package care

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/bolt/disk"
	"github.com/coranto/coranto/storage/stream"
)

// Export writes all that the store holds as a stream: from a copy, so that a slow reader
// keeps no server waiting.
func (k *Keeper) Export(ctx context.Context, w io.Writer) (err error) {
	if _, err := os.Stat(k.Path); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("export: there is no store at %s yet; `coranto export --opml [FILE]` "+
			"writes the list of sources", k.Path)
	}
	copied := k.Path + ".export"
	if err := k.roomFor(copied); err != nil {
		return fmt.Errorf("export: a copy of the store comes first: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(copied)) }()
	err = disk.Write(copied, func(w io.Writer) error {
		_, err := k.copyTo(ctx, w)
		return err
	}, nil)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	s, err := bolt.Open(copied, k.options(true))
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	head := stream.Header{Program: "coranto " + coranto.Version, Created: k.Now()}
	k.Work.Stage("writing what is stored", 0)
	_, err = stream.Write(io.MultiWriter(w, k.Work), head, withoutSecrets(s.Export(ctx)))
	return errors.Join(err, s.Close())
}

// ExportTo exports to a file, whole or not at all.
func (k *Keeper) ExportTo(ctx context.Context, file string) error {
	if err := k.elsewhere(file); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return disk.Write(file, func(w io.Writer) error { return k.Export(ctx, w) }, nil)
}

// withoutSecrets leaves out of sources what only they and their origins should know; the
// operator's file gives it back when it is next read.
func withoutSecrets(parts iter.Seq2[storage.Part, error]) iter.Seq2[storage.Part, error] {
	return func(yield func(storage.Part, error) bool) {
		for part, err := range parts {
			if part.Source != nil {
				src := *part.Source
				src.Access.Headers, src.Access.Cookies = nil, ""
				src.Access.User, src.Access.Password, src.Access.Proxy = "", "", ""
				part.Source = &src
			}
			if !yield(part, err) {
				return
			}
		}
	}
}

// Import makes a store of a stream where there is none, or one without an item. Nothing
// of a stream that is not whole is to be seen.
func (k *Keeper) Import(ctx context.Context, r io.Reader) (err error) {
	if err := k.vacant(ctx); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	release, err := k.hold()
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	defer func() { err = errors.Join(err, release()) }()
	k.Work.Stage("reading what was exported", sizeOf(r))
	in, err := stream.NewReader(io.TeeReader(r, k.Work))
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	defer in.Close()
	part := k.Path + ".imported"
	k.tidy(part)
	defer k.tidy(part)
	if err := errors.Join(os.RemoveAll(part), k.fill(ctx, part, in)); err != nil {
		return errors.Join(fmt.Errorf("import: %w", err), os.RemoveAll(part))
	}
	k.say("%d sources and %d items, written by %s", in.Counts.Sources, in.Counts.Items, in.Header.Program)
	return k.replace(part, "before-import")
}

// sizeOf is how many bytes will be read, 0 when nobody knows.
func sizeOf(r io.Reader) int64 {
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil {
			return info.Size()
		}
	}
	return 0
}

func (k *Keeper) fill(ctx context.Context, part string, in *stream.Reader) error {
	s, err := bolt.Open(part, k.options(false))
	if err != nil {
		return err
	}
	err = s.Import(ctx, in.Parts())
	if err == nil {
		err = s.Check(ctx, true)
	}
	return errors.Join(err, s.Close())
}

// vacant returns an error when the store holds an item or knows that one was taken
// down, which an import might bring back, or when another process holds the store.
func (k *Keeper) vacant(ctx context.Context) error {
	s, err := bolt.Open(k.Path, k.options(true))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	stats, err := s.Stats(ctx)
	if err == nil && stats.Items+stats.Tombstones > 0 {
		err = fmt.Errorf("%w: %s holds %d items, and %d that were taken down; --data names another place",
			storage.ErrConflict, k.Path, stats.Items, stats.Tombstones)
	}
	return errors.Join(err, s.Close())
}
