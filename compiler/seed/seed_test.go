package seed

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/diag"
)

// write puts a CSV file into a folder of the test's own.
func write(t testing.TB, text string) Options {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s.csv")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return Options{Path: "seeds/s.csv", Abs: path}
}

// inOrder reads parts one after the other.
func inOrder(r *Rows) func() ([]any, error) {
	var part func() ([]any, error)
	return func() ([]any, error) {
		for {
			if part != nil {
				if row, err := part(); !errors.Is(err, io.EOF) {
					return row, err
				}
			}
			var err error
			if part, err = r.Part(); err != nil {
				return nil, err
			}
		}
	}
}

// values reads all rows, following the pointers.
func values(t testing.TB, f *File) [][]any {
	t.Helper()
	rows, err := f.Open()
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	var all [][]any
	next := inOrder(rows)
	for {
		row, err := next()
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		var copied []any
		for _, v := range row {
			switch p := v.(type) {
			case *string:
				v = strings.Clone(*p) // it lies in a place of the next row
			case *int64:
				v = *p
			case *uint8:
				v = *p
			case *float64:
				v = *p
			case *time.Time:
				v = p.UTC().Format(time.RFC3339Nano)
			case *decimal.Decimal:
				v = p.String()
			}
			copied = append(copied, v)
		}
		all = append(all, copied)
	}
}

func TestInferredTypes(t *testing.T) {
	for _, c := range []struct{ cells, want string }{
		{"1 -2 9223372036854775807", "Int64"},
		{"1 9223372036854775808", "Decimal(38, 0)"},
		{"1 99999999999999999999999999999999999999999", "Decimal(76, 0)"},
		{"1 " + strings.Repeat("9", 77), "String"},
		{"1 2.5", "Float64"},
		{"1e5 2", "Float64"},
		{"0.30000000000000004", "Float64"},
		{"0.1234567890123456789 12.5", "Decimal(38, 19)"},
		{"123456789012345.678", "Decimal(18, 3)"},
		{"123456789012345.5", "Float64"},
		{"12345678901234567.8", "Decimal(18, 1)"},
		{"007 1", "String"},
		{"+4930", "String"},
		{"1 x", "String"},
		{"- .", "String"},
		{"true FALSE", "Bool"},
		{"true 1", "String"},
		{"2024-02-29", "Date"},
		{"2023-02-29", "String"},
		{"1969-12-31 2024-01-01", "Date32"},
		{"1800-01-01", "String"},
		{"2024-01-01T00:00:00 2024-01-02", "DateTime"},
		{"2024-01-01T00:00:00.5", "DateTime64(3)"},
		{"2024-01-01T00:00:00.123456Z", "DateTime64(6)"},
		{"2024-01-01T00:00:00.1234567", "DateTime64(9)"},
		{"1960-01-01T00:00:00+02:00", "DateTime64(3)"},
		{"2024-01-01T24:00:00", "String"},
		{"6ba7b810-9dad-11d1-80b4-00c04fd430c8", "UUID"},
		{"6ba7b810-9dad-11d1-80b4-00c04fd430cx", "String"},
		{"1 NULL", "Nullable(Int64)"},
		{`1 \N`, "Nullable(Int64)"},
		{"null", "Nullable(String)"},
	} {
		f, err := Read(write(t, "a,b\n"+strings.Join(strings.Fields(c.cells), ",x\n")+",x\n"))
		require.NoError(t, err, c.cells)
		require.Equal(t, c.want, f.Columns[0].Type, c.cells)
		require.Equal(t, uint64(len(strings.Fields(c.cells))), f.Rows)
		require.Len(t, values(t, f), int(f.Rows), c.cells)
	}
}

func TestTypesThatTheServerLacks(t *testing.T) {
	o := write(t, "a,b,c,d\ntrue,1960-01-01,2024-01-01 00:00:00.5,"+strings.Repeat("9", 50)+"\nfalse,1960-01-01,2024-01-01 00:00:00,1\n")
	o.Lacks = map[string]bool{"Bool": true, "Date32": true, "DateTime64": true, "Decimal256": true}
	f, err := Read(o)
	require.NoError(t, err)
	require.Equal(t, []Column{{Name: "a", Type: "UInt8"}, {Name: "b", Type: "String"}, {Name: "c", Type: "String"}, {Name: "d", Type: "String"}}, f.Columns)
	require.Equal(t, []any{uint8(1), "1960-01-01", "2024-01-01 00:00:00.5", strings.Repeat("9", 50)}, values(t, f)[0])
}

