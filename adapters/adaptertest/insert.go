package adaptertest

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
)

const insertRows = 200_000

// insertColumn is one column of the test of many types: how its value is made
// and what the server should say is the sum or shape of them.
type insertColumn struct {
	name, kind string
	value      func(i int) any
	check      string // an expression that is 1 when all rows are right
	modern     bool
}

func insertColumns() []insertColumn {
	day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	one := decimal.New(1, -2)
	return []insertColumn{
		{"id", "UInt64", func(i int) any { return uint64(i) }, "sum(id) = 19999900000", false},
		{"s", "String", func(i int) any { return fmt.Sprint("row ", i) }, "countIf(s = concat('row ', toString(id))) = 200000", false},
		{"n", "Nullable(Int32)", func(i int) any {
			if i%2 == 0 {
				return nil
			}
			return int32(-i)
		}, "countIf(isNull(n)) = 100000 AND min(n) = -199999", false},
		{"d", "Decimal(18, 2)", func(i int) any { return one.Mul(decimal.NewFromInt(int64(i))) }, "countIf(d = toDecimal64(id, 2) / 100) = 200000", false},
		{"t", "DateTime('UTC')", func(i int) any { return day.Add(time.Duration(i) * time.Second) }, "countIf(toUInt32(t) = 1704067200 + id) = 200000", false},
		{"u", "UUID", func(i int) any { return uuid.UUID{15: byte(i)} }, "uniqExact(u) = 256", false},
		{"a", "Array(String)", func(i int) any { return strings.Split("a,b,c", ",")[:i%4] }, "sum(length(a)) = 300000", false},
		{"f", "Float64", func(i int) any { return float64(i) / 2 }, "sum(f) = 9999950000", false},
		{"lc", "LowCardinality(String)", func(i int) any { return fmt.Sprint("k", i%10) }, "uniqExact(lc) = 10", true},
		{"ln", "LowCardinality(Nullable(String))", func(i int) any {
			if i%10 == 0 {
				return nil
			}
			return "x"
		}, "countIf(isNull(ln)) = 20000", true},
		{"dt", "DateTime64(3, 'UTC')", func(i int) any { return day.Add(time.Duration(i) * time.Millisecond) }, "countIf(toUnixTimestamp64Milli(dt) = 1704067200000 + id) = 200000", true},
		{"m", "Map(String, UInt8)", func(i int) any { return map[string]uint8{"k": uint8(i)} }, "countIf(m['k'] = id % 256) = 200000", true},
		{"b", "Bool", func(i int) any { return i%2 == 1 }, "sum(b) = 100000", true},
	}
}

func testInsert(t *testing.T, b *bed) {
	insertAll(t, b, func(st adapters.Statement, columns []adapters.Column, row func(i int) []any) (adapters.Summary, error) {
		i := 0
		return b.session(t).Insert(t.Context(), st, columns, func() ([]any, error) {
			if i == insertRows {
				return nil, io.EOF
			}
			i++
			return row(i - 1), nil
		})
	})
}

// insertAll inserts into a table with columns of all types.
func insertAll(t *testing.T, b *bed, insert func(adapters.Statement, []adapters.Column, func(i int) []any) (adapters.Summary, error)) {
	var columns []adapters.Column
	var used []insertColumn
	var definitions []string
	for _, c := range insertColumns() {
		if c.modern && !b.modern() {
			continue
		}
		used = append(used, c)
		columns = append(columns, adapters.Column{Name: c.name, Type: c.kind})
		definitions = append(definitions, c.name+" "+c.kind)
	}
	table := b.database + ".t"
	b.exec(t, "CREATE TABLE "+table+" ("+strings.Join(definitions, ", ")+", extra String DEFAULT 'default') ENGINE = MergeTree ORDER BY id")
	told := uint64(0)
	summary, err := insert(adapters.Statement{
		SQL:      "INSERT INTO " + table + " (" + adapters.QuoteIdents(names(columns)) + ")",
		Progress: func(p adapters.Progress) { told = p.WrittenRows },
	}, columns, func(i int) []any {
		row := make([]any, len(used))
		for j, c := range used {
			row[j] = c.value(i)
		}
		return row
	})
	require.NoError(t, err)
	require.Equal(t, uint64(insertRows), summary.Progress.WrittenRows)
	require.Equal(t, uint64(insertRows), told)
	require.Equal(t, uint64(insertRows), one(t, b.query(t, "SELECT count() FROM "+table+" WHERE extra = 'default'")))
	for _, c := range used {
		require.EqualValues(t, 1, one(t, b.query(t, "SELECT toUInt8("+c.check+") FROM "+table)), c.check)
	}
}

