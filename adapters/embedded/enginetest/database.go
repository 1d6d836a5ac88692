package enginetest

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/embedded"
)

// databases counts the databases given out, for names that no two tests share.
var databases atomic.Int64

// Database creates a database in the shared engine for one test and returns
// its name, which needs no quotes. It is dropped with the test.
func Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("t%d_%s", databases.Add(1), plain(t.Name()))
	connection := Connect(t, Server(t), "")
	require.NoError(t, connection.Exec(t.Context(), "CREATE DATABASE "+name))
	t.Cleanup(func() {
		// t.Context() has ended by now.
		if err := connection.Exec(context.Background(), "DROP DATABASE IF EXISTS "+name+" SYNC"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return name
}

// Connect opens a native connection that is closed with the test. database may
// be empty.
func Connect(t testing.TB, server *embedded.Server, database string) driver.Conn {
	t.Helper()
	connection, err := clickhouse.Open(&clickhouse.Options{
		Addr: []string{server.Addr},
		Auth: clickhouse.Auth{Database: database, Username: server.User, Password: server.Password},
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = connection.Close() })
	return connection
}

// plain turns a test's name into an identifier of bearable length.
func plain(name string) string {
	const longest = 60
	name = strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '_':
			return r
		case 'A' <= r && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '_'
	}, name)
	return name[:min(len(name), longest)]
}
