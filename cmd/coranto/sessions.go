package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/cmd/coranto/config"
)

// sessionsName is the file of TLS sessions below the data directory. Only its
// owner may read it: with a session one can listen to what is said in it.
const sessionsName = "tls-sessions"

// saveEvery is the time between two copies of the sessions: what a crash may lose.
const saveEvery = 5 * time.Minute

// openSessions takes up the TLS sessions of the last run. A file that can't be
// read costs new handshakes, and nothing else.
func (s *session) openSessions(c *config.Config) {
	s.tls = fetch.NewSessions(fetch.SessionOptions{})
	kept, err := os.ReadFile(filepath.Join(c.Data, sessionsName))
	if err == nil {
		err = s.tls.Import(kept)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.log.Info("TLS sessions of the last run are not used", "err", err)
	}
}

// saveSessions keeps the TLS sessions for the next run.
func (s *session) saveSessions(c *config.Config) {
	sessions, err := s.tls.Export()
	if err == nil && len(sessions) > 0 {
		err = replaceFile(filepath.Join(c.Data, sessionsName), sessions)
	}
	if err != nil {
		s.log.Warn("TLS sessions are not kept", "err", err)
	}
}

// replaceFile writes a file that its owner alone may read, whole or not at all.
func replaceFile(path string, content []byte) error {
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

// warnInsecure names the sources whose certificates are not verified (P66).
func (s *session) warnInsecure(c *config.Config) {
	for i := range c.Sources {
		if src := &c.Sources[i]; src.Access.Insecure && !src.Paused {
			s.log.Warn("the certificate is not verified, as the file says",
				"source", string(src.ID), "url", src.URL)
		}
	}
}
