package materialize

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
)

// Hosts is what plans for a cluster are applied with: Sessions that also reach
// each host by itself. It may be used concurrently.
type Hosts interface {
	Sessions
	// On is the connection to the host that the topology calls so. It is not
	// the caller's to close.
	On(ctx context.Context, host string) (adapters.Adapter, error)
	// Leave leaves a host out from now on, in this plan and later ones.
	Leave(host string, why error)
	// Left is why a host is left out, nil when it is not.
	Left(host string) error
	// Turn waits until no other plan does what must not be done on two hosts
	// at once; done ends that.
	Turn() (done func())
}

// fleet reaches hosts for one plan, each with one session.
type fleet struct {
	hosts    Hosts // nil on one server
	mutex    sync.Mutex
	sessions map[string]adapters.Session
}

var errNoHosts = errors.New("the plan is for a cluster, and its hosts cannot be reached one by one")

// on is the session on a host.
func (f *fleet) on(ctx context.Context, host string) (adapters.Session, error) {
	if f.hosts == nil {
		return nil, errNoHosts
	}
	f.mutex.Lock()
	s, ok := f.sessions[host]
	f.mutex.Unlock()
	if ok {
		return s, nil
	}
	adapter, err := f.hosts.On(ctx, host)
	if err != nil {
		return nil, err
	}
	s, err = adapter.Session(ctx)
	if err != nil {
		return nil, err
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.sessions[host] = s
	return s, nil
}

// forget closes a host's session, whose state nobody knows.
func (f *fleet) forget(host string) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if s, ok := f.sessions[host]; ok {
		_ = s.Close() // it is of no use any more
		delete(f.sessions, host)
	}
}

func (f *fleet) close() {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for _, s := range f.sessions {
		_ = s.Close() // by now the work is done or has failed
	}
	f.sessions = map[string]adapters.Session{}
}

// answer bounds a small question to a host.
const answer = 10 * time.Second

// each runs do with a session on each host, on all of them at once, and
// returns what failed, by host. A host that has not answered after bound has
// been lost.
func (f *fleet) each(ctx context.Context, bound time.Duration, hosts []string, do func(ctx context.Context, host string, s adapters.Session) error) map[string]error {
	failed := map[string]error{}
	var mutex sync.Mutex
	var all sync.WaitGroup
	for _, h := range hosts {
		all.Go(func() {
			bounded, cancel := context.WithTimeout(ctx, bound)
			defer cancel()
			s, err := f.on(bounded, h)
			if err == nil {
				err = do(bounded, h, s)
			} else {
				err = &unreached{err}
			}
			if err != nil && bounded.Err() != nil && ctx.Err() == nil {
				err = &unreached{fmt.Errorf("no answer within %s: %w", bound, err)}
			}
			if err == nil {
				return
			}
			if lost(err) {
				f.forget(h)
			}
			mutex.Lock()
			failed[h] = err
			mutex.Unlock()
		})
	}
	all.Wait()
	return failed
}

// unreached is that no connection to a host could be had.
type unreached struct{ error }

func (u *unreached) Unwrap() error { return u.error }

// lost reports whether an error is about the way to a host and not about what
// was asked.
func lost(err error) bool {
	var u *unreached
	return errors.As(err, &u) || adapters.ClassOf(err) == adapters.ClassNetwork
}

// here are those of the hosts that are not left out.
func (a *application) here(hosts []string) []string {
	return slices.DeleteFunc(slices.Clone(hosts), func(h string) bool { return a.fleet.hosts != nil && a.fleet.hosts.Left(h) != nil })
}

// leave leaves a host out, unless the rest is not enough.
func (a *application) leave(step Step, host string, why error) error {
	a.fleet.hosts.Leave(host, why)
	if err := a.enough(step, host, why); err != nil {
		return err
	}
	a.warnLeft(host, why)
	return nil
}

func (a *application) warnLeft(host string, why error) {
	if a.warned[host] {
		return
	}
	a.warned[host] = true
	a.warnings = append(a.warnings, diag.Diagnostic{
		Severity: diag.Warning, Code: "host-left-out",
		What: fmt.Sprintf("%s: host %s is left out", a.plan.NodeID, host), Why: oneLine(why.Error()),
		Fix: "it keeps what it has; once it is well, the next run, or chmod cluster repair, brings it up to date",
	})
}

// enough reports a shard without enough hosts.
func (a *application) enough(step Step, host string, why error) error {
	require := RequireAll
	for _, s := range a.plan.Steps {
		if s.Replicas != nil && s.Replicas.Require != "" {
			require = s.Replicas.Require
		}
	}
	shard, have, all, short := require.short(step.all, func(h Host) bool { return h.Down == "" && a.fleet.hosts.Left(h.Name) == nil })
	if short {
		return fmt.Errorf("%d of the %d hosts of shard %d can be worked with, which require: %s does not allow; %s: %w",
			have, all, shard, require, host, why)
	}
	return nil
}

// poll asks until done says so, an error comes or the time is over.
func poll(ctx context.Context, wait time.Duration, done func(ctx context.Context) (bool, error)) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		if ok, err := done(ctx); ok || err != nil {
			return ok, err
		}
		select {
		case <-ctx.Done():
			return false, nil
		case <-time.After(pause):
		}
	}
}

// kept is a connection that is not ours to close.
type kept struct{ adapters.Adapter }

func (kept) Close() error { return nil }

// some are the hosts of those names as a fleet.
func (f *fleet) some(all []Host, names []string) *adapters.Fleet {
	hosts := slices.DeleteFunc(slices.Clone(all), func(h Host) bool { return !slices.Contains(names, h.Name) })
	return adapters.NewFleet(clusterOf("", hosts), func(ctx context.Context, h adapters.Host) (adapters.Adapter, error) {
		a, err := f.hosts.On(ctx, h.Addr())
		return kept{a}, err
	})
}

// clusterOf is a cluster as adapters know it.
func clusterOf(name string, hosts []Host) adapters.Cluster {
	c := adapters.Cluster{Name: name}
	for _, h := range hosts {
		host, text, _ := net.SplitHostPort(h.Name)
		port, _ := strconv.ParseUint(text, 10, 16) // a name that is none is found by no outcome
		c.Hosts = append(c.Hosts, adapters.Host{Host: host, Port: uint16(port), Shard: uint32(h.Shard), Replica: uint32(h.Replica)})
	}
	return c
}
