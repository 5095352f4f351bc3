package main

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/depot"
	"github.com/coranto/coranto/cmd/coranto/sessions"
)

// errNothing means that the file that a server began with is not there, or says
// nothing: that happens while it is replaced, and no operator means to end a
// publication so.
var errNothing = errors.New("the file is missing or empty")

// reread reads the file again. Where there was one, there must be one.
func (s *session) reread(old *config.Config) (*config.Config, error) {
	if old.Path == "" {
		return s.readOrDefault()
	}
	c, err := s.read()
	if errors.Is(err, fs.ErrNotExist) || err == nil && c.Empty {
		return nil, errNothing
	}
	return c, err
}

// lookEvery is the time between two looks at the file.
const lookEvery = time.Second

// watch waits for the end, and reloads the file when it changes or SIGHUP comes.
// The error is that of the public listener.
func (d *daemon) watch() error {
	var ticks <-chan time.Time
	if d.file != nil {
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		ticks = tick.C
	}
	save := time.NewTicker(sessions.SaveEvery)
	defer save.Stop()
	for {
		select {
		case <-d.ctx.Done():
			return nil
		case <-save.C:
			d.tls.Save()
		case err := <-d.broken:
			return err
		case <-d.hup:
			d.file.Take()
			d.replace()
		case <-ticks:
			if d.file.Changed() {
				d.replace()
			}
		}
	}
}

// replace makes an edition of the file as it is now. A file that is wrong leaves
// the old one at work.
func (d *daemon) replace() {
	next, err := d.reload()
	switch {
	case errors.Is(err, errNothing):
		d.log.Warn("file not reloaded; the old one stays in force", "err", err)
	case err != nil:
		d.log.Error("file not reloaded; the old one stays in force", "err", err)
	default:
		d.file.Follow(next.Looks)
		d.turn(next)
	}
}

// turn puts the next version of the file into force, or the old one again.
func (d *daemon) turn(next *config.Config) {
	d.locate(next)
	old := d.config
	if next.Listen != old.Listen || next.Admin != old.Admin || next.Data != old.Data {
		d.log.Warn("listen, admin and data change with the next start only")
		next.Listen, next.Admin, next.Data = old.Listen, old.Admin, old.Data
	}
	d.live.Load().stop()
	err := d.begin(next)
	if err == nil {
		d.log.Info("file reloaded", "sources", len(next.Sources))
		return
	}
	if d.ctx.Err() != nil {
		return // the end came first
	}
	d.log.Error("file not reloaded; the old one stays in force", "err", err)
	if err := d.begin(old); err != nil {
		err = fmt.Errorf("reload: %w", err)
		d.live.Load().failed.Store(&err)
		d.log.Error("nothing is fetched until the next reload", "err", err)
	}
}

// begin makes a version of the file the live one, its sources those of the
// store.
func (d *daemon) begin(c *config.Config) error {
	if !d.readOnly {
		if err := depot.Know(d.ctx, d.store, c.Sources); err != nil {
			return err
		}
	}
	e, err := d.edition(c)
	if err != nil {
		return err
	}
	d.config = c
	d.live.Store(e)
	return nil
}
