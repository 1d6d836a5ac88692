package clickhouse_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/adaptertest"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/adapters/clickhouse/debiantest"
)

func TestOldNativeConforms(t *testing.T) {
	adaptertest.Run(t, opener(old(t, clickhouse.Native)), adaptertest.Caps{LiveProgress: true, QueryLog: true, Punctual: true})
}

func TestOldHTTPConforms(t *testing.T) {
	adaptertest.Run(t, opener(old(t, clickhouse.HTTP)), adaptertest.Caps{QueryLog: true})
}

// old is the configuration that reaches Debian's server.
func old(t testing.TB, driver string) clickhouse.Config {
	t.Helper()
	server := debiantest.Server(t)
	address := server.Addr
	if driver == clickhouse.HTTP {
		address = server.HTTPAddr
	}
	c := at(t, driver, address)
	c.User, c.Password = server.User, server.Password
	return c
}

func TestOldReader(t *testing.T) {
	for _, driver := range []string{clickhouse.Native, clickhouse.HTTP} {
		t.Run(driver, func(t *testing.T) {
			c := old(t, driver)
			c.User, c.Password = debiantest.Server(t).ReadOnly, debiantest.Server(t).ReadOnlyPassword
			a := open(t, c)
			s, err := a.Session(t.Context())
			require.NoError(t, err)
			_, err = s.Exec(t.Context(), adapters.Statement{SQL: "SELECT 1", Comment: "nothing that a reader may not say"})
			require.NoError(t, err)
			_, err = s.Exec(t.Context(), adapters.Statement{SQL: "CREATE DATABASE forbidden"})
			require.Equal(t, adapters.ClassAccess, adapters.ClassOf(err), "%v", err)
			require.NoError(t, s.Close())
			require.NoError(t, a.Close())
		})
	}
}
