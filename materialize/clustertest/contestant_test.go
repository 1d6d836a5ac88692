package clustertest

import (
	"errors"
	"runtime"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed/dbt"
	"github.com/chmod-sql/chmod/adapters/bed/watch"
	"github.com/chmod-sql/chmod/materialize"
)

// statements are those of a recording, for the newest generation.
func (c *contestant) statements(recording string) []string {
	c.t.Helper()
	r, err := dbt.Read(recording)
	require.NoError(c.t, err)
	return r.Old(dbt.Target{Database: c.database, Generation: c.generations})
}

func (c *contestant) replayer(after func(k int, sql string) error) dbt.Replay {
	r := dbt.Replay{DDLWait: c.ddl, After: after}
	for n := range c.bed.Nodes {
		r.Nodes = append(r.Nodes, c.bed.Config(n+1))
	}
	return r
}

// replay runs a recording for the newest generation.
func (c *contestant) replay(recording string, after func(k int, sql string) error) error {
	return c.replayer(after).Run(c.t.Context(), c.statements(recording))
}

// twoReplays begins a run while another one fills its table: it finds that
// table, takes it for a leftover, and goes on from there.
func (c *contestant) twoReplays() error {
	one := c.statements("table_again")
	c.next()
	two := c.statements("table_beside_leftovers")
	r := c.replayer(nil)
	ctx := c.t.Context()
	// The first one has created its table; the second one drops it and creates
	// its own under the same name.
	if err := r.Run(ctx, one[:1]); err != nil {
		return err
	}
	until := 0
	for i, sql := range two {
		if creates(sql) {
			until = i + 1
		}
	}
	if err := r.Run(ctx, two[:until]); err != nil {
		return err
	}
	// Both fill it; then each swaps.
	if err := r.Run(ctx, one[1:2]); err != nil {
		return err
	}
	if err := r.Run(ctx, two[until:until+1]); err != nil {
		return err
	}
	return errors.Join(r.Run(ctx, one[2:]), r.Run(ctx, two[until+1:]))
}

func creates(sql string) bool { return len(sql) > 6 && (sql[:6] == "create" || sql[:6] == "CREATE") }

// twoBuilds begins a build while another one fills its table. It finds that the
// other has the lock, waits for it to end, and looks at what there is then.
func (c *contestant) twoBuilds() error {
	kept := c.keeping()
	one, two := kept.runner(c.all()...), kept.runner(c.all()...)
	orders := []string{c.database + ".orders"}
	held, err := one.Lock(c.t.Context(), orders, true)
	require.NoError(c.t, err)
	require.Empty(c.t, held)
	first := c.begin()
	plan := first.plan(c.orders(), watch.SQL(c.generations))
	waited := make(chan error)
	_, err = materialize.Apply(c.t.Context(), first.cluster, plan, at(3, func() {
		held, err := two.Lock(c.t.Context(), orders, true)
		require.NoError(c.t, err)
		require.Len(c.t, held, 1)
		go func() {
			for len(held) > 0 && err == nil {
				held, err = two.Lock(c.t.Context(), orders, true)
			}
			waited <- err
		}()
	}))
	one.end()
	if err := errors.Join(err, <-waited); err != nil {
		return err
	}
	time.Sleep(2 * time.Millisecond) // invocations of a millisecond ago are alive
	_, err = c.build(c.orders(), watch.SQL(c.next()))
	two.end()
	return err
}

// apply is a build of the newest generation. After each step it may be made to
// die.
func (c *contestant) apply(after func(k int, s materialize.Step) error) error {
	time.Sleep(2 * time.Millisecond) // invocations of a millisecond ago are alive
	i := c.begin()
	plan := i.plan(c.orders(), watch.SQL(c.generations))
	var err error
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var died error
		defer func() {
			if died != nil {
				err = died
			}
		}()
		_, err = materialize.Apply(c.t.Context(), i.cluster, plan, func(e materialize.Event) {
			f, ok := e.(materialize.StepFinished)
			if !ok || f.Err != nil || after == nil {
				return
			}
			if died = after(f.Step.Number, f.Step); died != nil {
				runtime.Goexit()
			}
		})
	}()
	<-ended
	return err
}
