package clickhouse_test

import (
	"context"
	"testing"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
)

// BenchmarkStatement measures what a statement costs, with and without us.
func BenchmarkStatement(b *testing.B) {
	for _, name := range []string{clickhouse.Native, clickhouse.HTTP} {
		c := engine(b, name)
		b.Run(name+"/bare", func(b *testing.B) {
			o := &driver.Options{
				Addr:         []string{c.Host + ":" + portOf(c)},
				Auth:         driver.Auth{Username: c.User, Password: c.Password},
				MaxOpenConns: 1, MaxIdleConns: 1,
			}
			if name == clickhouse.HTTP {
				o.Protocol = driver.HTTP
			}
			conn, err := driver.Open(o)
			require.NoError(b, err)
			defer conn.Close()
			for b.Loop() {
				require.NoError(b, conn.Exec(context.Background(), "SELECT 1"))
			}
		})
		b.Run(name+"/session", func(b *testing.B) {
			a := open(b, c)
			defer a.Close()
			for b.Loop() {
				s, err := a.Session(context.Background())
				require.NoError(b, err)
				_, err = s.Exec(context.Background(), adapters.Statement{SQL: "SELECT 1", Comment: "benchmark"})
				require.NoError(b, err)
				require.NoError(b, s.Close())
			}
		})
	}
}
