package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/chmod-sql/chmod/adapters"
)

// Kill implements adapters.Adapter.
func (a *Adapter) Kill(ctx context.Context, queryIDs []string) error {
	if len(queryIDs) == 0 {
		return nil
	}
	s, err := a.session(ctx)
	if err != nil {
		return err
	}
	return errors.Join(s.kill(ctx, queryIDs), s.Close())
}

// killNow ends a statement whose own connection is lost, in bounded time.
func (a *Adapter) killNow(queryID string) error {
	ctx, cancel := context.WithTimeout(context.Background(), a.config.SyncRequestTimeout)
	defer cancel()
	return a.Kill(ctx, []string{queryID})
}

// kill does not go through run: a kill that fails is not killed in turn.
func (s *session) kill(ctx context.Context, queryIDs []string) error {
	literals := make([]string, len(queryIDs))
	for i, id := range queryIDs {
		literals[i] = adapters.Literal(id)
	}
	which := "query_id IN (" + strings.Join(literals, ", ") + ")"
	err := s.direct(ctx, "KILL QUERY WHERE "+which+" SYNC", nil)
	// SYNC does not wait for statements that wait for a client, and old servers
	// cannot even kill those. They end when they see that the client is gone.
	if codeOf(err) == codeCannotKill {
		err = nil
	}
	for wait := time.Millisecond; err == nil; wait = min(2*wait, 100*time.Millisecond) {
		var running bool
		if running, err = s.anyRunning(ctx, which); err != nil || !running {
			break
		}
		select {
		case <-ctx.Done():
			err = ctx.Err()
		case <-time.After(wait):
		}
	}
	if err != nil {
		s.link.drop()
		return fmt.Errorf("kill: %w", failure(ctx, adapters.Statement{}, err))
	}
	return nil
}

func (s *session) anyRunning(ctx context.Context, which string) (bool, error) {
	table, err := s.link.query(s.context(ctx, &call{queryID: uuid.NewString()}),
		"SELECT 1 FROM system.processes WHERE "+which+" LIMIT 1")
	return err == nil && len(table.Rows) > 0, err
}
