package storage

import (
	"errors"
	"fmt"
)

// Value is a small thing that somebody else keeps in the store, beside the items: the
// outbound wing where archives end, a hub who subscribes. What its bytes mean is its
// owner's; names begin with the owner's, as "hub/". A name that begins with "~" stays
// on this machine: it is in backups and in no export.
type Value struct {
	Name string // 1 to MaxValueName bytes
	Data []byte // at most MaxValue bytes; never empty
}

// Limits of a Value.
const (
	MaxValueName = 512
	MaxValue     = 64 << 10
)

// ValueChange replaces the value of a name if it is still Old. An empty Old expects
// that there is none, an empty New removes it.
type ValueChange struct {
	Name     string
	Old, New []byte
}

// ErrValue reports a value that is too large, or whose name is.
var ErrValue = errors.New("not a value that can be kept")

// Check returns an error that wraps ErrValue when no engine takes the change.
func (c *ValueChange) Check() error {
	switch {
	case c.Name == "" || len(c.Name) > MaxValueName:
		return fmt.Errorf("%w: its name has %d bytes, of 1 to %d", ErrValue, len(c.Name), MaxValueName)
	case len(c.New) > MaxValue:
		return fmt.Errorf("%w: %s has %d bytes, of at most %d", ErrValue, c.Name, len(c.New), MaxValue)
	}
	return nil
}

// CheckValues checks each of them.
func CheckValues(changes []ValueChange) error {
	for i := range changes {
		if err := changes[i].Check(); err != nil {
			return err
		}
	}
	return nil
}
