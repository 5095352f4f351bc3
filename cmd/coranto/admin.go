package main

import (
	"encoding/json"
	"net/http"
	"os"
	"time"

	"github.com/coranto/coranto/cmd/coranto/operate"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/cmd/coranto/socket"
)

// adminHandler answers the operator, and `coranto status --admin`. It listens on
// loopback unless the operator's file says otherwise, and changes nothing: who wants
// that comes through the socket.
func (d *daemon) adminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", d.answerStatus)
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if err := d.live.Load().ready(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	return mux
}

func (d *daemon) answerStatus(w http.ResponseWriter, r *http.Request) {
	status, err := operate.Status().Do(r.Context(), d.desk(), operate.Nothing{})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(status); err != nil {
		d.log.Debug("answer not delivered", "err", err)
	}
}

// desk is where operations of commands find the server.
func (d *daemon) desk() *operate.Desk {
	live := d.live.Load()
	return &operate.Desk{
		Store: d.store, Access: accessOfAll(live.config), Now: time.Now, Log: d.log,
		Halted: d.halted, Hub: live.hub.Status, Round: live.round, Alone: d.backups.Alone,
		Backup: func() *show.Backup { return d.backups.Report(plan(live.config)) },
	}
}

// listenBeside answers commands through the socket beside the store. Without one, the
// server does its work all the same; the result is nil. One that only reads has none:
// commands may read beside it, and it leaves nothing in the directory.
func (d *daemon) listenBeside() *http.Server {
	if d.readOnly {
		return nil
	}
	answer := d.counted(operate.Handler(d.desk))
	server, err := socket.Listen(storePath(d.config), os.TempDir(), answer, d.log)
	if err != nil {
		d.log.Warn("commands can't ask this server for anything", "err", err)
		return nil
	}
	return server
}
