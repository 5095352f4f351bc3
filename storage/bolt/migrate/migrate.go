// Package migrate brings store files of older schemas to the newest one.
//
// A step leads from one schema to the next, in transactions of bounded size. Each
// of them also stores how far the step has come, so that a process that dies in
// the middle is taken up where it was; and a file is of the new schema only with
// the last of them. What a step does once it must be able to do again: a file
// whose step is not over is never read otherwise.
//
// A new schema is a file here with its step and a line in Steps.
package migrate

import (
	"encoding/binary"
	"fmt"
	"log/slog"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage/bolt/disk"
)

// Step leads from one schema to the next.
type Step struct {
	Name string // says what becomes of a file, for the log

	// Do does a part of the step in a transaction, from a place on that the Do
	// before it has returned; nil begins. It returns nil when nothing is left to
	// do. One part should take no more than some thousand rows.
	Do func(tx *bbolt.Tx, from []byte) (next []byte, err error)
}

// First is the oldest schema there is: that of a file before Steps()[0].
const First = 1

// Newest is the schema that steps lead to.
func Newest(steps []Step) uint64 { return First + uint64(len(steps)) }

// The bucket and keys of the file that speak of its schema.
const (
	bucket    = "meta"
	schemaKey = "schema"
	placeKey  = "migrating" // how far the step from the present schema has come
)

// Schema reads which schema a file has; 0 for one that says nothing.
func Schema(tx *bbolt.Tx) uint64 {
	meta := tx.Bucket([]byte(bucket))
	if meta == nil {
		return 0
	}
	value := meta.Get([]byte(schemaKey))
	if len(value) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(value)
}

// Begun reports whether a step of the file was cut off.
func Begun(tx *bbolt.Tx) bool {
	meta := tx.Bucket([]byte(bucket))
	return meta != nil && meta.Get([]byte(placeKey)) != nil
}

// Run takes the steps that a file lacks. It may be called again after whatever
// ended it.
func Run(file *disk.File, steps []Step, log *slog.Logger) error {
	for {
		var schema uint64
		err := file.View(func(tx *bbolt.Tx) error {
			schema = Schema(tx)
			return nil
		})
		if err != nil || schema < First || schema >= Newest(steps) {
			return err
		}
		step := steps[schema-First]
		err = file.Update(func(tx *bbolt.Tx) error { return advance(tx, schema, step, log) })
		if err != nil {
			return fmt.Errorf("migrate from schema %d (%s): %w", schema, step.Name, err)
		}
	}
}

// advance does one part of a step, and notes how far it has come.
func advance(tx *bbolt.Tx, schema uint64, step Step, log *slog.Logger) error {
	meta := tx.Bucket([]byte(bucket))
	from := meta.Get([]byte(placeKey))
	if from == nil {
		log.Info("store is migrated", "from", schema, "to", schema+1, "step", step.Name)
	}
	next, err := step.Do(tx, append([]byte(nil), from...))
	if err != nil {
		return err
	}
	if next != nil {
		return meta.Put([]byte(placeKey), next)
	}
	if err := meta.Delete([]byte(placeKey)); err != nil {
		return err
	}
	return meta.Put([]byte(schemaKey), binary.BigEndian.AppendUint64(nil, schema+1))
}
