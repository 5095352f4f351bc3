// Package operate is what commands ask of a store, whoever has it open: an operation
// is carried out on the command's own opening of the store, or by the server that holds
// it, which is asked through its socket. Both come to the same.
package operate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/cmd/coranto/socket"
	"github.com/coranto/coranto/storage"
)

// Desk is where operations find what they work with.
type Desk struct {
	Store  storage.Store
	Access coranto.Access // how sources are asked that say nothing of their own
	Now    coranto.Clock
	Log    *slog.Logger
	Halted func() string // why nothing is fetched, "" while it is

	// Backup tells of backups that are made by themselves; nil when none are.
	Backup func() *show.Backup

	// Hub tells of subscribers; nil where no hub runs.
	Hub func() *show.Hub

	// Alone waits until no other backup is being made; nil where none can be.
	Alone func(context.Context) (done func(), err error)

	// Round visits sources and reports on them; nil where a command does that itself.
	Round func(context.Context, aggregate.Call) (*show.Round, error)
}

// Nothing is what an operation takes that needs not be told anything.
type Nothing struct{}

// Operation is something that a command has done. In and Out are as JSON on their way
// to a server and back.
type Operation[In, Out any] struct {
	Name string
	Do   func(context.Context, *Desk, In) (Out, error)
}

// Ask has the server of a store do it. The error wraps socket.ErrNobody when there is
// none, and says what the server says.
func (o Operation[In, Out]) Ask(ctx context.Context, c socket.Client, in In) (out Out, err error) {
	body, err := c.Ask(ctx, o.Name, in)
	if err != nil {
		return out, err
	}
	defer body.Close()
	if err := json.NewDecoder(body).Decode(&out); err != nil {
		return out, fmt.Errorf("read the answer of the server: %w", err)
	}
	return out, nil
}

// answer does it for a command.
func (o Operation[In, Out]) answer(d *Desk, w http.ResponseWriter, r *http.Request) {
	var in In
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		socket.Refuse(w, fmt.Errorf("read the question: %w", err))
		return
	}
	out, err := o.Do(r.Context(), d, in)
	if err != nil {
		socket.Refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(out); err != nil {
		d.Log.Debug("answer not delivered", "err", err)
	}
}

// operations lists what a server does for commands. An addition is a line.
func operations() map[string]func(*Desk, http.ResponseWriter, *http.Request) {
	return map[string]func(*Desk, http.ResponseWriter, *http.Request){
		Status().Name:  Status().answer,
		Inspect().Name: Inspect().answer,
		Revisit().Name: Revisit().answer,
		Decree().Name:  Decree().answer,
		Fetch().Name:   Fetch().answer,
		"backup":       backup,
		"check":        check,
	}
}

// Handler answers commands. desk is called for each.
func Handler(desk func() *Desk) http.Handler {
	mux := http.NewServeMux()
	for name, answer := range operations() {
		mux.HandleFunc("POST /"+name, func(w http.ResponseWriter, r *http.Request) {
			answer(desk(), w, r)
		})
	}
	return mux
}

// errEngine is the error of what the engine of a store can't.
var errEngine = errors.New("the engine of this store has other ways for that")

// backup writes a copy of the store. One that is cut off is not whole for its reader.
func backup(d *Desk, w http.ResponseWriter, r *http.Request) {
	store, ok := d.Store.(storage.Backuper)
	if !ok {
		socket.Refuse(w, errEngine)
		return
	}
	done, err := d.Alone(r.Context())
	if err != nil {
		socket.Refuse(w, err)
		return
	}
	defer done()
	if _, err := store.Backup(r.Context(), w); err != nil {
		d.Log.Warn("a backup was not finished", "err", err)
		panic(http.ErrAbortHandler)
	}
}

// check reads all of the store.
func check(d *Desk, w http.ResponseWriter, r *http.Request) {
	store, ok := d.Store.(storage.Checker)
	if !ok {
		socket.Refuse(w, errEngine)
		return
	}
	if err := store.Check(r.Context(), true); err != nil {
		socket.Refuse(w, err)
	}
}
