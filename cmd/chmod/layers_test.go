package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/chmod-sql/chmod/"

// rooms says what each top-level folder may import of ours. A longer prefix
// beats a shorter one.
var rooms = map[string][]string{
	"compiler":    {"compiler"},
	"dag":         {"dag", "compiler/manifest", "compiler/diag", "compiler/source", "compiler/value"},
	"materialize": {"materialize", "adapters", "compiler/manifest", "compiler/diag", "compiler/source", "compiler/value"},
	"adapters":    {"adapters"},
	"cmd":         {"cmd", "compiler", "dag", "materialize", "adapters"},
	"examples":    {"examples"},
}

// TestLayers reads the imports of every file: the files themselves, since
// `go list` answers from a cache. Tests are free to join what they test.
func TestLayers(t *testing.T) {
	root := filepath.Join("..", "..")
	for room, may := range rooms {
		err := filepath.WalkDir(filepath.Join(root, room), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			for _, spec := range file.Imports {
				name, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					return err
				}
				if complaint := layering(filepath.ToSlash(rel), may, name); complaint != "" {
					t.Error(complaint)
				}
			}
			return nil
		})
		require.NoError(t, err)
	}
}

func layering(file string, may []string, imported string) string {
	ours, ok := strings.CutPrefix(imported, module)
	if !ok || slices.ContainsFunc(may, func(m string) bool { return ours == m || strings.HasPrefix(ours, m+"/") }) {
		return ""
	}
	return fmt.Sprintf("%s must not import %s", file, ours)
}

func TestLayeringNamesFileAndImport(t *testing.T) {
	require.Equal(t, "dag/x.go must not import adapters", layering("dag/x.go", rooms["dag"], module+"adapters"))
	require.Equal(t, "dag/x.go must not import compiler", layering("dag/x.go", rooms["dag"], module+"compiler"))
	require.Empty(t, layering("dag/x.go", rooms["dag"], module+"compiler/manifest"))
	require.Empty(t, layering("dag/x.go", rooms["dag"], "fmt"))
}
