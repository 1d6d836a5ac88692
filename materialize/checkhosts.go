package materialize

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// checkHosts counts rows on every host. The replicas of a shard must hold the
// same number, and the shards together all.
func (a *application) checkHosts(step Step, st adapters.Statement) error {
	counts, mutex := map[string]uint64{}, sync.Mutex{}
	hosts := a.here(step.Hosts)
	failed := a.fleet.each(a.ctx, a.replicaWait(), hosts, func(ctx context.Context, host string, s adapters.Session) error {
		table, _, err := s.Query(ctx, adapters.Statement{SQL: st.SQL, Comment: st.Comment})
		if err != nil {
			return err
		}
		n, err := readCount(table)
		mutex.Lock()
		defer mutex.Unlock()
		counts[host] = n
		return err
	})
	for _, h := range slices.Sorted(keys(failed)) {
		err := failed[h]
		if !lost(err) || a.ctx.Err() != nil {
			return fmt.Errorf("%s: %w", h, err)
		}
		if err := a.leave(step, h, err); err != nil {
			return err
		}
	}
	total, seen := uint64(0), map[int]string{}
	for _, h := range step.Check.Hosts {
		n, ok := counts[h.Name]
		if !ok || failed[h.Name] != nil {
			continue
		}
		first, counted := seen[h.Shard]
		if !counted {
			seen[h.Shard] = h.Name
			total += n
		} else if counts[first] != n {
			return fmt.Errorf("the new table holds %d rows on %s and %d on %s, replicas of one shard; it was not put in place", counts[first], first, n, h.Name)
		}
	}
	return a.compare(step, total)
}

// replicaWait is how long the plan lets replicas take.
func (a *application) replicaWait() time.Duration {
	for _, s := range a.plan.Steps {
		if s.Kind == KindReplicas {
			return s.Replicas.Wait
		}
	}
	return DefaultReplicaWait
}
