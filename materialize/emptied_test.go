package materialize_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

// A partition that loses all its rows to others loses them in the table, too,
// however long it takes until partitions are put in place: servers drop what has
// no rows meanwhile.
func TestPartitionsLoseAllRows(t *testing.T) {
	soon := []string{"cleanup_delay_period", "max_cleanup_delay_period"} // when servers look for such parts
	s := newShop(t)
	n := s.model("orders", "materialized", "incremental", "order_by", "id", "partition_by", "day", "unique_key", "id", "projections", projections(),
		"settings", value.DictOf(soon[0], int64(1), soon[1], int64(1), "cleanup_delay_period_random_add", int64(0)))
	row := func(id, day string) string {
		return "SELECT toUInt32(" + id + ") AS id, toDate('2026-01-0" + day + "') AS day"
	}
	s.mustAdd(n, row("1", "1")+" UNION ALL "+row("2", "2"))

	committed := ""
	for at := 1; committed == ""; at++ {
		_, err := s.add(&killer{Adapter: s.adapter, at: at, after: true, dead: true}, n, s.always(row("1", "3")), false)
		require.ErrorIs(t, err, errKilled)
		names := s.tables()
		i := slices.IndexFunc(names, func(name string) bool {
			_, stamp, ok := materialize.ParseStaging(name)
			return ok && stamp.Role == materialize.RoleReplace
		})
		if i >= 0 {
			committed = s.database + "." + names[i]
		}
	}
	exec(t, s.adapter, "CREATE TABLE "+s.database+".emptied (id UInt32) ENGINE = MergeTree ORDER BY id SETTINGS "+soon[0]+" = 1, "+soon[1]+" = 1, cleanup_delay_period_random_add = 0")
	exec(t, s.adapter, "INSERT INTO "+s.database+".emptied VALUES (1)")
	exec(t, s.adapter, "ALTER TABLE "+s.database+".emptied DELETE WHERE 1 SETTINGS mutations_sync = 1")
	require.Eventually(t, func() bool {
		for _, table := range []string{committed, s.database + ".emptied"} { // wakes what drops parts up
			exec(t, s.adapter, "SYSTEM STOP MERGES "+table)
			exec(t, s.adapter, "SYSTEM START MERGES "+table)
		}
		return len(s.rows("SELECT name FROM system.parts WHERE active AND database = '$' AND table = 'emptied'")) == 0
	}, 2*time.Minute, 100*time.Millisecond)
	exec(t, s.adapter, "DROP TABLE "+s.database+".emptied SYNC")

	s.mustAdd(n, row("3", "3"))
	require.Equal(t, []string{"1 2026-01-03", "2 2026-01-02", "3 2026-01-03"}, s.sorted("SELECT concat(toString(id), ' ', toString(day)) FROM $.orders ORDER BY 1"))
	require.Equal(t, []string{"orders"}, s.tables())
}
