package materialize_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

// add is a run of an incremental model, as a command does it: what is
// unfinished first, then the SQL, which may depend on whether there is a table.
func (s *shop) add(through adapters.Adapter, n *manifest.Node, sql func(incremental bool) string, refresh bool) (*materialize.Result, error) {
	s.t.Helper()
	in := s.input(n, "")
	in.FullRefresh = refresh
	plan, err := materialize.Finish(in)
	if err != nil {
		return nil, err
	}
	if len(plan.Steps) > 0 {
		if result, err := materialize.Apply(s.t.Context(), through, plan, nil); err != nil {
			return result, err
		}
		in = s.input(n, "")
		in.FullRefresh = refresh
	}
	var result *materialize.Result
	for at, batches := 0, 1; at < batches; at++ {
		var failed error
		result, batches, failed = s.addBatch(through, in, sql, at)
		// The other batches are built, as a command does it.
		if err = errors.Join(err, failed); failed != nil && (at == 0 || unsettled(failed)) {
			break
		}
	}
	return result, err
}

// unsettled reports whether a batch that failed has left something that the next
// run has to deal with.
func unsettled(err error) bool {
	var step *materialize.StepError
	return errors.As(err, &step) && step.Undo != nil
}

// addBatch builds one of the batches that the model is built by; most are built
// by one.
func (s *shop) addBatch(through adapters.Adapter, in materialize.Input, sql func(incremental bool) string, at int) (*materialize.Result, int, error) {
	s.t.Helper()
	all := materialize.InBatches(s.complete(in, sql))
	plan, err := materialize.New(all[at])
	if err != nil {
		return nil, len(all), err
	}
	result, err := materialize.Apply(s.t.Context(), through, plan, nil)
	return result, len(all), err
}

// planned reads the target, if there is one, and plans.
func (s *shop) planned(in materialize.Input, sql func(incremental bool) string) (*materialize.Plan, error) {
	return materialize.New(s.complete(in, sql))
}

// complete reads the target, if there is one, and renders the SQL.
func (s *shop) complete(in materialize.Input, sql func(incremental bool) string) materialize.Input {
	s.t.Helper()
	r, adds := materialize.TargetOf(in)
	if adds {
		session, err := s.adapter.Session(s.t.Context())
		require.NoError(s.t, err)
		in.Target, err = materialize.ReadTarget(s.t.Context(), session, s.adapter.Server().Version, r)
		require.NoError(s.t, err)
		require.NoError(s.t, session.Close())
		require.NoError(s.t, in.Target.ReadDrift(s.t.Context(), s.adapter, in))
	}
	in.SQL = sql(adds)
	if s.prepare != nil {
		s.prepare(&in, adds)
	}
	return in
}

// always is SQL that does not ask whether there is a table.
func (s *shop) always(sql string) func(bool) string {
	return func(bool) string { return sql }
}

func (s *shop) mustAdd(n *manifest.Node, sql string) *materialize.Result {
	s.t.Helper()
	result, err := s.add(s.adapter, n, s.always(sql), false)
	require.NoError(s.t, err)
	return result
}

const days = "SELECT toUInt32(number) AS id, toDate('2026-01-01') + modulo(number, 3) AS day, '%s' AS v FROM numbers(%d, %d)"

func TestIncrementalStrategies(t *testing.T) {
	for name, c := range map[string]struct {
		config []any
		want   string // id range, v
	}{
		"append":                  {nil, "[[new 8] [old 10]]"},
		"append by inserts_only":  {[]any{"unique_key", "id", "inserts_only", true}, "[[new 8] [old 10]]"},
		"inserts_only beats all":  {[]any{"unique_key", "id", "inserts_only", true, "incremental_strategy", "delete+insert", "incremental_predicates", list("day = '2026-01-01'")}, "[[new 8] [old 10]]"},
		"inserts_only, overwrite": {[]any{"partition_by", "day", "inserts_only", true, "incremental_strategy", "insert_overwrite"}, "[[new 8] [old 10]]"},
		"default, without a key":  {[]any{"incremental_strategy", "default"}, "[[new 8] [old 10]]"},
		"legacy, without a key":   {[]any{"incremental_strategy", "legacy"}, "[[new 8] [old 10]]"},
		"default":                 {[]any{"unique_key", "id", "incremental_strategy", "default", "catchup", false}, "[[new 8] [old 6]]"},
		"append, partitions":      {[]any{"partition_by", "day"}, "[[new 8] [old 10]]"},
		"delete+insert":           {[]any{"unique_key", "id"}, "[[new 8] [old 6]]"},
		"legacy":                  {[]any{"unique_key", "id", "incremental_strategy", "legacy"}, "[[new 8] [old 6]]"},
		"by a list":               {[]any{"unique_key", list("id", "day"), "partition_by", "day"}, "[[new 8] [old 6]]"},
		"by an expression":        {[]any{"unique_key", "intDiv(id, 5)"}, "[[new 8] [old 5]]"},
		"predicates":              {[]any{"unique_key", "id", "incremental_predicates", list("day = '2026-01-01'"), "incremental_strategy", "delete+insert"}, "[[new 8] [old 8]]"},
		"insert_overwrite":        {[]any{"incremental_strategy", "insert_overwrite", "partition_by", "day"}, "[[new 8]]"},
		"insert_overwrite, a few": {[]any{"incremental_strategy", "insert_overwrite", "partition_by", "id"}, "[[new 8] [old 6]]"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			n := s.model("orders", append([]any{"materialized", "incremental", "order_by", "id"}, c.config...)...)
			s.mustAdd(n, fmt.Sprintf(days, "old", 0, 10))
			r := s.mustAdd(n, fmt.Sprintf(days, "new", 6, 8))
			require.EqualValues(t, 8, r.Rows)
			require.Equal(t, c.want, fmt.Sprint(s.rows("SELECT v, count() FROM $.orders GROUP BY v ORDER BY v")))
			require.Equal(t, []string{"orders"}, s.tables())
			s.mustAdd(n, fmt.Sprintf(days, "none", 0, 0))
			require.Equal(t, c.want, fmt.Sprint(s.rows("SELECT v, count() FROM $.orders GROUP BY v ORDER BY v")))
			require.Equal(t, []string{"orders"}, s.tables())
		})
	}
}

func list(items ...string) *value.List {
	l := value.NewList()
	for _, i := range items {
		l.Elems = append(l.Elems, i)
	}
	return l
}

// projections are those of a table that rows are taken out of.
func projections() *value.List {
	return value.NewList(value.DictOf("name", "days", "query", "SELECT day, count() GROUP BY day"))
}
