package project_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/project"
)

func originals(found []project.Found) string {
	var out []string
	for _, f := range found {
		out = append(out, f.Original)
	}
	return strings.Join(out, " ")
}

func TestListFindsFilesInOrder(t *testing.T) {
	root := folder(t, map[string]string{
		"dbt_project.yml": "name: a\nmodel-paths: [models, models/sub, gone]\nseed-paths: ['.']\n",
		"models/b.sql":    "b", "models/a.sql": "a", "models/sub/c.sql": "c", "models/sub/c.yml": "c",
		"models/.hidden.sql": "", "models/#x.sql": "", "models/~x.sql": "", "models/.git/x.sql": "", "models/notes.md": "",
		"target/x.csv": "", "dbt_packages/p/x.csv": "", "data/s.csv": "",
	})
	require.NoError(t, os.Symlink(filepath.Join(root, "data"), filepath.Join(root, "models", "link")))
	require.NoError(t, os.Symlink(root, filepath.Join(root, "data", "loop")))
	require.NoError(t, os.Symlink(filepath.Join(root, "nothing"), filepath.Join(root, "models", "dead.lock")))
	require.NoError(t, syscall.Mkfifo(filepath.Join(root, "models", "pipe.sql"), 0o600))
	p := load(t, root)
	l, err := p.List()
	require.NoError(t, err)
	require.Equal(t, "models/a.sql models/b.sql models/sub/c.sql", originals(l.In(p.ModelPaths, ".sql")))
	require.Equal(t, "models/sub/c.yml", originals(l.In([]string{"models"}, ".yml", ".yaml")))
	require.Equal(t, "models/link/s.csv", originals(l.In([]string{"models"}, ".csv")))
	require.Equal(t, "data/s.csv models/link/s.csv", originals(l.In(p.SeedPaths, ".csv")))
	sub := l.In([]string{"models/sub"}, ".sql")[0]
	require.Equal(t, "c.sql", sub.Rel)
	require.Equal(t, "models/sub", sub.Dir)

	files, err := project.Read(l.In(p.ModelPaths, ".sql"))
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b", "c"}, []string{files[0].Text, files[1].Text, files[2].Text})
	require.Equal(t, "models/a.sql", files[0].Path)

	require.NoError(t, os.Symlink(filepath.Join(root, "nothing"), filepath.Join(root, "models", "dead.sql")))
	_, err = p.List()
	require.ErrorContains(t, err, "follow the link models/dead.sql: ")
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestTheProjectsFileInAnotherEncoding(t *testing.T) {
	root := folder(t, map[string]string{"dbt_project.yml": "name: a # gr\xfcn\n"})
	_, list, err := project.Open(root, "")
	require.NoError(t, err)
	require.EqualError(t, list.Err(), "dbt_project.yml:1:13: the file is not UTF-8 (save it as UTF-8)")
}

func TestFilesThatAreNotUTF8(t *testing.T) {
	root := folder(t, map[string]string{"dbt_project.yml": "name: a\n", "models/a.sql": "ok", "models/b.sql": "select\n\xe9", "models/c.sql": "\xff\xfea\x00"})
	l, err := load(t, root).List()
	require.NoError(t, err)
	_, err = project.Read(l.In([]string{"models"}, ".sql"))
	var failure *diag.Failure
	require.ErrorAs(t, err, &failure)
	require.Len(t, failure.Diagnostics, 2)
	require.Equal(t, "models/b.sql:2:1: the file is not UTF-8 (save it as UTF-8)", failure.Diagnostics[0].Error())
	require.Equal(t, "it looks like UTF-16", failure.Diagnostics[1].Why)
}

func TestIgnore(t *testing.T) {
	for patterns, want := range map[string]string{
		"":                     "models/a.sql models/a.tmp.sql models/old/b.sql models/old/deep/c.sql",
		"# comment\n\n":        "models/a.sql models/a.tmp.sql models/old/b.sql models/old/deep/c.sql",
		"*.tmp.sql":            "models/a.sql models/old/b.sql models/old/deep/c.sql",
		"old/":                 "models/a.sql models/a.tmp.sql",
		"models/old":           "models/a.sql models/a.tmp.sql",
		"/models/old/deep\r\n": "models/a.sql models/a.tmp.sql models/old/b.sql",
		"**/deep/**":           "models/a.sql models/a.tmp.sql models/old/b.sql",
		"*.sql\n!a*.sql\n":     "models/a.sql models/a.tmp.sql",
		"models/?.sql":         "models/a.tmp.sql models/old/b.sql models/old/deep/c.sql",
		"[!a]*.sql":            "models/a.sql models/a.tmp.sql",
		"old/deep":             "models/a.sql models/a.tmp.sql models/old/b.sql models/old/deep/c.sql",
	} {
		p := load(t, folder(t, map[string]string{
			"dbt_project.yml": "name: a\n", ".dbtignore": patterns,
			"models/a.sql": "", "models/a.tmp.sql": "", "models/old/b.sql": "", "models/old/deep/c.sql": "",
		}))
		l, err := p.List()
		require.NoError(t, err)
		require.Equal(t, want, originals(l.In([]string{"models"}, ".sql")), patterns)
	}
}
