// Package sessions keeps the TLS sessions of one run in a file for the next. They
// spare handshakes and nothing else: whatever is wrong with the file is logged,
// and never stops anybody.
package sessions

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/coranto/coranto/aggregate/fetch/session"
)

// Name is that of the file below the data directory. Only its owner may read it:
// with a session one can listen to what is said in it.
const Name = "tls-sessions"

// SaveEvery is the time between two calls of Save: what a crash may lose.
const SaveEvery = 5 * time.Minute

// File is the sessions with the place where they are kept. Save may be called by
// one goroutine at a time; the rest is safe for concurrent use.
type File struct {
	*session.Cache
	path string
	log  *slog.Logger
}

// Open takes up the sessions of the last run from the file in a data directory.
// One that is missing or can't be read means none.
func Open(dir string, log *slog.Logger) *File {
	f := &File{session.New(session.Options{}), filepath.Join(dir, Name), log}
	kept, err := os.ReadFile(f.path)
	if err == nil {
		err = f.Import(kept)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		log.Info("TLS sessions of the last run are not used", "err", err)
	}
	return f
}

// Save keeps the sessions for the next run. With none it leaves the file as it is,
// and nil does nothing.
func (f *File) Save() {
	if f == nil {
		return
	}
	sessions, err := f.Export()
	if err == nil && len(sessions) > 0 {
		err = replace(f.path, sessions)
	}
	if err != nil {
		f.log.Warn("TLS sessions are not kept", "err", err)
	}
}

// replace writes a file that its owner alone may read, whole or not at all.
func replace(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return fmt.Errorf("keep %s: %w", path, err)
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("keep %s: %w", path, err), os.Remove(f.Name()))
	}
	return nil
}
