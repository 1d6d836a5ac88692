package view

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
)

// Grid draws rows as dbt shows them: | a | b |.
func Grid(t *adapters.Table) string {
	widths := make([]int, len(t.Columns))
	cells := make([][]string, len(t.Rows))
	for i, c := range t.Columns {
		widths[i] = utf8.RuneCountInString(c.Name)
	}
	for r, row := range t.Rows {
		cells[r] = make([]string, len(row))
		for i, v := range row {
			cells[r][i] = Cell(v)
			widths[i] = max(widths[i], utf8.RuneCountInString(cells[r][i]))
		}
	}
	var b strings.Builder
	line := func(cell func(int) string) {
		b.WriteString("|")
		for i, w := range widths {
			text := cell(i)
			b.WriteString(" " + text + strings.Repeat(" ", w-utf8.RuneCountInString(text)) + " |")
		}
		b.WriteString("\n")
	}
	line(func(i int) string { return t.Columns[i].Name })
	line(func(i int) string { return strings.Repeat("-", widths[i]) })
	for _, row := range cells {
		line(func(i int) string { return row[i] })
	}
	return b.String()
}

// Cell is one value on one line.
func Cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case time.Time:
		if v.Hour() == 0 && v.Minute() == 0 && v.Second() == 0 && v.Nanosecond() == 0 {
			return v.Format("2006-01-02")
		}
		return v.Format("2006-01-02 15:04:05.999999999")
	case *time.Time:
		if v == nil {
			return ""
		}
		return Cell(*v)
	case string:
		return strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(v)
	}
	return fmt.Sprint(v)
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
			rows[r][c.Name] = jsonCell(row[i])
		}
	}
	out := map[string]any{"show": rows}
	if !e.Inline {
		out["node"] = e.Name
	}
	return indented(out)
}

// jsonCell keeps what JSON has and prints the rest.
func jsonCell(v any) any {
	switch v.(type) {
	case nil, bool, string, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, float32, float64:
		return v
	}
	return Cell(v)
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
