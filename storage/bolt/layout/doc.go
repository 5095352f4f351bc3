// Package layout is what the bytes in a store of package bolt mean: the keys of
// its buckets, and its values as frames of the messages in item.proto. It knows
// nothing of bbolt.
//
// Every value comes back as it was written or as an error, never as something
// else: each frame has a checksum. Fields that a newer version wrote are passed
// over.
package layout