func names(columns []adapters.Column) []string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = c.Name
	}
	return list
}

func testInsertEmpty(t *testing.T, b *bed) {
	table := b.numbers(t)
	summary, err := b.insert(t, table, func() ([]any, error) { return nil, io.EOF })
	require.NoError(t, err)
	require.Zero(t, summary.Progress.WrittenRows)
	require.Equal(t, uint64(0), one(t, b.query(t, "SELECT count() FROM "+table)))
}

// testInsertNames has columns in another order than the table's, and names
// that need quotes.
func testInsertNames(t *testing.T, b *bed) {
	for i, name := range []string{"a b", "a(b", "a)b", "a (b", "a,b", "quo'te", "tick`tick", "dou\"ble", "back\\slash", "Käse", "VALUES", "FORMAT", "SETTINGS"} {
		r := adapters.Relation{Database: b.database, Name: fmt.Sprint("t ", i)}
		if strings.ContainsAny(name, "()") {
			r.Name = fmt.Sprint(name, i)
		}
		b.exec(t, fmt.Sprintf("CREATE TABLE %s (first UInt8, %s String, last UInt8 DEFAULT 9) ENGINE = Memory", r, adapters.QuoteIdent(name)))
		columns := []adapters.Column{{Name: name, Type: "String"}, {Name: "first", Type: "UInt8"}}
		sent := false
		_, err := b.session(t).Insert(t.Context(), adapters.Statement{
			SQL: "INSERT INTO " + r.String() + " (" + adapters.QuoteIdents(names(columns)) + ")",
		}, columns, func() ([]any, error) {
			if sent {
				return nil, io.EOF
			}
			sent = true
			return []any{"x", uint8(1)}, nil
		})
		require.NoError(t, err, name)
		require.Equal(t, [][]any{{uint8(1), "x", uint8(9)}}, b.query(t, "SELECT * FROM "+r.String()).Rows, name)
	}
}

func testInsertAbandoned(t *testing.T, b *bed) {
	table := b.numbers(t)
	trouble := errors.New("the file has no more rows")
	rows := 0
	s := b.session(t)
	_, err := s.Insert(t.Context(), insertInto(table), numberColumns(), func() ([]any, error) {
		if rows++; rows > 10 {
			return nil, trouble
		}
		return []any{uint64(rows)}, nil
	})
	require.ErrorIs(t, err, trouble)
	require.Equal(t, uint64(0), one(t, queryIn(t, s, "SELECT count() FROM "+table)), "and the session goes on")
}

func testInsertErrors(t *testing.T, b *bed) {
	s := b.session(t)
	endlessly := func() ([]any, error) { return []any{uint64(1)}, nil }
	_, err := s.Insert(t.Context(), insertInto(b.database+".missing"), numberColumns(), endlessly)
	require.Equal(t, adapters.ClassMissing, adapters.ClassOf(err), "%v", err)

	table := b.numbers(t)
	rows := 0
	_, err = s.Insert(t.Context(), insertInto(table), numberColumns(), func() ([]any, error) {
		if rows++; rows > 10 {
			return nil, io.EOF
		}
		return []any{"not a number"}, nil
	})
	require.Error(t, err, "a value of the wrong type")
	require.Equal(t, uint64(0), one(t, queryIn(t, s, "SELECT count() FROM "+table)))

	// The server refuses a row long after others were sent.
	b.exec(t, "CREATE MATERIALIZED VIEW "+b.database+".check ENGINE = Memory AS SELECT throwIf(n = 400000) AS ok FROM "+table)
	rows = 0
	_, err = s.Insert(t.Context(), insertInto(table), numberColumns(), func() ([]any, error) {
		if rows++; rows > 800_000 {
			return nil, io.EOF
		}
		return []any{uint64(rows)}, nil
	})
	requireCode(t, err, 395)

	_, err = s.Insert(t.Context(), adapters.Statement{SQL: "INSERT INTO " + table}, numberColumns(), endlessly)
	require.Error(t, err, "an INSERT without a column list")
}

func (b *bed) numbers(t *testing.T) string {
	t.Helper()
	table := b.database + ".numbers"
	b.exec(t, "CREATE TABLE "+table+" (n UInt64) ENGINE = MergeTree ORDER BY n")
	return table
}

func numberColumns() []adapters.Column { return []adapters.Column{{Name: "n", Type: "UInt64"}} }

func insertInto(table string) adapters.Statement {
	return adapters.Statement{SQL: "INSERT INTO " + table + " (n)"}
}

func (b *bed) insert(t *testing.T, table string, next func() ([]any, error)) (adapters.Summary, error) {
	t.Helper()
	return b.session(t).Insert(t.Context(), insertInto(table), numberColumns(), next)
}
