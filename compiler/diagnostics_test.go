package compiler_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/diag"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestDiagnostics loads each project and compares what is wrong with it, as
// text, with what its file says last.
func TestDiagnostics(t *testing.T) {
	files, err := filepath.Glob("testdata/diagnostics/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			dir, want := unpack(t, archive)
			got := mistakes(t, dir)
			if *update {
				rewrite(t, file, archive, got)
				return
			}
			require.Equal(t, want, got)
		})
	}
}

// unpack writes a project's files to a folder and gives the expected text.
func unpack(t *testing.T, archive *txtar.Archive) (dir, want string) {
	t.Helper()
	dir = t.TempDir()
	for _, f := range archive.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		at := filepath.Join(dir, filepath.FromSlash(f.Name))
		require.NoError(t, os.MkdirAll(filepath.Dir(at), 0o755))
		require.NoError(t, os.WriteFile(at, f.Data, 0o644))
	}
	return dir, want
}

// mistakes loads a project and asks for everything that is wrong with it.
func mistakes(t *testing.T, dir string) string {
	t.Helper()
	p, err := compiler.Load(context.Background(), compiler.Options{
		ProjectDir: dir, WorkDir: dir, HomeDir: dir, Env: func(string) (string, bool) { return "", false },
	})
	var all []diag.Diagnostic
	if p != nil {
		all = p.Warnings.All()
		err = p.Check(nil)
	}
	var failure *diag.Failure
	if errors.As(err, &failure) {
		all = append(all, failure.Diagnostics...)
	} else {
		require.NoError(t, err)
	}
	var b strings.Builder
	for _, d := range all {
		b.WriteString(shown(d))
	}
	return b.String()
}

func shown(d diag.Diagnostic) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s[%s]: %s\n", d.Span, d.Severity, d.Code, d.What)
	if text := d.Span.Text(); text != "" {
		fmt.Fprintf(&b, "  at:  %s\n", text)
	}
	if d.Why != "" {
		fmt.Fprintf(&b, "  why: %s\n", d.Why)
	}
	if d.Fix != "" {
		fmt.Fprintf(&b, "  fix: %s\n", d.Fix)
	}
	for _, n := range d.Notes {
		fmt.Fprintf(&b, "  %s: %s\n", n.Span, n.Text)
	}
	return b.String()
}

func rewrite(t *testing.T, file string, archive *txtar.Archive, got string) {
	t.Helper()
	var files []txtar.File
	for _, f := range archive.Files {
		if f.Name != "want" {
			files = append(files, f)
		}
	}
	archive.Files = append(files, txtar.File{Name: "want", Data: []byte(got)})
	require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
}
