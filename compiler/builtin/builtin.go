// Package builtin holds the macros that every project has without writing
// them: the package "dbt" as templates see it, with ClickHouse's spelling of
// everything that depends on the database.
//
// Its main function is Files, the templates' text. Whoever reads a project
// parses them like the files of any other package, so that a project
// overrides them by the same rules. The package renders nothing.
package builtin

import (
	"embed"
	"fmt"
	"io/fs"

	"github.com/chmod-sql/chmod/compiler/source"
)

// Package is the name under which templates reach these macros.
const Package = "dbt"

// Root is the folder that paths of built-in files start with, so that a
// diagnostic about one does not look like a file of the user's.
const Root = "(built in)"

//go:embed macros/*.sql
var macros embed.FS

// Files returns the templates in the order of their names. The files are new
// with each call.
func Files() ([]*source.File, error) {
	names, err := fs.Glob(macros, "macros/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list built-in macros: %w", err)
	}
	files := make([]*source.File, 0, len(names))
	for _, name := range names {
		text, err := macros.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read built-in macros: %w", err)
		}
		files = append(files, source.New(Root+"/"+name, "", string(text)))
	}
	return files, nil
}
