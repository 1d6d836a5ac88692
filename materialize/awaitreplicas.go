package materialize

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// downGrace is how long a host may be silent, or without Keeper, before it
// counts as down.
const downGrace = 15 * time.Second

// awaitReplicas waits until every host has the parts that the other replicas
// of its shard have, and remembers which table it is that they have. Hosts that
// go down meanwhile are left out.
func (a *application) awaitReplicas(step Step) error {
	r := step.Replicas
	w := &replicaWait{since: map[string]time.Time{}}
	_, err := poll(a.ctx, r.Wait, func(ctx context.Context) (bool, error) {
		hosts := a.here(step.Hosts)
		for host, why := range w.ask(ctx, a, r, hosts) {
			if err := a.leave(step, host, why); err != nil {
				return false, err
			}
			delete(w.behind, host)
		}
		return len(w.behind) == 0, nil
	})
	if err != nil {
		return err
	}
	if a.ctx.Err() != nil {
		return context.Cause(a.ctx)
	}
	return a.judgeReplicas(step, w.behind, w.ready)
}

// replicaWait is what is known of the hosts while they are waited for.
type replicaWait struct {
	behind map[string]error
	ready  []string
	since  map[string]time.Time // when trouble began, by host
}

// ask looks at each host once, and returns those that are down.
func (w *replicaWait) ask(ctx context.Context, a *application, r *Replicas, hosts []string) map[string]error {
	behind, ready, down := map[string]error{}, []string{}, map[string]error{}
	found := a.replicas(ctx, r, hosts)
	if ctx.Err() != nil && w.behind != nil {
		return nil // the answers were cut short: those before them count
	}
	for host, o := range found {
		switch o.State {
		case adapters.HostDone:
			ready = append(ready, host)
			delete(w.since, host)
			continue
		case adapters.HostPending:
			delete(w.since, host)
		default:
			if w.since[host].IsZero() {
				w.since[host] = time.Now()
			}
			if o.State == adapters.HostUnreached || time.Since(w.since[host]) > downGrace {
				down[host] = o.Err
			}
		}
		behind[host] = o.Err
	}
	w.behind, w.ready = behind, ready
	return down
}

// replicas is how far each host is with the table.
func (a *application) replicas(ctx context.Context, r *Replicas, hosts []string) map[string]adapters.HostOutcome {
	found := make(map[string]adapters.HostOutcome, len(hosts))
	if r.Of.Name != "" {
		found = a.fetched(ctx, r, hosts)
	} else if r.Parts {
		for _, o := range adapters.CompareReplicas(ctx, a.fleet.some(r.Hosts, hosts), r.Table) {
			found[o.Host.Addr()] = o.HostOutcome
		}
	} else {
		for _, h := range hosts {
			found[h] = adapters.HostOutcome{State: adapters.HostDone}
		}
	}
	hosts = slices.DeleteFunc(slices.Clone(hosts), func(h string) bool { return found[h].State != adapters.HostDone })
	failed := a.fleet.each(ctx, answer, hosts, func(ctx context.Context, host string, s adapters.Session) error {
		i, err := a.identities(ctx, s, r.Table)
		if err != nil {
			return err
		}
		if i, there := i[r.Table]; there {
			a.remember(host, i.id())
			return nil
		}
		return &adapters.ServerError{Class: adapters.ClassMissing, Message: "there is no " + r.Table.String()}
	})
	for host, err := range failed {
		o := adapters.HostOutcome{State: adapters.HostFailed, Err: err}
		var u *unreached
		if errors.As(err, &u) {
			o.State = adapters.HostUnreached
		}
		found[host] = o
	}
	return found
}

// judgeReplicas decides whether the hosts that are ready are enough, and leaves
// the others out.
func (a *application) judgeReplicas(step Step, behind map[string]error, ready []string) error {
	if len(behind) == 0 {
		return nil
	}
	r := step.Replicas
	_, _, _, short := r.Require.short(step.all, func(h Host) bool { return slices.Contains(ready, h.Name) })
	if short || r.Require == RequireAll {
		return &ReplicasBehind{Table: r.Table, Require: r.Require, Of: r.Of, Hosts: behind}
	}
	for _, h := range slices.Sorted(keys(behind)) {
		if err := a.leave(step, h, behind[h]); err != nil {
			return err
		}
	}
	return nil
}

// ReplicasBehind is that replicas did not get all parts of a new table in time.
// It was not put in place anywhere.
type ReplicasBehind struct {
	Table   adapters.Relation
	Require Require
	// Of is set when replicas were to get the parts of a table that there is.
	Of    adapters.Relation
	Hosts map[string]error
}

func (e *ReplicasBehind) Error() string {
	s := "not every replica has the new table's parts, and it was put in place nowhere"
	if e.Of.Name != "" {
		s = fmt.Sprintf("not every replica has all parts of %s", e.Of)
	}
	for _, h := range slices.Sorted(keys(e.Hosts)) {
		s += fmt.Sprintf("; %s: %s", h, oneLine(e.Hosts[h].Error()))
	}
	if e.Require == RequireAll && e.Of.Name == "" {
		s += "; with require: quorum in the profile, a host that is behind is left out instead"
	}
	return s
}
