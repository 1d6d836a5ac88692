package clustertest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/adaptertest/sequence"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

func TestSequencesOnReplicas(t *testing.T) { randomSequences(t, newShop(t, "1x3")) }
func TestSequencesOnShards(t *testing.T)   { randomSequences(t, newShop(t, "2x2")) }
func TestSequencesOnCurrent(t *testing.T)  { randomSequences(t, newEmbeddedShop(t), 9) }

// randomSequences changes a source at random and runs a model on it; runs die
// at any of their statements, or inside them. In the end, every node gives what
// the source says.
func randomSequences(t *testing.T, s *shop, failed ...uint64) {
	broken, deaths := false, 0
	enough := sequence.Each(t, 3, failed, func(t *testing.T, seed uint64, d *sequence.Diary) {
		if broken {
			t.Skip("what an earlier sequence has left is in the way")
		}
		broken = true
		outer := s.t
		defer func() { s.t = outer }()
		s.t = t
		q := newLoad(s, seed, d)
		defer func() {
			q.loose.Wait()
			s.drop()
			broken = false
		}()
		for range 2 + q.random.IntN(3) {
			q.change()
			q.run(q.random.IntN(4) > 0)
		}
		q.settle()
		deaths += q.deaths
	})
	t.Logf("%d runs have died", deaths)
	if enough {
		require.NotZero(t, deaths)
	}
}

// entry is a row of the source.
type entry struct {
	seq, id, part int
	v             string
}

// load is a source, a model on it, and what happened to them.
type load struct {
	*shop
	*sequence.Diary
	random   *rand.Rand
	strategy string
	model    *manifest.Node
	source   []entry
	deaths   int
	// long is about how many statements a run has, and loose those that servers
	// are at work on for the dead.
	long  int
	loose sync.WaitGroup
	// people and pasts are of snapshots: what their table may hold.
	people people
	pasts  []past
	second int
}

func newLoad(s *shop, seed uint64, d *sequence.Diary) *load {
	q := &load{shop: s, Diary: d, random: sequence.Random(seed, 0), long: 60, people: people{}}
	pick := func(of ...string) string { return of[q.random.IntN(len(of))] }
	strategies := []string{"append", "delete+insert", "insert_overwrite", "replace", "replace", "merge", "merge", "microbatch", "snapshot", "snapshot"}
	if s.bed.Shards == 1 {
		// On shards it changes the table itself, and says so.
		strategies = append(strategies, "upsert")
	}
	if q.strategy = pick(strategies...); q.strategy == "snapshot" {
		q.model, q.pasts = s.people(), []past{nil}
		q.Note("snapshot")
		return q
	}
	config := []any{"materialized", "incremental", "incremental_strategy", q.strategy}
	// Servers of the bed cannot replace a partition by one without rows.
	partition := pick("tuple()", "id % 3")
	switch q.strategy {
	case "append", "insert_overwrite":
		partition = "part"
	case "microbatch":
		partition = "part"
		config = append(config, "event_time", "day", "batch_size", "month", "begin", "2026-01-01", "lookback", int64(2))
	case "replace":
		partition = pick("tuple()", "id % 3", "part")
		config = append(config, "version_column", "seq")
	case "merge":
		config = append(config, "merge_exclude_columns", "kept")
	}
	config = append(config, "partition_by", partition)
	if q.keyed() {
		config = append(config, "unique_key", "id")
	}
	if q.strategy != "replace" {
		config = append(config, "order_by", "id")
	}
	if s.bed.Shards > 1 {
		config = append(config, "sharding_key", "id")
	}
	q.model = s.model("entries", config...)
	q.Note("%v", config)
	return q
}

func (q *load) keyed() bool {
	return slices.Contains([]string{"delete+insert", "replace", "merge", "upsert"}, q.strategy)
}

// change adds rows to the source: new ones, corrected ones, those that move.
func (q *load) change() {
	if q.strategy == "snapshot" {
		for range 1 + q.random.IntN(4) {
			id := 1 + q.random.IntN(6)
			if q.people[id] = sequence.Pick(q.random, "", "ann", "bob"); q.people[id] == "" {
				delete(q.people, id)
			}
		}
		q.Note("people: %v", q.people)
		return
	}
	for range 1 + q.random.IntN(6) {
		e := entry{seq: len(q.source) + 1, id: q.random.IntN(12), part: q.random.IntN(3), v: strconv.Itoa(q.random.IntN(100))}
		q.source = append(q.source, e)
		q.Note("source: %v", e)
	}
}

