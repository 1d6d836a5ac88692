package compiler_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler"
)

// TestExamples compares the examples with what dbt makes of them: ids,
// relations, dependencies, tags and, but for white space, SQL. The golden
// files were checked against its manifests.
func TestExamples(t *testing.T) {
	for _, name := range []string{"jaffle_shop", "wallet"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, err := filepath.Abs(filepath.Join("..", "examples", name))
			require.NoError(t, err)
			p, err := compiler.Load(context.Background(), compiler.Options{
				ProjectDir: dir, ProfilesDir: dir, HomeDir: dir, Env: func(string) (string, bool) { return "", false },
			})
			require.NoError(t, err)
			require.Zero(t, p.Warnings.Len())
			got := summary(t, p)
			golden := filepath.Join("testdata", "examples", name+".golden")
			if *update {
				require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o755))
				require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
				return
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), got)
		})
	}
}

// summary is a line for each node, and one below it for what it needs.
func summary(t *testing.T, p *compiler.Project) string {
	t.Helper()
	var b strings.Builder
	for _, id := range p.Manifest.IDs() {
		fmt.Fprintf(&b, "%s\n", id)
		line(&b, "needs", p.Manifest.Parents(id))
		n := p.Manifest.Nodes[id]
		if n == nil {
			continue
		}
		line(&b, "stored", []string{n.Schema, n.Alias, n.Materialized()})
		line(&b, "macros", n.DependsOn.Macros)
		line(&b, "tags", n.Tags)
		if n.Hook != nil {
			continue // asks a server
		}
		c, err := p.Compile(context.Background(), id, empty{})
		require.NoError(t, err, id)
		if c.SQL != "" {
			sum := sha256.Sum256([]byte(strings.Join(strings.Fields(c.SQL), " ")))
			line(&b, "sql", []string{fmt.Sprintf("%x", sum[:8])})
		}
	}
	return b.String()
}

// empty is a warehouse before the first run.
type empty struct{}

func (empty) Query(_ context.Context, sql string) (*compiler.QueryResult, error) {
	return nil, fmt.Errorf("nothing is to be asked here: %s", sql)
}

func (empty) Relations(context.Context, string) ([]compiler.Relation, error) { return nil, nil }
