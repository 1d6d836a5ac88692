package materialize

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/chmod-sql/chmod/adapters"
)

// EndQueries kills what still runs of invocations that are dead, on the server
// or on every host of a cluster, and waits for it to be gone: what it would
// leave behind is then there to be seen. It returns how many it were.
func EndQueries(ctx context.Context, a adapters.Adapter, dead func(Stamp) bool) (int, error) {
	c, ok := a.(*Cluster)
	if !ok {
		return endOn(ctx, a, dead)
	}
	var mutex sync.Mutex
	var all sync.WaitGroup
	var errs []error
	total := 0
	for host := range c.at {
		if c.Left(host) != nil {
			continue
		}
		all.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, undoTime)
			defer cancel()
			on, err := c.On(ctx, host)
			n := 0
			if err == nil {
				n, err = endOn(ctx, on, dead)
			}
			mutex.Lock()
			defer mutex.Unlock()
			total += n
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", host, err))
			}
		})
	}
	all.Wait()
	return total, errors.Join(errs...)
}

func endOn(ctx context.Context, a adapters.Adapter, dead func(Stamp) bool) (int, error) {
	s, err := a.Session(ctx)
	if err != nil {
		return 0, err
	}
	running, err := adapters.ReadProcesses(ctx, s)
	if err = errors.Join(err, s.Close()); err != nil {
		return 0, err
	}
	running = slices.DeleteFunc(running, func(p adapters.Process) bool {
		stamp, ours := QueryStamp(p.Initial)
		return !ours || !dead(stamp)
	})
	ids := make([]string, len(running))
	for i, p := range running {
		ids[i] = p.QueryID
	}
	return len(ids), a.Kill(ctx, ids)
}
