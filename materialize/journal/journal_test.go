package journal

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
	"github.com/chmod-sql/chmod/materialize"
)

func TestMain(m *testing.M) { os.Exit(enginetest.Run(m)) }

// desk is a state schema of its own.
type desk struct {
	t      *testing.T
	a      *clickhouse.Adapter
	schema string
}

func newDesk(t *testing.T) *desk {
	server := enginetest.Server(t)
	a, err := clickhouse.Open(t.Context(), clickhouse.Config{Hosts: []string{server.Addr}, User: server.User, Password: server.Password, Embedded: true})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	d := &desk{t: t, a: a, schema: enginetest.Database(t)}
	d.upgrade()
	return d
}

// upgrade makes what is missing and returns how many steps that took.
func (d *desk) upgrade() int {
	catalog, err := d.a.Catalog(d.t.Context(), []string{d.schema})
	require.NoError(d.t, err)
	state := materialize.Observe(catalog, materialize.Liveness{})
	table := d.query(materialize.StateColumnsStatement(d.schema).SQL)
	columns, err := materialize.ReadStateColumns(table)
	require.NoError(d.t, err)
	plan, err := materialize.StatePlan(state, d.a.Server(), materialize.Topology{}, d.schema, columns, "")
	require.NoError(d.t, err)
	_, err = materialize.Apply(d.t.Context(), d.a, plan, nil)
	require.NoError(d.t, err)
	return len(plan.Steps)
}

func (d *desk) query(sql string) *adapters.Table {
	s, err := d.a.Session(d.t.Context())
	require.NoError(d.t, err)
	table, _, err := s.Query(d.t.Context(), adapters.Statement{SQL: sql})
	require.NoError(d.t, err, sql)
	require.NoError(d.t, s.Close())
	return table
}

func (d *desk) exec(sql string) {
	s, err := d.a.Session(d.t.Context())
	require.NoError(d.t, err)
	_, err = s.Exec(d.t.Context(), adapters.Statement{SQL: sql})
	require.NoError(d.t, err, sql)
	require.NoError(d.t, s.Close())
}

func (d *desk) book() *Book { return Open(d.a, d.schema, "") }

func (d *desk) start() *Journal {
	j, err := d.book().Start(d.t.Context(), Self{
		Invocation: materialize.Invocation{ID: uuid.New(), StartedAt: time.Now(), Host: uuid.NewString(), PID: 1}, Command: "build", HostName: "elsewhere",
	})
	require.NoError(d.t, err)
	return j
}

// silent makes an invocation's last heartbeat as old as that, on the server and
// in its own memory.
func (d *desk) silent(j *Journal, age time.Duration) {
	d.exec(fmt.Sprintf("ALTER TABLE %s.invocations UPDATE heartbeat_at = now() - %d WHERE id = '%s' SETTINGS mutations_sync = 2", d.schema, int(age.Seconds()), j.self.ID))
	j.mutex.Lock()
	j.beat = time.Now().Add(-age)
	j.mutex.Unlock()
}

func TestAnInvocationLeavesItsTraces(t *testing.T) {
	d := newDesk(t)
	require.Zero(t, d.upgrade(), "all is there")
	j := d.start()
	lives, err := d.book().Lives(t.Context())
	require.NoError(t, err)
	require.False(t, lives[j.self.Stamp()].Dead())
	require.Equal(t, "elsewhere", lives[j.self.Stamp()].Host)
	require.NoError(t, holds(t, j))
	j.Note(materialize.Entry{Node: "model.a", Step: 1, State: materialize.EntryDone})
	require.NoError(t, j.Intend(t.Context(), materialize.Entry{Node: "model.a", Step: 2, State: materialize.EntryIntent}))
	require.Equal(t, [][]any{{uint32(1), "done"}, {uint32(2), "intent"}}, d.query("SELECT step, state FROM "+d.schema+".journal ORDER BY number").Rows)
	require.NoError(t, j.Close(t.Context(), "success"))
	lives, err = d.book().Lives(t.Context())
	require.NoError(t, err)
	require.True(t, lives[j.self.Stamp()].Finished)
	require.Equal(t, [][]any{{"success"}}, d.query("SELECT result FROM "+d.schema+".invocations FINAL").Rows)
}

