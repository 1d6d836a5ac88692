package invocation

import (
	"path/filepath"
	"time"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/seed"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

// readSeed reads a CSV file once, for its columns and their types.
func (w *worker) readSeed(n *manifest.Node) (*materialize.Seed, []diag.Diagnostic, error) {
	file, err := seed.Read(seed.Options{
		Path: n.OriginalPath, Abs: filepath.Join(n.RootPath, filepath.FromSlash(n.OriginalPath)),
		Delimiter: n.Config.String("delimiter"), Types: columnTypes(n), Place: n.Config.Place("column_types"),
		Location: w.location(), Lacks: w.lacks(),
	})
	if err != nil {
		return nil, nil, err
	}
	s := &materialize.Seed{Open: func() (materialize.SeedRows, error) { return file.Open() }}
	for _, c := range file.Columns {
		column := materialize.SeedColumn{Text: c.Text, Nullable: c.Nullable, Defaults: c.Defaults}
		column.Name, column.Type = c.Name, c.Type
		s.Columns = append(s.Columns, column)
	}
	return s, file.Warnings, nil
}

func columnTypes(n *manifest.Node) map[string]string {
	types := map[string]string{}
	d := n.Config.Dict("column_types")
	if d == nil {
		return types
	}
	for k, v := range d.All() {
		types[value.Str(k)] = value.Str(v)
	}
	return types
}

// location is the server's time zone: times in a file mean what they would
// mean in a query.
func (w *worker) location() *time.Location {
	if l, err := time.LoadLocation(w.adapter.Server().Timezone); err == nil {
		return l
	}
	return time.UTC // a zone that this machine does not know
}

// lacks are the types that the server is too old for.
func (w *worker) lacks() map[string]bool {
	v := w.adapter.Server().Version
	return map[string]bool{
		"Bool": !v.AtLeast(21, 12), "Date32": !v.AtLeast(21, 9), "DateTime64": !v.AtLeast(20, 1), "Decimal256": !v.AtLeast(20, 12),
	}
}
