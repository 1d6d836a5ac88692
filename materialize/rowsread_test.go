package materialize_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/materialize"
)

// A load of late and corrected rows reads each partition that it touches once,
// to take rows out, and once more where it keeps values of them: its checks go by
// what the server has counted, and the primary index tells that other partitions
// have none of the rows. Updates need the rows that are there, too, and a check.
func TestRowsReadByALoad(t *testing.T) {
	const all, touched, load = 1_000_000, 150_000, 1000
	for _, c := range []struct {
		name   string
		config []any
		// reads are how often the touched partitions may be read.
		reads int
	}{
		{"delete+insert", []any{"incremental_strategy", "delete+insert"}, 1},
		{"merge of whole rows", []any{"incremental_strategy", "merge", "merge_method", "partitions"}, 1},
		{"merge of a column", []any{"incremental_strategy", "merge", "merge_method", "partitions", "merge_update_columns", "amount"}, 2},
		{"merge by patch parts", []any{"incremental_strategy", "merge", "merge_update_columns", "amount"}, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShop(t)
			n := s.model("facts", append([]any{"materialized", "incremental", "order_by", "(id, account)", "partition_by", "day", "unique_key", "id"}, c.config...)...)
			rows := "id, id %% 1000 AS account, toDate('2026-01-01') + intDiv(id, 50000) AS day, toUInt32(%d) AS amount, 'x' AS note FROM numbers(%d)"
			s.refresh(n, "SELECT number AS "+fmt.Sprintf(rows, 0, all))
			in := s.input(n, "SELECT * FROM (SELECT 999999 - number * 299 AS "+fmt.Sprintf(rows, 1, load/2)+
				" UNION ALL SELECT 1000000 + number AS id, id % 1000, toDate('2026-01-20'), toUInt32(1), 'x' FROM numbers(500))")
			session, err := s.adapter.Session(t.Context())
			require.NoError(t, err)
			r, _ := materialize.TargetOf(in)
			in.Target, err = materialize.ReadTarget(t.Context(), session, s.adapter.Server().Version, r)
			require.NoError(t, err)
			require.NoError(t, session.Close())
			plan, err := materialize.New(in)
			require.NoError(t, err)
			since := fmt.Sprint(s.rows("SELECT toUnixTimestamp64Micro(now64(6))")[0][0])
			_, err = materialize.Apply(t.Context(), s.adapter, plan, nil)
			require.NoError(t, err)
			require.Equal(t, "[[1000500 1000]]", fmt.Sprint(s.rows("SELECT count(), sum(amount) FROM $.facts")))
			exec(t, s.adapter, "SYSTEM FLUSH LOGS")
			read := s.rows("SELECT toUInt64(sum(read_rows)) FROM (SELECT read_rows FROM system.query_log WHERE type = 'QueryFinish' AND log_comment = 'materialize_test'" +
				" AND query_kind != 'System' AND query LIKE '%$%facts%' AND event_time_microseconds > fromUnixTimestamp64Micro(" + since + ")" +
				" UNION ALL SELECT read_rows FROM system.part_log WHERE event_type = 'MutatePart' AND database = '$' AND read_rows > 0)")[0][0].(uint64)
			t.Logf("%d rows read", read)
			require.Less(t, read, uint64(c.reads*touched+12*load))
			require.Greater(t, read, uint64(touched/2), "the server's logs tell")
		})
	}
}
