package clustertest

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/materialize"
)

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
	// One that is there because the table does not follow is still due.
	defer func() { q.refresh = q.refresh && err != nil && q.policy == "ignore" }()
	if !breaks || !m.died() {
		q.Note("run of %d statements, full refresh %v", m.count, q.refresh)
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
	in := materialize.Input{Node: q.model, State: i.state, Server: i.adapter.Server(), Topology: i.topology, Invocation: i.id, FullRefresh: q.refresh}
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