func TestCellsAsWritten(t *testing.T) {
	f, err := Read(write(t, "\ufeffid,text,at\r\n1,\"a \"\"b\"\",\r\nc\",2024-01-01 10:00:00\r\n\r\n2,\"\",\r\n3,,2024-01-01T10:00:00+02:00"))
	require.NoError(t, err)
	require.Equal(t, []Column{{Name: "id", Type: "Int64"}, {Name: "text", Type: "Nullable(String)", Nullable: true}, {Name: "at", Type: "Nullable(DateTime)", Nullable: true}}, f.Columns)
	require.Equal(t, [][]any{
		{int64(1), "a \"b\",\r\nc", "2024-01-01T10:00:00Z"},
		{int64(2), "", nil},
		{int64(3), nil, "2024-01-01T08:00:00Z"},
	}, values(t, f))
}

func TestBlanksAroundCellsWithoutQuotes(t *testing.T) {
	f, err := Read(write(t, "id , a,\tb\n1, lead,trail \n2,\" both \",\" q, q \"\n3,\tt\t,\"  \"\n4,   , null\n5, \"x\" ,x  y\n6,\" q \" ,\"r\"\t \n7,s,\"\" "))
	require.NoError(t, err)
	text := Column{Name: "a", Type: "Nullable(String)", Nullable: true}
	require.Equal(t, []Column{{Name: "id", Type: "Int64"}, text, {Name: "b", Type: text.Type, Nullable: true}}, f.Columns)
	require.Equal(t, [][]any{
		{int64(1), "lead", "trail"}, {int64(2), " both ", " q, q "}, {int64(3), "t", "  "}, {int64(4), nil, nil}, {int64(5), `"x"`, "x  y"},
		{int64(6), " q ", "r"}, {int64(7), "s", ""},
	}, values(t, f))

	f, err = Read(write(t, "a\nx\n \n\ny\n"))
	require.NoError(t, err)
	require.Equal(t, [][]any{{"x"}, {nil}, {"y"}}, values(t, f), "a line of blanks is a row, one without is none")

	_, err = Read(write(t, "id,b\n1,2\n2,  x\n\t\ty,3\n"))
	require.NoError(t, err)
	o := write(t, "id,b\n1,2\n2,  x \n")
	o.Types = map[string]string{"b": "Int64"}
	_, err = Read(o)
	require.ErrorContains(t, err, "seeds/s.csv:3:5", "the place of a bad cell is behind the blanks")
}

func TestFilesThatAreNoText(t *testing.T) {
	for text, want := range map[string]string{
		"id,name\n1,a\n2,M\xfcller\n": "seeds/s.csv:3:4: seeds/s.csv: the file is not UTF-8 (save it as UTF-8)",
		"id,M\xfcller\n1,a\n":         "seeds/s.csv:1:5: seeds/s.csv: the file is not UTF-8 (save it as UTF-8)",
		"PK\x03\x04\x00\x00\x08":      "seeds/s.csv:1:1: seeds/s.csv: this is no text (save the table as CSV, in UTF-8)",
	} {
		_, err := Read(write(t, text))
		require.EqualError(t, err, want)
	}
	text := []byte("id,name\n" + strings.Repeat("1,ü\n", 1000) + "2,\xfc\n")
	_, err := read(Options{Path: "s.csv", Delimiter: ",", Location: time.UTC}, bytes.NewReader(text), true)
	require.ErrorContains(t, err, "s.csv:1002:3: ")
}

func TestTimesAreThoseOfTheServer(t *testing.T) {
	o := write(t, "at\n2024-07-01 10:00:00\n")
	o.Location = time.FixedZone("", 3600)
	f, err := Read(o)
	require.NoError(t, err)
	require.Equal(t, [][]any{{"2024-07-01T09:00:00Z"}}, values(t, f))

	o = write(t, "day,at\n1970-01-01,1970-01-01 00:00:00\n")
	o.Location = time.FixedZone("", 3600)
	f, err = Read(o)
	require.NoError(t, err)
	require.Equal(t, "Date", f.Columns[0].Type)
	require.Equal(t, "DateTime64(3)", f.Columns[1].Type)
}

func TestGivenTypes(t *testing.T) {
	o := write(t, "a;B;c;d;e;f\n1;;2.555;[1,2];x;2024-01-01 00:00:00\n2;5;3;;y;1704067200\n")
	o.Delimiter = ";"
	o.Types = map[string]string{
		"a": "String", "b": "UInt8", "c": "Decimal(5, 2)", "d": "Array(UInt8)", "e": "LowCardinality(String)", "f": "DateTime('Asia/Tokyo')", "g": "String",
	}
	f, err := Read(o)
	require.NoError(t, err)
	require.Equal(t, []Column{
		{Name: "a", Type: "String"}, {Name: "B", Type: "UInt8"}, {Name: "c", Type: "Decimal(5, 2)"},
		{Name: "d", Type: "Array(UInt8)", Text: true, Defaults: true}, {Name: "e", Type: "LowCardinality(String)"}, {Name: "f", Type: "DateTime('Asia/Tokyo')"},
	}, f.Columns)
	require.Equal(t, [][]any{
		{"1", nil, "2.55", "[1,2]", "x", "2023-12-31T15:00:00Z"},
		{"2", uint8(5), "3", "", "y", "2024-01-01T00:00:00Z"},
	}, values(t, f))
	var codes []string
	for _, w := range f.Warnings {
		codes = append(codes, w.Code)
	}
	require.ElementsMatch(t, []string{"unknown-column", "empty-cells", "empty-cells"}, codes)
}

