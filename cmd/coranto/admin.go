package main

import (
	"encoding/json"
	"net/http"
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
	return mux
}

func (d *daemon) answerStatus(w http.ResponseWriter, r *http.Request) {
	status, err := readStore(r.Context(), d.store)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(status); err != nil {
		d.log.Debug("status not delivered", "err", err)
	}
}
