package storage

import "errors"

// Errors of Commit and Extend.
var (
	// ErrLeaseLost means that the lease of a visit is no longer the caller's;
	// the visit was not stored.
	ErrLeaseLost = errors.New("lease lost")

	// ErrFull means that the disk or the store's own budget is full; the visit
	// was not stored and may be committed again later.
	ErrFull = errors.New("store full")
)

// Errors of opening a store.
var (
	// ErrInUse means that another process holds the store.
	ErrInUse = errors.New("store in use by another process")

	// ErrSchemaNewer means that a newer version of the program wrote the store.
	ErrSchemaNewer = errors.New("store written by a newer version")
)

// Errors of any method.
var (
	// ErrNotFound means that there is no such item or source.
	ErrNotFound = errors.New("not found")

	// ErrConflict means that what was to be replaced is not what the caller
	// expected; nothing was written.
	ErrConflict = errors.New("conflict")

	// ErrReadOnly means that the store was opened for reading only.
	ErrReadOnly = errors.New("store is read-only")

	// ErrCorrupt means that a value or the file itself is damaged.
	ErrCorrupt = errors.New("store damaged")

	// ErrCursorExpired means that the changes after a cursor were forgotten.
	ErrCursorExpired = errors.New("cursor expired")

	// ErrClosed means that the store was closed.
	ErrClosed = errors.New("store closed")
)