// TestColumnsAreAdded is how an older schema becomes this version's.
func TestColumnsAreAdded(t *testing.T) {
	d := newDesk(t)
	d.exec("ALTER TABLE " + d.schema + ".journal DROP COLUMN message")
	require.Equal(t, 1, d.upgrade())
	require.Zero(t, d.upgrade())
}

// TestTheDeadStayDead: one that was silent for too long and was found so must
// not publish; one that nobody has found goes on.
func TestTheDeadStayDead(t *testing.T) {
	d := newDesk(t)
	lucky, found := d.start(), d.start()
	d.silent(lucky, 2*Lease)
	d.silent(found, 2*Lease)
	require.NoError(t, holds(t, lucky), "nobody has looked")
	lives, err := d.book().Lives(t.Context())
	require.NoError(t, err)
	require.False(t, lives[lucky.self.Stamp()].Dead())
	require.True(t, lives[found.self.Stamp()].Dead())
	buried, err := d.book().Bury(t.Context(), []Life{lives[found.self.Stamp()]})
	require.NoError(t, err)
	require.True(t, buried[found.self.Stamp()])
	require.ErrorIs(t, holds(t, found), ErrDead)
	require.ErrorIs(t, holds(t, found), ErrDead, "for good")
	require.NoError(t, found.Close(t.Context(), "success"))
	require.Equal(t, [][]any{{"dead"}}, d.query("SELECT result FROM "+d.schema+".invocations FINAL WHERE id = '"+found.self.ID.String()+"'").Rows)
	require.NoError(t, lucky.Close(t.Context(), "success"))
}

// TestOneThatComesBackIsNotBuried is the moment between looking and burying.
func TestOneThatComesBackIsNotBuried(t *testing.T) {
	d := newDesk(t)
	j := d.start()
	d.silent(j, 2*Lease)
	lives, err := d.book().Lives(t.Context())
	require.NoError(t, err)
	require.NoError(t, j.live(t.Context()))
	buried, err := d.book().Bury(t.Context(), []Life{lives[j.self.Stamp()]})
	require.NoError(t, err)
	require.Empty(t, buried)
	require.NoError(t, j.Close(t.Context(), "success"))
}

// TestWhoIsAloneLooksAfterwards has two that believe to be alone.
func TestWhoIsAloneLooksAfterwards(t *testing.T) {
	d := newDesk(t)
	first, second := d.start(), d.start()
	first.Seen(map[string]Life{})
	second.Seen(map[string]Life{})
	others, err := first.Lock(t.Context(), []string{"a", "b"}, true)
	require.NoError(t, err)
	require.Empty(t, others)
	others, err = second.Lock(t.Context(), []string{"b", "c"}, true)
	require.NoError(t, err)
	require.Len(t, others, 1)
	require.Equal(t, "b", others[0].Relation)
	locks, err := d.book().Locks(t.Context())
	require.NoError(t, err)
	require.Len(t, locks, 2, "the second has taken its claims back")
	require.NoError(t, first.Close(t.Context(), "success"))
	require.NoError(t, second.Close(t.Context(), "success"))
}

