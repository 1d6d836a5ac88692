package materialize

import (
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// sortsNew reports whether the only thing that the sorting key lacks are
// columns that on_schema_change adds in this run: it gets them with it. While
// nobody knows the columns of the SQL, that may be so.
func (p *planner) sortsNew(d drift, want, have shape) bool {
	if policy := p.schemaPolicy(); d.config != "order_by" || policy != schemaAppend && policy != schemaSync {
		return false
	}
	now, then := keyParts(want), keyParts(have)
	if len(now) <= len(then) || !slices.Equal(now[:len(then)], then) {
		return false
	}
	for _, name := range now[len(then):] {
		name = strings.Trim(name, "`\"")
		if _, there := p.in.Target.column(name); there {
			return false
		}
		if p.in.Columns != nil && !slices.ContainsFunc(p.in.Columns, func(c adapters.Column) bool { return c.Name == name }) {
			return false
		}
	}
	if p.in.Columns != nil {
		p.sortBy = p.keyClause("order_by")
	}
	return true
}

// keyParts are the expressions of a shape's sorting key.
func keyParts(s shape) []string {
	var parts []string
	for _, part := range commas(bare(lexemes(s.clauses["ORDER BY"]))) {
		parts = append(parts, plain(part))
	}
	return parts
}

// resorted is an engine as a server prints it with a longer sorting key; the
// primary key stays.
func resorted(full, sortBy string) string {
	s, err := engineShape(full)
	if err != nil {
		return full
	}
	primary := s.written["PRIMARY KEY"]
	if primary == "" {
		primary = s.written["ORDER BY"]
	}
	return reengined(full, map[string]string{"ORDER BY": sortBy, "PRIMARY KEY": primary}, nil, nil)
}
