package clickhouse_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/adapters/retry"
)

// An INSERT whose connection is cut is sent once only. It either turns out to
// be done, all of it, or it runs no more when its error comes.
func TestCutInsert(t *testing.T) {
	beds(t, func(t *testing.T, c clickhouse.Config) {
		p, via := through(t, c)
		a, observer := open(t, via), open(t, c)
		defer closeBoth(t, a, observer)
		patient := retry.New(a, retry.Policy{Retries: 3, Wait: func(int) time.Duration { return time.Millisecond }})
		direct, err := observer.Session(t.Context())
		require.NoError(t, err)
		run := func(sql string) {
			_, err := direct.Exec(t.Context(), adapters.Statement{SQL: sql})
			require.NoError(t, err)
		}
		run("DROP TABLE IF EXISTS cut_insert")
		run("CREATE TABLE cut_insert (n UInt64) ENGINE = MergeTree ORDER BY n")
		s, err := patient.Session(t.Context())
		require.NoError(t, err)
		id := uuid.NewString()
		result := make(chan error, 1)
		asked := make(chan struct{}, 1)
		go func() {
			_, err := s.Exec(t.Context(), adapters.Statement{
				SQL:     "INSERT INTO cut_insert (n) SELECT number FROM system.numbers WHERE NOT ignore(sleepEachRow(0.05)) LIMIT 30",
				QueryID: id, Settings: map[string]any{"max_block_size": 1, "max_threads": 1},
				Retrying: func(adapters.Again) { asked <- struct{}{} },
			})
			result <- err
		}()
		require.Eventually(t, func() bool { return running(t, observer, id) == 1 }, 20*time.Second, 5*time.Millisecond)
		p.cut()
		<-asked
		err = <-result
		require.Zero(t, running(t, observer, id))
		table, _, queryErr := direct.Query(t.Context(), adapters.Statement{SQL: "SELECT count(), uniqExact(n) FROM cut_insert"})
		require.NoError(t, queryErr)
		rows, distinct := table.Rows[0][0].(uint64), table.Rows[0][1].(uint64)
		require.Equal(t, rows, distinct, "nothing came twice")
		if err == nil {
			require.EqualValues(t, 30, rows)
		} else {
			require.Equal(t, adapters.Ended, adapters.AftermathOf(err), "%v", err)
		}
		t.Logf("%d rows, %v", rows, err)
		run("DROP TABLE cut_insert")
		require.NoError(t, direct.Close())
		require.NoError(t, s.Close())
	})
}

// A server that comes back soon is waited for.
func TestComesBack(t *testing.T) {
	c := engine(t, clickhouse.Native)
	p, via := through(t, c)
	a := open(t, via)
	defer closeBoth(t, a)
	p.away(true)
	patient := retry.New(a, retry.Policy{Retries: 3, Sleep: func(context.Context, time.Duration) error {
		p.away(false)
		return nil
	}})
	p.cut()
	s, err := patient.Session(t.Context())
	require.NoError(t, err)
	table, _, err := s.Query(t.Context(), adapters.Statement{SQL: "SELECT 1"})
	require.NoError(t, err)
	require.Len(t, table.Rows, 1)
	require.NoError(t, s.Close())
}
