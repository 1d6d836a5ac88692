package materialize

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// CatchUp makes sure, before hosts are asked what others have written, that they
// know of it. When no host is left out there is nothing to do: whoever wrote did
// so on a host that Ask asks. Otherwise it waits, no longer than wait for each
// table, until one of the hosts that are asked has all that Keeper knows to be
// written. A table that is not replicated is passed over. The error says which
// hosts are behind, and with what.
func (c *Cluster) CatchUp(ctx context.Context, tables []adapters.Relation, wait time.Duration) error {
	var hosts []Host
	var asked []string
	for name, m := range c.at {
		if c.Left(name) == nil {
			hosts = append(hosts, Host{Name: name, Shard: int(m.host.Shard), Replica: int(m.host.Replica)})
			asked = append(asked, name)
		}
	}
	if len(asked) == len(c.at) {
		return nil
	}
	slices.SortFunc(hosts, func(a, b Host) int { return slices.Compare([]int{a.Shard, a.Replica}, []int{b.Shard, b.Replica}) })
	f := fleet{hosts: c, sessions: map[string]adapters.Session{}}
	defer f.close()
	some := f.some(hosts, asked)
	for _, t := range tables {
		var behind error
		if _, err := poll(ctx, wait, func(ctx context.Context) (bool, error) {
			behind = abreast(adapters.CompareReplicas(ctx, some, t))
			return behind == nil, nil
		}); err != nil {
			return err
		}
		if behind != nil {
			return fmt.Errorf("%s: %w", t, behind)
		}
	}
	return nil
}

// abreast is nil when one of the replicas has everything.
func abreast(replicas []adapters.ReplicaOutcome) error {
	var errs []error
	for _, r := range replicas {
		switch {
		case r.State == adapters.HostDone:
			return nil
		case adapters.ClassOf(r.Err) != adapters.ClassMissing:
			errs = append(errs, fmt.Errorf("%s: %w", r.Host.Addr(), r.Err))
		}
	}
	return errors.Join(errs...)
}
