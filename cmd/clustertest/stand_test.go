package clustertest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/adaptertest/sequence"
	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
	"github.com/chmod-sql/chmod/materialize"
)

// stand is a project of a load, a mart and a view on it, and a snapshot, all of
// a source that changes.
type stand struct {
	*sequence.Diary
	t        *testing.T
	random   *rand.Rand
	dir      string
	database string
	servers  []clickhouse.Config
	shards   int // 0 for one server
	strategy string
	seq, ids int
}

func newStand(t *testing.T, seed uint64, d *sequence.Diary, layout string) *stand {
	s := &stand{t: t, Diary: d, random: sequence.Random(seed, 5), dir: t.TempDir()}
	address, user, password, cluster := "", "", "", ""
	if layout == "" {
		server := enginetest.Server(t)
		s.database, address, user, password = enginetest.Database(t), server.Addr, server.User, server.Password
		s.servers = []clickhouse.Config{{Hosts: []string{server.Addr}, User: user, Password: password}}
	} else {
		b := bedtest.Open(t, layout)
		s.database, address, user, password, cluster = b.Database(t), b.Nodes[0].Addr, b.User, b.Password, ", cluster: "+b.Name
		s.shards = b.Shards
		for n := range b.Nodes {
			s.servers = append(s.servers, b.Config(n+1))
		}
	}
	host, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	s.write("dbt_project.yml", "name: stand\nversion: '1'\nprofile: stand\n")
	s.write("profiles.yml", fmt.Sprintf("stand:\n  target: t\n  outputs:\n    t: {type: clickhouse, driver: native, host: %s, port: %s, user: %s, password: %q, schema: %s, state_schema: %s, threads: 2%s}\n",
		host, port, user, password, s.database, s.database, cluster))
	for n := range s.servers {
		s.on(n, "CREATE TABLE "+s.database+".src (seq UInt32, id UInt32, day Date, v String) ENGINE = MergeTree PARTITION BY tuple() ORDER BY seq")
	}
	s.stock()
	return s
}