// sql is the model's, of what came to the source since the last row that the
// table has. Late versions of rows come again with replace.
func (q *load) sql(adds bool) string {
	if q.strategy == "snapshot" {
		return q.people.sql()
	}
	since, there := 0, map[int]bool{}
	if adds {
		for _, row := range q.bed.Rows(q.t, 1, "SELECT seq, id FROM "+q.database+".entries") {
			since, there[int(row[1].(uint32))] = max(since, int(row[0].(uint32))), true
		}
	}
	if q.strategy == "replace" {
		since -= 3
	}
	fresh := slices.DeleteFunc(slices.Clone(q.source), func(e entry) bool { return e.seq <= since })
	switch q.strategy {
	case "delete+insert", "merge", "upsert":
		fresh = newest(fresh)
	case "microbatch":
		fresh = q.source
	case "insert_overwrite":
		touched := map[int]bool{}
		for _, e := range fresh {
			touched[e.part] = true
		}
		fresh = slices.DeleteFunc(slices.Clone(q.source), func(e entry) bool { return !touched[e.part] })
	}
	rows := []string{"SELECT toUInt32(0) AS seq, toUInt32(0) AS id, toUInt8(0) AS part, '' AS v, '' AS kept, toDate('2026-01-05') AS day FROM system.one WHERE 0"}
	for _, e := range fresh {
		kept := fmt.Sprintf("of %d", e.id)
		if q.strategy == "merge" && there[e.id] {
			kept = "wrong"
		}
		rows = append(rows, fmt.Sprintf("SELECT toUInt32(%d) AS seq, toUInt32(%d) AS id, toUInt8(%d) AS part, '%s' AS v, '%s' AS kept, toDate('2026-0%d-05') AS day FROM system.one", e.seq, e.id, e.part, e.v, kept, e.part+1))
	}
	return "SELECT * FROM (" + strings.Join(rows, " UNION ALL ") + ")"
}

// newest are the last ones of each id.
func newest(all []entry) []entry {
	last := map[int]int{}
	for _, e := range all {
		last[e.id] = e.seq
	}
	return slices.DeleteFunc(slices.Clone(all), func(e entry) bool { return last[e.id] != e.seq })
}

// begin is a run that looks at what is there, after it has seen to it that
// nothing of the dead is at work any more.
func (q *load) begin() *invocation {
	q.t.Helper()
	time.Sleep(2 * time.Millisecond) // invocations of a millisecond ago are alive
	q.arrived()
	i := q.shop.begin()
	live := materialize.Liveness{Invocation: i.id, Now: time.Now(), MaxAge: time.Millisecond}
	ended, err := materialize.EndQueries(q.t.Context(), i.cluster, live.Dead)
	require.NoError(q.t, err)
	if ended > 0 {
		q.Note("%d queries of the dead are ended", ended)
		if !q.perHost {
			require.NoError(q.t, i.cluster.Settle(q.t.Context(), q.cluster, q.database, "", q.ddl))
		}
		i.look()
	}
	if q.strategy == "snapshot" {
		q.second += 1 + q.random.IntN(3)
		i.id.StartedAt = time.Date(2026, 6, 1, 0, 0, q.second, 0, time.UTC)
	}
	return i
}

// arrived waits until servers have what the dead have sent. They may still be at
// work on it then.
func (q *load) arrived() {
	done := make(chan struct{})
	go func() {
		defer close(done)
		q.loose.Wait()
	}()
	select {
	case <-done:
	case <-time.After(time.Second):
	}
}

// run runs the model, and lets the run die when it is to break.
func (q *load) run(breaks bool) {
	q.t.Helper()
	i := q.begin()
	m := &mortal{Cluster: i.cluster, at: math.MaxInt, loose: &q.loose}
	if breaks {
		m = dying(q.random, i.cluster, q.long, &q.loose)
	}
	err := q.apply(i, m)
	if !breaks || !m.died() {
		q.Note("run of %d statements", m.count)
		q.long = max(m.count, 5)
		require.NoError(q.t, err)
		q.remember(i, true)
		return
	}
	q.Note("run, dead %s, of statement %d: %s: %v", m.how, m.at, m.was, err)
	q.deaths++
	if err == nil { // it was a statement that may fail
		q.remember(i, true)
		return
	}
	require.ErrorContains(q.t, err, errDead.Error())
	q.remember(i, false)
}

