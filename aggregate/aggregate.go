// Package aggregate is the inbound wing's conductor: it takes sources that are
// due from the store, walks each through the stages and commits what came of it.
//
// The stages are values in, values out and never call each other; Refresh calls
// them, top to bottom. Input and output lie at the two ends: fetch talks to
// origins, the store keeps the result. One worker refreshes the sources of one
// domain after another, so whoever runs it never meets two of them at a time.
package aggregate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/classify"
	"github.com/coranto/coranto/aggregate/clock"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/hosts"
	"github.com/coranto/coranto/aggregate/moves"
	"github.com/coranto/coranto/aggregate/outage"
	"github.com/coranto/coranto/aggregate/push"
	"github.com/coranto/coranto/aggregate/schedule"
	"github.com/coranto/coranto/aggregate/unstored"
	"github.com/coranto/coranto/storage"
)

// The stages of a refresh, as errors and logs name them.
const (
	StageList     = "list"     // fetch and parse
	StageSchedule = "schedule" // nothing is read: the origin asked to wait
	StageCommit   = "commit"
)

// ErrWait is the cause of a visit that did not happen because the origin asked
// not to be visited before some time.
var ErrWait = hosts.ErrWait

// ErrSilent is the cause of a visit that did not happen because nobody answered at
// its host the last times.
var ErrSilent = hosts.ErrSilent

// ErrOffline is the cause of a failure that is not the origin's: hardly any host
// can be reached.
var ErrOffline = errors.New("our own connection seems to be down")

// ErrClock is the error of a round by a clock that can't be right.
var ErrClock = errors.New("the clock of this machine is wrong")

// ErrElsewhere is the cause of a visit that did not happen because another node
// visits that host at the moment.
var ErrElsewhere = errors.New("another node visits this host at the moment")

// OutcomeFresh is the outcome in a report, never in a store, of a source that was
// not asked because its last answer is still good.
const OutcomeFresh storage.Outcome = "fresh"

// OutcomeWaiting is the outcome in a report, never in a store, of a source that was
// not asked because its host asked to be left alone. The report's Err says until when.
const OutcomeWaiting storage.Outcome = "waiting"

// OutcomeMerged is the outcome in a report, never in a store, of a source that was
// not asked because it has moved to where another one is read.
const OutcomeMerged storage.Outcome = "merged"

// Error is the failure of one refresh.
type Error struct {
	Source coranto.SourceID
	Stage  string
	Err    error
}

func (e *Error) Error() string {
	return fmt.Sprintf("source %s: %s: %v", e.Source, e.Stage, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// Options configures an Aggregator.
type Options struct {
	Store      storage.Store
	Fetch      *fetch.Client      // by the same clock; what it knows of hosts is also used here
	Categories []coranto.Category // for include and exclude words
	Schedule   schedule.Policy
	Workers    int           // hosts visited at a time; 0 means 64
	Clock      coranto.Clock // nil means time.Now
	Logger     *slog.Logger  // nil logs nothing
	Owner      string        // names this process in leases; "" means "coranto"

	// Room makes room in a store that is full and reports whether it did, so that a
	// commit is tried again at once. nil makes none.
	Room func(context.Context) bool
}

// Aggregator refreshes sources. It is safe for concurrent use.
type Aggregator struct {
	store      storage.Store
	fetch      *fetch.Client
	classifier *classify.Classifier
	categories []coranto.Category
	schedule   schedule.Policy
	workers    int
	now        coranto.Clock
	log        *slog.Logger
	owner      string
	hosts      *hosts.Memory // of the client
	recalled   atomic.Bool   // hosts has what is stored
	network    *outage.Detector
	merges     *moves.Merged
	inbox      *push.Inbox
	rung       chan struct{} // a hint that a hub has told of a source
	over       atomic.Bool   // Run has ended: who comes next asks the origins
	absence    *clock.Watch
	unstored   *unstored.Memory
	room       func(context.Context) bool
}

// New returns an Aggregator.
func New(opts Options) *Aggregator {
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	return &Aggregator{
		store:      opts.Store,
		fetch:      opts.Fetch,
		classifier: classify.New(classify.Options{Categories: opts.Categories}),
		categories: opts.Categories,
		schedule:   opts.Schedule,
		workers:    cmp.Or(opts.Workers, 64),
		now:        opts.Clock,
		log:        opts.Logger,
		owner:      cmp.Or(opts.Owner, "coranto"),
		hosts:      knownHosts(opts.Fetch),
		network:    new(outage.Detector),
		merges:     new(moves.Merged),
		inbox:      push.NewInbox(),
		rung:       make(chan struct{}, 1),
		absence:    new(clock.Watch),
		unstored:   new(unstored.Memory),
		room:       opts.Room,
	}
}

// knownHosts are those of the client.
func knownHosts(client *fetch.Client) *hosts.Memory {
	if client == nil {
		return hosts.New()
	}
	return client.Hosts()
}

// Report is what one visit came to, for the operator.
type Report struct {
	Source   coranto.SourceID
	Title    string // of the source, as far as it is known
	Outcome  storage.Outcome
	New      int
	Updated  int
	Took     time.Duration
	Next     time.Time // when it will be visited again
	Problems []coranto.Problem
	Hub      bool  // the source's origin names a hub, or did before
	Err      error // nil unless the visit failed or was put off; an *Error
}

// Observer is told of a run as it goes on. Its functions are called by one
// goroutine at a time and may be nil.
type Observer struct {
	Visited func()       // a visit is over; its outcome is not stored yet
	Stored  func(Report) // the outcome is stored, or could not be: see Report.Err
}

func (o Observer) visited() {
	if o.Visited != nil {
		o.Visited()
	}
}

func (o Observer) stored(r Report) {
	if o.Stored != nil {
		o.Stored(r)
	}
}