func (s *stand) write(name, text string) {
	path := filepath.Join(s.dir, name)
	require.NoError(s.t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(s.t, os.WriteFile(path, []byte(text), 0o600))
}

// stock writes the models.
func (s *stand) stock() {
	src, sharding := s.database+".src", ""
	if s.shards > 1 {
		sharding = ", sharding_key='id'"
	}
	s.strategy = sequence.Pick(s.random, "append", "delete+insert", "insert_overwrite", "replace", "merge")
	config := "materialized='incremental', incremental_strategy='" + s.strategy + "'"
	where, by, partition := "seq > (select max(seq) from {{ this }})", " order by seq desc limit 1 by id", "id % 3"
	switch s.strategy {
	case "append":
		by, partition = "", "day"
	case "insert_overwrite":
		where, by, partition = "day in (select day from "+src+" where "+where+")", "", "day"
	case "replace":
		config, by = config+", unique_key='id', version_column='seq'", ""
	default:
		config += ", unique_key='id'"
	}
	if s.strategy == "insert_overwrite" || s.random.IntN(2) == 0 {
		config += ", partition_by='" + partition + "'"
	}
	if s.strategy != "replace" {
		config += ", order_by='id'"
	}
	s.Note("%s", config)
	s.write("models/orders.sql", "{{ config("+config+sharding+") }}\nselect seq, id, day, v from "+src+" {% if is_incremental() %}where "+where+"{% endif %}"+by+"\n")
	s.write("models/mart.sql", "{{ config(materialized='table', order_by='id'"+sharding+") }}\nselect id, count() as n, max(seq) as newest from {{ ref('orders') }} group by id\n")
	s.write("models/front.sql", "{{ config(materialized='view') }}\nselect id, n from {{ ref('mart') }}\n")
	s.write("snapshots/history.sql", "{% snapshot history %}{{ config(unique_key='id', strategy='check', check_cols=['v'], hard_deletes='invalidate', order_by='id'"+sharding+") }}\n"+
		"select id, v from (select * from "+src+" order by seq desc limit 1 by id) where v != '0'\n{% endsnapshot %}\n")
}

// change adds rows to the source.
func (s *stand) change() {
	var rows []string
	for range 1 + s.random.IntN(5) {
		s.seq++
		id := s.random.IntN(s.ids + 1)
		if s.random.IntN(2) == 0 {
			s.ids++
			id = s.ids
		}
		rows = append(rows, fmt.Sprintf("SELECT toUInt32(%d) AS seq, toUInt32(%d) AS id, toDate('2026-01-1%d') AS day, '%d' AS v", s.seq, id, s.random.IntN(3), s.random.IntN(9)))
	}
	for n := range s.servers {
		s.on(n, "INSERT INTO "+s.database+".src "+strings.Join(rows, " UNION ALL "))
	}
	s.Note("source: up to %d", s.seq)
}

// on is what a server answers.
func (s *stand) on(n int, sql string) [][]any {
	s.t.Helper()
	a, err := clickhouse.Open(s.t.Context(), s.servers[n])
	require.NoError(s.t, err)
	defer a.Close()
	session, err := a.Session(s.t.Context())
	require.NoError(s.t, err)
	table, _, err := session.Query(s.t.Context(), adapters.Statement{SQL: strings.ReplaceAll(sql, "$", s.database)})
	require.NoError(s.t, err, sql)
	return table.Rows
}

// chmod is a call of the program.
func (s *stand) chmod(args ...string) *exec.Cmd {
	c := exec.CommandContext(s.t.Context(), os.Args[0], args...)
	c.Dir, c.Env = s.dir, append(os.Environ(), beChmod+"=1")
	return c
}

// sound requires that every server gives what one run on the source as it is
// would have made, the snapshot's history makes sense, and nothing else is there.
func (s *stand) sound() {
	s.t.Helper()
	orders := "$.src"
	if slices.Contains([]string{"delete+insert", "replace", "merge"}, s.strategy) {
		orders = "(SELECT * FROM $.src ORDER BY seq DESC LIMIT 1 BY id)"
	}
	for n := range s.servers {
		same := func(want, got string) {
			s.t.Helper()
			require.Equal(s.t, fmt.Sprint(s.on(n, want)), fmt.Sprint(s.on(n, got)), "server %d", n+1)
		}
		same("SELECT seq, id, day, v FROM "+orders+" ORDER BY seq", "SELECT seq, id, day, v FROM $.orders ORDER BY seq")
		same("SELECT id, count() AS n, max(seq) AS newest FROM "+orders+" GROUP BY id ORDER BY id", "SELECT id, n, newest FROM $.mart ORDER BY id")
		same("SELECT id, n FROM $.mart ORDER BY id", "SELECT id, n FROM $.front ORDER BY id")
		same("SELECT id, v FROM (SELECT * FROM $.src ORDER BY seq DESC LIMIT 1 BY id) WHERE v != '0' ORDER BY id", "SELECT id, v FROM $.history WHERE isNull(dbt_valid_to) ORDER BY id")
		s.remembers(n)
		var left []string
		for _, row := range s.on(n, "SELECT name FROM system.tables WHERE database = '$' ORDER BY name") {
			if _, stamp, ok := materialize.ParseStaging(row[0].(string)); ok && stamp.Role != materialize.RoleKept {
				left = append(left, row[0].(string))
			}
		}
		require.Empty(s.t, left, "server %d", n+1)
	}
}

// remembers requires that of each row one version follows another.
func (s *stand) remembers(n int) {
	s.t.Helper()
	ends := map[any]int64{}
	for _, row := range s.on(n, "SELECT id, toInt64(toUnixTimestamp(dbt_valid_from)) AS since, toInt64(ifNull(toUnixTimestamp(dbt_valid_to), 0)) AS until FROM $.history ORDER BY id, since, until = 0, until") {
		last, before := ends[row[0]]
		since, until := row[1].(int64), row[2].(int64)
		require.True(s.t, !before || last != 0 && last <= since, "%v begins before the one before it ends", row)
		require.True(s.t, until == 0 || until >= since, "%v ends before it begins", row)
		ends[row[0]] = until
	}
}
