package bedtest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
)

// dropping bounds the removal of a test's database from one node.
const dropping = time.Minute

// Adapter connects to node n, which counts from 1, for one test.
func (b *Bed) Adapter(t testing.TB, n int) *clickhouse.Adapter {
	t.Helper()
	a, err := clickhouse.Open(t.Context(), b.Config(n))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	return a
}

// Exec runs a statement on node n.
func (b *Bed) Exec(t testing.TB, n int, sql string) {
	t.Helper()
	require.NoError(t, b.exec(t.Context(), n, sql), sql)
}

func (b *Bed) exec(ctx context.Context, n int, sql string) error {
	_, err := b.query(ctx, n, sql)
	return err
}

// Rows are what a query returns on node n.
func (b *Bed) Rows(t testing.TB, n int, sql string) [][]any {
	t.Helper()
	rows, err := b.query(t.Context(), n, sql)
	require.NoError(t, err, sql)
	return rows
}

func (b *Bed) query(ctx context.Context, n int, sql string) ([][]any, error) {
	a, err := clickhouse.Open(ctx, b.Config(n))
	if err != nil {
		return nil, err
	}
	defer a.Close()
	s, err := a.Session(ctx)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	table, _, err := s.Query(ctx, adapters.Statement{SQL: sql})
	if err != nil {
		return nil, err
	}
	return table.Rows, nil
}

// Database creates a database on every node for one test and returns its name,
// which needs no quotes. It is dropped with the test, after the cluster was
// healed.
func (b *Bed) Database(t testing.TB) string {
	t.Helper()
	name := "bedtest_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	for n := range b.Nodes {
		b.Exec(t, n+1, "CREATE DATABASE "+name)
	}
	t.Cleanup(func() {
		b.heal(t)
		ctx, cancel := context.WithTimeout(context.Background(), dropping)
		defer cancel()
		for n := range b.Nodes {
			if err := b.exec(ctx, n+1, "DROP DATABASE IF EXISTS "+name); err != nil {
				t.Errorf("drop the test's database: %v", err)
			}
		}
	})
	return name
}

// KeeperPath is a path for one replicated table that no other has, with the
// shard's macro in it.
func KeeperPath(name string) string {
	return "/bedtest/" + uuid.NewString() + "/" + name + "/{shard}"
}
