package disk

import (
	"errors"
	"fmt"
	"os"
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
// checks in the background. No update may run meanwhile. The error wraps ErrCorrupt.
func Pages(tx *bbolt.Tx) error {
	const enough = 10
	// Past the end of a file that was cut short the process would end: see guard,
	// which does not reach into the background.
	if info, err := os.Stat(tx.DB().Path()); err == nil && info.Size() < tx.Size() {
		return damaged("the file was cut short: %d of %d bytes", info.Size(), tx.Size())
	}
	var found []error
	for err := range tx.Check() {
		if len(found) < enough {
			found = append(found, fmt.Errorf("%w: %w", storage.ErrCorrupt, err))
		}
	}
	return errors.Join(found...)
}
