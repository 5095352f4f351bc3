package main

import (
	"os"
	"runtime/debug"
)

// The garbage collector's terms. What a visit allocates is gone before the next
// one begins, so collecting at the usual doubling of a small heap is most of
// what a quiet round costs; the limit brings the usual terms back for a heap
// that is large.
const (
	heapGrowth = 400       // percent of what is in use, until the next collection
	heapLimit  = 300 << 20 // bytes of the whole process, beyond which it collects sooner
)

// setMemory sets the collector's terms unless the operator did (GOGC,
// GOMEMLIMIT).
func setMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(heapLimit)
	}
}
