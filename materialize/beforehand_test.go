package materialize_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

func TestColumnsBeforehand(t *testing.T) {
	for _, c := range []struct {
		name     string
		config   []any
		contract bool
		hooks    []materialize.Hook
		reads    bool
	}{
		{name: "table", config: []any{"materialized", "table"}, reads: true},
		{name: "view that says no columns", config: []any{"materialized", "view"}},
		{name: "view with a contract", config: []any{"materialized", "view"}, contract: true, reads: true},
		{name: "hook before it", config: []any{"materialized", "table"}, hooks: []materialize.Hook{{SQL: "SET join_use_nulls = 1"}}},
		{name: "header before it", config: []any{"materialized", "table", "sql_header", "SET join_use_nulls = 1"}},
		{name: "seed", config: nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := &manifest.Node{
				UniqueID: "model.shop.orders", Name: "orders", ResourceType: manifest.Model, Schema: "shop", Alias: "orders",
				Config:  manifest.NewConfig(value.DictOf(c.config...), nil),
				Columns: []manifest.Column{{Name: "id", DataType: "UInt8"}},
			}
			n.Contract.Enforced = c.contract
			in := materialize.Input{Node: n, SQL: "SELECT 1 AS id", Invocation: invocation(), PreHooks: c.hooks, Server: adapters.Server{Version: adapters.Version{Major: 26, Minor: 7}}}
			if c.config == nil {
				n.ResourceType = manifest.Seed
				in.Seed = &materialize.Seed{Columns: []materialize.SeedColumn{{Column: adapters.Column{Name: "id", Type: "UInt8"}}}}
			}
			plan, err := materialize.New(in)
			require.NoError(t, err)
			statement, ok := plan.Reads()
			require.Equal(t, c.reads, ok)
			if !ok {
				return
			}
			require.Equal(t, "DESCRIBE TABLE (\nSELECT 1 AS id\n)", statement.SQL)
			require.Contains(t, plan.Text(), "/* the columns of the SQL */")
			known, err := plan.With(&adapters.Table{Rows: [][]any{{"id", "UInt8"}}})
			require.NoError(t, err)
			require.NotContains(t, known.Text(), "/* the columns of the SQL */")
			require.Contains(t, known.Text(), "`id` UInt8")
			_, err = plan.With(&adapters.Table{Rows: [][]any{{"id"}}})
			require.Error(t, err)
		})
	}
}
