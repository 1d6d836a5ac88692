package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
)

const (
	// quietHeap is how much memory is taken before anything is collected:
	// most commands end before they have used it.
	quietHeap = 160 << 20
	// growth is how much the heap may grow, in percent of what is in use, before
	// it is collected again. A loaded project stays in use to the end, so that
	// each collection costs much and frees little.
	growth = 80
)

// collectLate makes short commands end without a garbage collection, and lets
// long ones go on as usual after their first. What the environment says of it
// goes first.
func collectLate() {
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
		if _, set := os.LookupEnv(name); set {
			return
		}
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(quietHeap)
	// This goes in the first collection, and takes the limit with it.
	runtime.AddCleanup(new(*int), func(struct{}) {
		debug.SetGCPercent(growth)
		debug.SetMemoryLimit(math.MaxInt64)
	}, struct{}{})
}
