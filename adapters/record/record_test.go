package record_test

import (
	"context"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/record"
)

func TestAnswersFromScript(t *testing.T) {
	a := record.New(adapters.Server{User: "me"}, nil)
	trouble := &adapters.ServerError{Class: adapters.ClassMemory, Code: 241}
	a.OnMatch(`^SELECT`).Rows([]string{"a"}, []any{uint8(1)})
	a.On("SELECT 2").Rows([]string{"a"}, []any{uint8(2)})
	a.OnMatch(`DROP`).Fail(trouble).Times(1)

	s, err := a.Session(t.Context())
	require.NoError(t, err)
	table, summary, err := s.Query(t.Context(), adapters.Statement{SQL: "SELECT 1"})
	require.NoError(t, err)
	require.Equal(t, [][]any{{uint8(1)}}, table.Rows)
	require.NotEmpty(t, summary.QueryID)
	table, _, err = s.Query(t.Context(), adapters.Statement{SQL: "SELECT 2"})
	require.NoError(t, err)
	require.Equal(t, [][]any{{uint8(2)}}, table.Rows, "the later of two answers")
	_, err = s.Exec(t.Context(), adapters.Statement{SQL: "DROP TABLE t"})
	require.ErrorIs(t, err, trouble)
	_, err = s.Exec(t.Context(), adapters.Statement{SQL: "DROP TABLE t"})
	require.NoError(t, err, "it fails once")

	rows := [][]any{{1}, {2}}
	summary, err = s.Insert(t.Context(), adapters.Statement{SQL: "INSERT INTO t (a)"}, nil, func() ([]any, error) {
		if len(rows) == 0 {
			return nil, io.EOF
		}
		row := rows[0]
		rows = rows[1:]
		return row, nil
	})
	require.NoError(t, err)
	require.Equal(t, uint64(2), summary.Progress.WrittenRows)

	require.Equal(t, []string{"SELECT 1", "SELECT 2", "DROP TABLE t", "DROP TABLE t", "INSERT INTO t (a)"}, a.Statements())
	require.Equal(t, trouble, a.Recorded()[2].Err)
	require.Equal(t, [][]any{{1}, {2}}, a.Recorded()[4].Rows)
	require.Equal(t, 1, a.Open())
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	require.Zero(t, a.Open())
	_, err = s.Exec(t.Context(), adapters.Statement{SQL: "SELECT 1"})
	require.Error(t, err)
}

func TestCancelDuring(t *testing.T) {
	a := record.New(adapters.Server{}, nil)
	ctx, cancel := context.WithCancel(t.Context())
	a.On("endless").During(func(ctx context.Context) error {
		cancel()
		<-ctx.Done()
		return ctx.Err()
	})
	s, err := a.Session(ctx)
	require.NoError(t, err)
	_, err = s.Exec(ctx, adapters.Statement{SQL: "endless"})
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, a.Recorded()[0].Err, context.Canceled)
}

func TestCatalogIsPartial(t *testing.T) {
	catalog := &adapters.Catalog{Databases: map[string]adapters.Database{"a": {Name: "a"}, "b": {Name: "b"}}}
	got, err := record.New(adapters.Server{}, catalog).Catalog(t.Context(), []string{"b", "c"})
	require.NoError(t, err)
	require.Equal(t, map[string]adapters.Database{"b": {Name: "b"}}, got.Databases)
}