// apply does what a run consists of, as a command does it: what is unfinished
// first; then the batches, of which most models have one.
func (q *load) apply(i *invocation, m *mortal) error {
	finish, err := materialize.Finish(q.input(i))
	require.NoError(q.t, err)
	if len(finish.Steps) > 0 {
		if _, err := materialize.Apply(q.t.Context(), m, finish, nil); err != nil {
			return err
		}
		i.look()
	}
	for at, batches := 0, 1; at < batches; at++ {
		in := q.input(i)
		r, adds := materialize.TargetOf(in)
		if adds {
			session, err := i.adapter.Session(q.t.Context())
			require.NoError(q.t, err)
			in.Target, err = materialize.ReadTarget(q.t.Context(), session, i.adapter.Server().Version, r)
			require.NoError(q.t, err)
			require.NoError(q.t, session.Close())
			require.NoError(q.t, in.Target.ReadDrift(q.t.Context(), i.cluster, in))
		}
		in.SQL = q.sql(adds)
		if q.strategy == "microbatch" {
			q.inBatches(&in, adds)
		}
		all := materialize.InBatches(in)
		batches = len(all)
		plan, err := materialize.New(all[at])
		require.NoError(q.t, err)
		if _, err := materialize.Apply(q.t.Context(), m, plan, nil); err != nil {
			return err
		}
	}
	return nil
}

func (q *load) input(i *invocation) materialize.Input {
	in := materialize.Input{Node: q.model, State: i.state, Server: i.adapter.Server(), Topology: i.topology, Invocation: i.id}
	in.Own = &materialize.OwnStrategies{Names: []string{"upsert"}, SQL: func(_ string, call materialize.StrategyCall) (string, error) {
		var names []string
		for _, c := range call.Columns {
			names = append(names, c.Name)
		}
		return fmt.Sprintf("ALTER TABLE %s DELETE WHERE id IN (SELECT id FROM %s); INSERT INTO %[1]s (%[3]s) SELECT %[3]s FROM %[2]s;",
			call.Target, call.New, strings.Join(names, ", ")), nil
	}}
	return in
}

// inBatches gives each month its rows.
func (q *load) inBatches(in *materialize.Input, adds bool) {
	batches, err := materialize.Batches(q.model, adds, materialize.BatchSpan{Now: time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC)})
	require.NoError(q.t, err)
	require.Len(q.t, batches, 3)
	for i := range batches {
		batches[i].SQL = fmt.Sprintf("SELECT * FROM (%s) WHERE part = %d", in.SQL, i)
	}
	in.Batches, in.SQL = batches, batches[0].SQL
}

// settle runs the model once more, and compares every node with the source.
func (q *load) settle() {
	q.change()
	q.run(false)
	q.loose.Wait()
	if q.strategy == "snapshot" {
		return // each run is compared
	}
	want := q.source
	if q.keyed() {
		want = newest(want)
	}
	texts := make([]string, len(want))
	for i, e := range want {
		texts[i] = fmt.Sprintf("[%d %d %d %s of %d]", e.seq, e.id, e.part, e.v, e.id)
	}
	for node, rows := range q.everywhere("SELECT seq, id, part, v, kept FROM " + q.database + ".entries ORDER BY seq") {
		got := make([]string, len(rows))
		for i, row := range rows {
			got[i] = fmt.Sprint(row)
		}
		require.Equal(q.t, texts, got, "node %d", node+1)
	}
	tables := []string{"entries"}
	whole := "entries"
	if q.strategy == "replace" {
		whole += "__versions"
		tables = append(tables, whole)
	}
	if q.bed.Shards > 1 {
		tables = append(tables, whole+"_local")
	}
	for node := range q.bed.Nodes {
		kept := 0 // of what a full refresh has replaced
		found := slices.DeleteFunc(q.tables(node+1), func(name string) bool {
			_, stamp, ok := materialize.ParseStaging(name)
			if ok && stamp.Role == materialize.RoleKept {
				kept++
				return true
			}
			return false
		})
		require.Equal(q.t, tables, found, "node %d", node+1)
		require.LessOrEqual(q.t, kept, 1, "node %d", node+1)
	}
}
