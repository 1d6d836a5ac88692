package materialize_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/seed"
	"github.com/chmod-sql/chmod/materialize"
)

// seedOf reads a CSV file into a seed.
func (s *shop) seedOf(text string, types map[string]string) *materialize.Seed {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "s.csv")
	require.NoError(s.t, os.WriteFile(path, []byte(text), 0o600))
	f, err := seed.Read(seed.Options{Path: "seeds/s.csv", Abs: path, Types: types})
	require.NoError(s.t, err)
	out := &materialize.Seed{Open: func() (materialize.SeedRows, error) { return f.Open() }}
	for _, c := range f.Columns {
		out.Columns = append(out.Columns, materialize.SeedColumn{
			Column: adapters.Column{Name: c.Name, Type: c.Type}, Text: c.Text, Nullable: c.Nullable, Defaults: c.Defaults,
		})
	}
	return out
}

func (s *shop) load(sd *materialize.Seed, config ...any) (*materialize.Result, error) {
	s.t.Helper()
	n := s.model("orders", config...)
	n.ResourceType = manifest.Seed
	in := s.input(n, "")
	in.Seed = sd
	plan, err := materialize.New(in)
	require.NoError(s.t, err)
	return materialize.Apply(s.t.Context(), s.adapter, plan, nil)
}

func TestSeedOfEveryType(t *testing.T) {
	s := newShop(t)
	text := "i,f,d,big,day,old,at,fine,ok,id,name,empty\n" +
		"1,2.5,0.1234567890123456789,12345678901234567890,2024-01-01,1950-01-01,2024-01-01 10:00:00,2024-01-01T10:00:00.123Z,true,6ba7b810-9dad-11d1-80b4-00c04fd430c8,\"a,\"\"b\n\",\n" +
		",,,,,,,,,,,\n"
	result, err := s.load(s.seedOf(text, nil), "order_by", "tuple()")
	require.NoError(t, err)
	require.Equal(t, uint64(2), result.Rows)
	var types []string
	for _, r := range s.rows("SELECT name || ' ' || type FROM system.columns WHERE database = '$' ORDER BY position") {
		types = append(types, r[0].(string))
	}
	require.Equal(t, []string{
		"i Nullable(Int64)", "f Nullable(Float64)", "d Nullable(Decimal(38, 19))", "big Nullable(Decimal(38, 0))", "day Nullable(Date)", "old Nullable(Date32)",
		"at Nullable(DateTime)", "fine Nullable(DateTime64(3))", "ok Nullable(Bool)", "id Nullable(UUID)", "name Nullable(String)", "empty Nullable(String)",
	}, types)
	require.Equal(t, `1|2.5|0.1234567890123456789|12345678901234567890|2024-01-01|1950-01-01|2024-01-01 10:00:00|2024-01-01 10:00:00.123|true|6ba7b810-9dad-11d1-80b4-00c04fd430c8|a,"b
|NULL`, s.rows("SELECT arrayStringConcat([toString(i), toString(f), toString(d), toString(big), toString(day), toString(old), toString(at, 'UTC'), toString(fine, 'UTC'), toString(ok), toString(id), name, ifNull(empty, 'NULL')], '|') FROM $.orders WHERE i = 1")[0][0])
	require.Equal(t, [][]any{{uint64(1)}}, s.rows("SELECT count() FROM $.orders WHERE isNull(i) AND isNull(f) AND isNull(d) AND isNull(day) AND isNull(at) AND isNull(ok) AND isNull(id) AND isNull(name)"))
}

func TestSeedOfGivenTypes(t *testing.T) {
	s := newShop(t)
	types := map[string]string{
		"tags": "Array(String)", "m": "Tuple(String, UInt8)", "kind": "Enum8('a' = 1, 'b' = 2)", "low": "LowCardinality(Nullable(String))", "n": "UInt8",
		"code": "FixedString(3)", "ip": "IPv4", "price": "Decimal(10, 2)", "wide": "Int128", "v": "varchar(10)", "at": "DateTime64(3, 'Asia/Tokyo')", "lowday": "LowCardinality(String)",
	}
	text := "tags,m,kind,low,n,code,ip,price,wide,v,at,lowday\n" +
		"\"['x','y']\",\"('k',1)\",b,,,abc,127.0.0.1,1.239,170141183460469231731687303715884105727,x,2024-01-01 09:00:00.5,2024-01-01\n" +
		",\"('',0)\",a,q,7,def,10.0.0.1,2,1,y,2024-01-02,2024-01-01\n"
	sd := s.seedOf(text, types)
	for range 2 {
		_, err := s.load(sd, "order_by", "n")
		require.NoError(t, err)
	}
	require.Equal(t, []string{"orders"}, s.tables())
	require.Equal(t, "['x','y'] ('k',1) b NULL 0 abc 127.0.0.1 1.23 170141183460469231731687303715884105727 x 2024-01-01 00:00:00.500 2024-01-01",
		s.rows("SELECT concat(toString(tags), ' ', toString(m), ' ', toString(kind), ' ', ifNull(low, 'NULL'), ' ', toString(n), ' ', toString(code), ' ', toString(ip), ' ', toString(price), ' ', toString(wide), ' ', v, ' ', toString(at, 'UTC'), ' ', toString(lowday)) FROM $.orders WHERE n = 0")[0][0])
	require.Equal(t, [][]any{{uint64(0), "q"}}, s.rows("SELECT length(tags), low FROM $.orders WHERE n = 7"))
}

func TestSeedWhoseServerRefusesACell(t *testing.T) {
	s := newShop(t)
	_, err := s.load(s.seedOf("n\n1\n", nil))
	require.NoError(t, err)
	_, err = s.load(s.seedOf("n,t\n1,[1]\n2,oops\n", map[string]string{"t": "Array(UInt8)"}))
	require.Error(t, err)
	require.Equal(t, []string{"orders"}, s.tables())
	require.Equal(t, [][]any{{int64(1)}}, s.rows("SELECT n FROM $.orders"))
}

// failingRows are rows of a file that turns out to be broken.
type failingRows struct {
	given bool // the only part
	n     int
	err   error
}

func (r *failingRows) Part() (func() ([]any, error), error) {
	if r.given {
		return nil, io.EOF
	}
	r.given = true
	return r.next, nil
}

func (r *failingRows) next() ([]any, error) {
	if r.n++; r.n > 100_000 {
		return nil, r.err
	}
	return []any{int64(r.n)}, nil
}

func (r *failingRows) Close() error { return nil }

func TestSeedThatBreaksOffLeavesTheOldOne(t *testing.T) {
	s := newShop(t)
	_, err := s.load(s.seedOf("n\n1\n", nil))
	require.NoError(t, err)
	bad := diag.Diagnostic{Code: "bad-cell", What: "not a number"}
	_, err = s.load(&materialize.Seed{
		Columns: []materialize.SeedColumn{{Column: adapters.Column{Name: "n", Type: "Int64"}}},
		Open:    func() (materialize.SeedRows, error) { return &failingRows{err: bad}, nil },
	})
	var d diag.Diagnostic
	require.ErrorAs(t, err, &d)
	require.Equal(t, bad, d)
	require.Equal(t, []string{"orders"}, s.tables())
	require.Equal(t, [][]any{{int64(1)}}, s.rows("SELECT n FROM $.orders"))
}
