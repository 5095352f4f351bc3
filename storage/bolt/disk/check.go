package disk

import (
	"errors"
	"fmt"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage"
)

// checkWait is how long CheckPages waits for a process that writes the file.
const checkWait = 100 * time.Millisecond

// CheckPages opens a file to read and checks its pages, whatever is stored in them.
func CheckPages(path string) error {
	f, err := Open(path, Options{ReadOnly: true, Timeout: checkWait})
	if err != nil {
		return err
	}
	return errors.Join(f.View(Pages), f.Close())
}

// Pages checks the pages of a snapshot. It reads all that bbolt finds, for bbolt
// checks in the background. The error wraps ErrCorrupt.
func Pages(tx *bbolt.Tx) error {
	const enough = 10
	var found []error
	for err := range tx.Check() {
		if len(found) < enough {
			found = append(found, fmt.Errorf("%w: %w", storage.ErrCorrupt, err))
		}
	}
	return errors.Join(found...)
}
