package invocation

import (
	"context"
	"net"
	"strconv"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/materialize"
)

// Status is what the hosts of the target say of themselves.
type Status struct {
	Cluster string // empty for none
	Hosts   []HostStatus
}

// HostStatus is one host.
type HostStatus struct {
	materialize.Host
	// Facts are unknown of a host that is down.
	Facts adapters.HostFacts
}

// Status asks the hosts about themselves; without a cluster, the server.
func (i *Invocation) Status(ctx context.Context) (*Status, error) {
	cluster, err := i.Cluster(ctx)
	if err != nil {
		return nil, err
	}
	t := i.Project.Target
	if cluster != nil {
		s := &Status{Cluster: t.Cluster}
		for _, h := range cluster.Hosts()[t.Cluster] {
			facts, _ := cluster.Facts(h.Name)
			s.Hosts = append(s.Hosts, HostStatus{h, facts})
		}
		return s, nil
	}
	adapter, err := i.Connect(ctx)
	if err != nil {
		return nil, err
	}
	facts, err := adapters.ReadHostFacts(ctx, adapter)
	if err != nil {
		return nil, err
	}
	h := materialize.Host{Name: net.JoinHostPort(t.Host, strconv.Itoa(t.Port)), Shard: 1, Replica: 1, Macros: facts.Macros, Version: facts.Server.Version}
	if t.Type == project.Embedded {
		h.Name = "embedded"
	}
	return &Status{Hosts: []HostStatus{{h, facts}}}, nil
}
