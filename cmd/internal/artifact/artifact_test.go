package artifact

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

func TestCompiledPath(t *testing.T) {
	for want, n := range map[string]*manifest.Node{
		"shop/models/staging/a.sql":               {Package: "shop", OriginalPath: "models/staging/a.sql", Path: "staging/a.sql"},
		"shop/seeds/a.csv":                        {Package: "shop", OriginalPath: "seeds/a.csv", Path: "a.csv"},
		"shop/tests/t.sql":                        {Package: "shop", OriginalPath: "tests/t.sql", Path: "t.sql", Test: &manifest.TestInfo{}},
		"shop/models/m.yml/unique_a_x.sql":        {Package: "shop", OriginalPath: "models/m.yml", Path: "unique_a_x.sql", Test: &manifest.TestInfo{Name: "unique"}},
		"utils/models/m.yml/unique_b_x.sql":       {Package: "utils", OriginalPath: "models/m.yml", Path: "unique_b_x.sql", Test: &manifest.TestInfo{Name: "unique"}},
		"shop/dbt_project.yml/hooks/shop-x-0.sql": {Package: "shop", OriginalPath: "./dbt_project.yml", Path: "hooks/shop-x-0.sql", Hook: &manifest.HookInfo{}},
	} {
		require.Equal(t, want, CompiledPath(n))
	}
}

func TestAdapterResponse(t *testing.T) {
	node := func(kind string) *manifest.Node { return &manifest.Node{ResourceType: kind} }
	require.Equal(t, map[string]any{}, AdapterResponse(event.Result{Node: node("model")}))
	r := event.Result{Node: node("model"), Message: "OK", QueryIDs: []string{"a", "b"}, Progress: adapters.Progress{WrittenRows: 3, WrittenBytes: 9}}
	require.Equal(t, map[string]any{"_message": "OK", "query_id": "b", "query_ids": []string{"a", "b"}, "rows_affected": uint64(3), "bytes_written": uint64(9)}, AdapterResponse(r))
	r.Node, r.Message, r.Progress.WrittenBytes = node("seed"), "INSERT 3", 0
	require.Equal(t, map[string]any{"_message": "INSERT 3", "code": "INSERT", "query_id": "b", "query_ids": []string{"a", "b"}, "rows_affected": uint64(3)}, AdapterResponse(r))
	r.Node, r.Message = node("test"), "Got 1 result"
	require.Equal(t, map[string]any{"_message": "OK", "query_id": "b", "query_ids": []string{"a", "b"}}, AdapterResponse(r))
}

// A file is there whole or not at all, and nothing is left beside it.
func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a", "b", "x.json")
	require.NoError(t, WriteFile(path, []byte("one")))
	require.NoError(t, WriteFile(path, []byte("two")))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "two", string(text))
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1)
	info, err := entries[0].Info()
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o644), info.Mode().Perm())

	require.ErrorContains(t, WriteFile(filepath.Join(path, "below", "a", "file"), nil), "write ")
}
