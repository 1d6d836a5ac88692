package adapters

import (
	"context"
	"fmt"
)

// Topology is what a server knows of the servers around it. It is immutable.
type Topology struct {
	Clusters map[string]Cluster
	// Macros are this server's own: shard, replica and what else is set.
	Macros map[string]string
}

// Cluster is a named set of servers.
type Cluster struct {
	Name  string
	Hosts []Host // by shard, then replica
}

// Host is one server of a cluster. Shards and replicas count from 1.
type Host struct {
	Shard, Replica uint32
	Host           string
	Port           uint16
	// IsLocal is true for the server that was asked. Servers before 20 set it
	// for its whole shard.
	IsLocal bool
	// Errors counts recent failures to reach the host.
	Errors uint32
}

// Shards is how many shards the cluster has.
func (c Cluster) Shards() int {
	seen := map[uint32]bool{}
	for _, h := range c.Hosts {
		seen[h.Shard] = true
	}
	return len(seen)
}

// Replicas is how many hosts the largest shard has.
func (c Cluster) Replicas() int {
	count, most := map[uint32]int{}, 0
	for _, h := range c.Hosts {
		count[h.Shard]++
		most = max(most, count[h.Shard])
	}
	return most
}

// ReadTopology asks the server of s for its topology.
func ReadTopology(ctx context.Context, s Session) (*Topology, error) {
	t := &Topology{Clusters: map[string]Cluster{}, Macros: map[string]string{}}
	// All columns: which there are differs.
	clusters, _, err := s.Query(ctx, Statement{SQL: "SELECT * FROM system.clusters ORDER BY cluster, shard_num, replica_num"})
	if err != nil {
		return nil, err
	}
	for _, row := range clusters.Rows {
		name, h := hostOf(clusters.Columns, row)
		c := t.Clusters[name]
		c.Name, c.Hosts = name, append(c.Hosts, h)
		t.Clusters[name] = c
	}
	macros, _, err := s.Query(ctx, Statement{SQL: "SELECT macro, substitution FROM system.macros"})
	if err != nil {
		return nil, err
	}
	for _, row := range macros.Rows {
		var name, value string
		if err := assign(row, &name, &value); err != nil {
			return nil, fmt.Errorf("system.macros: %w", err)
		}
		t.Macros[name] = value
	}
	return t, nil
}

// hostOf reads a row of system.clusters.
func hostOf(columns []Column, row []any) (cluster string, h Host) {
	for i, c := range columns {
		switch c.Name {
		case "cluster":
			cluster, _ = row[i].(string)
		case "shard_num":
			h.Shard, _ = row[i].(uint32)
		case "replica_num":
			h.Replica, _ = row[i].(uint32)
		case "host_name":
			h.Host, _ = row[i].(string)
		case "port":
			h.Port, _ = row[i].(uint16)
		case "is_local":
			local, _ := row[i].(uint8)
			h.IsLocal = local != 0
		case "errors_count":
			h.Errors, _ = row[i].(uint32)
		}
	}
	return cluster, h
}