// TestClaimsOfWhoIsOver: who is alive is not asked for again when all claims
// are of those who were seen to have finished, or of long ago; of one that came
// up since, it is.
func TestClaimsOfWhoIsOver(t *testing.T) {
	d := newDesk(t)
	j, finished, late := d.start(), d.start(), d.start()
	_, err := finished.Lock(t.Context(), []string{"x", "y"}, true)
	require.NoError(t, err)
	require.NoError(t, finished.Close(t.Context(), "success"))
	d.exec("INSERT INTO " + d.schema + ".locks (relation, invocation, stamp, number, time, state) SELECT 'x', 'old', 'old', 1, now() - 432000, 'held'")
	lives, err := d.book().Lives(t.Context())
	require.NoError(t, err)
	delete(lives, late.self.Stamp())
	j.Seen(lives)
	before := d.questions()
	others, err := j.Lock(t.Context(), []string{"x"}, true)
	require.NoError(t, err)
	require.Empty(t, others)
	require.Equal(t, before, d.questions(), "nothing more was asked of who is alive")

	_, err = late.Lock(t.Context(), []string{"y"}, true)
	require.NoError(t, err)
	others, err = j.Lock(t.Context(), []string{"y"}, true)
	require.NoError(t, err)
	require.Len(t, others, 1)
	require.Greater(t, d.questions(), before)
	require.NoError(t, j.Close(t.Context(), "success"))
	require.NoError(t, late.Close(t.Context(), "success"))
}

// questions is how often it was asked so far who is alive.
func (d *desk) questions() uint64 {
	d.exec("SYSTEM FLUSH LOGS")
	rows := d.query("SELECT count() FROM system.query_log WHERE type = 'QueryFinish' AND query LIKE 'SELECT stamp, id, %" + d.schema + "%'").Rows
	return rows[0][0].(uint64)
}

func TestLocks(t *testing.T) {
	d := newDesk(t)
	first, second := d.start(), d.start()
	lock := func(j *Journal, all bool, relations ...string) []string {
		others, err := j.Lock(t.Context(), relations, all)
		require.NoError(t, err)
		var names []string
		for _, o := range others {
			require.Equal(t, "build", o.By.Command)
			names = append(names, o.Relation)
		}
		return names
	}
	require.Empty(t, lock(first, true, "a", "b"))
	require.Empty(t, lock(second, true, "c"))
	require.Equal(t, []string{"b"}, lock(second, true, "b", "d"), "then it has d neither")
	require.Empty(t, lock(first, true, "d"))
	require.Equal(t, []string{"a"}, lock(second, false, "a", "e"))
	locks, err := d.book().Locks(t.Context())
	require.NoError(t, err)
	require.Len(t, locks, 5)
	require.Equal(t, []string{"e"}, lock(first, true, "e"))

	d.silent(first, 2*Lease)
	require.Empty(t, lock(second, true, "a", "b"), "the dead hold nothing")
	require.ErrorIs(t, holds(t, first), ErrDead, "and know it when they wake up")
	require.NoError(t, second.Close(t.Context(), "success"))
	third := d.start()
	require.Empty(t, lock(third, true, "a", "b", "c", "e"))
	require.NoError(t, first.Close(t.Context(), ""))
	require.NoError(t, third.Close(t.Context(), ""))
}

// TestLocksExclude lets many take the same two locks at once, again and again.
// Each notes when it comes and goes: no two may be there at once.
func TestLocksExclude(t *testing.T) {
	d := newDesk(t)
	var mutex sync.Mutex
	inside, most, entered := 0, 0, 0
	var all sync.WaitGroup
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for range 4 {
		all.Go(func() {
			for range 2 {
				j := d.start()
				for ctx.Err() == nil { // until it has both
					others, err := j.Lock(ctx, []string{"x", "y"}, true)
					if err != nil || len(others) > 0 {
						continue
					}
					mutex.Lock()
					inside++
					entered++
					most = max(most, inside)
					mutex.Unlock()
					time.Sleep(time.Millisecond) // for others to come in, if they can
					mutex.Lock()
					inside--
					mutex.Unlock()
					break
				}
				if err := j.Close(context.WithoutCancel(ctx), ""); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	require.Equal(t, 1, most)
	require.Equal(t, 8, entered)
}

// holds is what Hold says, which is not of the past.
func holds(t *testing.T, j *Journal) error {
	t.Helper()
	until, err := j.Hold(t.Context())
	require.Equal(t, err == nil, until.After(time.Now()))
	return err
}
