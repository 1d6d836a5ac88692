package clustertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed"
	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
	"github.com/chmod-sql/chmod/adapters/bed/matrix"
	"github.com/chmod-sql/chmod/adapters/bed/watch"
	"github.com/chmod-sql/chmod/materialize"
)

// layouts are those of the matrix.
var layouts = []string{"1x3", "2x2"}

// TestMatrix strikes with each fault at the boundaries of a rebuild, while
// readers watch. With matrix.Variable set it takes all of both and saves what it
// saw; otherwise a few.
func TestMatrix(t *testing.T) {
	for _, layout := range layouts {
		t.Run(layout, func(t *testing.T) {
			for order, f := range faults() {
				if len(f.layouts) > 0 && !slices.Contains(f.layouts, layout) {
					continue
				}
				if matrix.Wanted() == "" && (!f.quick || layout != "1x3") {
					continue
				}
				t.Run(f.name, func(t *testing.T) { strikes(t, layout, order, f) })
			}
		})
	}
}

// strikes is one series. Those that are saved have a cluster each, and are
// watched at once: most of their time is waiting.
func strikes(t *testing.T, layout string, order int, f fault) {
	l, err := bed.ParseLayout(layout)
	require.NoError(t, err)
	node := f.node
	if node == 0 {
		node = l.Shards * l.Replicas
	}
	if matrix.Wanted() != "" {
		t.Parallel()
	}
	var b *bedtest.Bed
	switch {
	case f.disk:
		b = bedtest.OpenSmallDisk(t, layout, node)
	case matrix.Wanted() != "":
		b = bedtest.OpenOwn(t, layout)
	default:
		b = bedtest.Open(t, layout)
	}
	s := newShopOn(t, b)
	m := s.bed.Machines(t)
	s.first()
	series := matrix.Series{Order: order, Fault: f.name, Layout: layout, Server: s.adapter.Server().Version.Text}
	plan := s.begin().plan(s.orders(), watch.SQL(1))
	var all []string
	for _, k := range allBoundaries(plan) {
		all = append(all, after(plan, k))
	}
	series.Of = len(all)
	if dir := matrix.Wanted(); dir != "" {
		require.NoError(t, series.Keep(dir, all))
		require.NoError(t, series.Save(dir))
	}
	for _, k := range boundariesOf(layout, plan) {
		if !series.Wants(after(plan, k)) {
			continue
		}
		began := time.Now()
		c, err := s.cell(&struck{shop: s, m: m, node: node}, f, k)
		for again := 2; err != nil && again > 0; again-- {
			// On a machine that is busy a run may fail before it comes to step k.
			t.Logf("%s: nothing was broken, and that is tried again: %v; %s", after(plan, k), err, c.Said)
			c, err = s.cell(&struck{shop: s, m: m, node: node}, f, k)
		}
		require.NoError(t, err, "%s: %s", after(plan, k), c.Said)
		c.After = after(plan, k)
		t.Logf("%s, %s: %s; %s; %+v; %d runs %s", time.Since(began).Round(time.Second/10), c.After, c.Outcome, c.Said, c.Saw, c.Runs, c.Note)
		series.Put(c, all)
		if dir := matrix.Wanted(); dir != "" {
			require.NoError(t, series.Save(dir))
		}
		// The cells that follow begin with a table that is well.
		require.NotZero(t, c.Runs, "%s: %s", c.After, c.Note)
		if c.Saw.Wrong > 0 {
			t.Errorf("%s: %d wrong answers: %s", c.After, c.Saw.Wrong, c.Saw.First)
		}
	}
}

// fewSteps names the environment variable with the layouts of which the matrix
// takes those steps only that matter most.
const fewSteps = "CHMOD_TEST_MATRIX_FEW"

// boundariesOf are the boundaries to strike at.
func boundariesOf(layout string, plan *materialize.Plan) []int {
	switch few := fewBoundaries(plan); {
	case matrix.Wanted() == "":
		return few[1:2]
	case strings.Contains(os.Getenv(fewSteps), layout):
		return few
	}
	return allBoundaries(plan)
}

// allBoundaries are the numbers of a plan's steps, after which one may strike,
// and 0 for the time before all of them.
func allBoundaries(plan *materialize.Plan) []int {
	all := []int{0}
	for _, step := range plan.Steps {
		all = append(all, step.Number)
	}
	return all
}

// fewBoundaries are those that matter most: once the new table is there, and
// around the swap.
func fewBoundaries(plan *materialize.Plan) []int {
	swap := slices.IndexFunc(plan.Steps, func(s materialize.Step) bool { return s.Swap }) + 1
	return []int{2, swap - 1, swap, swap + 1}
}

func after(plan *materialize.Plan, k int) string {
	if k == 0 {
		return "0 the cluster was looked at"
	}
	return fmt.Sprintf("%d %s", k, plan.Steps[k-1].Purpose)
}

// errWhole is that a run has not come to the step to strike after.
var errWhole = errors.New("the run did not come to that step")

// cell is one build with a fault after step k, and what it takes to be well
// again. The error is why the fault did not come.
func (s *shop) cell(victim *struck, f fault, k int) (matrix.Cell, error) {
	t := s.t
	t.Helper()
	var c matrix.Cell
	time.Sleep(2 * time.Millisecond) // invocations of a millisecond ago are alive
	readers := s.watched()
	// Of what is broken it shall have enough soon, and then take its time.
	patient := *s
	s.require, s.ddl, s.wait = f.require, 3*time.Second, 6*time.Second
	i := s.begin()
	s.require, s.ddl, s.wait = patient.require, patient.ddl, patient.wait
	generation := s.next()
	struck := errWhole
	strike := func() { struck = f.strike(victim) }
	if k == 0 {
		strike()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	result, err := materialize.Apply(ctx, i.cluster, i.plan(s.orders(), watch.SQL(generation)), at(k, strike))
	cancel()
	c.Outcome = matrix.Succeeded
	var said []string
	for _, w := range result.Warnings {
		c.Outcome = matrix.Warned
		said = append(said, w.Error())
	}
	if err != nil {
		c.Outcome = matrix.Failed
		said = []string{err.Error()}
	} else {
		readers.announce(generation, i.kept())
	}
	c.Said = s.plain(strings.Join(said, "; "))
	c.Names = strings.Contains(strings.Join(said, "; "), s.bed.Nodes[victim.node-1].Addr)
	require.NoError(t, victim.mended(f), "mend after step %d", k)
	c.Runs, c.Note = s.heals(readers)
	c.Saw = readers.stop()
	return c, struck
}

// heals runs until every node has the same rows and nothing else, and says how
// often that took and what went wrong before.
func (s *shop) heals(readers watched) (runs int, note string) {
	const enough = 3
	var notes []string
	for run := 1; run <= enough; run++ {
		time.Sleep(2 * time.Millisecond) // invocations of a millisecond ago are alive
		generation := s.next()
		result, err := s.build(s.orders(), watch.SQL(generation))
		if err == nil && len(result.Warnings) > 0 {
			err = result.Warnings[0]
		}
		if err == nil {
			readers.announce(generation, s.all())
			err = s.same(generation)
		}
		if err == nil {
			return run, strings.Join(notes, "; ")
		}
		notes = append(notes, fmt.Sprintf("run %d: %s", run, s.plain(err.Error())))
	}
	return 0, strings.Join(notes, "; ")
}
