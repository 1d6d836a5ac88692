package materialize

import (
	"fmt"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
)

// hooks plans pre- or post-hooks, each statement a step of its own.
func (p *planner) hooks(kind OriginKind, hooks []Hook) {
	order := make([]int, len(hooks))
	for i := range order {
		order[i] = i
	}
	// Pre-hooks outside of a transaction come before those inside, post-hooks
	// after them.
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := rank(hooks[a].Transaction), rank(hooks[b].Transaction)
		if kind == OriginPostHook {
			return y - x
		}
		return x - y
	})
	name := "pre-hook"
	if kind == OriginPostHook {
		name = "post-hook"
	}
	for _, i := range order {
		p.statements(kind, i, fmt.Sprintf("%s %d", name, i+1), hooks[i].SQL)
	}
}

func rank(transaction bool) int {
	if transaction {
		return 1
	}
	return 0
}

// header plans the statements of sql_header.
func (p *planner) header() {
	p.statements(OriginHeader, 0, "sql_header", p.in.Node.Config.String("sql_header"))
}

// statements plans each statement of one of the user's texts.
func (p *planner) statements(kind OriginKind, index int, name, text string) {
	pieces := split(text)
	for i, s := range pieces {
		purpose := name
		if len(pieces) > 1 {
			purpose = fmt.Sprintf("%s, statement %d of %d", name, i+1, len(pieces))
		}
		p.add(Step{
			Purpose:   purpose,
			Statement: adapters.Statement{SQL: s.text},
			Origin:    Origin{Kind: kind, Index: index, End: len(s.text), TextStart: s.at},
		})
	}
}

// operation plans an on-run-start or on-run-end hook.
func (p *planner) operation() {
	p.statements(OriginSQL, 0, "run "+p.in.Node.Name, p.in.SQL)
}
