package compiler

import (
	stdcontext "context"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/builtin"
	"github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/value"
)

// StrategyCall is what the macro of an incremental strategy is told.
type StrategyCall struct {
	// Target is the table to change, Temp the one with the new rows; Kind is not
	// looked at.
	Target, Temp Relation
	// Columns are the target's.
	Columns []QueryColumn
}

// The macro of a strategy is named after it.
const (
	strategyHead = "get_incremental_"
	strategyTail = "_sql"
)

// Strategies are the incremental strategies that the project and its packages
// have macros for, sorted.
func (p *Project) Strategies() []string {
	var names []string
	for _, pkg := range p.world.Macros.Packages() {
		if pkg == builtin.Package {
			continue
		}
		for _, name := range p.world.Macros.Names(pkg) {
			if s, ok := strings.CutPrefix(name, strategyHead); ok && strings.HasSuffix(s, strategyTail) && len(s) > len(strategyTail) {
				names = append(names, strings.TrimSuffix(s, strategyTail))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// StrategySQL calls the macro of a strategy for a node, with the dict that dbt
// gives it, and returns its text. The macro is looked for in the node's
// package, then in the project, then in all others.
func (p *Project) StrategySQL(ctx stdcontext.Context, id, strategy string, call StrategyCall, w Warehouse) (string, error) {
	n := p.Manifest.Node(id)
	name := strategyHead + strategy + strategyTail
	if n == nil {
		return "", diag.Diagnostic{Code: "unknown-node", What: "there is no node " + id, Fix: diag.DidYouMean(id, p.Manifest.IDs())}
	}
	m := p.world.Macros.Anywhere(n.Package, name)
	if m == nil {
		return "", diag.Diagnostic{Code: "undefined-macro", Span: n.Span, What: "there is no macro named " + name}
	}
	in, _ := p.scene(ctx, n, w)
	relation := func(r Relation) *context.Relation {
		made := &context.Relation{Schema: r.Schema, Identifier: r.Name, Kind: "table"}
		if in.This != nil {
			made.OnCluster = in.This.OnCluster
		}
		return made
	}
	columns := value.NewList()
	for _, c := range call.Columns {
		columns.Elems = append(columns.Elems, &context.Column{Name: c.Name, Type: c.Type})
	}
	predicates := n.Config.Value("predicates")
	if !value.Truth(predicates) {
		predicates = n.Config.Value("incremental_predicates")
	}
	args := value.DictOf(
		"target_relation", relation(call.Target), "temp_relation", relation(call.Temp), "unique_key", n.Config.Value("unique_key"),
		"dest_columns", columns, "incremental_predicates", predicates,
	)
	out, err := in.CallMacro(m, &value.Call{Span: m.Template.NameSpan, Args: []value.Value{args}})
	if err != nil {
		return "", err
	}
	return value.Str(out), nil
}
