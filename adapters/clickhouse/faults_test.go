package clickhouse_test

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
)

const endless = "SELECT count() FROM system.numbers WHERE NOT ignore(sipHash64(number))"

// beds are the servers and drivers that faults are tried on.
func beds(t *testing.T, run func(t *testing.T, c clickhouse.Config)) {
	for name, config := range map[string]func(testing.TB, string) clickhouse.Config{"new": engine, "old": old} {
		for _, driver := range []string{clickhouse.Native, clickhouse.HTTP} {
			t.Run(name+"_"+driver, func(t *testing.T) { run(t, config(t, driver)) })
		}
	}
}

// through is c with a proxy in the way.
func through(t *testing.T, c clickhouse.Config) (*proxy, clickhouse.Config) {
	t.Helper()
	p := startProxy(t, net.JoinHostPort(c.Host, portOf(c)))
	via := at(t, c.Driver, p.address())
	c.Host, c.Port = via.Host, via.Port
	return p, c
}

// A connection that is cut is an error of its class, and the statement does
// not go on behind our back.
func TestCutConnection(t *testing.T) {
	beds(t, func(t *testing.T, c clickhouse.Config) {
		p, via := through(t, c)
		a, observer := open(t, via), open(t, c)
		defer closeBoth(t, a, observer)
		s, err := a.Session(t.Context())
		require.NoError(t, err)
		id := uuid.NewString()
		result := make(chan error, 1)
		go func() {
			_, err := s.Exec(t.Context(), adapters.Statement{SQL: endless, QueryID: id})
			result <- err
		}()
		require.Eventually(t, func() bool { return running(t, observer, id) == 1 }, 20*time.Second, 5*time.Millisecond)
		p.cut()
		err = <-result
		require.Equal(t, adapters.ClassNetwork, adapters.ClassOf(err), "%v", err)
		require.Zero(t, running(t, observer, id))
		_, err = s.Exec(t.Context(), adapters.Statement{SQL: "SELECT 1"})
		require.NoError(t, err, "the session reconnects")
		require.NoError(t, s.Close())
	})
}

// Settings of a session hold although its connection was lost meanwhile, or
// the session fails: never does a statement run without them.
func TestStateSurvivesCut(t *testing.T) {
	beds(t, func(t *testing.T, c clickhouse.Config) {
		p, via := through(t, c)
		a := open(t, via)
		defer closeBoth(t, a)
		s, err := a.Session(t.Context())
		require.NoError(t, err)
		_, err = s.Exec(t.Context(), adapters.Statement{SQL: "SET max_rows_in_set = 4711"})
		require.NoError(t, err)
		before := p.dialed()
		p.cut()
		value := "SELECT value FROM system.settings WHERE name = 'max_rows_in_set'"
		table, _, err := s.Query(t.Context(), adapters.Statement{SQL: value})
		if err != nil { // the cut was seen only by the statement
			require.Equal(t, adapters.ClassNetwork, adapters.ClassOf(err), "%v", err)
			table, _, err = s.Query(t.Context(), adapters.Statement{SQL: value})
		}
		require.NoError(t, err)
		require.Equal(t, "4711", table.Rows[0][0])
		require.Greater(t, p.dialed(), before)
		require.NoError(t, s.Close())
	})
}

// A server that says nothing at all is given up after SendReceiveTimeout.
func TestSilentServer(t *testing.T) {
	beds(t, func(t *testing.T, c clickhouse.Config) {
		p, via := through(t, c)
		via.SendReceiveTimeout, via.SyncRequestTimeout, via.ConnectTimeout = 300*time.Millisecond, 300*time.Millisecond, 300*time.Millisecond
		a := open(t, via)
		defer closeBoth(t, a)
		s, err := a.Session(t.Context())
		require.NoError(t, err)
		p.silence()
		start := time.Now()
		_, err = s.Exec(t.Context(), adapters.Statement{SQL: "SELECT 1"})
		require.Equal(t, adapters.ClassNetwork, adapters.ClassOf(err), "%v", err)
		require.Contains(t, err.Error(), "may still run there", "it says that it could not be killed either")
		require.Less(t, time.Since(start), 10*time.Second)
		p.release()
		require.NoError(t, s.Close())
	})
}

