package clickhouse_test

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/adaptertest"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/adapters/clickhouse/debiantest"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
)

func TestMain(m *testing.M) {
	code := enginetest.Run(m)
	if err := debiantest.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

func TestNativeConforms(t *testing.T) {
	adaptertest.Run(t, opener(engine(t, clickhouse.Native)), adaptertest.Caps{LiveProgress: true, QueryLog: true, Punctual: true})
}

func TestHTTPConforms(t *testing.T) {
	adaptertest.Run(t, opener(engine(t, clickhouse.HTTP)), adaptertest.Caps{QueryLog: true})
}

// engine is the configuration that reaches the embedded engine.
func engine(t testing.TB, driver string) clickhouse.Config {
	t.Helper()
	server := enginetest.Server(t)
	address := server.Addr
	if driver == clickhouse.HTTP {
		address = server.HTTPAddr
	}
	c := at(t, driver, address)
	c.User, c.Password, c.Embedded = server.User, server.Password, true
	return c
}

// at is a configuration for an address.
func at(t testing.TB, driver, address string) clickhouse.Config {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	number, err := strconv.Atoi(port)
	require.NoError(t, err)
	return clickhouse.Config{Driver: driver, Host: host, Port: number}
}

func opener(c clickhouse.Config) func(*testing.T) adapters.Adapter {
	return func(t *testing.T) adapters.Adapter { return open(t, c) }
}

func open(t testing.TB, c clickhouse.Config) *clickhouse.Adapter {
	t.Helper()
	a, err := clickhouse.Open(t.Context(), c)
	require.NoError(t, err)
	return a
}

func portOf(c clickhouse.Config) string { return strconv.Itoa(c.Port) }
