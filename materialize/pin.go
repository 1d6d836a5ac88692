package materialize

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chmod-sql/chmod/adapters"
)

// Pin makes all sessions from now on those of one host of a cluster, reached
// directly: what one model has written is then there for the next to read,
// whatever stands between us and the server that was connected to. It is the
// host that has the newest generation of most tables of the databases, the one
// that prefer names if that is as good as any. When that host is lost or left
// out, the next best takes its place: hosts that are not left out all have what
// this run has built. The warnings name tables that the host has an older
// generation of than another one.
func (c *Cluster) Pin(ctx context.Context, cluster, prefer string, databases []string) ([]string, error) {
	var names []string
	for _, h := range up(c.hosts[cluster]) {
		names = append(names, h.Name)
	}
	if len(names) == 0 {
		return nil, nil
	}
	old, err := c.outdated(ctx, names, databases)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(old[a]), len(old[b])), cmp.Compare(c.behind(a, databases), c.behind(b, databases)), first(b == prefer)-first(a == prefer))
	})
	c.mutex.Lock()
	c.order = names
	c.mutex.Unlock()
	var warnings []string
	for _, r := range old[names[0]] {
		warnings = append(warnings, fmt.Sprintf("what reads %s reads an older generation of it: %s, the host that is best off, was left out when the newest was built", r, names[0]))
	}
	return warnings, nil
}

