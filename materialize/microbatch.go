package materialize

import (
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// microbatch replaces the rows of a stretch of time. Each batch is an INSERT of
// its own; all are put in place together.
func (p *planner) microbatch(s strategy, columns []column, settings map[string]any) {
	p.deleteInsert(s, columns, settings)
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
	for _, b := range p.in.Batches {
		p.in.SQL = b.SQL
		last = p.insert(into, columns, settings)
		step := &p.plan.Steps[last-1]
		step.Purpose = "fill it with the batch of " + strings.TrimSuffix(b.Start.Format("2006-01-02 15:04"), " 00:00")
		if first == 0 {
			first = last
		}
	}
	return first, last
}

// withinBatches is the condition for rows of the time that is built.
func (p *planner) withinBatches() string {
	field := p.in.Node.Config.String("event_time")
	const layout = "2006-01-02 15:04:05"
	from, to := p.in.Batches[0].Start, p.in.Batches[len(p.in.Batches)-1].End
	return field + " >= toDateTime(" + adapters.Literal(from.Format(layout)) + ") AND " + field + " < toDateTime(" + adapters.Literal(to.Format(layout)) + ")"
}
