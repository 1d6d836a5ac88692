package materialize

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// everywhere carries out a statement on the hosts of its scope: through ON
// CLUSTER as long as all of them can be worked with, and otherwise on each of
// the others directly, so that none that was left out finds it in its queue
// and runs it without what went before.
func (a *application) everywhere(session adapters.Session, step Step, st adapters.Statement) (adapters.Summary, error) {
	if a.fleet.hosts == nil {
		return adapters.Summary{}, errNoHosts
	}
	names := step.Hosts
	if step.Scope == ScopeCluster {
		names = hostNames(step.all)
	}
	hosts := a.here(names)
	for _, h := range names {
		if err := a.fleet.hosts.Left(h); err != nil {
			if err := a.leave(step, h, err); err != nil {
				return adapters.Summary{}, err
			}
		}
	}
	if step.Scope == ScopeCluster && len(hosts) == len(names) {
		return a.onCluster(session, step, st)
	}
	st.SQL = step.Direct
	return adapters.Summary{QueryID: st.QueryID}, a.directly(step, st, hosts)
}

// onCluster sends a statement to all hosts through the cluster's queue, and
// settles what its answer leaves open.
func (a *application) onCluster(session adapters.Session, step Step, st adapters.Statement) (adapters.Summary, error) {
	outcome, err := adapters.ExecOnCluster(a.ctx, session, a.plan.server, adapters.OnCluster{
		Statement: st, Cluster: clusterOf(step.cluster, step.all), Patience: a.plan.DDLWait,
	})
	if err == nil {
		return outcome.Summary, nil
	}
	if step.Swap && a.ctx.Err() != nil {
		a.unsettled = true
		return outcome.Summary, err
	}
	if adapters.OutcomesOf(err) == nil && !lost(err) {
		return outcome.Summary, err // refused before any host saw it
	}
	var open *adapters.HostsError
	if !errors.As(err, &open) {
		open = &adapters.HostsError{Outcomes: outcome.Hosts}
	}
	return outcome.Summary, a.settle(step, st, open)
}

// settle looks at each host that a distributed statement was not done on.
func (a *application) settle(step Step, st adapters.Statement, open *adapters.HostsError) error {
	if step.Swap {
		a.unsettled = true // until it is known what became of it everywhere
	}
	var failed []error
	for _, o := range open.Outcomes {
		if o.State == adapters.HostDone {
			continue
		}
		host := o.Host.Addr()
		if err := a.settleOn(step, st, host, o); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", host, err))
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("%w%s", errors.Join(failed...), doneOn(open))
	}
	a.unsettled = false
	return nil
}

// doneOn tells where a statement was carried out.
func doneOn(e *adapters.HostsError) string {
	var done []string
	for _, o := range e.In(adapters.HostDone) {
		done = append(done, o.Host.Addr())
	}
	if len(done) == 0 {
		return "; no host has confirmed it"
	}
	return "; it was done on " + list(done)
}

// settleOn finds out whether one host has done it after all, waits for it
// where it is in the host's queue, and tells it directly where it has failed.
func (a *application) settleOn(step Step, st adapters.Statement, host string, o adapters.HostOutcome) error {
	done, err := a.look(a.ctx, step, host)
	if done {
		return nil
	}
	if err != nil && lost(err) {
		return a.leave(step, host, err)
	}
	if o.State == adapters.HostFailed {
		if step.Effect == nil || !again(o.Err) {
			return o.Err
		}
		// Its queue is done with it: nobody runs it a second time.
		direct := st
		direct.SQL, direct.QueryID = step.Direct, ""
		return a.directly(step, direct, []string{host})
	}
	if step.Effect == nil {
		return o.Err
	}
	var away error
	done, err = poll(a.ctx, a.plan.DDLWait, func(ctx context.Context) (bool, error) {
		done, err := a.look(ctx, step, host)
		if err != nil && lost(err) && ctx.Err() == nil {
			away = err
		}
		return done || away != nil, nil
	})
	switch {
	case away != nil:
		return a.leave(step, host, away)
	case err != nil:
		return err
	case !done:
		if lost := a.keeperLost(host); lost != nil {
			// It is no active replica. What it finds in its queue later, in the
			// queue's order, does it no harm.
			return a.leave(step, host, lost)
		}
		return fmt.Errorf("it is in the host's queue and was not done within %s; it is not sent again, since it would then be done twice: %w", 2*a.plan.DDLWait, o.Err)
	}
	return nil
}

