package context

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// Table is the result of a query as templates hold it: rows that are read by
// position or by column name.
type Table struct {
	names []string
	rows  []value.Value
}

// NewTable makes a table; every row has as many values as there are names.
func NewTable(names []string, rows [][]value.Value) *Table {
	t := &Table{names: names}
	for _, row := range rows {
		t.rows = append(t.rows, &Row{table: t, values: row})
	}
	return t
}

// TypeName is the class name that dbt's users see.
func (t *Table) TypeName() string { return "Table" }

// Str is what printing a table gives.
func (t *Table) Str() string { return "<Table: " + strings.Join(t.names, ", ") + ">" }

// Items are the rows.
func (t *Table) Items() []value.Value { return t.rows }

// Len is the number of rows.
func (t *Table) Len() int { return len(t.rows) }

// Truth is true also without rows: a result is there.
func (t *Table) Truth() bool { return true }

// Item is a row by its position.
func (t *Table) Item(key value.Value) (value.Value, bool) {
	return value.Item(value.NewTuple(t.rows...), key)
}

// Attr answers what templates ask of a result.
func (t *Table) Attr(name string) (value.Value, bool) {
	switch name {
	case "rows":
		return t.Rows(), true
	case "columns":
		return t.Columns(), true
	case "column_names":
		return value.NewTuple(t.texts()...), true
	case "print_table", "print_csv", "print_json":
		return method(name, func(c *value.Call) (value.Value, error) { return t.Text(), nil }), true
	case "select", "exclude":
		return method(name, func(c *value.Call) (value.Value, error) { return t.choose(name, c) }), true
	case "limit":
		return method(name, t.limit), true
	case "rename":
		return method(name, t.rename), true
	case "where":
		return method(name, t.where), true
	case "distinct":
		return method(name, func(c *value.Call) (value.Value, error) { return t.distinct(), nil }), true
	}
	return nil, false
}

func (t *Table) texts() []value.Value {
	out := make([]value.Value, len(t.names))
	for i, n := range t.names {
		out[i] = n
	}
	return out
}

// Text lays the table out in columns.
func (t *Table) Text() string {
	widths := make([]int, len(t.names))
	lines := [][]string{t.names}
	for _, r := range t.rows {
		var line []string
		for _, v := range r.(*Row).values {
			line = append(line, textOf(v))
		}
		lines = append(lines, line)
	}
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	for n, line := range lines {
		b.WriteString("|")
		for i, cell := range line {
			b.WriteString(" " + cell + strings.Repeat(" ", widths[i]-len([]rune(cell))) + " |")
		}
		b.WriteString("\n")
		if n == 0 {
			b.WriteString("|")
			for _, w := range widths {
				b.WriteString(" " + strings.Repeat("-", w) + " |")
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}
