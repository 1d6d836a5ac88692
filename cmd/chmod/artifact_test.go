package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestArtifactsHaveDbtsKeys builds the wallet and compares the keys of its
// artifacts with those that dbt writes: readers accept no others.
func TestArtifactsHaveDbtsKeys(t *testing.T) {
	t.Parallel()
	project := copied(t, "wallet")
	require.NoError(t, chmod(t, project, "build", "--quiet").Run())
	text, err := os.ReadFile(filepath.Join("testdata", "artifact_keys.txt"))
	require.NoError(t, err)
	want := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if kind, keys, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && !strings.HasPrefix(line, "#") {
			want[kind] = keys
		}
	}

	found := shapes{}
	file := readJSON(t, filepath.Join(project, "target", "manifest.json"))
	found.add("manifest", file)
	found.add("manifest.metadata", file["metadata"])
	for _, section := range []string{"nodes", "sources", "exposures", "macros", "docs"} {
		for id, entry := range file[section].(map[string]any) {
			require.Equal(t, id, entry.(map[string]any)["unique_id"])
			found.resource(entry.(map[string]any))
		}
	}
	results := readJSON(t, filepath.Join(project, "target", "run_results.json"))
	found.add("run_results", results)
	found.add("run_results.metadata", results["metadata"])
	for _, r := range results["results"].([]any) {
		found.add("result", r)
		for _, timing := range r.(map[string]any)["timing"].([]any) {
			found.add("result.timing", timing)
		}
	}
	for kind, keys := range want {
		require.Equal(t, keys, strings.Join(slices.Sorted(maps.Keys(found[kind])), " "), kind)
	}
	require.Greater(t, len(want), 20)
}

// TestArtifactsOfTheWallet is what readers look for beside the keys.
func TestArtifactsOfTheWallet(t *testing.T) {
	t.Parallel()
	project := copied(t, "wallet")
	require.NoError(t, chmod(t, project, "compile", "--quiet").Run())
	nodes := readJSON(t, filepath.Join(project, "target", "manifest.json"))["nodes"].(map[string]any)
	node := func(id string) map[string]any { return nodes[id].(map[string]any) }

	for id, want := range map[string][]any{
		"model.wallet.dim_cards":            {"card_id"},
		"model.wallet.dim_dates":            {"date_day"},
		"model.wallet.fct_ledger_entries":   {"entry_id"},
		"model.wallet.mart_fx_exposure":     {"currency"},
		"model.wallet.fct_card_spend_daily": {},
	} {
		require.Equal(t, want, node(id)["primary_key"], id)
	}
	columns := node("model.wallet.fct_ledger_entries")["columns"].(map[string]any)
	require.Equal(t, "ZSTD(3)", columns["entry_id"].(map[string]any)["codec"])
	require.NotContains(t, columns["ledger_account"], "codec")

	ephemeral := node("model.wallet.int_account_days")
	require.Equal(t, true, ephemeral["compiled"])
	require.FileExists(t, filepath.Join(project, ephemeral["compiled_path"].(string)))
	require.Nil(t, ephemeral["build_path"], "nothing was built")
	require.NotContains(t, node("seed.wallet.currencies"), "compiled_path")
}

// shapes are the keys of JSON objects by kind.
type shapes map[string]map[string]bool

func (s shapes) add(kind string, v any) {
	object, ok := v.(map[string]any)
	if !ok {
		return
	}
	if s[kind] == nil {
		s[kind] = map[string]bool{}
	}
	for k := range object {
		s[kind][k] = true
	}
}

// resource adds an entry of the manifest and what is in it.
func (s shapes) resource(entry map[string]any) {
	kind := entry["resource_type"].(string)
	if entry["test_metadata"] != nil {
		kind = "generic_test"
	}
	s.add(kind, entry)
	for _, part := range []string{"checksum", "contract", "docs", "depends_on", "test_metadata", "quoting", "owner", "config"} {
		s.add(kind+"."+part, entry[part])
	}
	if kind != "model" {
		return
	}
	for _, ref := range entry["refs"].([]any) {
		s.add("ref", ref)
	}
	for _, column := range entry["columns"].(map[string]any) {
		s.add("column", column)
		for _, constraint := range column.(map[string]any)["constraints"].([]any) {
			s.add("column.constraint", constraint)
		}
	}
}

func readJSON(t *testing.T, path string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var object map[string]any
	require.NoError(t, json.Unmarshal(text, &object))
	return object
}
