package adapters_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/record"
)

func TestParseVersion(t *testing.T) {
	v, err := adapters.ParseVersion("26.7.2.1")
	require.NoError(t, err)
	require.Equal(t, adapters.Version{Major: 26, Minor: 7, Patch: 2, Text: "26.7.2.1"}, v)
	require.True(t, v.Has(adapters.ExchangeTables))
	v, err = adapters.ParseVersion("18.16.1")
	require.NoError(t, err)
	require.False(t, v.Has(adapters.ExchangeTables))
	require.True(t, v.AtLeast(18, 16))
	require.False(t, v.AtLeast(18, 17))
	for _, text := range []string{"", "26", "a.b", "26.x.1"} {
		_, err := adapters.ParseVersion(text)
		require.Error(t, err, text)
	}
}

func TestReadTopology(t *testing.T) {
	a := record.New(adapters.Server{}, nil)
	a.OnMatch("system.clusters").Rows(
		[]string{"cluster", "shard_num", "replica_num", "host_name", "port", "is_local", "errors_count"},
		[]any{"c", uint32(1), uint32(1), "a", uint16(9000), uint8(1), uint32(0)},
		[]any{"c", uint32(1), uint32(2), "b", uint16(9000), uint8(0), uint32(3)},
		[]any{"c", uint32(2), uint32(1), "d", uint16(9001), uint8(0), uint32(0)},
	)
	a.OnMatch("system.macros").Rows([]string{"macro", "substitution"}, []any{"shard", "01"})
	s, err := a.Session(t.Context())
	require.NoError(t, err)
	topology, err := adapters.ReadTopology(t.Context(), s)
	require.NoError(t, err)
	c := topology.Clusters["c"]
	require.Equal(t, 2, c.Shards())
	require.Equal(t, 2, c.Replicas())
	require.Equal(t, adapters.Host{Shard: 1, Replica: 2, Host: "b", Port: 9000, Errors: 3}, c.Hosts[1])
	require.Equal(t, map[string]string{"shard": "01"}, topology.Macros)
}

// An answer of another shape is an error and no zero value.
func TestUnexpectedShape(t *testing.T) {
	a := record.New(adapters.Server{}, nil)
	a.OnMatch("system.tables").Rows([]string{"database"}, []any{"d"})
	a.OnMatch("DESCRIBE").Rows([]string{"name", "type"}, []any{"n", nil})
	s, err := a.Session(t.Context())
	require.NoError(t, err)
	_, err = adapters.Definitions(t.Context(), s, []adapters.Relation{{Database: "d", Name: "t"}})
	require.ErrorContains(t, err, "system.tables")
	_, err = adapters.DescribeQuery(t.Context(), s, "SELECT 1", nil)
	require.ErrorContains(t, err, "describe")
}

// A mistake that the server saw is reported where the user's query has it.
func TestDescribeQueryPosition(t *testing.T) {
	a := record.New(adapters.Server{}, nil)
	s, err := a.Session(t.Context())
	require.NoError(t, err)
	for _, test := range []struct{ line, column, wantLine, wantColumn int }{
		{1, 23, 1, 7}, {2, 23, 2, 23}, {1, 3, 0, 0}, {0, 0, 0, 0},
	} {
		a.OnMatch("DESCRIBE").Fail(&adapters.ServerError{Code: 62, Line: test.line, Column: test.column})
		_, err := adapters.DescribeQuery(t.Context(), s, "SELECT 1", nil)
		var e *adapters.ServerError
		require.ErrorAs(t, err, &e)
		require.Equal(t, [2]int{test.wantLine, test.wantColumn}, [2]int{e.Line, e.Column})
	}
}

func TestServerErrorSaysWhatIsKnown(t *testing.T) {
	require.EqualError(t, &adapters.ServerError{Code: 60, Name: "UNKNOWN_TABLE", Message: "no table"}, "ClickHouse error 60 (UNKNOWN_TABLE): no table")
	require.EqualError(t, &adapters.ServerError{Code: 69, Message: "too long"}, "ClickHouse error 69: too long")
	require.EqualError(t, &adapters.ServerError{Message: "connection refused"}, "connection refused")
}
