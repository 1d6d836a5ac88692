package materialize

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/chmod-sql/chmod/adapters"
)

// fetched is how far hosts are with getting the parts that other replicas have,
// under whatever name.
func (a *application) fetched(ctx context.Context, r *Replicas, hosts []string) map[string]adapters.HostOutcome {
	theirs, _ := a.held(ctx, r.Of, a.here(r.Donors))
	mine, failed := a.held(ctx, r.Table, hosts)
	found := make(map[string]adapters.HostOutcome, len(hosts))
	for _, h := range hosts {
		o := adapters.HostOutcome{State: adapters.HostDone}
		own, ok := mine[h]
		switch {
		case failed[h] != nil && lost(failed[h]):
			o.State, o.Err = adapters.HostUnreached, failed[h]
		case failed[h] != nil:
			o.State, o.Err = adapters.HostFailed, failed[h]
		case !ok || own.Detached || own.Replica == nil:
			o.State, o.Err = adapters.HostFailed, &adapters.ServerError{Class: adapters.ClassMissing, Message: "there is no replicated table " + r.Table.String()}
		case own.Replica.ReadOnly:
			o.State, o.Err = adapters.HostFailed, &adapters.ServerError{Class: adapters.ClassReadOnly, Message: "the table " + r.Table.String() + " is read-only"}
		default:
			o.Err = awaited(own, theirs, len(r.Donors) > 0)
			if o.Err != nil {
				o.State = adapters.HostPending
			}
		}
		found[h] = o
	}
	return found
}

// held is what hosts have of one relation, and what failed, by host.
func (a *application) held(ctx context.Context, r adapters.Relation, hosts []string) (map[string]adapters.Holding, map[string]error) {
	found := map[string]adapters.Holding{}
	var mutex sync.Mutex
	failed := a.fleet.each(ctx, answer, hosts, func(ctx context.Context, host string, s adapters.Session) error {
		held, err := adapters.ReadHoldings(ctx, s, a.plan.oldest, []adapters.Relation{r})
		if err != nil {
			return err
		}
		mutex.Lock()
		defer mutex.Unlock()
		if h, ok := held[r]; ok {
			found[host] = h
		}
		return nil
	})
	return found, failed
}

// awaited is what a replica still lacks of what others of its path have; nil
// when that is nothing.
func awaited(own adapters.Holding, theirs map[string]adapters.Holding, donors bool) error {
	asked := !donors
	for _, host := range slices.Sorted(keys(theirs)) {
		other := theirs[host]
		if other.Replica == nil || other.Replica.Path != own.Replica.Path {
			continue
		}
		asked = true
		if lacking := adapters.LackingParts(own.Parts, other.Parts); len(lacking) > 0 {
			return fmt.Errorf("it lacks %d parts that %s has, %s for one", len(lacking), host, lacking[0].Name)
		}
	}
	if !asked {
		return fmt.Errorf("it is at %s in Keeper, where none of the others is", own.Replica.Path)
	}
	return nil
}
