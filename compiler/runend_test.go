package compiler_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler"
)

// What packages that keep a diary of runs read of a result: attributes, and
// the same as plain dicts.
func TestResultsForOnRunEnd(t *testing.T) {
	dir, _ := unpack(t, txtar.Parse([]byte(`-- dbt_project.yml --
name: shop
version: "1.0"
on-run-end:
  - "{% for r in results %}{{ r.status }} {{ r.node.unique_id }} {{ r.node.to_dict()['name'] }} {{ r.timing[0].name }} {{ r.timing[0].to_dict().keys() | list }} {{ r.to_dict()['node']['alias'] }} {{ r.to_dict()['timing'][0]['name'] }} {{ r.failures }} {{ schemas }}{% endfor %}"
-- models/orders.sql --
select 1 as id
`)))
	p, err := compiler.Load(context.Background(), compiler.Options{
		ProjectDir: dir, WorkDir: dir, HomeDir: dir, Env: func(string) (string, bool) { return "", false },
	})
	require.NoError(t, err)
	c, err := p.CompileHook(context.Background(), "operation.shop.shop-on-run-end-0", nil, compiler.RunEnd{
		Schemas: []string{"shop"},
		Results: []compiler.RunResult{{
			Node: p.Manifest.Nodes["model.shop.orders"], Status: "success",
			Timing: []compiler.Timing{{Name: "execute", Started: time.Unix(1, 0), Completed: time.Unix(2, 0)}},
		}},
	})
	require.NoError(t, err)
	require.Equal(t, "success model.shop.orders orders execute ['name', 'started_at', 'completed_at'] orders execute None ['shop']", strings.TrimSpace(c.SQL))
}
