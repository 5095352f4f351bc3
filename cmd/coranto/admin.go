package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/storage"
)

// adminHandler answers the operator, and `coranto status` while the server holds
// the store. It listens on loopback unless the operator's file says otherwise.
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
	mux.HandleFunc("GET /source/{id}", func(w http.ResponseWriter, r *http.Request) {
		rec, err := theSource(r.Context(), d.store, coranto.SourceID(r.PathValue("id")))
		if err != nil {
			d.answer(w, nil, err)
			return
		}
		d.answer(w, show.NewSource(rec, accessOfAll(d.live.Load().config)), nil)
	})
	mux.HandleFunc("POST /revisit/{id}", func(w http.ResponseWriter, r *http.Request) {
		result, err := revisit(r.Context(), d.store, coranto.SourceID(r.PathValue("id")), time.Now())
		d.answer(w, result, err)
	})
	mux.HandleFunc("POST /items/{verb}", d.answerDecree)
	// No page that the operator's browser shows may post here.
	return http.NewCrossOriginProtection().Handler(mux)
}

func (d *daemon) answerStatus(w http.ResponseWriter, r *http.Request) {
	status, err := readStore(r.Context(), d.store)
	switch {
	case err == nil:
		status.Halted = d.halted()
	case d.halted() != "": // what is wrong now explains more
		err = fmt.Errorf("%s; %w", d.halted(), err)
	}
	d.answer(w, status, err)
}

// answer sends a result as JSON, or in plain text why there is none.
func (d *daemon) answer(w http.ResponseWriter, result any, err error) {
	switch {
	case errors.Is(err, storage.ErrNotFound):
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(result); err != nil {
		d.log.Debug("answer not delivered", "err", err)
	}
}
