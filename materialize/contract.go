package materialize

import (
	"fmt"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// contractColumns are the columns that the contract promises, in its order.
// Their types are spelled as the server does: it knows fewer spellings in a
// CREATE than people use.
func (p *planner) contractColumns() []column {
	spelled := map[string]string{}
	for _, c := range p.in.Columns {
		spelled[c.Name] = c.Type
	}
	columns := make([]column, len(p.in.Node.Columns))
	for i := range p.in.Node.Columns {
		d := &p.in.Node.Columns[i]
		columns[i] = column{Column: adapters.Column{Name: d.Name, Type: spelled[d.Name]}}
		p.describeColumn(&columns[i], d)
	}
	return columns
}

// checkContractConfig reports what is wrong with a contract by itself.
func (p *planner) checkContractConfig() bool {
	n := p.in.Node
	if !n.Contract.Enforced {
		return true
	}
	ok := true
	if len(n.Columns) == 0 {
		p.wrong("contract", "contract-mismatch", n.Name+": the contract names no columns",
			"an enforced contract promises each column and its type", "describe the columns with name and data_type")
		return false
	}
	for _, c := range n.Columns {
		if strings.TrimSpace(c.DataType) == "" {
			ok = false
			p.diags.Add(diag.Diagnostic{
				Code: "contract-mismatch", Span: c.Span,
				What: fmt.Sprintf("%s: column %q has no data_type", n.Name, c.Name),
				Why:  "an enforced contract promises each column and its type", Fix: "add data_type",
			})
		}
	}
	return ok
}

// checkContract compares what the SQL returns with what the contract promises
// and reports all differences in one table.
func (p *planner) checkContract() {
	if !p.checkContractConfig() {
		return
	}
	n := p.in.Node
	rows := [][4]string{}
	defined := map[string]string{}
	for _, c := range p.in.Columns {
		defined[c.Name] = c.Type
		promised := n.Column(c.Name)
		switch {
		case promised == nil:
			rows = append(rows, [4]string{c.Name, c.Type, "", "missing in contract"})
		case !SameType(c.Type, promised.DataType):
			rows = append(rows, [4]string{c.Name, c.Type, promised.DataType, "data type mismatch"})
		}
	}
	span := p.place("contract")
	for _, c := range n.Columns {
		if _, ok := defined[c.Name]; !ok {
			rows = append(rows, [4]string{c.Name, "", c.DataType, "missing in definition"})
		}
	}
	if len(rows) == 0 {
		return
	}
	if c := n.Column(rows[0][0]); c != nil && c.Span.Known() {
		span = c.Span
	} else if n.DescribedAt.Known() {
		span = n.DescribedAt
	}
	p.diags.Add(diag.Diagnostic{
		Code: "contract-mismatch", Span: span,
		What: n.Name + ": the SQL does not return what the contract promises",
		Why:  "\n" + mismatches(rows),
		Fix:  "cast the columns in the SQL, or change data_type in the contract",
	})
}

// mismatches shows differences as a table.
func mismatches(rows [][4]string) string {
	all := append([][4]string{{"column_name", "definition_type", "contract_type", "mismatch_reason"}}, rows...)
	var width [4]int
	for _, r := range all {
		for i, cell := range r {
			width[i] = max(width[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	for i, r := range all {
		for k, cell := range r {
			b.WriteString("| " + cell + strings.Repeat(" ", width[k]-len([]rune(cell))+1))
		}
		b.WriteString("|\n")
		if i == 0 {
			for k := range r {
				b.WriteString("| " + strings.Repeat("-", width[k]) + " ")
			}
			b.WriteString("|\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// checks are the CHECK constraints; all others are reported as not enforced.
func (p *planner) checks() []string {
	n := p.in.Node
	var out []string
	add := func(c manifest.Constraint, of string) {
		if c.Type != "check" {
			p.diags.Add(diag.Diagnostic{
				Severity: diag.Warning, Code: "constraint-not-enforced", Span: c.Span,
				What: fmt.Sprintf("%s: %s constraint%s is not enforced", n.Name, c.Type, of),
				Why:  "ClickHouse has CHECK constraints only", Fix: "add a data test",
			})
			return
		}
		if strings.TrimSpace(c.Expression) == "" {
			p.diags.Add(diag.Diagnostic{
				Code: "missing-config", Span: c.Span,
				What: fmt.Sprintf("%s: check constraint%s has no expression", n.Name, of), Fix: "add expression",
			})
			return
		}
		if !p.in.Server.Version.AtLeast(19, 14) {
			p.diags.Add(diag.Diagnostic{
				Code: "server-too-old", Span: c.Span,
				What: fmt.Sprintf("%s: check constraint%s needs a server of 19.14 or later", n.Name, of),
				Why:  "the server is " + p.in.Server.Version.Text, Fix: "take it out for this target",
			})
			return
		}
		name := c.Name
		if name == "" {
			name = fmt.Sprintf("check_%d", len(out)+1)
		}
		out = append(out, "CONSTRAINT "+adapters.QuoteIdent(name)+" CHECK "+c.Expression)
	}
	for _, c := range n.Constraints {
		add(c, "")
	}
	for _, col := range n.Columns {
		for _, c := range col.Constraints {
			add(c, fmt.Sprintf(" of column %q", col.Name))
		}
	}
	return out
}

// needsAt is needs for a key of a column.
func (p *planner) needsAt(f adapters.Feature, key string, c *manifest.Column) bool {
	if p.has(f) {
		return true
	}
	p.diags.Add(diag.Diagnostic{
		Code: "server-too-old", Span: c.Span,
		What: fmt.Sprintf("%s: %s of column %q needs %s, which the server does not have", p.in.Node.Name, key, c.Name, f.Name),
		Why:  fmt.Sprintf("the server is %s, and %s came with %d.%d", p.in.Server.Version.Text, f.Name, f.Major, f.Minor),
		Fix:  fmt.Sprintf("take %s out for this target, or use a newer server", key),
	})
	return false
}
