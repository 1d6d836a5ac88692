package invocation

import (
	"context"
	"errors"
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
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/adapters/embedded"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
	"github.com/chmod-sql/chmod/adapters/retry"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
	"github.com/chmod-sql/chmod/materialize/journal"
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

// process is a call of the program, on a machine of its own.
type process struct {
	*gate
	name, action, policy string
	inv                  *Invocation
	late                 atomic.Int64 // how far its clock is ahead of the test's
	waiting, ended       chan struct{}
	err                  error
	skipped              bool
}

// Handle implements event.Sink.
func (p *process) Handle(e event.Timed) {
	m, ok := e.Event.(event.Message)
	switch {
	case ok && strings.HasPrefix(m.Text, "Waiting: "):
		close(p.waiting)
	case ok && strings.Contains(m.Text, "selected nodes are skipped"):
		p.skipped = true
	}
}

// start starts a process that is to stop at a statement.
func (d *depot) start(action, policy string, at int, after bool) *process {
	d.started++
	p := &process{
		gate: newGate(d.connect(), at, after), name: fmt.Sprintf("%c", 'A'-1+d.started%26), action: action, policy: policy,
		waiting: make(chan struct{}), ended: make(chan struct{}),
	}
	inv, err := Open(d.t.Context(), Request{
		Compiler: compiler.Options{
			ProjectDir: d.project, ProfilesDir: d.project, TargetPath: filepath.Join(d.project, "target", p.name), Env: func(string) (string, bool) { return "", false },
			Flags: compiler.Flags{FullRefresh: action == "full refresh", Extra: map[string]any{}},
		},
		Events: event.NewStream(nil, p), Command: "run", Version: "test",
	})
	require.NoError(d.t, err)
	inv.machine = "machine of " + p.name + fmt.Sprint(d.started)
	inv.clock = func() time.Time { return time.Now().Add(time.Duration(p.late.Load())) }
	inv.adapter = retry.New(p.gate, inv.patience())
	p.inv = inv
	go func() {
		defer close(p.ended)
		p.err = p.work(d.t.Context())
		p.err = errors.Join(p.err, inv.Close(context.Background()))
	}()
	return p
}

func (p *process) work(ctx context.Context) error {
	if p.action == "rollback" {
		r, err := p.inv.Rollback(ctx, Rollback{IfLocked: p.policy, Changes: true})
		if err != nil {
			return err
		}
		return r.Apply(ctx)
	}
	out, err := p.inv.Run(ctx, Run{Types: []string{manifest.Model}, IfLocked: p.policy})
	for _, r := range out.Results {
		err = errors.Join(err, r.Err)
	}
	return err
}

// pause is until a process has stopped where it is to; false when it ended
// before.
func (p *process) pause() bool {
	select {
	case <-p.stopped:
		return true
	case <-p.ended:
		return false
	}
}

// expire makes a process that stands still have done so for longer than the
// lease of its locks.
func (d *depot) expire(p *process) {
	p.late.Add(int64(3 * journal.Lease))
	if len(d.query("SELECT name FROM system.tables WHERE database = '"+d.database+"' AND name = '"+materialize.InvocationsTable+"'")) > 0 {
		d.exec(fmt.Sprintf("ALTER TABLE %s.%s UPDATE heartbeat_at = heartbeat_at - %d WHERE id = '%s' SETTINGS mutations_sync = 2",
			d.database, materialize.InvocationsTable, int(3*journal.Lease/time.Second), p.inv.ID))
	}
}

// buried reports whether others have found a process dead.
func (d *depot) buried(p *process) bool {
	if len(d.query("SELECT name FROM system.tables WHERE database = '"+d.database+"' AND name = '"+materialize.InvocationsTable+"'")) == 0 {
		return false
	}
	return len(d.query(fmt.Sprintf("SELECT id FROM %s.%s WHERE id = '%s' AND result = 'dead'", d.database, materialize.InvocationsTable, p.inv.ID))) > 0
}

// committed reports whether a process has new rows ready that anybody may put in
// place, it too.
func (d *depot) committed(p *process) bool {
	for _, row := range d.query("SELECT name FROM system.tables WHERE database = '" + d.database + "'") {
		_, stamp, ok := materialize.ParseStaging(row[0].(string))
		if ok && stamp.Of() == p.inv.self().Stamp() && slices.Contains([]materialize.Role{
			materialize.RoleReplace, materialize.RoleOverwrite, materialize.RoleMove, materialize.RoleMerge,
		}, stamp.Role) {
			return true
		}
	}
	return false
}

func (d *depot) draw() (action, policy string) {
	action = sequence.Pick(d.random, "run", "run", "run", "full refresh", "rollback")
	policy = sequence.Pick(d.random, IfLockedWait, IfLockedSkip, IfLockedFail)
	if action == "rollback" && policy == IfLockedSkip {
		policy = IfLockedWait
	}
	return action, policy
}

// sound looks at a process that nobody has disturbed, and that disturbed
// nobody: it has done what it is for, or has said why not.
func (d *depot) sound(p *process, locked bool) {
	d.t.Helper()
	d.Note("%s has ended after %d statements: %v", p.name, p.count, p.err)
	switch {
	case p.err == nil && (p.action == "rollback" || p.skipped):
		require.True(d.t, locked || !p.skipped, "%s is skipped", p.name)
	case p.err == nil:
		require.Equal(d.t, d.wants(), d.holds(), "after %s", p.name)
	case p.action == "rollback" && strings.Contains(p.err.Error(), "there is no earlier generation"),
		p.action == "rollback" && strings.Contains(p.err.Error(), "ready, which are to be put in place first"),
		p.action == "rollback" && locked && strings.Contains(p.err.Error(), "has changed since the plan was made"):
	default:
		require.True(d.t, locked && p.policy == IfLockedFail && strings.Contains(p.err.Error(), "is being built by"), "%s: %v", p.name, p.err)
	}
}

// act has a process do something, and others while it stands still.
func (d *depot) act(depth int) {
	action, policy := d.draw()
	p := d.start(action, policy, 2+d.random.IntN(32), d.random.IntN(2) == 0)
	if !p.pause() {
		d.Note("%s: %s, if locked %s", p.name, action, policy)
		d.sound(p, false)
		return
	}
	d.stopped++
	fate := d.random.IntN(3)
	if depth > 1 {
		fate = 0
	}
	d.Note("%s: %s, if locked %s, stopped at %d (after it %v), and %s: %s", p.name, action, policy, p.at, p.after,
		[]string{"killed", "paused for long", "paused"}[fate], strings.Join(strings.Fields(p.was), " "))
	switch fate {
	case 0:
		d.expire(p)
		p.resume(true)
		<-p.ended
	case 1:
		d.woken++
		d.expire(p)
		for range 1 + d.random.IntN(2) {
			d.change()
			d.act(depth + 1)
		}
		before, dead := d.holds(), d.buried(p) && !d.committed(p)
		p.resume(false)
		<-p.ended
		d.Note("%s woke up, and has ended: %v", p.name, p.err)
		if dead {
			d.stale++
			require.Equal(d.t, before, d.holds(), "%s has published", p.name)
		}
	default:
		d.beside(p)
	}
}

// beside starts a process beside one that stands still and is alive.
func (d *depot) beside(p *process) {
	d.change()
	action, policy := d.draw()
	other := d.start(action, policy, 0, false)
	d.Note("%s: %s beside it, if locked %s", other.name, action, policy)
	select {
	case <-other.ended:
		d.sound(other, true)
	case <-other.waiting:
		d.Note("%s waits", other.name)
	case <-other.asking:
		d.Note("%s asks for the lock", other.name)
	}
	p.resume(false)
	<-p.ended
	<-other.ended
	d.Note("%s has ended: %v; %s has ended: %v", p.name, p.err, other.name, other.err)
	for _, each := range []*process{p, other} {
		if each.action != "rollback" && (each.err != nil || each.skipped) {
			require.True(d.t, each.skipped || each.policy == IfLockedFail && strings.Contains(each.err.Error(), "is being built by"), "%s: %v", each.name, each.err)
		}
	}
}

// TestRandomOverlaps lets runs, full refreshes and rollbacks of one model
// overlap: one stands still at some statement while others work, goes on, has
// died, or wakes up when its lease is over. It must not publish then, and in the
// end the table holds what one run of the model gives.
func TestRandomOverlaps(t *testing.T) {
	stopped, woken, stale := 0, 0, 0
	enough := sequence.Each(t, 8, []uint64{100, 105, 108, 110}, func(t *testing.T, seed uint64, diary *sequence.Diary) {
		d := newDepot(t, seed, diary)
		for range 2 + d.random.IntN(4) {
			d.change()
			d.act(0)
		}
		d.change()
		p := d.start("run", IfLockedFail, 0, false)
		<-p.ended
		require.NoError(t, p.err)
		require.Equal(t, d.wants(), d.holds())
		var left []string
		for _, row := range d.query("SELECT name FROM system.tables WHERE database = '" + d.database + "' AND NOT startsWith(comment, 'chmod: ') ORDER BY name") {
			name := row[0].(string)
			if _, stamp, ok := materialize.ParseStaging(name); ok && stamp.Role != materialize.RoleKept {
				left = append(left, name)
			}
		}
		require.Empty(t, left)
		stopped, woken, stale = stopped+d.stopped, woken+d.woken, stale+d.stale
	})
	t.Logf("%d were stopped, %d of them for longer than their lease, %d of these were found dead", stopped, woken, stale)
	if enough {
		require.NotZero(t, stale)
	}
}
