package materialize

import "github.com/chmod-sql/chmod/adapters"

// Reads is the statement by which the plan learns the columns of its SQL. It
// is false when there is none, and when its answer depends on what the plan
// does before it: a hook may change the session, or what the SQL reads.
func (p *Plan) Reads() (adapters.Statement, bool) {
	for _, s := range p.Steps {
		switch {
		case s.Kind == KindDescribe:
			return s.Statement, p.bind != nil
		case s.Origin.Kind == OriginPreHook, s.Origin.Kind == OriginHeader:
			return adapters.Statement{}, false
		}
	}
	return adapters.Statement{}, false
}

// With is the plan for the columns that the statement of Reads returned. The
// error is that of New, for columns that the node's config does not fit.
func (p *Plan) With(described *adapters.Table) (*Plan, error) {
	columns, err := describedColumns(described)
	if err != nil {
		return nil, err
	}
	return p.bind(columns)
}