func TestEmptyCellsOfGivenTypes(t *testing.T) {
	for given, want := range map[string]string{
		"String": "", "LowCardinality(String)": "", "Nullable(UInt8)": "",
		"UInt8":                 "give it the type Nullable(UInt8) to keep them apart",
		"LowCardinality(UInt8)": "give it the type LowCardinality(Nullable(UInt8)) to keep them apart",
	} {
		o := write(t, "a,b\n1,2\n,3\n")
		o.Types = map[string]string{"a": given}
		f, err := Read(o)
		require.NoError(t, err)
		var got string
		for _, w := range f.Warnings {
			got += w.Fix
		}
		require.Equal(t, want, got, given)
	}
}

func TestMistakesNameTheirPlace(t *testing.T) {
	for _, c := range []struct{ name, text, kind, want string }{
		{"bad cell", "a,b\n1,2\n\"x\ny\",abc\n", "UInt8", `bad-cell seeds/s.csv:4:4 seeds/s.csv: line 4, column "b": "abc" is not a UInt8`},
		{"two bad cells", "a,b\n1,300\n2,-1\n", "UInt8", `bad-cell seeds/s.csv:2:3 seeds/s.csv: line 2, column "b": "300" is not a UInt8
bad-cell seeds/s.csv:3:3 seeds/s.csv: line 3, column "b": "-1" is not a UInt8`},
		{"ragged", "a,b\n1\n1,2,3\n", "", `ragged-row seeds/s.csv:2:1 seeds/s.csv: line 2 has 1 cell, the first line has 2
ragged-row seeds/s.csv:3:1 seeds/s.csv: line 3 has 3 cells, the first line has 2`},
		{"twice", "a,\"a\"\n1,2\n", "", `bad-header seeds/s.csv:1:3 seeds/s.csv: two columns are named "a"`},
		{"no name", "a,,c\n1,2,3\n", "", `bad-header seeds/s.csv:1:3 seeds/s.csv: column 2 has no name`},
		{"empty", "", "", `empty-seed seeds/s.csv:1:1 seeds/s.csv: the file is empty`},
		{"blank", "\ufeff\n\n", "", `empty-seed seeds/s.csv:1:1 seeds/s.csv: the file is empty`},
		{"unclosed", "a,b\n1,\"x\n", "", `bad-csv seeds/s.csv:2:3 seeds/s.csv: a quote is opened and never closed`},
		{"after quote", "a,b\n1,\"x\"y\n", "", `bad-csv seeds/s.csv:2:6 seeds/s.csv: there is text after the closing quote of a cell`},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := write(t, c.text)
			if c.kind != "" {
				o.Types = map[string]string{"b": c.kind}
			}
			_, err := Read(o)
			var failure *diag.Failure
			require.ErrorAs(t, err, &failure)
			var got []string
			for _, d := range failure.Diagnostics {
				got = append(got, d.Code+" "+d.Span.String()+" "+d.What)
			}
			require.Equal(t, c.want, strings.Join(got, "\n"))
		})
	}
}

func TestOnlySoManyMistakesAreTold(t *testing.T) {
	_, err := Read(write(t, "a\n"+strings.Repeat("1,2\n", 1000)))
	var failure *diag.Failure
	require.ErrorAs(t, err, &failure)
	require.Len(t, failure.Diagnostics, mostProblems)
}

func TestFileThatChangesMeanwhile(t *testing.T) {
	o := write(t, "a\n1\n")
	f, err := Read(o)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(o.Abs, []byte("a\nx\n"), 0o600))
	rows, err := f.Open()
	require.NoError(t, err)
	_, err = inOrder(rows)()
	var d diag.Diagnostic
	require.ErrorAs(t, err, &d)
	require.Equal(t, `seeds/s.csv: line 2, column "a": "x" is not a Int64`, d.What)
	require.NoError(t, rows.Close())
}

func TestHeaderOnly(t *testing.T) {
	f, err := Read(write(t, "a,b"))
	require.NoError(t, err)
	require.Equal(t, []Column{{Name: "a", Type: "String"}, {Name: "b", Type: "String"}}, f.Columns)
	require.Empty(t, values(t, f))
}

func TestDelimiterIsOneCharacter(t *testing.T) {
	o := write(t, "a\n")
	o.Delimiter = "||"
	_, err := Read(o)
	require.ErrorContains(t, err, `delimiter "||" is not one plain character`)
}
