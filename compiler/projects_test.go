package compiler_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler"
)

// TestProjects compiles small projects, each a txtar file whose comment says
// what it proves. Beside the project's files it has the SQL that nodes must
// compile to, as compiled/<unique id>, and may have mistakes: everything that
// parsing must complain of.
func TestProjects(t *testing.T) {
	files, err := filepath.Glob("testdata/projects/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			require.NotEmpty(t, archive.Comment, "say what the project proves")
			project := &txtar.Archive{Comment: archive.Comment}
			want := map[string]string{}
			for _, f := range archive.Files {
				if f.Name == "mistakes" || strings.HasPrefix(f.Name, "compiled/") {
					want[f.Name] = string(f.Data)
				} else {
					project.Files = append(project.Files, f)
				}
			}
			require.NotEmpty(t, want, "nothing is compared")
			dir, _ := unpack(t, project)
			require.Equal(t, want["mistakes"], mistakes(t, dir))
			for name, sql := range want {
				if id, ok := strings.CutPrefix(name, "compiled/"); ok {
					require.Equal(t, sql, compiled(t, dir, id), id)
				}
			}
		})
	}
}

// compiled is the SQL of one node, its outer blank lines aside.
func compiled(t *testing.T, dir, id string) string {
	t.Helper()
	p, err := compiler.Load(context.Background(), compiler.Options{
		ProjectDir: dir, WorkDir: dir, HomeDir: dir, Env: func(string) (string, bool) { return "", false },
	})
	require.NoError(t, err)
	c, err := p.Compile(context.Background(), id, nil)
	require.NoError(t, err)
	return strings.Trim(c.SQL, "\n") + "\n"
}