func first(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// behind counts the tables of which a host has not got all rows that it knows
// of.
func (c *Cluster) behind(host string, databases []string) int {
	n := 0
	for _, r := range c.at[host].facts.Replicas {
		if slices.Contains(databases, r.Database) && (r.Queue > 0 && r.Lag > 0 || r.ReadOnly) {
			n++
		}
	}
	return n
}

// outdated are, for each host, the replicated tables of which another host has
// a newer one under the same name. A table is another one when its path in
// Keeper is, and newer when its definition was written later.
func (c *Cluster) outdated(ctx context.Context, hosts, databases []string) (map[string][]adapters.Relation, error) {
	paths := map[adapters.Relation]map[string]string{} // by host
	differ := false
	for _, h := range hosts {
		for _, r := range c.at[h].facts.Replicas {
			if _, _, own := ParseStaging(r.Name); own || !slices.Contains(databases, r.Database) {
				continue
			}
			if paths[r.Relation] == nil {
				paths[r.Relation] = map[string]string{}
			}
			paths[r.Relation][h] = r.Path
		}
	}
	for r, byHost := range paths {
		if same(byHost, hosts) || !c.oneShard(hosts) {
			delete(paths, r)
			continue
		}
		differ = true
	}
	if !differ {
		return nil, nil
	}
	written, err := c.written(ctx, hosts, databases)
	if err != nil {
		return nil, err
	}
	old := map[string][]adapters.Relation{}
	for r, byHost := range paths {
		newest := ""
		for h := range byHost {
			if newest == "" || written[h][r] > written[newest][r] {
				newest = h
			}
		}
		for _, h := range hosts {
			if byHost[h] != byHost[newest] {
				old[h] = append(old[h], r)
			}
		}
	}
	for h := range old {
		slices.SortFunc(old[h], func(a, b adapters.Relation) int { return cmp.Compare(a.String(), b.String()) })
	}
	return old, nil
}

// oneShard reports whether hosts should have the same tables. Those of several
// shards differ anyway: each reads the others through a Distributed table.
func (c *Cluster) oneShard(hosts []string) bool {
	return !slices.ContainsFunc(hosts, func(h string) bool { return c.at[h].host.Shard != c.at[hosts[0]].host.Shard })
}

func same(byHost map[string]string, hosts []string) bool {
	for _, h := range hosts {
		if byHost[h] != byHost[hosts[0]] {
			return false
		}
	}
	return true
}

// written is when each table's definition was written, by host.
func (c *Cluster) written(ctx context.Context, hosts, databases []string) (map[string]map[adapters.Relation]uint32, error) {
	in := make([]string, len(databases))
	for i, d := range databases {
		in[i] = adapters.Literal(d)
	}
	tables, err := c.askEach(ctx, hosts, adapters.Statement{
		SQL: "SELECT database, name, toUInt32(metadata_modification_time) FROM system.tables WHERE database IN (" + list(in) + ")",
	})
	found := map[string]map[adapters.Relation]uint32{}
	for h, t := range tables {
		found[h] = map[adapters.Relation]uint32{}
		for _, row := range t.Rows {
			at, ok := row[2].(uint32)
			if !ok {
				return nil, fmt.Errorf("when %v was written came as a %T", row[1], row[2])
			}
			found[h][adapters.Relation{Database: fmt.Sprint(row[0]), Name: fmt.Sprint(row[1])}] = at
		}
	}
	return found, err
}

// Ask asks every host that is not left out the same. Hosts that do not answer,
// or lack what is asked about, are passed over as long as one answers.
func (c *Cluster) Ask(ctx context.Context, st adapters.Statement) ([]*adapters.Table, error) {
	var hosts []string
	for name := range c.at {
		if c.Left(name) == nil {
			hosts = append(hosts, name)
		}
	}
	found, err := c.askEach(ctx, hosts, st)
	var tables []*adapters.Table
	for _, h := range slices.Sorted(keys(found)) {
		tables = append(tables, found[h])
	}
	if len(tables) > 0 {
		return tables, nil
	}
	return nil, err
}

func (c *Cluster) askEach(ctx context.Context, hosts []string, st adapters.Statement) (map[string]*adapters.Table, error) {
	f := fleet{hosts: c, sessions: map[string]adapters.Session{}}
	defer f.close()
	var mutex sync.Mutex
	tables := map[string]*adapters.Table{}
	failed := f.each(ctx, answer, hosts, func(ctx context.Context, host string, s adapters.Session) error {
		own := st
		table, _, err := s.Query(ctx, own)
		if err == nil {
			mutex.Lock()
			tables[host] = table
			mutex.Unlock()
		}
		return err
	})
	var errs []error
	for _, h := range slices.Sorted(keys(failed)) {
		errs = append(errs, fmt.Errorf("%s: %w", h, failed[h]))
	}
	return tables, errors.Join(errs...)
}

// current is the host that sessions are opened on; empty when they go to the
// server that was connected to.
func (c *Cluster) current() (string, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var why []string
	for _, h := range c.order {
		if c.left[h] == nil {
			return h, nil
		}
		why = append(why, h+": "+oneLine(c.left[h].Error()))
	}
	if len(c.order) > 0 {
		return "", fmt.Errorf("no host of the cluster is left to work on: %s", strings.Join(why, "; "))
	}
	return "", nil
}

// Patient puts an adapter around the one of each host that is worked on, which
// answers failures that are the moment's. It must not wait for a host that cannot
// be reached: another takes its place. It is called before the cluster is used.
func (c *Cluster) Patient(wrap func(adapters.Adapter) adapters.Adapter) { c.patient = wrap }

// home is the connection to that host.
func (c *Cluster) home(ctx context.Context) (adapters.Adapter, string, error) {
	for {
		host, err := c.current()
		if err != nil || host == "" {
			return c.Adapter, "", err
		}
		a, err := c.On(ctx, host)
		if err == nil {
			if c.patient != nil {
				a = c.patient(a)
			}
			return a, host, nil
		}
		if ctx.Err() != nil {
			return nil, "", ctx.Err()
		}
		c.Leave(host, err)
	}
}

// Home is the name of the host that sessions are opened on; empty before Pin.
func (c *Cluster) Home() string {
	host, _ := c.current() // without any, none
	return host
}

// Session implements adapters.Adapter.
func (c *Cluster) Session(ctx context.Context) (adapters.Session, error) {
	a, host, err := c.home(ctx)
	if err != nil {
		return nil, err
	}
	s, err := a.Session(ctx)
	if err != nil || host == "" {
		return s, err
	}
	return &pinned{Session: s, cluster: c, host: host}, nil
}

// Server implements adapters.Adapter.
func (c *Cluster) Server() adapters.Server {
	if facts := c.at[c.Home()].facts; facts != nil {
		return facts.Server
	}
	return c.Adapter.Server()
}

// Catalog implements adapters.Adapter.
func (c *Cluster) Catalog(ctx context.Context, databases []string) (*adapters.Catalog, error) {
	a, _, err := c.home(ctx)
	if err != nil {
		return nil, err
	}
	return a.Catalog(ctx, databases)
}

// Kill implements adapters.Adapter.
func (c *Cluster) Kill(ctx context.Context, queryIDs []string) error {
	a, _, err := c.home(ctx)
	if err != nil {
		return err
	}
	return a.Kill(ctx, queryIDs)
}
