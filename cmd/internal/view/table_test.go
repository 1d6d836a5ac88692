package view

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
)

func table(columns ...any) *adapters.Table {
	t := &adapters.Table{Rows: [][]any{{}}}
	for i := 0; i < len(columns); i += 3 {
		t.Columns = append(t.Columns, adapters.Column{Name: columns[i].(string), Type: columns[i+1].(string)})
		t.Rows[0] = append(t.Rows[0], columns[i+2])
	}
	return t
}

func TestGrid(t *testing.T) {
	grid := Grid(&adapters.Table{
		Columns: []adapters.Column{{Name: "id", Type: "UInt8"}, {Name: "word", Type: "String"}},
		Rows:    [][]any{{uint8(1), "größe"}, {uint8(200), "数"}, {uint8(3), nil}},
	})
	require.Equal(t, "| id  | word  |\n| --- | ----- |\n| 1   | größe |\n| 200 | 数    |\n| 3   |       |\n", grid)
	require.Equal(t, "| a |\n| - |\n", Grid(&adapters.Table{Columns: []adapters.Column{{Name: "a"}}}))
}

func TestCell(t *testing.T) {
	midnight := time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)
	morning := time.Date(2024, 1, 2, 3, 4, 5, 600_000_000, time.UTC)
	word, none := "x", (*string)(nil)
	for _, c := range []struct {
		v    any
		of   string
		want string
		json string
	}{
		{nil, "Nullable(String)", "", "null"},
		{none, "Nullable(String)", "", "null"},
		{&word, "Nullable(String)", "x", `"x"`},
		{"a\nb\tc", "String", `a\nb\tc`, `"a\nb\tc"`},
		{uint64(math.MaxUint64), "UInt64", "18446744073709551615", "18446744073709551615"},
		{1.5, "Float64", "1.5", "1.5"},
		{math.NaN(), "Float64", "NaN", `"NaN"`},
		{math.Inf(1), "Float64", "+Inf", `"+Inf"`},
		{true, "Bool", "true", "true"},
		{big.NewInt(7), "Int256", "7", "7"},
		{midnight, "Date", "2024-01-02", `"2024-01-02"`},
		{midnight, "Nullable(Date32)", "2024-01-02", `"2024-01-02"`},
		{midnight, "DateTime", "2024-01-02 00:00:00", `"2024-01-02 00:00:00"`},
		{morning, "DateTime64(3)", "2024-01-02 03:04:05.6", `"2024-01-02 03:04:05.6"`},
		{&morning, "Nullable(DateTime64(3))", "2024-01-02 03:04:05.6", `"2024-01-02 03:04:05.6"`},
		{uuid.Nil, "UUID", uuid.Nil.String(), `"00000000-0000-0000-0000-000000000000"`},
		{[]string{"a", "b'c"}, "Array(String)", `['a', 'b\'c']`, `["a","b'c"]`},
		{[]uint8{1, 2}, "Array(UInt8)", "[1, 2]", "[1,2]"},
		{[]*string{&word, nil}, "Array(Nullable(String))", "['x', NULL]", `["x",null]`},
		{[]any{"a", nil, uint8(1)}, "Tuple(String, Nullable(String), UInt8)", "['a', NULL, 1]", `["a",null,1]`},
		{[]time.Time{midnight}, "Array(Date)", "['2024-01-02']", `["2024-01-02"]`},
		{map[string]uint8{"b": 2, "a": 1}, "Map(String, UInt8)", "{'a': 1, 'b': 2}", `{"a":1,"b":2}`},
	} {
		require.Equal(t, c.want, Cell(c.v, c.of), "%T %s", c.v, c.of)
		text, err := json.Marshal(jsonCell(c.v, c.of))
		require.NoError(t, err)
		require.Equal(t, c.json, string(text), "%T %s", c.v, c.of)
	}
}

func TestShown(t *testing.T) {
	rows := table("n", "UInt8", uint8(1))
	require.Equal(t, "Previewing node 'a':\n| n |\n| - |\n| 1 |", shown(event.Shown{Name: "a", Table: rows}))
	require.Equal(t, "Previewing inline node:\n| n |\n| - |\n| 1 |", shown(event.Shown{Name: "x", Table: rows, Inline: true}))
	require.JSONEq(t, `{"node": "a", "show": [{"n": 1}]}`, shown(event.Shown{Name: "a", Table: rows, JSON: true}))
	require.JSONEq(t, `{"show": [{"n": 1}]}`, shown(event.Shown{Name: "x", Table: rows, JSON: true, Inline: true}))
	require.JSONEq(t, `{"show": []}`, shown(event.Shown{Table: &adapters.Table{}, JSON: true, Inline: true}))
	require.Equal(t, "Compiled node 'a' is:\nselect 1", compiledShown(event.CompiledShown{Name: "a", SQL: "select 1"}))
	require.JSONEq(t, `{"compiled": "select 1"}`, compiledShown(event.CompiledShown{SQL: "select 1", Inline: true, JSON: true}))
}
