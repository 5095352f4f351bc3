// Package hub is the WebSub hub for the feeds that are published here (W3C WebSub): it
// takes subscriptions to them, asks whether they were meant, and brings each subscriber
// the document whenever it changed.
//
// # Contract
//
// A topic is the address by which a published feed names itself, and nothing else is
// one. A subscription begins, changes and ends when its callback has confirmed that,
// and every lease ends. What a subscriber is brought is the whole document, the newest
// there is: one that became old while it waited is not sent any more.
//
// Subscriptions are values of the store. Each says which document its subscriber has,
// and since when it is owed another, so together with the place in the log up to which
// changes were looked at they are the outbox: whatever was committed, also while no
// process ran, is delivered at least once. Of several processes on one store the one
// that has the turn delivers.
//
// Strangers give the callbacks. The package asks only http and https, through the
// transport that it is handed and that checks addresses, follows no redirect, and sends
// no content before a callback has confirmed. All that strangers can make it keep or do
// is bounded.
package hub

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/storage"
)

// Options configures a Hub. Store, Publisher, Transport and Random are required.
type Options struct {
	Store     storage.Store
	Publisher *publish.Publisher // of Store
	Random    io.Reader          // of challenges; crypto/rand.Reader but in tests

	// Transport calls callbacks. It must refuse addresses that strangers may not
	// have called, and wait for nobody for ever.
	Transport http.RoundTripper
	UserAgent string // "" means the program's name and version

	// Sole says that no other process has the store open, so that nobody needs to be
	// asked whose turn it is.
	Sole bool
	Turn time.Duration // for which a process may deliver before it asks again; 0 means 15s

	Lease    time.Duration // granted to who asks for none; 0 means 10 days
	MaxLease time.Duration // granted at most; 0 means 30 days

	MaxSubscriptions int // kept; 0 means 20,000
	MaxPerHost       int // kept for the callbacks of one domain; 0 means 5,000

	Timeout time.Duration // for one answer of a callback; 0 means 10s
	Clock   coranto.Clock // nil means time.Now
	Logger  *slog.Logger  // nil logs nothing
}

// Hub is a WebSub hub. It is an http.Handler for the requests of subscribers, and
// delivers while Run runs. It is safe for concurrent use.
type Hub struct {
	opts   Options
	store  storage.Store
	now    coranto.Clock
	log    *slog.Logger
	limits *limiter

	// writing is held by who changes values in the store, so that what memory and
	// store hold of a subscription changes together.
	writing sync.Mutex

	mu         sync.Mutex
	table      *table
	line       line
	questions  questions
	ctx        context.Context // of Run and what it spawns; nil while it does not run
	delivering context.Context // of deliveries; nil while it is not this process's turn
	loaded     bool            // the table shows what is stored
	cursor     storage.Cursor  // up to which changes were looked at
	unsaved    map[*entry]struct{}

	crew, flights *sync.WaitGroup // of what is spawned, and of deliveries
	soiled        chan struct{}   // tells that there is something unsaved
	owner         string          // in turns; "" before the first
	place         []byte          // the stored cursor's value; of the process that has the turn
	failing       atomic.Bool     // the store failed the last time, and that was said
}

// New returns a Hub that does nothing yet.
func New(opts Options) *Hub {
	opts.UserAgent = cmp.Or(opts.UserAgent, "Coranto/"+coranto.Version+" (+"+coranto.HomeURL+")")
	opts.Lease = cmp.Or(opts.Lease, 10*24*time.Hour)
	opts.MaxLease = max(cmp.Or(opts.MaxLease, 30*24*time.Hour), opts.Lease)
	opts.MaxSubscriptions = cmp.Or(opts.MaxSubscriptions, 20_000)
	opts.MaxPerHost = cmp.Or(opts.MaxPerHost, 5_000)
	opts.Turn = cmp.Or(opts.Turn, 15*time.Second)
	opts.Timeout = cmp.Or(opts.Timeout, 10*time.Second)
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	return &Hub{
		opts:      opts,
		store:     opts.Store,
		now:       func() time.Time { return opts.Clock().UTC() },
		log:       cmp.Or(opts.Logger, slog.New(slog.DiscardHandler)),
		limits:    newLimiter(),
		table:     newTable(),
		questions: questions{asking: make(map[string]int)},
		unsaved:   make(map[*entry]struct{}),
		crew:      new(sync.WaitGroup),
		flights:   new(sync.WaitGroup),
		soiled:    make(chan struct{}, 1),
	}
}

// Status is how the hub is doing.
type Status struct {
	Subscriptions int // that stand
	Topics        int // that have one
	Owed          int // subscriptions whose subscriber lacks the newest document
	Failing       int // of these, those to which it could not be brought
}

// Status sums up what is kept.
func (h *Hub) Status() Status {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := Status{Subscriptions: len(h.table.entries), Topics: len(h.table.topics)}
	for _, e := range h.table.entries {
		if e.state != idle {
			s.Owed++
		}
		if e.Fails > 0 {
			s.Failing++
		}
	}
	return s
}
