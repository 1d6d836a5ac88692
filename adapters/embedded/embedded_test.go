package embedded_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/embedded"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case parentProcess:
			os.Exit(beParent(os.Args[2:]))
		case clickhouseProcess:
			os.Exit(beClickHouse(os.Args[2:]))
		}
	}
	os.Exit(enginetest.Run(m))
}

// query1 runs a query with one value for an answer.
func query1[T any](t *testing.T, connection driver.Conn, query string) T {
	t.Helper()
	var value T
	require.NoError(t, connection.QueryRow(t.Context(), query).Scan(&value), query)
	return value
}

// execute runs statements.
func execute(t *testing.T, connection driver.Conn, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		require.NoError(t, connection.Exec(t.Context(), statement), statement)
	}
}

// login tries to log in with other credentials than the right ones.
func login(t *testing.T, server *embedded.Server, user, password string) error {
	t.Helper()
	connection, err := clickhouse.Open(&clickhouse.Options{
		Addr: []string{server.Addr},
		Auth: clickhouse.Auth{Username: user, Password: password},
	})
	require.NoError(t, err)
	defer connection.Close()
	return connection.Ping(t.Context())
}

// requireCode requires an exception of the server with the given code.
func requireCode(t *testing.T, err error, code int32) {
	t.Helper()
	var exception *clickhouse.Exception
	require.ErrorAs(t, err, &exception)
	require.Equal(t, code, exception.Code, exception.Message)
}

func requireAnswers(t *testing.T, server *embedded.Server) {
	t.Helper()
	require.EqualValues(t, 1, query1[uint8](t, enginetest.Connect(t, server, ""), "SELECT 1"))
}

// requireStops stops a server within a time that tells a stop from a hang.
func requireStops(t *testing.T, server *embedded.Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	require.NoError(t, server.Stop(ctx))
}

// requireFree waits until no engine holds the warehouse.
func requireFree(t *testing.T, dir string) {
	t.Helper()
	require.Eventually(t, func() bool {
		status, err := embedded.Status(dir)
		return err == nil && !status.Running
	}, 10*time.Second, 5*time.Millisecond, "the warehouse is still in use")
}
