// Package push is the WebSub subscriber (W3C WebSub): it asks the hubs that
// origins name to tell of changes, keeps the leases, and takes what hubs send.
//
// A Subscriber owns each source's storage.Subscription. Run looks at the sources
// whose time has come and asks hubs; ServeHTTP is the callback that hubs call. What a hub tells
// leaves as News; the package never reads a document, fetches a source or stores an
// item.
//
// # Trust
//
// A callback URL can't be guessed and belongs to one subscription, so it alone says
// which source is meant. A document is believed when its signature fits the secret
// that the hub was given, over https only. Anything else is a hint at most: the
// origin is asked. A challenge is answered once, for what was really asked for.
package push

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/storage"
)

// News is what a hub told of a source.
type News struct {
	At          time.Time
	Body        []byte // the topic's document, or its new items; nil: only that it changed
	ContentType string
}

// Options configures a Subscriber. Store, Client, Deliver and Random are required.
type Options struct {
	Store  storage.Store
	Client *fetch.Client // asks hubs

	// Deliver takes what a hub told; it must not wait for the news to be read. An
	// error is logged.
	Deliver func(ctx context.Context, source coranto.SourceID, news News) error

	// Callback is the URL below which hubs call, with its last slash. "" means that
	// nobody can call: subscriptions there are get ended.
	Callback string

	Random  io.Reader     // of callbacks and secrets; crypto/rand.Reader but in tests
	Lease   time.Duration // asked for; 0 means 10 days
	MaxBody int64         // bytes of a document; 0 means 15 MiB
	NoSHA1  bool          // signatures by SHA-1 count as wrong

	ReadingTime time.Duration // in which a document must have come; 0 means 10s

	Clock  coranto.Clock // nil means time.Now
	Logger *slog.Logger  // nil logs nothing
}

// Subscriber keeps subscriptions. It is safe for concurrent use.
type Subscriber struct {
	store       storage.Store
	client      *fetch.Client
	deliver     func(context.Context, coranto.SourceID, News) error
	callback    string
	random      io.Reader
	lease       time.Duration
	maxBody     int64
	noSHA1      bool
	now         coranto.Clock
	log         *slog.Logger
	places      *places
	readingTime time.Duration
	warns       *warns
	agenda      *agenda
	hubs        *hubs
	asking      chan struct{}                  // a place for each host that is asked
	fallen      map[coranto.SourceID]time.Time // whose fallback was made due; of Keep alone
}

// New returns a Subscriber.
func New(opts Options) *Subscriber {
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	return &Subscriber{
		store:       opts.Store,
		client:      opts.Client,
		deliver:     opts.Deliver,
		callback:    opts.Callback,
		random:      opts.Random,
		lease:       cmp.Or(opts.Lease, 10*24*time.Hour),
		maxBody:     cmp.Or(opts.MaxBody, 15<<20),
		noSHA1:      opts.NoSHA1,
		now:         opts.Clock,
		log:         cmp.Or(opts.Logger, slog.New(slog.DiscardHandler)),
		places:      newPlaces(),
		readingTime: cmp.Or(opts.ReadingTime, usualReading),
		warns:       newWarns(),
		agenda:      newAgenda(),
		hubs:        newHubs(),
		asking:      make(chan struct{}, mostHubs),
		fallen:      make(map[coranto.SourceID]time.Time),
	}
}

// lookEvery is the time between two looks at sources.
const lookEvery = time.Minute

// Run keeps the subscriptions until ctx ends. A hub that is slow holds up no other.
func (s *Subscriber) Run(ctx context.Context) {
	var asking sync.WaitGroup
	defer asking.Wait()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := s.keep(ctx, &asking); err != nil && ctx.Err() == nil {
			s.log.Error("subscriptions are not kept", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
