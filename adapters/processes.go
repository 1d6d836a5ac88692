package adapters

import (
	"context"
	"fmt"
)

// Process is a statement that runs on a host.
type Process struct {
	QueryID string
	// Initial is the id of the statement that it is a part of, on another host;
	// else its own.
	Initial string
}

// ReadProcesses tells what runs on the host of a session, the question itself
// included, as far as the user may see it.
func ReadProcesses(ctx context.Context, s Session) ([]Process, error) {
	table, _, err := s.Query(ctx, Statement{SQL: "SELECT query_id, initial_query_id FROM system.processes"})
	if err != nil {
		return nil, fmt.Errorf("see what runs: %w", err)
	}
	found := make([]Process, len(table.Rows))
	for i, row := range table.Rows {
		if err := assign(row, &found[i].QueryID, &found[i].Initial); err != nil {
			return nil, fmt.Errorf("system.processes: %w", err)
		}
	}
	return found, nil
}
