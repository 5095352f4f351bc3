// Package care is what an operator does for the store file: back it up, restore,
// check, repair and compact it. What can be done while a server holds the file is asked
// of the server.
package care

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/socket"
	"github.com/coranto/coranto/cmd/coranto/term"
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

	Held  storage.Backuper // the store, where this process has it open; nil opens or asks
	Plan  Plan             // of automatic backups
	Again string           // how to call this program again for this store; "" means coranto
	Work  *term.Work       // tells what is done; nil tells nothing
}

func (k *Keeper) say(format string, args ...any) {
	k.Work.Clear()
	fmt.Fprintf(k.Out, format+"\n", args...)
}

func (k *Keeper) options(readOnly bool) bolt.Options {
	return bolt.Options{ReadOnly: readOnly, Timeout: k.Wait, Logger: k.Log, Now: k.Now}
}

// verify opens a store file to read and checks it deeply. One of an older schema is
// checked page by page.
func (k *Keeper) verify(ctx context.Context, path string) error {
	k.Work.Stage("checking "+filepath.Base(path), 0)
	s, err := bolt.Open(path, k.options(true))
	if errors.Is(err, storage.ErrReadOnly) {
		return disk.CheckPages(path)
	}
	if err != nil {
		return err
	}
	return errors.Join(s.Check(ctx, true), s.Close())
}

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
	if err := errors.Join(k.elsewhere(to), k.roomFor(to)); err != nil {
		return fmt.Errorf("back up to %s: %w", to, err)
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

// roomFor makes sure that a copy of the store has room, before it is begun.
func (k *Keeper) roomFor(to string) error {
	info, err := os.Stat(k.Path)
	if err != nil {
		return nil // opening it says more
	}
	return disk.NeedRoom(filepath.Dir(to), info.Size())
}

// copyTo writes a snapshot, if need be that of the server that holds the file.
func (k *Keeper) copyTo(ctx context.Context, w io.Writer) (size int64, err error) {
	if info, err := os.Stat(k.Path); err == nil {
		k.Work.Stage("copying", info.Size())
	}
	w = io.MultiWriter(w, k.Work)
	if k.Held != nil {
		return k.Held.Backup(ctx, w)
	}
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

// rotate removes backups but for the newest, and copies that were never completed.
func (k *Keeper) rotate(dir string, keep int) error {
	names, err := backups(dir, k.Now())
	if err != nil {
		return err
	}
	for _, name := range names[:max(0, len(names)-keep)] {
		if err := os.Remove(name); err != nil {
			return err
		}
		k.say("%s: removed, %d newer ones are kept", name, keep)
	}
	parts, err := files(dir, named+disk.PartSuffix)
	for _, part := range parts {
		if info, statErr := os.Stat(part); statErr == nil && k.Now().Sub(info.ModTime()) > abandoned {
			err = errors.Join(err, os.Remove(part))
		}
	}
	return err
}

// Restore puts a backup in the place of the store, after it was checked. What was there
// is kept beside it; what was taken down there stays down.
func (k *Keeper) Restore(ctx context.Context, from string) (err error) {
	if err := k.elsewhere(from); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	graves := k.graves(ctx)
	release, err := k.hold()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	if err := k.verify(ctx, from); err != nil {
		return fmt.Errorf("restore %s: the backup is no good: %w", from, err)
	}
	if err := os.MkdirAll(filepath.Dir(k.Path), 0o755); err != nil {
		return fmt.Errorf("restore: make data directory: %w", err)
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
	if err := k.rebury(ctx, part, graves); err != nil {
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
	k.Work.Stage("checking", 0)
	err := k.served(ctx, "check", func(answer io.Reader) error {
		_, err := io.Copy(io.Discard, answer)
		return err
	}, func(s *bolt.Store) error { return s.Check(ctx, true) })
	if err != nil {
		return fmt.Errorf("%w; `%s fsck --repair` rebuilds it, %s", err, k.again(), k.way(ctx))
	}
	k.say("%s: nothing is wrong", k.Path)
	return nil
}

func (k *Keeper) again() string { return cmp.Or(k.Again, "coranto") }

// way names the newest backup that is good, and what puts it in the place of the store.
func (k *Keeper) way(ctx context.Context) string {
	names, _ := backups(k.Plan.Dir, k.Now()) // those that can't be listed can't be used
	for _, name := range slices.Backward(names) {
		if k.verify(ctx, name) == nil {
			return fmt.Sprintf("`%s restore %s` takes the newest good backup, of %s", k.again(),
				Quoted(name), made(name).Format(time.DateTime+" MST"))
		}
	}
	return fmt.Sprintf("`%s restore FILE` takes a backup", k.again())
}

// Quoted is a name as a shell takes it.
func Quoted(name string) string {
	if strings.ContainsAny(name, " \t\n\"'\\$`*?[]{}()<>|&;#~!") {
		return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
	}
	return name
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
	k.Work.Stage("rebuilding from what can be read", 0)
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
	k.Work.Stage("compacting", 0)
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
