package invocation

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/adaptertest/sequence"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/adapters/embedded"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
	"github.com/chmod-sql/chmod/materialize"
)

func TestMain(m *testing.M) { os.Exit(enginetest.Run(m)) }

// depot is a project with one model, on a source that changes.
type depot struct {
	*sequence.Diary
	t        *testing.T
	random   *rand.Rand
	server   *embedded.Server
	adapter  adapters.Adapter
	database string
	project  string
	strategy string
	seq, ids int
	started  int
	// woken are runs that were paused for longer than they may be; stale those
	// of them that others had found dead.
	stopped, woken, stale int
}

func newDepot(t *testing.T, seed uint64, diary *sequence.Diary) *depot {
	d := &depot{t: t, Diary: diary, random: sequence.Random(seed, 3), server: enginetest.Server(t), database: enginetest.Database(t), project: t.TempDir()}
	d.adapter = d.connect()
	t.Cleanup(func() { require.NoError(t, d.adapter.Close()) })
	d.exec("CREATE TABLE " + d.database + ".src (seq UInt32, id UInt32, day Date, v String) ENGINE = MergeTree ORDER BY seq")
	d.strategy = sequence.Pick(d.random, "append", "delete+insert", "insert_overwrite", "replace", "merge", "table")
	config := "materialized='incremental', incremental_strategy='" + d.strategy + "'"
	where, by := "seq > (select max(seq) from {{ this }})", ""
	switch d.strategy {
	case "table":
		config = "materialized='table', keep_previous_generation=true"
	case "delete+insert", "merge", "replace":
		config += ", unique_key='id'"
		if by = " order by seq desc limit 1 by id"; d.strategy == "replace" {
			config, by = config+", version_column='seq'", ""
		}
	case "insert_overwrite":
		where = "day in (select day from " + d.database + ".src where " + where + ")"
	}
	if d.strategy == "insert_overwrite" || d.random.IntN(2) == 0 {
		config += ", partition_by='day'"
	}
	if d.strategy != "replace" {
		config += ", order_by='id'"
	}
	d.write("dbt_project.yml", "name: depot\nversion: '1'\nprofile: depot\nmodel-paths: [models]\n")
	d.write("models/orders.sql", "{{ config("+config+") }}\nselect seq, id, day, v from "+d.database+".src {% if is_incremental() %}where "+where+"{% endif %}"+by+"\n")
	d.write("profiles.yml", fmt.Sprintf("depot:\n  target: t\n  outputs:\n    t: {type: clickhouse, host: 127.0.0.1, port: 1, user: u, schema: %s, state_schema: %s, threads: 1}\n", d.database, d.database))
	d.Note("%s", config)
	return d
}

func (d *depot) write(name, text string) {
	path := filepath.Join(d.project, name)
	require.NoError(d.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(d.t, os.WriteFile(path, []byte(text), 0o644))
}

func (d *depot) connect() adapters.Adapter {
	a, err := clickhouse.Open(d.t.Context(), clickhouse.Config{
		Hosts: []string{d.server.Addr}, User: d.server.User, Password: d.server.Password, Embedded: true, Settings: materialize.SessionSettings,
	})
	require.NoError(d.t, err)
	return a
}

func (d *depot) query(sql string) [][]any {
	d.t.Helper()
	s, err := d.adapter.Session(d.t.Context())
	require.NoError(d.t, err)
	table, _, err := s.Query(d.t.Context(), adapters.Statement{SQL: sql})
	require.NoError(d.t, err, sql)
	require.NoError(d.t, s.Close())
	return table.Rows
}

func (d *depot) exec(sql string) {
	d.t.Helper()
	s, err := d.adapter.Session(d.t.Context())
	require.NoError(d.t, err)
	_, err = s.Exec(d.t.Context(), adapters.Statement{SQL: sql})
	require.NoError(d.t, err, sql)
	require.NoError(d.t, s.Close())
}

// change adds rows to the source: new ones and corrected ones, some of which
// move to another partition.
func (d *depot) change() {
	var rows []string
	for range 1 + d.random.IntN(5) {
		d.seq++
		id := d.random.IntN(d.ids + 1)
		if d.random.IntN(2) == 0 {
			d.ids++
			id = d.ids
		}
		rows = append(rows, fmt.Sprintf("(%d, %d, '2026-01-1%d', '%d')", d.seq, id, d.random.IntN(3), d.random.IntN(9)))
	}
	d.exec("INSERT INTO " + d.database + ".src VALUES " + strings.Join(rows, ", "))
	d.Note("source: %s", strings.Join(rows, " "))
}

// holds is what the model's table holds.
func (d *depot) holds() string {
	if len(d.query("SELECT name FROM system.tables WHERE database = '"+d.database+"' AND name = 'orders'")) == 0 {
		return "no table"
	}
	return fmt.Sprint(d.query("SELECT seq, id, day, v FROM " + d.database + ".orders ORDER BY seq, id"))
}

// wants is what it is to hold.
func (d *depot) wants() string {
	from := d.database + ".src"
	if slices.Contains([]string{"delete+insert", "merge", "replace"}, d.strategy) {
		from = "(SELECT * FROM " + from + " ORDER BY seq DESC LIMIT 1 BY id)"
	}
	return fmt.Sprint(d.query("SELECT seq, id, day, v FROM " + from + " ORDER BY seq, id"))
}
