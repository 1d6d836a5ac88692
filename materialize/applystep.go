package materialize

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/chmod-sql/chmod/adapters"
)

// step carries out one step; for a describe step it returns the columns.
func (a *application) step(session adapters.Session, step Step) ([]adapters.Column, error) {
	s := step.Statement
	if s.QueryID == "" {
		s.QueryID = a.plan.invocation.queryID()
	}
	s.Progress = func(p adapters.Progress) {
		a.observe(StepProgress{Plan: a.plan, Step: step, QueryID: s.QueryID, Progress: p})
	}
	s.Repeatable = repeatable(step)
	if j := a.options.Journal; j != nil && step.Kind != KindSeed { // whose rows go where nobody looks, for as long as there are any
		s.Before = holding(j)
	}
	if step.Scope == ScopeNode || step.Scope == ScopeCluster {
		s.Retrying = func(again adapters.Again) { a.observe(StepRetried{Plan: a.plan, Step: step, Again: again}) }
	}
	a.observe(StepStarted{Plan: a.plan, Step: step, QueryID: s.QueryID})
	columns, summary, err := a.send(session, step, s)
	if err != nil {
		err = &StepError{Step: step, QueryID: s.QueryID, Err: err}
	}
	if summary.QueryID == "" {
		summary.QueryID = s.QueryID
	}
	a.result.Steps = append(a.result.Steps, StepResult{Step: step, Summary: summary})
	a.observe(StepFinished{Plan: a.plan, Step: step, QueryID: s.QueryID, Summary: summary, Err: err})
	if step.Gone != nil && adapters.ClassOf(err) == adapters.ClassMissing && a.ctx.Err() == nil {
		instead := step
		instead.Purpose, instead.Statement, instead.Gone = "give it its name, as there is nothing to replace any more", *step.Gone, nil
		if _, other := a.step(session, instead); other == nil {
			return nil, nil
		}
	}
	return columns, err
}

func (a *application) send(session adapters.Session, step Step, s adapters.Statement) ([]adapters.Column, adapters.Summary, error) {
	switch step.Kind {
	case KindDescribe:
		table, summary, err := session.Query(a.ctx, s)
		if err != nil {
			return nil, summary, err
		}
		columns, err := describedColumns(table)
		return columns, summary, err
	case KindBounds:
		table, summary, err := session.Query(a.ctx, s)
		if err != nil {
			return nil, summary, err
		}
		bounds, err := readBounds(table)
		a.bounds = &bounds
		return nil, summary, err
	case KindInsert:
		summary, err := session.Exec(a.ctx, s)
		a.wrote(step, summary.Progress.WrittenRows, summary.Progress.WrittenBytes)
		return nil, summary, err
	case KindSeed:
		summary, err := a.seed(session, step, s)
		return nil, summary, err
	case KindPartitions:
		return nil, adapters.Summary{QueryID: s.QueryID}, a.partitions(session, step, s)
	case KindReplicas:
		return nil, adapters.Summary{QueryID: s.QueryID}, a.awaitReplicas(step)
	case KindVerify:
		return nil, adapters.Summary{QueryID: s.QueryID}, a.verify(step, s)
	case KindAltered:
		return nil, adapters.Summary{QueryID: s.QueryID}, a.awaitAltered(session, step, s)
	case KindCheck:
		if step.Check.Whole != nil && a.written(step) == *step.Check.Whole {
			return nil, adapters.Summary{QueryID: s.QueryID}, nil
		}
		if step.Check.Copy > 0 && a.copied(step) {
			return nil, adapters.Summary{QueryID: s.QueryID}, nil
		}
		if step.Check.Zero {
			return nil, adapters.Summary{QueryID: s.QueryID}, a.checkZero(session, step, s)
		}
		if len(step.Check.Hosts) > 0 {
			return nil, adapters.Summary{QueryID: s.QueryID}, a.checkHosts(step, s)
		}
		table, summary, err := session.Query(a.ctx, s)
		if err != nil {
			return nil, summary, err
		}
		return nil, summary, a.check(step, table)
	}
	if step.Told && step.Scope == ScopeShard {
		return nil, adapters.Summary{QueryID: s.QueryID}, a.told(step, s)
	}
	if step.Scope == ScopeShard || step.Scope == ScopeHosts && step.Direct == "" {
		var written atomic.Uint64
		err := a.onShards(session, step, func(ctx context.Context, session adapters.Session) error {
			own := s
			own.QueryID, own.Progress = "", nil
			summary, err := session.Exec(ctx, own)
			written.Add(summary.Progress.WrittenRows)
			return err
		})
		a.count(step, written.Load())
		return nil, adapters.Summary{QueryID: s.QueryID}, err
	}
	if step.Scope == ScopeCluster || step.Scope == ScopeHosts {
		summary, err := a.everywhere(session, step, s)
		return nil, summary, err
	}
	summary, err := session.Exec(a.ctx, s)
	a.count(step, summary.Progress.WrittenRows)
	return nil, summary, err
}

