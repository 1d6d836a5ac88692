package invocation

import (
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/seed"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

// seedFile is what the first reading of a CSV file brought: its columns and
// their types, or what is wrong with it.
type seedFile struct {
	seed     *materialize.Seed
	warnings []diag.Diagnostic
	err      error
}

// readSeeds begins to read the files of the selected seeds, as many at once as
// a run has threads. The function returned waits for them; until then, the
// server can be asked other things.
func (w *worker) readSeeds() (files func() map[string]*seedFile) {
	read, server := map[string]*seedFile{}, w.adapter.Server()
	for id := range w.ids {
		if w.Manifest().Nodes[id].ResourceType == manifest.Seed {
			read[id] = &seedFile{}
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		var group errgroup.Group
		group.SetLimit(w.Threads())
		for id, f := range read {
			group.Go(func() error {
				f.seed, f.warnings, f.err = readSeed(w.Manifest().Nodes[id], server)
				return nil
			})
		}
		_ = group.Wait() // it has none: they are kept by file
	}()
	return func() map[string]*seedFile {
		<-done
		return read
	}
}

// readSeed reads a CSV file once, for its columns and their types on a server.
func readSeed(n *manifest.Node, server adapters.Server) (*materialize.Seed, []diag.Diagnostic, error) {
	file, err := seed.Read(seed.Options{
		Path: n.OriginalPath, Abs: filepath.Join(n.RootPath, filepath.FromSlash(n.OriginalPath)),
		Delimiter: n.Config.String("delimiter"), Types: columnTypes(n), Place: n.Config.Place("column_types"),
		Location: location(server), Lacks: lacks(server.Version),
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
func location(server adapters.Server) *time.Location {
	if l, err := time.LoadLocation(server.Timezone); err == nil {
		return l
	}
	return time.UTC // a zone that this machine does not know
}

// lacks are the types that the server is too old for.
func lacks(v adapters.Version) map[string]bool {
	return map[string]bool{
		"Bool": !v.AtLeast(21, 12), "Date32": !v.AtLeast(21, 9), "DateTime64": !v.AtLeast(20, 1), "Decimal256": !v.AtLeast(20, 12),
	}
}
