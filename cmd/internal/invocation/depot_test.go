package invocation

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/adaptertest/sequence"
	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
)

func TestMain(m *testing.M) { os.Exit(bedtest.Run(m)) }

// depot is a project with one model, on a source that changes.
type depot struct {
	*sequence.Diary
	*site
	t        *testing.T
	random   *rand.Rand
	project  string
	strategy string
	seq, ids int
	started  int
	// long is about how many statements a run has.
	long int
	// ahead is how far the clocks of all processes are ahead of the test's, in
	// nanoseconds.
	ahead atomic.Int64
	past  history
	// woken are runs that were paused for longer than they may be; stale those
	// of them that others had found dead.
	stopped, woken, stale int
}

func newDepot(t *testing.T, seed uint64, diary *sequence.Diary, at *site, strategies ...string) *depot {
	d := &depot{t: t, Diary: diary, site: at, random: sequence.Random(seed, 3), project: t.TempDir(), long: 32}
	if d.clustered() {
		d.long = 90
	}
	d.strategy = sequence.Pick(d.random, strategies...)
	day := "Date"
	if d.strategy == "microbatch" {
		day = "DateTime('UTC')" // dates cannot be compared with times as text
	}
	d.exec("CREATE TABLE " + d.database + ".src (seq UInt32, id UInt32, day " + day + ", v String) ENGINE = MergeTree PARTITION BY tuple() ORDER BY seq")
	d.write("dbt_project.yml", "name: depot\nversion: '1'\nprofile: depot\nmodel-paths: [models]\n")
	d.write("profiles.yml", fmt.Sprintf("depot:\n  target: t\n  outputs:\n    t: {%s, schema: %s, state_schema: %s, threads: 1}\n", d.profile, d.database, d.database))
	d.stock()
	return d
}

func (d *depot) write(name, text string) {
	path := filepath.Join(d.project, name)
	require.NoError(d.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(d.t, os.WriteFile(path, []byte(text), 0o644))
}

// now is what the clocks of all processes say.
func (d *depot) now() time.Time { return time.Now().Add(time.Duration(d.ahead.Load())) }

// later has some time pass for all processes: versions of two runs in one second
// cannot be told apart.
func (d *depot) later() { d.ahead.Add(int64(2 * time.Second)) }

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
		year := 2026
		if d.strategy == "microbatch" {
			year = time.Now().UTC().Year() - d.random.IntN(2)
		}
		rows = append(rows, fmt.Sprintf("(%d, %d, '%d-01-1%d', '%d')", d.seq, id, year, d.random.IntN(3), d.random.IntN(9)))
	}
	d.exec("INSERT INTO " + d.database + ".src " + selected(rows))
	d.Note("source: %s", strings.Join(rows, " "))
}

// selected are rows of the source as old servers take them, too.
func selected(rows []string) string {
	all := make([]string, len(rows))
	for i, row := range rows {
		cells := strings.Split(strings.Trim(row, "()"), ", ")
		all[i] = fmt.Sprintf("SELECT toUInt32(%s) AS seq, toUInt32(%s) AS id, toDate(%s) AS day, %s AS v", cells[0], cells[1], cells[2], cells[3])
	}
	return strings.Join(all, " UNION ALL ")
}

// holds is what the model's table holds; of each server, where they differ.
func (d *depot) holds() string {
	var all []string
	for n := range d.servers {
		all = append(all, d.holdsOn(n))
	}
	if same := slices.Compact(slices.Clone(all)); len(same) == 1 {
		return same[0]
	}
	return strings.Join(all, "\n")
}

func (d *depot) holdsOn(n int) string {
	if len(d.on(n, "SELECT name FROM system.tables WHERE database = '"+d.database+"' AND name = 'orders'")) == 0 {
		return "no table"
	}
	if d.strategy == "snapshot" {
		return fmt.Sprint(d.on(n, "SELECT id, v FROM "+d.database+".orders WHERE isNull(dbt_valid_to) ORDER BY id"))
	}
	return fmt.Sprint(d.on(n, "SELECT seq, id, day, v FROM "+d.database+".orders ORDER BY seq, id"))
}

// wants is what it is to hold.
func (d *depot) wants() string {
	latest := "(SELECT * FROM " + d.database + ".src ORDER BY seq DESC LIMIT 1 BY id)"
	switch d.strategy {
	case "snapshot":
		return fmt.Sprint(d.on(0, "SELECT id, v FROM "+latest+" WHERE v != '0' ORDER BY id"))
	case "delete+insert", "merge", "replace", "upsert":
		return fmt.Sprint(d.on(0, "SELECT seq, id, day, v FROM "+latest+" ORDER BY seq, id"))
	}
	return fmt.Sprint(d.on(0, "SELECT seq, id, day, v FROM "+d.database+".src ORDER BY seq, id"))
}

// sees reports whether any server has rows that a query asks for.
func (d *depot) sees(sql string) bool {
	for n := range d.servers {
		if len(d.on(n, sql)) > 0 {
			return true
		}
	}
	return false
}

// tables are the names in the database, on any server.
func (d *depot) tables() []string {
	var names []string
	for n := range d.servers {
		for _, row := range d.on(n, "SELECT name FROM system.tables WHERE database = '"+d.database+"' ORDER BY name") {
			names = append(names, row[0].(string))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (d *depot) query(sql string) [][]any { return d.on(0, sql) }

// on is what a server answers.
func (d *depot) on(n int, sql string) [][]any {
	d.t.Helper()
	s, err := d.servers[n].Session(d.t.Context())
	require.NoError(d.t, err)
	table, _, err := s.Query(d.t.Context(), adapters.Statement{SQL: sql})
	require.NoError(d.t, err, sql)
	require.NoError(d.t, s.Close())
	return table.Rows
}

// text is what the first server answers, as text.
func (d *depot) text(sql string) string { return fmt.Sprint(d.query(sql)) }

// exec carries a statement out on every server.
func (d *depot) exec(sql string) {
	d.t.Helper()
	for _, server := range d.servers {
		s, err := server.Session(d.t.Context())
		require.NoError(d.t, err)
		_, err = s.Exec(d.t.Context(), adapters.Statement{SQL: sql})
		require.NoError(d.t, err, sql)
		require.NoError(d.t, s.Close())
	}
}
