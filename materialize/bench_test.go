package materialize_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/seed"
)

// A million narrow rows: from Go values, from a file, and reading that file
// alone.
func BenchmarkMillionRows(b *testing.B) {
	const rows = 1_000_000
	s := newShop(b)
	var text strings.Builder
	text.WriteString("id,name,price,day\n")
	for i := range rows {
		fmt.Fprintf(&text, "%d,name %d,%d.5,2024-01-%02d\n", i, i%1000, i%100, i%28+1)
	}
	path := filepath.Join(b.TempDir(), "s.csv")
	require.NoError(b, os.WriteFile(path, []byte(text.String()), 0o600))
	options := seed.Options{Path: "s.csv", Abs: path}

	b.Run("values", func(b *testing.B) {
		id, name, price, day := int64(1), "name 1", 1.5, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		row := []any{&id, &name, &price, &day}
		columns := []adapters.Column{{Name: "id", Type: "Int64"}, {Name: "name", Type: "String"}, {Name: "price", Type: "Float64"}, {Name: "day", Type: "Date"}}
		exec(b, s.adapter, "CREATE TABLE "+s.database+".t (id Int64, name String, price Float64, day Date) ENGINE = MergeTree ORDER BY tuple()")
		session, err := s.adapter.Session(b.Context())
		require.NoError(b, err)
		for b.Loop() {
			n := 0
			_, err = session.Insert(b.Context(), adapters.Statement{SQL: "INSERT INTO " + s.database + ".t (id, name, price, day)"}, columns, func() ([]any, error) {
				if n++; n > rows {
					return nil, io.EOF
				}
				return row, nil
			})
			require.NoError(b, err)
		}
		require.NoError(b, session.Close())
	})
	b.Run("infer", func(b *testing.B) {
		for b.Loop() {
			_, err := seed.Read(options)
			require.NoError(b, err)
		}
	})
	b.Run("read", func(b *testing.B) {
		f, err := seed.Read(options)
		require.NoError(b, err)
		for b.Loop() {
			r, err := f.Open()
			require.NoError(b, err)
			for err == nil {
				var part func() ([]any, error)
				part, err = r.Part()
				for end := err; end == nil; {
					_, end = part()
				}
			}
			require.ErrorIs(b, err, io.EOF)
			require.NoError(b, r.Close())
		}
	})
	b.Run("load", func(b *testing.B) {
		sd := s.seedOf(text.String(), nil)
		for b.Loop() {
			_, err := s.load(sd)
			require.NoError(b, err)
		}
	})
}
