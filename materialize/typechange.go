package materialize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// A column's type changes when the SQL's does. What happens to values then must
// not depend on luck: a server that makes an Int32 of an Int64 takes what fits
// into it and says nothing, and one that makes numbers of texts finds out in the
// middle of a mutation that one of them is none. So a type becomes one that has
// all values of the other, or each value is looked at before.

// growing is a change without the columns that need none, since the table's type
// has all values of the SQL's.
func (p *planner) growing(change schemaChange, policy string) schemaChange {
	change.changed = slices.DeleteFunc(slices.Clone(change.changed), func(c changedColumn) bool {
		stays := c.fits() && (policy == schemaAppend || !c.grows())
		if stays {
			p.note("column %s is %s in the SQL, and %s in the table, which has all its values: it stays", adapters.QuoteIdent(c.Name), c.Type, c.was)
		}
		return stays
	})
	if policy == schemaAppend {
		change.changed = asKept(change.changed)
	}
	return change
}

func asKept(changed []changedColumn) []changedColumn {
	changed = slices.Clone(changed)
	for i, c := range changed {
		changed[i] = c.asKept()
	}
	return changed
}

// altersNoKey reports columns that servers do not change, before anything else
// is changed: those that the table is sorted or divided by.
func (p *planner) altersNoKey(change schemaChange) bool {
	var keyed []string
	for _, c := range change.changed {
		if p.inKeys(c.Name) && !strings.HasPrefix(c.was, "Enum") && !c.sameValues() {
			keyed = append(keyed, fmt.Sprintf("%s was %s and is %s", c.Name, c.was, c.Type))
		}
	}
	for _, c := range change.removed {
		if p.inKeys(c.Name) {
			keyed = append(keyed, fmt.Sprintf("%s %s is gone", c.Name, c.Type))
		}
	}
	if len(keyed) == 0 {
		return true
	}
	p.wrong("on_schema_change", "schema-changed", fmt.Sprintf("%s: a column of the keys of %s is another one in the SQL", p.in.Node.Name, p.target),
		strings.Join(keyed, "; ")+"; servers do not change what a table is sorted or divided by", "run with --full-refresh, or return it as it was")
	return false
}

// sameValues reports whether both types have the same values, kept in other ways.
func (c changedColumn) sameValues() bool {
	was, nullable := bareType(NormalType(c.was))
	is, toNullable := bareType(NormalType(c.Type))
	return was == is && nullable == toNullable
}

// inKeys reports whether a column is part of what the table is sorted, divided or
// sampled by.
func (p *planner) inKeys(column string) bool {
	s, err := engineShape(p.in.Target.EngineFull)
	if err != nil {
		return false
	}
	for _, clause := range []string{"ORDER BY", "PARTITION BY", "PRIMARY KEY", "SAMPLE BY"} {
		for _, l := range lexemes(s.clauses[clause]) {
			if l.word && strings.Trim(l.text, "`\"") == column {
				return true
			}
		}
	}
	return false
}

// checkFits looks, before types are changed, at values that the new type may not
// have.
func (p *planner) checkFits(change schemaChange) {
	for _, c := range change.changed {
		if c.grows() {
			continue
		}
		fit := conversion{adapters.QuoteIdent(c.Name), c.was, c.Type}
		condition := fit.misfits()
		if !fit.checked() || !accurateCasts(p.ddl.server.Version) {
			// It is never met; but a value that cannot become one of the type fails
			// here, and not in a mutation, which leaves a table that cannot be read.
			condition = "ignore(CAST(" + fit.value + " AS " + fit.to + "))"
		}
		p.onShards(Step{
			Purpose: fmt.Sprintf("check that %s can have all values of %s, which is %s", c.Type, adapters.QuoteIdent(c.Name), c.was), Kind: KindCheck,
			Check:     &Check{Zero: true, Why: fmt.Sprintf("as many rows have a value of %s that %s cannot have; a --full-refresh builds the table with the new type", c.Name, c.Type)},
			Statement: adapters.Statement{SQL: "SELECT countIf(" + condition + ") FROM " + p.data.String()},
		}, nil)
	}
}

// fitsNot is what is said of a value that does not.
func fitsNot(column, kind string) string {
	return "a value of column " + column + " is none of the table's type " + kind + ": build it with --full-refresh, or have the SQL return such values"
}

// accurateCasts is that a server can tell that a value is none of a type.
func accurateCasts(v adapters.Version) bool { return v.AtLeast(21, 1) }

// converted has the values of columns whose type is another one in the table go
// into it only as far as they fit.
func (p *planner) converted(columns []column, change schemaChange) []column {
	columns = slices.Clone(columns)
	for _, c := range change.changed {
		name := adapters.QuoteIdent(c.Name)
		at := slices.IndexFunc(columns, func(has column) bool { return has.Name == c.Name })
		if at < 0 || c.fits() || !(conversion{name, c.Type, c.was}).checked() || !accurateCasts(p.ddl.server.Version) {
			p.note("column %s is %s in the SQL and %s in the table: its values are converted", name, c.Type, c.was)
			continue
		}
		p.note("column %s is %s in the SQL and %s in the table: its values are converted, and the run fails if one does not fit", name, c.Type, c.was)
		columns[at].into = c.was
	}
	return columns
}
