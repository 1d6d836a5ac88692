package clickhouse_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
)

// What was sent in time goes on for as long as it takes, and is cancelled as any
// other: only the sending of it has an end.
func TestSentInTime(t *testing.T) {
	for name, c := range map[string]clickhouse.Config{"new": engine(t, clickhouse.Native), "old": old(t, clickhouse.Native)} {
		t.Run(name, func(t *testing.T) {
			a := open(t, c)
			defer func() { require.NoError(t, a.Close()) }()
			s, err := a.Session(t.Context())
			require.NoError(t, err)
			defer func() { require.NoError(t, s.Close()) }()
			shortly := func(context.Context) (time.Time, error) { return time.Now().Add(400 * time.Millisecond), nil }
			number := func(sql string) any {
				table, _, err := s.Query(t.Context(), adapters.Statement{SQL: sql})
				require.NoError(t, err)
				return table.Rows[0][0]
			}
			size := number("SELECT value FROM system.settings WHERE name = 'max_block_size'")

			long := adapters.Statement{SQL: "SELECT toUInt64(sum(1 + sleepEachRow(0.1))) FROM (SELECT number FROM system.numbers LIMIT 8)", Before: shortly, Settings: map[string]any{"max_block_size": 1}}
			table, _, err := s.Query(t.Context(), long)
			require.NoError(t, err)
			require.EqualValues(t, 8, table.Rows[0][0])
			require.Equal(t, size, number("SELECT value FROM system.settings WHERE name = 'max_block_size'"))

			ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
			defer cancel()
			began := time.Now()
			long.SQL = "SELECT sum(1 + sleepEachRow(0.1)) FROM (SELECT number FROM system.numbers LIMIT 30)"
			_, _, err = s.Query(ctx, long)
			require.Equal(t, adapters.ClassCancelled, adapters.ClassOf(err), "%v", err)
			require.Less(t, time.Since(began), 2500*time.Millisecond)
			require.EqualValues(t, 1, number("SELECT 1"))

			refused := errors.New("not any more")
			long.Before = func(context.Context) (time.Time, error) { return time.Time{}, refused }
			_, _, err = s.Query(t.Context(), long)
			require.Equal(t, refused, err)
			require.Equal(t, size, number("SELECT value FROM system.settings WHERE name = 'max_block_size'"), "the statement's settings are gone with it")
		})
	}
}
