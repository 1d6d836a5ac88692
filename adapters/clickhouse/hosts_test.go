package clickhouse_test

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
)

// TestSessionsStayOnOneHost is that a host that comes back gets no sessions:
// it may not have what others were told to write.
func TestSessionsStayOnOneHost(t *testing.T) {
	for _, driver := range []string{clickhouse.Native, clickhouse.HTTP} {
		c := engine(t, driver)
		target := net.JoinHostPort(c.Host, portOf(c))
		away, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		address := away.Addr().String()
		require.NoError(t, away.Close())
		second := startProxy(t, target)
		c.Hosts = []string{address, second.address()}
		a := open(t, c)
		back, err := net.Listen("tcp", address)
		require.NoError(t, err)
		t.Cleanup(func() { _ = back.Close() })
		for range 3 {
			s, err := a.Session(t.Context())
			require.NoError(t, err)
			// A SET makes its connection useless for others.
			_, err = s.Exec(t.Context(), adapters.Statement{SQL: "SET max_threads = 1"})
			require.NoError(t, err)
			require.NoError(t, s.Close())
		}
		require.NoError(t, back.(*net.TCPListener).SetDeadline(time.Unix(1, 0)))
		_, err = back.Accept()
		require.ErrorContains(t, err, "timeout", "nobody came back")
		require.NotZero(t, second.dialed())
	}
}
