package artifact

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/dag/selection"
)

// then is a manifest as an earlier run may have written it.
const then = `{
  "nodes": {
    "model.shop.a": {
      "raw_code": "select 1", "fqn": ["shop", "a"], "description": "first", "unrendered_config": {"materialized": "view", "tags": ["x"]},
      "config": {"persist_docs": {"relation": true}}, "columns": {}, "depends_on": {"macros": ["macro.shop.m", "macro.dbt.is_incremental"], "nodes": []}
    },
    "seed.shop.s": {"raw_code": "", "checksum": {"name": "sha256", "checksum": "1"}, "depends_on": {"macros": []}}
  },
  "sources": {"source.shop.app.t": {"identifier": "t", "freshness": {"filter": null}}},
  "exposures": {"exposure.shop.e": {"url": "u"}},
  "macros": {
    "macro.shop.m": {"macro_sql": "m", "depends_on": {"macros": ["macro.shop.n"]}},
    "macro.shop.n": {"macro_sql": "n", "depends_on": {"macros": ["macro.shop.m"]}},
    "macro.dbt.is_incremental": {"macro_sql": "b"}
  }
}`

// TestFingerprints changes one thing at a time and looks at which part of a
// node's fingerprint tells of it.
func TestFingerprints(t *testing.T) {
	parts := func(f selection.Fingerprint) map[string]string {
		return map[string]string{
			"body": f.Body, "configs": f.Configs, "descriptions": f.Descriptions, "relation": f.Relation,
			"macros": f.Macros, "contract": f.Contract, "fqn": f.FQN,
		}
	}
	for name, c := range map[string]struct {
		path []string
		to   any
		id   string
		want []string
	}{
		"nothing":                {[]string{"nodes", "model.shop.a", "created_at"}, 7, "model.shop.a", nil},
		"code":                   {[]string{"nodes", "model.shop.a", "raw_code"}, "select 2", "model.shop.a", []string{"body"}},
		"a config":               {[]string{"nodes", "model.shop.a", "unrendered_config", "materialized"}, "table", "model.shop.a", []string{"configs"}},
		"tags do not count":      {[]string{"nodes", "model.shop.a", "unrendered_config", "tags"}, "y", "model.shop.a", nil},
		"the alias":              {[]string{"nodes", "model.shop.a", "unrendered_config", "alias"}, "y", "model.shop.a", []string{"relation"}},
		"a description":          {[]string{"nodes", "model.shop.a", "description"}, "y", "model.shop.a", []string{"descriptions"}},
		"a macro":                {[]string{"macros", "macro.shop.m", "macro_sql"}, "y", "model.shop.a", []string{"macros"}},
		"a macro's macro":        {[]string{"macros", "macro.shop.n", "macro_sql"}, "y", "model.shop.a", []string{"macros"}},
		"a built-in macro":       {[]string{"macros", "macro.dbt.is_incremental", "macro_sql"}, "y", "model.shop.a", nil},
		"the contract":           {[]string{"nodes", "model.shop.a", "contract"}, map[string]any{"enforced": true}, "model.shop.a", []string{"contract"}},
		"the place":              {[]string{"nodes", "model.shop.a", "fqn"}, []string{"shop", "b", "a"}, "model.shop.a", []string{"fqn"}},
		"a seed's file":          {[]string{"nodes", "seed.shop.s", "checksum", "checksum"}, "2", "seed.shop.s", []string{"body"}},
		"a source's table":       {[]string{"sources", "source.shop.app.t", "identifier"}, "u", "source.shop.app.t", []string{"body"}},
		"what an exposure is at": {[]string{"exposures", "exposure.shop.e", "url"}, "v", "exposure.shop.e", []string{"body"}},
	} {
		var now map[string]any
		require.NoError(t, json.Unmarshal([]byte(then), &now))
		at := now
		for _, key := range c.path[:len(c.path)-1] {
			at = at[key].(map[string]any)
		}
		at[c.path[len(c.path)-1]] = c.to
		text, err := json.Marshal(now)
		require.NoError(t, err)
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "manifest.json"), []byte(then), 0o644))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "now.json"), text, 0o644))
		previous, err := ReadPrevious(dir, filepath.Join(dir, "now.json"))
		require.NoError(t, err)
		before, after := parts(previous.Then[c.id]), parts(previous.Now[c.id])
		var changed []string
		for _, part := range []string{"body", "configs", "contract", "descriptions", "fqn", "macros", "relation"} {
			if before[part] != after[part] {
				changed = append(changed, part)
			}
		}
		require.Equal(t, c.want, changed, name)
		require.Nil(t, previous.Results, "there was no run")
	}
}

func TestReadPreviousResults(t *testing.T) {
	dir := t.TempDir()
	manifest := filepath.Join(dir, "manifest.json")
	require.NoError(t, os.WriteFile(manifest, []byte(then), 0o644))
	results := filepath.Join(dir, "run_results.json")
	require.NoError(t, os.WriteFile(results, []byte(`{"results": [{"unique_id": "model.shop.a", "status": "error"}]}`), 0o644))
	previous, err := ReadPrevious(dir, manifest)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"model.shop.a": "error"}, previous.Results)

	require.NoError(t, os.WriteFile(results, []byte(`[`), 0o644))
	_, err = ReadPrevious(dir, manifest)
	require.ErrorContains(t, err, "run_results.json")
	require.NoError(t, os.WriteFile(manifest, []byte(`[`), 0o644))
	_, err = ReadPrevious(dir, manifest)
	require.ErrorContains(t, err, "manifest.json")
	_, err = ReadPrevious(filepath.Join(dir, "nowhere"), manifest)
	require.ErrorContains(t, err, "read the state to compare with")
}

// Whatever a file holds, reading it ends in a state or an error.
func FuzzReadState(f *testing.F) {
	f.Add(then)
	f.Add(`{"macros": {"a": {"depends_on": {"macros": ["a"]}}}, "nodes": {"n": {"depends_on": {"macros": ["a", "a"]}}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "manifest.json")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		if s, err := readState(path); err == nil {
			s.fingerprints()
		}
	})
}