// keeperLost is why a host has no session with Keeper, nil when it has one.
func (a *application) keeperLost(host string) error {
	failed := a.fleet.each(a.ctx, keeperAnswer, []string{host}, func(ctx context.Context, _ string, s adapters.Session) error {
		_, _, err := s.Query(ctx, adapters.Statement{SQL: "SELECT count() FROM system.zookeeper WHERE path = '/'"})
		return err
	})
	if err := failed[host]; err != nil {
		a.fleet.forget(host)
		return fmt.Errorf("it has no session with Keeper: %w", err)
	}
	return nil
}

// keeperAnswer bounds a question that goes to Keeper.
const keeperAnswer = 5 * time.Second

// again reports whether a failure may be the moment's.
func again(err error) bool {
	switch adapters.ClassOf(err) {
	case adapters.ClassReadOnly, adapters.ClassTimeout, adapters.ClassOverload, adapters.ClassMemory, adapters.ClassOther, adapters.ClassNetwork:
		return true
	}
	return false
}

// directly sends a statement to each host by itself: at once, or one after the
// other up to the first that fails.
func (a *application) directly(step Step, st adapters.Statement, hosts []string) error {
	st.Progress, st.Retrying = nil, nil
	send := func(ctx context.Context, _ string, s adapters.Session) error {
		own := st
		own.QueryID = ""
		_, err := s.Exec(ctx, own)
		return err
	}
	if !step.InTurn {
		return a.sent(step, hosts, a.fleet.each(a.ctx, a.plan.DDLWait, hosts, send))
	}
	defer a.fleet.hosts.Turn()()
	for i, h := range hosts {
		if err := a.sent(step, hosts[i:i+1], a.fleet.each(a.ctx, a.plan.DDLWait, hosts[i:i+1], send)); err != nil {
			if i > 0 {
				return fmt.Errorf("%w; it was done on %s", err, list(hosts[:i]))
			}
			return fmt.Errorf("%w; it was sent to no host but %s", err, h)
		}
	}
	return nil
}

// sent judges what became of a statement that was sent to hosts.
func (a *application) sent(step Step, hosts []string, failed map[string]error) error {
	var errs []error
	for _, h := range slices.Sorted(keys(failed)) {
		err := failed[h]
		done, lookErr := a.look(a.ctx, step, h)
		switch {
		case done:
		case lost(err) && (lookErr != nil && lost(lookErr)):
			if err := a.leave(step, h, err); err != nil {
				errs = append(errs, err)
			}
		default:
			errs = append(errs, fmt.Errorf("%s: %w", h, err))
		}
	}
	if len(errs) == 0 {
		return nil
	}
	var done []string
	for _, h := range hosts {
		if failed[h] == nil {
			done = append(done, h)
		}
	}
	if len(done) > 0 {
		return fmt.Errorf("%w; it was done on %s", errors.Join(errs...), list(done))
	}
	return errors.Join(errs...)
}

// look sees on a host whether a statement has had its effect. It is false for
// statements whose effect cannot be seen.
func (a *application) look(ctx context.Context, step Step, host string) (bool, error) {
	e := step.Effect
	done := false
	failed := a.fleet.each(ctx, answer, []string{host}, func(ctx context.Context, _ string, s adapters.Session) error {
		if e == nil {
			_, _, err := s.Query(ctx, adapters.Statement{SQL: "SELECT 1"})
			return err
		}
		var err error
		done, err = a.effective(ctx, s, host, *e)
		return err
	})
	return done, failed[host]
}

func (a *application) effective(ctx context.Context, s adapters.Session, host string, e Effect) (bool, error) {
	if e.Database != "" {
		table, _, err := s.Query(ctx, adapters.Statement{SQL: "SELECT count() FROM system.databases WHERE name = " + adapters.Literal(e.Database)})
		if err != nil {
			return false, err
		}
		return len(table.Rows) == 1 && fmt.Sprint(table.Rows[0][0]) == "1", nil
	}
	names := slices.Concat(e.There, e.Gone)
	if e.New.Name != "" {
		names = append(names, e.New)
	}
	found, err := a.identities(ctx, s, names...)
	if err != nil {
		return false, err
	}
	for _, r := range e.There {
		if _, ok := found[r]; !ok {
			return false, nil
		}
	}
	for _, r := range e.Gone {
		if _, ok := found[r]; ok {
			return false, nil
		}
	}
	if e.New.Name != "" {
		known := a.known[host]
		return known != "" && found[e.New].id() == known, nil
	}
	return true, nil
}