// A statement may take longer than SendReceiveTimeout while the server works.
func TestLongStatement(t *testing.T) {
	for _, driver := range []string{clickhouse.Native, clickhouse.HTTP} {
		t.Run(driver, func(t *testing.T) {
			t.Parallel()
			c := engine(t, driver)
			c.SendReceiveTimeout = 1500 * time.Millisecond
			a := open(t, c)
			defer closeBoth(t, a)
			s, err := a.Session(t.Context())
			require.NoError(t, err)
			_, err = s.Exec(t.Context(), adapters.Statement{SQL: "SELECT sleepEachRow(0.1) FROM numbers(25) SETTINGS max_block_size = 1"})
			require.NoError(t, err)
			_, err = s.Exec(t.Context(), adapters.Statement{
				SQL: "SELECT sleepEachRow(0.1), throwIf(number = 23) FROM numbers(25) SETTINGS max_block_size = 1",
			})
			var e *adapters.ServerError
			require.ErrorAs(t, err, &e, "an error after the header was sent")
			require.Equal(t, 395, e.Code, "%v", err)
			require.NoError(t, s.Close())
		})
	}
}

func TestRefusedConnection(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	for _, driver := range []string{clickhouse.Native, clickhouse.HTTP} {
		c := at(t, driver, listener.Addr().String())
		c.Password = "hidden word"
		_, err = clickhouse.Open(t.Context(), c)
		require.Equal(t, adapters.ClassNetwork, adapters.ClassOf(err), "%v", err)
		require.Contains(t, err.Error(), listener.Addr().String())
		require.NotContains(t, err.Error(), "hidden")
	}
}

func TestSecondHost(t *testing.T) {
	for _, driver := range []string{clickhouse.Native, clickhouse.HTTP} {
		c := engine(t, driver)
		c.Hosts = []string{"127.0.0.1:1", net.JoinHostPort(c.Host, portOf(c))}
		a := open(t, c)
		s, err := a.Session(t.Context())
		require.NoError(t, err)
		_, _, err = s.Query(t.Context(), adapters.Statement{SQL: "SELECT 1"})
		require.NoError(t, err)
		require.NoError(t, s.Close())
		closeBoth(t, a)
	}
}

func TestWrongPassword(t *testing.T) {
	beds(t, func(t *testing.T, c clickhouse.Config) {
		c.Password = "hidden word"
		_, err := clickhouse.Open(t.Context(), c)
		require.Equal(t, adapters.ClassAccess, adapters.ClassOf(err), "%v", err)
		require.NotContains(t, err.Error(), "hidden")
	})
}

func TestUnknownDatabase(t *testing.T) {
	beds(t, func(t *testing.T, c clickhouse.Config) {
		c.Database = "no_such_database"
		_, err := clickhouse.Open(t.Context(), c)
		require.Equal(t, adapters.ClassMissing, adapters.ClassOf(err), "%v", err)
	})
}

// TLS to a port that does not speak it fails, and says so.
func TestNotSecure(t *testing.T) {
	for _, driver := range []string{clickhouse.Native, clickhouse.HTTP} {
		c := engine(t, driver)
		c.Secure, c.ConnectTimeout = true, 2*time.Second
		_, err := clickhouse.Open(t.Context(), c)
		require.Error(t, err)
		require.NotContains(t, err.Error(), c.Password+"@")
	}
}

// Settings of the profile hold for each statement, under those of a session
// and of a statement.
func TestCustomSettings(t *testing.T) {
	beds(t, func(t *testing.T, c clickhouse.Config) {
		c.CustomSettings = map[string]any{"max_rows_in_set": 11, "join_use_nulls": true}
		a := open(t, c)
		defer closeBoth(t, a)
		value := adapters.Statement{SQL: "SELECT value FROM system.settings WHERE name = 'max_rows_in_set'"}
		for range 3 {
			s, err := a.Session(t.Context())
			require.NoError(t, err)
			require.Equal(t, "11", ask(t, s, value))
			with := value
			with.Settings = map[string]any{"max_rows_in_set": 12}
			require.Equal(t, "12", ask(t, s, with))
			require.Equal(t, "11", ask(t, s, value))
			_, err = s.Exec(t.Context(), adapters.Statement{SQL: "SELECT nope"})
			require.Error(t, err)
			require.Equal(t, "11", ask(t, s, value), "after a failure")
			_, err = s.Exec(t.Context(), adapters.Statement{SQL: "SET max_rows_in_set = 13"})
			require.NoError(t, err)
			require.Equal(t, "13", ask(t, s, value))
			require.NoError(t, s.Close())
		}
	})
}

