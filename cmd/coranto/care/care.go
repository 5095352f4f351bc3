// Package care is what an operator does for the store file: back it up, restore,
// check, repair and compact it. What can be done while a server holds the file is asked
// of the server.
package care

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/socket"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/bolt/disk"
)

// Keeper takes care of one store file.
type Keeper struct {
	Path string        // of the store file
	Out  io.Writer     // what was done, a line each
	Log  *slog.Logger  // of the store
	Now  coranto.Clock // names backups
	Wait time.Duration // for another process to let go of the file
	Temp string        // where the socket of a server may be: see socket.Client
}

func (k *Keeper) say(format string, args ...any) { fmt.Fprintf(k.Out, format+"\n", args...) }

func (k *Keeper) options(readOnly bool) bolt.Options {
	return bolt.Options{ReadOnly: readOnly, Timeout: k.Wait, Logger: k.Log, Now: k.Now}
}

// verify opens a store file to read and checks it deeply. One of an older schema is
// checked page by page.
func (k *Keeper) verify(ctx context.Context, path string) error {
	s, err := bolt.Open(path, k.options(true))
	if errors.Is(err, storage.ErrReadOnly) {
		return disk.CheckPages(path)
	}
	if err != nil {
		return err
	}
	return errors.Join(s.Check(ctx, true), s.Close())
}

// named is how Backup names copies, by their time.
const named = "coranto-20060102T150405Z.db"

// elsewhere returns an error when a file that is to be written is the store itself: a
// server would go on writing to what nobody can find any more.
func (k *Keeper) elsewhere(to string) error {
	store, err := os.Stat(k.Path)
	if err != nil {
		return nil // there is nothing to lose
	}
	if info, err := os.Stat(to); err == nil && os.SameFile(store, info) {
		return fmt.Errorf("%w: %s is the store itself", storage.ErrConflict, to)
	}
	return nil
}

// Backup copies the store to a file, or to one named after the time in a directory, and
// checks the copy before it gets its name. Of such copies in a directory the keep
// newest stay, 0 keeps all; no other file is ever removed.
func (k *Keeper) Backup(ctx context.Context, to string, keep int) error {
	dir := ""
	if info, err := os.Stat(to); err == nil && info.IsDir() {
		dir = to
		to = filepath.Join(dir, k.Now().UTC().Format(named))
	}
	if err := k.elsewhere(to); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	began, size := time.Now(), int64(0)
	err := disk.Write(to, func(w io.Writer) (err error) {
		size, err = k.copyTo(ctx, w)
		return err
	}, func(part string) error { return k.verify(ctx, part) })
	if err != nil {
		return fmt.Errorf("back up to %s: %w", to, err)
	}
	k.say("%s: %d bytes, checked, in %v", to, size, time.Since(began).Round(time.Millisecond))
	if dir == "" || keep <= 0 {
		return nil
	}
	return k.rotate(dir, keep)
}

// copyTo writes a snapshot, if need be that of the server that holds the file.
func (k *Keeper) copyTo(ctx context.Context, w io.Writer) (size int64, err error) {
	err = k.served(ctx, "backup", func(answer io.Reader) (err error) {
		size, err = io.Copy(w, answer)
		return err
	}, func(s *bolt.Store) (err error) {
		size, err = s.Backup(ctx, w)
		return err
	})
	return size, err
}

// served has the server that holds the store do something; without one it is done here.
func (k *Keeper) served(
	ctx context.Context, what string, take func(io.Reader) error, do func(*bolt.Store) error,
) error {
	answer, nobody := socket.Client{Store: k.Path, Temp: k.Temp}.Ask(ctx, what, nil)
	if nobody == nil {
		return errors.Join(take(answer), answer.Close())
	}
	if !errors.Is(nobody, socket.ErrNobody) {
		return nobody
	}
	s, err := bolt.Open(k.Path, k.options(true))
	if errors.Is(err, storage.ErrInUse) {
		return fmt.Errorf("%w; and it can't be asked: %w; stop it first", err, nobody)
	}
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close())
}

func (k *Keeper) rotate(dir string, keep int) error {
	entries, err := os.ReadDir(dir) // by name, which is the time
	if err != nil {
		return err
	}
	entries = slices.DeleteFunc(entries, func(e os.DirEntry) bool {
		_, err := time.Parse(named, e.Name())
		return err != nil || !e.Type().IsRegular()
	})
	for _, e := range entries[:max(0, len(entries)-keep)] {
		name := filepath.Join(dir, e.Name())
		if err := os.Remove(name); err != nil {
			return err
		}
		k.say("%s: removed, %d newer ones are kept", name, keep)
	}
	return nil
}

