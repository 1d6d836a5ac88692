package materialize

import (
	"slices"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// microbatch replaces the rows of a stretch of time.
//
// A run adds its batches one by one: each is a plan of its own, see InBatches,
// and readers see it as soon as it is in place. A build from nothing is one
// table, which readers see when all batches are in it; one that fails is left
// out of it, see leaveOut.
func (p *planner) microbatch(s strategy, columns []column, settings map[string]any) {
	if p.in.Node.Config.Bool("concurrent_batches", false) {
		p.note("concurrent_batches has no effect: batches may share partitions, which are put in place one after the other")
	}
	p.deleteInsert(s, columns, settings)
}

// InBatches are the inputs of the plans that a node is built by, in their order:
// one for each batch where they are added to a table, else the one that is
// given. Pre-hooks go with the first, post-hooks with the last.
func InBatches(in Input) []Input {
	if _, adds := TargetOf(in); !adds || len(in.Batches) < 2 {
		return []Input{in}
	}
	all := make([]Input, len(in.Batches))
	for i, b := range in.Batches {
		own := in
		own.Batches, own.SQL, own.Follows = []Batch{b}, b.SQL, i > 0
		if i > 0 {
			own.PreHooks = nil
		}
		if i < len(in.Batches)-1 {
			own.PostHooks = nil
		}
		all[i] = own
	}
	return all
}

// Following is the plan of a batch for the table as the plan of an earlier one
// leaves it: with the columns that it has got then.
func (p *Plan) Following(before *Plan) (*Plan, error) {
	return p.rebind(func(in *Input) { in.Target = before.target })
}

// BatchStep is what a step has to do with a batch.
type BatchStep struct {
	Batch
	Number int // from 1
	// Clear takes out what the step has inserted, should it fail; nil where that
	// cannot be done.
	Clear *Step
}

// fill appends the steps that insert the SQL's rows, one for each batch, and
// returns the first and the last one's number.
func (p *planner) fill(into adapters.Relation, columns []column, settings map[string]any) (first, last int) {
	if len(p.in.Batches) == 0 && p.in.Within != nil {
		number := p.inWithin(into, columns, settings)
		return number, number
	}
	if len(p.in.Batches) == 0 {
		number := p.insert(into, columns, settings)
		return number, number
	}
	whole := p.in.SQL
	defer func() { p.in.SQL = whole }()
	for i, b := range p.in.Batches {
		p.in.SQL = b.SQL
		last = p.insert(into, columns, settings)
		step := &p.plan.Steps[last-1]
		step.Purpose = "fill it with the batch of " + b.Label()
		step.Batch = &BatchStep{Batch: b, Number: i + 1, Clear: p.clearBatch(b)}
		if first == 0 {
			first = last
		}
	}
	return first, last
}

// clearBatch is the step that takes the rows of a batch out of the staging table.
func (p *planner) clearBatch(b Batch) *Step {
	if len(p.in.Batches) < 2 || !p.clears() {
		return nil
	}
	s := p.takingOut(p.within(b.Start, b.End))
	return &s
}

// withinBatches is the condition for rows of the time that is built.
func (p *planner) withinBatches() string {
	return p.within(p.in.Batches[0].Start, p.in.Batches[len(p.in.Batches)-1].End)
}

// within is the condition for rows of a stretch of time, by the clock of the
// column: refs give the rows of a batch by the clocks of theirs, too.
func (p *planner) within(from, to time.Time) string {
	field := p.in.Node.Config.String("event_time")
	if a := axisOf(p.columnOf(unquoted(strings.TrimSpace(field)))); a.calendar() {
		if a.kind == axisDate || a.kind == axisDate32 {
			from, to = dayFrom(from), dayFrom(to)
		}
		return field + " >= " + a.wall(from) + " AND " + field + " < " + a.wall(to)
	}
	const layout = "2006-01-02 15:04:05"
	return field + " >= toDateTime(" + adapters.Literal(from.Format(layout)) + ") AND " + field + " < toDateTime(" + adapters.Literal(to.Format(layout)) + ")"
}

// dayFrom is the first midnight from a point of time on: a date is the midnight
// that it begins with, and so in one batch only, of whatever size.
func dayFrom(t time.Time) time.Time {
	const day = 24 * time.Hour
	return t.UTC().Add(day - 1).Truncate(day)
}

// columnOf is a column of the table, or of the SQL when there is none yet.
func (p *planner) columnOf(name string) adapters.Column {
	if p.in.Target != nil {
		if c, ok := p.in.Target.column(name); ok {
			return c.Column
		}
	}
	if at := slices.IndexFunc(p.in.Columns, func(c adapters.Column) bool { return c.Name == name }); at >= 0 {
		return p.in.Columns[at]
	}
	return adapters.Column{Name: name}
}
