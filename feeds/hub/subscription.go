package hub

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Names of values.
const (
	subscriptionsPrefix = "hub/"        // of subscriptions
	cursorName          = "~hub/cursor" // the place in the log
	turnName            = "~hub/turn"   // whose turn it is to deliver
)

// subscription is one subscriber's standing with the hub, as it is stored.
type subscription struct {
	Topic    string    `json:"topic"`            // the feed's own address
	Callback string    `json:"callback"`         // as it was given
	Secret   string    `json:"secret,omitempty"` // keys signatures; "" makes none
	Until    time.Time `json:"until"`            // end of the lease

	Has   string    `json:"has"`             // the document that the subscriber has, see hashOf
	Owed  time.Time `json:"owed,omitzero"`   // since when it lacks a newer one; zero when it may not
	Fails int       `json:"fails,omitempty"` // deliveries in a row that did not succeed
	Next  time.Time `json:"next,omitzero"`   // no delivery before; zero when one may be
	Error string    `json:"error,omitempty"` // of the last delivery, one line; "" when it went well
}

// name is that of the subscription's value. There is one for each topic and callback
// (WebSub §5.1).
func (s *subscription) name() string {
	topic, callback := sha256.Sum256([]byte(s.Topic)), sha256.Sum256([]byte(s.Callback))
	return subscriptionsPrefix + hex.EncodeToString(topic[:8]) + "/" +
		hex.EncodeToString(callback[:16])
}

// encode is the value of the subscription. Its fields have no bytes that JSON lacks.
func (s *subscription) encode() []byte {
	b, _ := json.Marshal(s)
	return b
}

func decodeSubscription(name string, data []byte) (subscription, error) {
	var s subscription
	if err := json.Unmarshal(data, &s); err != nil {
		return s, fmt.Errorf("read subscription %s: %w", name, err)
	}
	if s.name() != name {
		return s, fmt.Errorf("read subscription %s: it is that of another", name)
	}
	return s, nil
}

// hashOf tells documents apart by their bytes alone.
func hashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:12])
}
