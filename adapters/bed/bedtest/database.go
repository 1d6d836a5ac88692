package bedtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
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
			if err := b.empty(ctx, n+1, name); err != nil {
				t.Errorf("empty the test's database: %v", err)
			}
			if err := b.exec(ctx, n+1, "DROP DATABASE IF EXISTS "+name); err != nil {
				t.Errorf("drop the test's database: %v", err)
			}
		}
	})
	return name
}

// empty drops a database's tables on a node, and removes what 18.16 leaves of
// them: folders that it then does not drop the database for, of Distributed
// tables and of those that were dropped while there was no Keeper; and files that
// a full disk had no room for.
func (b *Bed) empty(ctx context.Context, n int, database string) error {
	dir := b.Nodes[n-1].DataDir
	if dir == "" {
		return nil
	}
	tables, err := b.query(ctx, n, "SELECT name FROM system.tables WHERE database = "+adapters.Literal(database))
	if err != nil {
		return err
	}
	for _, row := range tables {
		name, _ := row[0].(string)
		if err := b.exec(ctx, n, "DROP TABLE IF EXISTS "+adapters.Relation{Database: database, Name: name}.String()); err != nil {
			return err
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, "data", database, "*"))
	if err != nil {
		return err
	}
	unwritten, err := filepath.Glob(filepath.Join(dir, "metadata", database, "*.tmp"))
	for _, path := range append(left, unwritten...) {
		err = errors.Join(err, os.RemoveAll(path))
	}
	return err
}

// KeeperPath is a path for one replicated table that no other has, with the
// shard's macro in it.
func KeeperPath(name string) string {
	return "/bedtest/" + uuid.NewString() + "/" + name + "/{shard}"
}
