package storage

import "time"

// Push is what is known of a source whose origin lets a hub tell of changes (W3C
// WebSub). All but Subscription is a visit's to write.
type Push struct {
	// Hubs and Topic are the origin's offer: where to subscribe, best first, and
	// to which URL. Without both there is none.
	Hubs  []string
	Topic string

	Last   time.Time // last time that a hub told of a change; zero when none did
	Missed time.Time // last visit that found an item of which no hub had told

	// Fallback is when Next would be if no hub told of changes; zero when Next
	// does not count on one.
	Fallback time.Time

	Subscription Subscription // see Store.SetSubscription
}

// Offered reports whether the origin offers a subscription.
func (p Push) Offered() bool { return len(p.Hubs) > 0 && p.Topic != "" }

// Working reports whether a hub has promised to tell of changes, told of some, and
// missed none since.
func (p Push) Working(now time.Time) bool {
	return p.Subscription.Active(now) && p.Last.After(p.Missed)
}

// Subscription is one source's standing with a hub. The zero value is none.
type Subscription struct {
	Hub      string // that was asked
	Topic    string // that was asked for
	Callback string // our URL that the hub calls; its last part can't be guessed
	Secret   Secret // keys the hub's signatures; "" when it does not sign

	Pending SubscriptionMode // asked for, not verified yet; "" when nothing is
	Asked   time.Time        // when the hub was asked last
	Until   time.Time        // end of the lease; zero before the first
	Again   time.Time        // when to ask the hub again: to renew, or because it failed

	Wait time.Time // the hub's host asked not to be asked before; zero when it did not

	Fails     int    // times in a row that it was asked and nothing was verified
	LastError string // of the last time, one line; "" when it went well
}

// Active reports whether a verified lease lasts.
func (s Subscription) Active(now time.Time) bool { return now.Before(s.Until) }

// SubscriptionMode is what a hub is asked for (WebSub §5.1).
type SubscriptionMode string

// The modes of a request.
const (
	ModeSubscribe   SubscriptionMode = "subscribe"
	ModeUnsubscribe SubscriptionMode = "unsubscribe"
)

// Secret is a text that is stored but never shown: its printed forms hide it.
type Secret string

// String hides the secret from fmt and from logs.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "(secret)"
}

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the secret from JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
