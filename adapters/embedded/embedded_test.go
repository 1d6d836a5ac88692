package embedded_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
)

func TestMain(m *testing.M) { os.Exit(enginetest.Run(m)) }

func TestFirst(t *testing.T) {
	s := enginetest.Server(t)
	c := enginetest.Connect(t, s, "")
	var v string
	require.NoError(t, c.QueryRow(t.Context(), "select version()").Scan(&v))
	t.Log(v, s.Version, s.Addr, s.HTTPAddr)
	rows, err := c.Query(t.Context(), "select name, value, default from system.settings where changed")
	require.NoError(t, err)
	for rows.Next() {
		var a, b, d string
		require.NoError(t, rows.Scan(&a, &b, &d))
		t.Log(a, b, d)
	}
}
