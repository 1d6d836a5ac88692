package compiler

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWithClause(t *testing.T) {
	for sql, want := range map[string]string{
		"select 1":                               "",
		"with a as (select 1) select * from a":   "a as (select 1) select * from a",
		"\n-- with b\n/* with c */ WITH\n  a as": "a as",
		"with recursive a as":                    "a as",
		"without a":                              "",
		"with_x":                                 "",
		"select 1 group by x with totals":        "",
		"with -- why\na as":                      "-- why\na as",
		"/* open":                                "",
		"":                                       "",
	} {
		at := withClause(sql)
		if want == "" {
			require.Equal(t, -1, at, sql)
			continue
		}
		require.Equal(t, want, sql[max(at, 0):], sql)
	}
}

func FuzzWithClause(f *testing.F) {
	f.Add("-- x\nwith recursive a as (select 1)")
	f.Fuzz(func(t *testing.T, sql string) {
		at := withClause(sql)
		require.GreaterOrEqual(t, at, -1)
		require.LessOrEqual(t, at, len(sql))
	})
}