// count notes what a step wrote that does not write the node's rows for the
// first time.
func (a *application) count(step Step, rows uint64) {
	if step.Counts {
		a.rows[step.Number] = rows
	}
}

// copied reports whether a step is seen to have inserted all rows of others. Some
// ways to a server tell of none.
func (a *application) copied(step Step) bool {
	rows := a.rows[step.Check.Copy]
	return rows > 0 && rows == a.written(step)
}

// wrote notes what a step wrote; the last one's is the node's.
func (a *application) wrote(step Step, rows, bytes uint64) {
	a.rows[step.Number] = rows
	if step.Chunk == nil {
		a.result.Rows, a.result.Bytes = rows, bytes
		return
	}
	a.result.Rows, a.result.Bytes = a.inherited, a.result.Bytes+bytes
	for _, s := range a.plan.Steps[:step.Number] {
		if s.Chunk != nil {
			a.result.Rows += a.rows[s.Number]
		}
	}
}

// seed streams the rows of a file and counts them.
func (a *application) seed(session adapters.Session, step Step, s adapters.Statement) (summary adapters.Summary, err error) {
	rows, err := step.Seed.Open()
	if err != nil {
		return adapters.Summary{}, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns := make([]adapters.Column, len(step.Seed.Columns))
	for i, c := range step.Seed.Columns {
		columns[i] = c.Column
		if c.Text {
			columns[i].Type = c.textType()
		}
	}
	var sent atomic.Uint64
	summary, err = session.InsertParts(a.ctx, s, columns, func() (func() ([]any, error), error) {
		part, err := rows.Part()
		n := uint64(0)
		return func() ([]any, error) {
			row, err := part()
			if err == nil {
				n++
			} else {
				sent.Add(n)
				n = 0
			}
			return row, err
		}, err
	})
	a.wrote(step, sent.Load(), summary.Progress.WrittenBytes)
	return summary, err
}

// check compares the number that was read with what is expected.
func (a *application) check(step Step, table *adapters.Table) error {
	found, err := readCount(table)
	if err != nil {
		return err
	}
	return a.compare(step, found)
}

func readCount(table *adapters.Table) (uint64, error) {
	if len(table.Rows) != 1 || len(table.Rows[0]) != 1 {
		return 0, fmt.Errorf("the check returned %d rows instead of one number", len(table.Rows))
	}
	found, ok := table.Rows[0][0].(uint64)
	if !ok {
		return 0, fmt.Errorf("the check returned a %T instead of a number", table.Rows[0][0])
	}
	return found, nil
}

// compare judges the rows that a check found.
func (a *application) compare(step Step, found uint64) error {
	c := step.Check
	switch {
	case c.Rows != nil && found == *c.Rows:
		return nil
	case c.Rows != nil:
		return &CheckError{Want: *c.Rows, Found: found}
	case c.Whole != nil:
		// What it returns may have changed meanwhile.
		if written := a.written(step); written < min(*c.Whole, found) || written > max(*c.Whole, found) {
			return &CheckError{Want: found, Found: written}
		}
		return nil
	}
	want := a.written(step)
	if c.Since > 0 || c.Before > 0 {
		a.result.Rows = want
	}
	if step.Check.Uncounted || want == 0 && a.plan.Steps[step.Check.WrittenBy-1].Kind == KindInsert {
		// Some ways to the server do not tell what was written; what is there
		// is all that is known then.
		a.result.Rows = found
		return nil
	}
	if found != want {
		return &CheckError{Want: want, Found: found}
	}
	return nil
}

// written is how many rows a check is about, as those who wrote them said.
func (a *application) written(step Step) uint64 {
	c := step.Check
	want := a.rows[c.WrittenBy]
	if c.Since > 0 {
		want = 0
		for n := c.Since; n <= c.WrittenBy; n++ {
			want += a.rows[n]
		}
	}
	return want + c.Before
}

// describedColumns are the columns that DESCRIBE tells.
func describedColumns(t *adapters.Table) ([]adapters.Column, error) {
	columns := make([]adapters.Column, 0, len(t.Rows))
	for _, row := range t.Rows {
		if len(row) < 2 {
			return nil, fmt.Errorf("DESCRIBE returned %d columns", len(row))
		}
		name, okName := row[0].(string)
		kind, okType := row[1].(string)
		if !okName || !okType {
			return nil, fmt.Errorf("DESCRIBE returned %T and %T instead of a name and a type", row[0], row[1])
		}
		columns = append(columns, adapters.Column{Name: name, Type: kind})
	}
	return columns, nil
}
