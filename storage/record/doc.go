// Package record is what becomes of records at a commit: the rules of package storage
// that each engine follows, apart from how it keeps them.
//
// Times are expected as the engine can keep them. What is returned shares its slices
// with what it was made of.
package record
