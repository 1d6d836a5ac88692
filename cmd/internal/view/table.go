package view

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
)

// Grid draws rows as dbt shows them: | a | b |.
func Grid(t *adapters.Table) string {
	widths := make([]int, len(t.Columns))
	grid := make([][]string, len(t.Rows))
	for i, c := range t.Columns {
		widths[i] = cells(c.Name)
	}
	for r, row := range t.Rows {
		grid[r] = make([]string, len(row))
		for i, v := range row {
			grid[r][i] = Cell(v, t.Columns[i].Type)
			widths[i] = max(widths[i], cells(grid[r][i]))
		}
	}
	var b strings.Builder
	line := func(cell func(int) string) {
		b.WriteString("|")
		for i, w := range widths {
			text := cell(i)
			b.WriteString(" " + pad(text, w) + " |")
		}
		b.WriteString("\n")
	}
	line(func(i int) string { return t.Columns[i].Name })
	line(func(i int) string { return strings.Repeat("-", widths[i]) })
	for _, row := range grid {
		line(func(i int) string { return row[i] })
	}
	return b.String()
}

// Cell is one value on one line, of a column of that type.
func Cell(v any, columnType string) string {
	switch v := pointed(v).(type) {
	case nil:
		return ""
	case time.Time:
		return moment(v, columnType)
	case string:
		return strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(v)
	case fmt.Stringer:
		return v.String()
	}
	return literal(v, columnType)
}

// pointed is what a pointer of a nullable column points to; nil for null.
func pointed(v any) any {
	if n, ok := v.(*big.Int); ok && n != nil {
		return v // it is a number as a pointer
	}
	r := reflect.ValueOf(v)
	switch {
	case r.Kind() != reflect.Pointer:
		return v
	case r.IsNil():
		return nil
	}
	return pointed(r.Elem().Interface())
}

// moment is a date without a time for columns that have none.
func moment(t time.Time, columnType string) string {
	if strings.Contains(columnType, "Date") && !strings.Contains(columnType, "DateTime") {
		return t.Format("2006-01-02")
	}
	return t.Format("2006-01-02 15:04:05.999999999")
}

// literal writes arrays, maps and tuples as ClickHouse does: ['a', 'b'].
func literal(v any, columnType string) string {
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Slice, reflect.Array:
		parts := make([]string, r.Len())
		for i := range parts {
			parts[i] = quoted(r.Index(i).Interface(), columnType)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case reflect.Map:
		parts := make([]string, 0, r.Len())
		for _, k := range r.MapKeys() {
			parts = append(parts, quoted(k.Interface(), columnType)+": "+quoted(r.MapIndex(k).Interface(), columnType))
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(v)
}

// quoted is a value inside another one.
func quoted(v any, columnType string) string {
	switch v := pointed(v).(type) {
	case nil:
		return "NULL"
	case string:
		return "'" + strings.ReplaceAll(Cell(v, columnType), "'", `\'`) + "'"
	case time.Time:
		return "'" + moment(v, columnType) + "'"
	}
	return Cell(v, columnType)
}

func shown(e event.Shown) string {
	if e.JSON {
		return shownJSON(e)
	}
	head := "Previewing inline node:\n"
	if !e.Inline {
		head = "Previewing node '" + e.Name + "':\n"
	}
	return head + strings.TrimRight(Grid(e.Table), "\n")
}

func shownJSON(e event.Shown) string {
	rows := make([]map[string]any, len(e.Table.Rows))
	for r, row := range e.Table.Rows {
		rows[r] = map[string]any{}
		for i, c := range e.Table.Columns {
			rows[r][c.Name] = jsonCell(row[i], c.Type)
		}
	}
	out := map[string]any{"show": rows}
	if !e.Inline {
		out["node"] = e.Name
	}
	return indented(out)
}

// jsonCell keeps what JSON has, writes wide and decimal numbers out, and
// prints the rest.
func jsonCell(v any, columnType string) any {
	v = pointed(v)
	switch v := v.(type) {
	case nil, bool, string:
		return v
	case float32:
		return jsonFloat(float64(v))
	case float64:
		return jsonFloat(v)
	case time.Time:
		return Cell(v, columnType)
	case fmt.Stringer:
		if json.Valid([]byte(v.String())) {
			return json.Number(v.String())
		}
		return v.String()
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Slice, reflect.Array:
		list := make([]any, r.Len())
		for i := range list {
			list[i] = jsonCell(r.Index(i).Interface(), columnType)
		}
		return list
	case reflect.Map:
		object := make(map[string]any, r.Len())
		for _, k := range r.MapKeys() {
			object[Cell(k.Interface(), columnType)] = jsonCell(r.MapIndex(k).Interface(), columnType)
		}
		return object
	}
	return v
}

// jsonFloat is a number, or a string for what JSON has no number for.
func jsonFloat(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return fmt.Sprint(f)
	}
	return f
}

func compiledShown(e event.CompiledShown) string {
	if e.JSON {
		out := map[string]any{"compiled": e.SQL}
		if !e.Inline {
			out["node"] = e.Name
		}
		return indented(out)
	}
	if e.Inline {
		return "Compiled inline node is:\n" + e.SQL
	}
	return "Compiled node '" + e.Name + "' is:\n" + e.SQL
}

func indented(v any) string {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err.Error()
	}
	return string(text)
}