func TestCompression(t *testing.T) {
	for _, driver := range []string{clickhouse.Native, clickhouse.HTTP} {
		methods := []string{"lz4", "zstd"}
		if driver == clickhouse.HTTP {
			methods = append(methods, "gzip", "br", "deflate")
		}
		for _, method := range methods {
			t.Run(driver+"_"+method, func(t *testing.T) {
				c := engine(t, driver)
				c.Compression = method
				a := open(t, c)
				defer closeBoth(t, a)
				s, err := a.Session(t.Context())
				require.NoError(t, err)
				text := strings.Repeat("compress me ", 10_000)
				require.Equal(t, text, ask(t, s, adapters.Statement{SQL: "SELECT " + adapters.Literal(text)}))
				_, err = s.Exec(t.Context(), adapters.Statement{SQL: "SELECT nope"})
				require.Equal(t, adapters.ClassMissing, adapters.ClassOf(err), "%v", err)
				require.NoError(t, s.Close())
			})
		}
	}
}

func TestTemporaryTablesAreNotLostUnseen(t *testing.T) {
	a := open(t, engine(t, clickhouse.Native))
	defer closeBoth(t, a)
	s, err := a.Session(t.Context())
	require.NoError(t, err)
	_, err = s.Exec(t.Context(), adapters.Statement{SQL: "CREATE TEMPORARY TABLE scratch (a UInt8)"})
	require.NoError(t, err)
	_, err = s.Exec(t.Context(), adapters.Statement{SQL: "SELECT nope"})
	require.Error(t, err)
	_, err = s.Exec(t.Context(), adapters.Statement{SQL: "CREATE TEMPORARY TABLE IF NOT EXISTS scratch (a UInt8)"})
	require.ErrorContains(t, err, "temporary tables are gone")
	require.NoError(t, s.Close())
}

func ask(t *testing.T, s adapters.Session, st adapters.Statement) any {
	t.Helper()
	table, _, err := s.Query(t.Context(), st)
	require.NoError(t, err)
	return table.Rows[0][0]
}

func running(t *testing.T, a *clickhouse.Adapter, id string) uint64 {
	t.Helper()
	s, err := a.Session(context.Background())
	require.NoError(t, err)
	n := ask(t, s, adapters.Statement{SQL: "SELECT count() FROM system.processes WHERE query_id = " + adapters.Literal(id)})
	require.NoError(t, s.Close())
	return n.(uint64)
}

func closeBoth(t *testing.T, all ...*clickhouse.Adapter) {
	t.Helper()
	for _, a := range all {
		require.NoError(t, a.Close())
	}
}

// A session has one connection, however fast its statements follow each other.
func TestOneConnection(t *testing.T) {
	c := engine(t, clickhouse.Native)
	p, via := through(t, c)
	a := open(t, via)
	defer closeBoth(t, a)
	s, err := a.Session(t.Context())
	require.NoError(t, err)
	for range 300 {
		ask(t, s, adapters.Statement{SQL: "SELECT 1"})
		_, err := s.Exec(t.Context(), adapters.Statement{SQL: "SELECT 1"})
		require.NoError(t, err)
	}
	require.NoError(t, s.Close())
	require.Equal(t, 1, p.dialed())
}

// A context that ends while an insert does costs the next statement nothing:
// what cuts the one does not reach the other.
func TestEndsWithInsert(t *testing.T) {
	beds(t, func(t *testing.T, c clickhouse.Config) {
		a := open(t, c)
		defer closeBoth(t, a)
		s, err := a.Session(t.Context())
		require.NoError(t, err)
		run := func(sql string) {
			_, err := s.Exec(t.Context(), adapters.Statement{SQL: sql})
			require.NoError(t, err)
		}
		run("DROP TABLE IF EXISTS default.ends")
		run("CREATE TABLE default.ends (n UInt8) ENGINE = Memory")
		columns := []adapters.Column{{Name: "n", Type: "UInt8"}}
		for i := range 60 {
			ctx, end := context.WithCancel(t.Context())
			sent := false
			_, err := s.Insert(ctx, adapters.Statement{SQL: "INSERT INTO default.ends (n)"}, columns, func() ([]any, error) {
				if sent {
					time.AfterFunc(time.Duration(i)*20*time.Microsecond, end)
					return nil, io.EOF
				}
				sent = true
				return []any{uint8(i)}, nil
			})
			_, _, next := s.Query(t.Context(), adapters.Statement{SQL: "SELECT count() FROM default.ends"})
			require.NoError(t, next, "after insert %d, which said: %v", i, err)
			end()
		}
		run("DROP TABLE default.ends")
		require.NoError(t, s.Close())
	})
}
