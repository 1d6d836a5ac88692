package clickhouse

import (
	"context"
	"errors"
	"fmt"

	"github.com/chmod-sql/chmod/adapters"
)

// Topology reads the clusters and macros that the server is configured with.
func (a *Adapter) Topology(ctx context.Context) (*adapters.Topology, error) {
	s, err := a.session(ctx)
	if err != nil {
		return nil, err
	}
	topology, err := adapters.ReadTopology(ctx, s)
	if err = errors.Join(err, s.Close()); err != nil {
		return nil, fmt.Errorf("read the topology: %w", err)
	}
	return topology, nil
}