// Restore puts a backup in the place of the store, after it was checked. What was there
// is kept beside it.
func (k *Keeper) Restore(ctx context.Context, from string) (err error) {
	if err := k.elsewhere(from); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	release, err := k.hold()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	if err := k.verify(ctx, from); err != nil {
		return fmt.Errorf("restore %s: the backup is no good: %w", from, err)
	}
	part := k.Path + ".restored"
	err = disk.Write(part, func(w io.Writer) error {
		f, err := os.Open(from)
		if err != nil {
			return err
		}
		_, err = io.Copy(w, f)
		return errors.Join(err, f.Close())
	}, func(copied string) error { return k.verify(ctx, copied) })
	if err != nil {
		return fmt.Errorf("restore %s: %w", from, err)
	}
	return k.replace(part, "before-restore")
}

// hold keeps others from opening the file, whatever became of it, until another is in
// its place: a server that started meanwhile would go on with the old one.
func (k *Keeper) hold() (release func() error, err error) {
	release, err = disk.Lock(k.Path, k.Wait)
	if errors.Is(err, storage.ErrInUse) {
		err = fmt.Errorf("%w: stop it first", err)
	}
	return release, err
}

// replace puts a complete file in the place of the store, which is kept aside.
func (k *Keeper) replace(part, why string) error {
	aside, err := disk.SetAside(k.Path, why, k.Now())
	if err == nil {
		err = disk.Install(part, k.Path, nil)
	}
	if err != nil {
		return err
	}
	if aside != "" {
		k.say("%s: what was there before; remove it when all is well", aside)
	}
	k.say("%s: in its place", k.Path)
	return nil
}

// Check reads all of the store and returns what is wrong with it.
func (k *Keeper) Check(ctx context.Context) error {
	err := k.served(ctx, "check", func(answer io.Reader) error {
		_, err := io.Copy(io.Discard, answer)
		return err
	}, func(s *bolt.Store) error { return s.Check(ctx, true) })
	if err != nil {
		return fmt.Errorf("%w; `coranto fsck --repair` rebuilds it, `coranto restore FILE` "+
			"takes a backup", err)
	}
	k.say("%s: nothing is wrong", k.Path)
	return nil
}

// Repair rebuilds the store from what can be read of it. The damaged file is kept.
func (k *Keeper) Repair(ctx context.Context) (err error) {
	release, err := k.hold()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	part := k.Path + ".rebuilt"
	defer k.tidy(part)
	if err := os.Remove(part); err == nil {
		k.say("%s: removed, of a repair that was cut off", part)
	}
	k.tidy(part)
	report, err := bolt.Rebuild(ctx, k.Path, part, k.options(false))
	if err != nil {
		return errors.Join(fmt.Errorf("repair: %w", err), os.RemoveAll(part))
	}
	for _, note := range report.Notes {
		k.say("lost: %s", note)
	}
	for _, id := range report.Items {
		k.say("lost: item %s", id)
	}
	k.say("%d items lost, %d rows and %d pages not readable", report.Lost, report.Rows, report.Pages)
	return k.replace(part, "damaged")
}

// tidy removes the notes that opening a file leaves beside it.
func (k *Keeper) tidy(part string) {
	for _, suffix := range []string{".created", ".pid"} {
		_ = os.Remove(part + suffix) // it need not be there
	}
}

// Compact rewrites the store without what is free in it.
func (k *Keeper) Compact(ctx context.Context) error {
	before, err := os.Stat(k.Path)
	if err != nil {
		return fmt.Errorf("compact: %w", err)
	}
	f, err := disk.Open(k.Path, disk.Options{Timeout: k.Wait})
	if errors.Is(err, storage.ErrInUse) {
		return fmt.Errorf("compact: %w: stop it first, a file can't be replaced under it", err)
	}
	if err != nil {
		return fmt.Errorf("compact: %w", err)
	}
	defer f.Close()
	part := k.Path + ".compact"
	if err := f.Compact(part); err != nil {
		return errors.Join(fmt.Errorf("compact: %w", err), os.RemoveAll(part))
	}
	err = disk.Install(part, k.Path, func(part string) error { return k.verify(ctx, part) })
	if err != nil {
		return fmt.Errorf("compact: %w", err)
	}
	after, err := os.Stat(k.Path)
	if err == nil {
		k.say("%s: %d bytes before, %d now", k.Path, before.Size(), after.Size())
	}
	return err
}
