package materialize

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/chmod-sql/chmod/adapters"
)

var _ Hosts = (*Cluster)(nil)

// Cluster is a server and the hosts of the clusters that models are built on,
// each reached by itself. Its methods may be called concurrently.
type Cluster struct {
	adapters.Adapter
	fleets map[string]*adapters.Fleet
	hosts  map[string][]Host
	at     map[string]member

	mutex sync.Mutex
	left  map[string]error
	turn  sync.Mutex
	// order are the hosts that sessions are opened on, the best one first; none
	// while they go to Adapter. See Pin.
	order []string
	// patient is put around the host that is worked on; nil for nothing.
	patient func(adapters.Adapter) adapters.Adapter
}

// member is where a host is found, and what it said of itself.
type member struct {
	fleet *adapters.Fleet
	host  adapters.Host
	facts *adapters.HostFacts // nil when it did not answer
}

// NewCluster asks every host of the clusters about itself. A host that does not
// answer, or has lost Keeper, is down. Closing the cluster closes the fleets
// and not the adapter.
func NewCluster(ctx context.Context, a adapters.Adapter, fleets map[string]*adapters.Fleet) (*Cluster, error) {
	c := &Cluster{Adapter: a, fleets: fleets, hosts: map[string][]Host{}, at: map[string]member{}, left: map[string]error{}}
	for _, name := range slices.Sorted(maps.Keys(fleets)) {
		fleet := fleets[name]
		facts, outcomes := fleet.ReadHostFacts(ctx)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for i, o := range outcomes {
			h := Host{Name: o.Host.Addr(), Shard: int(o.Host.Shard), Replica: int(o.Host.Replica)}
			switch {
			case o.State != adapters.HostDone:
				h.Down = oneLine(o.Err.Error())
			case facts[i].Keeper == adapters.KeeperLost:
				h.Down = "it has no session with Keeper: " + oneLine(facts[i].KeeperErr.Error())
			default:
				h.Macros, h.Version = facts[i].Macros, facts[i].Server.Version
			}
			if h.Down != "" {
				c.left[h.Name] = errors.New(h.Down)
			}
			c.hosts[name] = append(c.hosts[name], h)
			m := member{fleet: fleet, host: o.Host}
			if o.State == adapters.HostDone {
				m.facts = &facts[i]
			}
			c.at[h.Name] = m
		}
	}
	return c, nil
}

// Hosts are those of the clusters, by the clusters' names.
func (c *Cluster) Hosts() map[string][]Host { return c.hosts }

// Facts are what a host has said of itself; false when it did not answer.
func (c *Cluster) Facts(host string) (adapters.HostFacts, bool) {
	facts := c.at[host].facts
	if facts == nil {
		return adapters.HostFacts{}, false
	}
	return *facts, true
}

// Down are the hosts that are down, by name, with why.
func (c *Cluster) Down() map[string]string {
	down := map[string]string{}
	for _, hosts := range c.hosts {
		for _, h := range hosts {
			if h.Down != "" {
				down[h.Name] = h.Down
			}
		}
	}
	return down
}

// Catalogs reads what each host that is up holds.
func (c *Cluster) Catalogs(ctx context.Context, databases []string) (map[string]*adapters.Catalog, error) {
	catalogs := map[string]*adapters.Catalog{}
	var mutex sync.Mutex
	var all sync.WaitGroup
	var errs []error
	for name := range c.at {
		if c.Left(name) != nil {
			continue
		}
		all.Go(func() {
			catalog, err := c.catalog(ctx, name, databases)
			mutex.Lock()
			defer mutex.Unlock()
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", name, err))
				return
			}
			catalogs[name] = catalog
		})
	}
	all.Wait()
	return catalogs, errors.Join(errs...)
}

func (c *Cluster) catalog(ctx context.Context, host string, databases []string) (*adapters.Catalog, error) {
	a, err := c.On(ctx, host)
	if err != nil {
		return nil, err
	}
	return a.Catalog(ctx, databases)
}

// On implements Hosts.
func (c *Cluster) On(ctx context.Context, host string) (adapters.Adapter, error) {
	m, ok := c.at[host]
	if !ok {
		return nil, fmt.Errorf("no cluster has a host %s", host)
	}
	return m.fleet.On(ctx, m.host)
}

// Leave implements Hosts.
func (c *Cluster) Leave(host string, why error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.left[host] == nil {
		c.left[host] = why
	}
}

// Left implements Hosts.
func (c *Cluster) Left(host string) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.left[host]
}

// Turn implements Hosts.
func (c *Cluster) Turn() (done func()) {
	c.turn.Lock()
	return c.turn.Unlock
}

// Close closes the connections to the hosts.
func (c *Cluster) Close() error {
	var errs []error
	for _, f := range c.fleets {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}
