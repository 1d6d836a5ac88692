package compiler_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// TestWholeProjects loads and compiles whole projects and compares what they come
// to with what their files say last.
func TestWholeProjects(t *testing.T) {
	files, err := filepath.Glob("testdata/whole/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			dir, want := unpack(t, archive)
			p := load(t, dir, compiler.Options{})
			got := described(t, p)
			if *update {
				rewrite(t, file, archive, got)
				return
			}
			require.Equal(t, want, got)
		})
	}
}

// load loads a project that has no mistakes.
func load(t *testing.T, dir string, o compiler.Options) *compiler.Project {
	t.Helper()
	o.ProjectDir, o.WorkDir, o.HomeDir = dir, dir, dir
	o.InvocationID, o.StartedAt = "test", time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	if o.Env == nil {
		o.Env = func(string) (string, bool) { return "", false }
	}
	p, err := compiler.Load(context.Background(), o)
	require.NoError(t, err)
	return p
}

// described is a project as text: each node with what dbt knows of it, and its
// SQL.
func described(t *testing.T, p *compiler.Project) string {
	t.Helper()
	var b strings.Builder
	for _, id := range p.Manifest.IDs() {
		n := p.Manifest.Nodes[id]
		if n == nil {
			fmt.Fprintf(&b, "%s\n", id)
			line(&b, "needs", p.Manifest.Parents(id))
			if s := p.Manifest.Sources[id]; s != nil {
				line(&b, "relation", []string{s.RelationName})
				line(&b, "tags", s.Tags)
			}
			continue
		}
		fmt.Fprintf(&b, "%s\n", id)
		line(&b, "fqn", n.FQN)
		line(&b, "path", []string{n.Path, n.OriginalPath, n.PatchPath})
		line(&b, "stored", []string{n.Schema, n.Alias, n.RelationName})
		line(&b, "needs", n.DependsOn.Nodes)
		line(&b, "macros", n.DependsOn.Macros)
		line(&b, "tags", n.Tags)
		line(&b, "set", []string{value.Repr(n.UnrenderedConfig)})
		line(&b, "checksum", []string{n.Checksum.Name, n.Checksum.Sum})
		if n.Test != nil && !n.Test.Singular() {
			line(&b, "arguments", []string{value.Repr(n.Test.Kwargs)})
			line(&b, "of", []string{n.Test.Attached, n.Test.Column, n.Test.FileKey})
		}
		c, err := compile(p, n)
		require.NoError(t, err, id)
		for _, h := range slices.Concat(c.PreHooks, c.PostHooks) {
			line(&b, "hook", []string{h.SQL})
		}
		if c.SQL != "" {
			b.WriteString("  | " + strings.ReplaceAll(strings.TrimSuffix(c.SQL, "\n"), "\n", "\n  | ") + "\n")
		}
	}
	return blankless(b.String())
}

func compile(p *compiler.Project, n *manifest.Node) (*compiler.Compiled, error) {
	if n.Hook != nil {
		return p.CompileHook(context.Background(), n.UniqueID, warehouse{}, compiler.RunEnd{})
	}
	return p.Compile(context.Background(), n.UniqueID, warehouse{})
}

func line(b *strings.Builder, name string, values []string) {
	values = slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == "" })
	if len(values) > 0 {
		fmt.Fprintf(b, "  %s: %s\n", name, strings.Join(values, ", "))
	}
}

// blankless drops white space at the ends of lines, which editors drop too.
func blankless(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return strings.Join(lines, "\n")
}

// warehouse answers the queries of the projects here.
type warehouse struct{}

func (warehouse) Query(_ context.Context, sql string) (*compiler.QueryResult, error) {
	switch strings.TrimSpace(sql) {
	case "select 42 as answer, 'x' as name":
		return &compiler.QueryResult{
			Columns: []compiler.QueryColumn{{Name: "answer", Type: "UInt8"}, {Name: "name", Type: "String"}},
			Rows:    [][]any{{uint8(42), "x"}}, Message: "OK",
		}, nil
	case "select number as a, 'b' as b from numbers(2)":
		return &compiler.QueryResult{
			Columns: []compiler.QueryColumn{{Name: "a", Type: "UInt64"}, {Name: "b", Type: "String"}},
			Rows:    [][]any{{uint64(0), "b"}, {uint64(1), "b"}}, Message: "OK",
		}, nil
	}
	return nil, fmt.Errorf("Code: 62. DB::Exception: nobody expected %q", sql)
}

func (warehouse) Relations(_ context.Context, schema string) ([]compiler.Relation, error) {
	if schema == "market__built" {
		return []compiler.Relation{{Schema: schema, Name: "inc", Kind: "table"}}, nil
	}
	return nil, nil
}

// TestCompileFromManyGoroutines compiles a project's nodes all at once and
// twice, which must give the same each time.
func TestCompileFromManyGoroutines(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/whole/market.txtar")
	require.NoError(t, err)
	dir, _ := unpack(t, archive)
	p := load(t, dir, compiler.Options{OnLog: func(compiler.LogEvent) {}})
	var mu sync.Mutex
	seen := map[string]string{}
	var wait sync.WaitGroup
	for range 2 {
		for _, n := range p.Manifest.Nodes {
			wait.Go(func() {
				c, err := compile(p, n)
				mu.Lock()
				defer mu.Unlock()
				if !assertSame(t, err, seen, n.UniqueID, c) {
					return
				}
				seen[n.UniqueID] = c.SQL
			})
		}
	}
	wait.Wait()
	require.Len(t, seen, len(p.Manifest.Nodes))
}

func assertSame(t *testing.T, err error, seen map[string]string, id string, c *compiler.Compiled) bool {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", id, err)
		return false
	}
	if before, ok := seen[id]; ok && before != c.SQL {
		t.Errorf("%s came to two texts:\n%s\n%s", id, before, c.SQL)
		return false
	}
	return true
}

// TestLoadIsDeterministic loads a project several times.
func TestLoadIsDeterministic(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/whole/market.txtar")
	require.NoError(t, err)
	dir, _ := unpack(t, archive)
	first := described(t, load(t, dir, compiler.Options{}))
	for range 3 {
		require.Equal(t, first, described(t, load(t, dir, compiler.Options{})))
	}
}
