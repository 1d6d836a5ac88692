package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

const (
	// quietHeap is how much memory is taken before anything is collected:
	// most commands end before they have used it.
	quietHeap = 160 << 20
	// loadingHeap is the same while a project is loaded. Most of what is made
	// then stays in use, so that collecting it costs much and frees little.
	loadingHeap = 400 << 20
	// growth is how much the heap may grow, in percent of what is in use, before
	// it is collected again. A loaded project stays in use to the end, so that
	// each collection costs much and frees little.
	growth = 80
)

// collectLate makes short commands end without a garbage collection, and lets
// long ones go on as usual after their first. What the environment says of it
// goes first. The result is to be called once a project is loaded.
func collectLate() (loaded func()) {
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
		if _, set := os.LookupEnv(name); set {
			return func() {}
		}
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(loadingHeap)
	var mu sync.Mutex
	collected := false
	// This goes in the first collection, and takes the limit with it. What is
	// large is swept first, long before most of the heap.
	runtime.AddCleanup(new([64 << 10]byte), func(struct{}) {
		mu.Lock()
		defer mu.Unlock()
		collected = true
		debug.SetGCPercent(growth)
		debug.SetMemoryLimit(math.MaxInt64)
	}, struct{}{})
	return func() {
		mu.Lock()
		defer mu.Unlock()
		if !collected {
			debug.SetMemoryLimit(max(quietHeap, min(taken()*5/4, loadingHeap)))
		}
	}
}

// taken is how much memory the program has from the system, as limits count it.
func taken() int64 {
	all, back := "/memory/classes/total:bytes", "/memory/classes/heap/released:bytes"
	samples := []metrics.Sample{{Name: all}, {Name: back}}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64() - samples[1].Value.Uint64())
}
