package artifact

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/dag/selection"
)

// state is the part of manifest.json that state: compares. Both sides are read
// from JSON, so that what only looks different in memory does not count.
type state struct {
	Nodes     map[string]stateNode `json:"nodes"`
	Sources   map[string]stateNode `json:"sources"`
	Exposures map[string]stateNode `json:"exposures"`
	Macros    map[string]struct {
		SQL       string `json:"macro_sql"`
		DependsOn struct {
			Macros []string `json:"macros"`
		} `json:"depends_on"`
	} `json:"macros"`
}

type stateNode struct {
	RawCode          string         `json:"raw_code"`
	Checksum         checksum       `json:"checksum"`
	FQN              []string       `json:"fqn"`
	UnrenderedConfig map[string]any `json:"unrendered_config"`
	Config           map[string]any `json:"config"`
	Description      string         `json:"description"`
	Columns          map[string]struct {
		Description string `json:"description"`
	} `json:"columns"`
	Contract      contract `json:"contract"`
	Access        any      `json:"access"`
	LatestVersion any      `json:"latest_version"`
	Deprecation   any      `json:"deprecation_date"`
	DependsOn     struct {
		Macros []string `json:"macros"`
		Nodes  []string `json:"nodes"`
	} `json:"depends_on"`
	Identifier    string `json:"identifier"`
	SourceName    string `json:"source_name"`
	LoadedAtField any    `json:"loaded_at_field"`
	Freshness     any    `json:"freshness"`
	URL           any    `json:"url"`
	Owner         any    `json:"owner"`
}

// ReadPrevious reads the manifest, and the results if there are any, of an
// earlier run from a folder, and compares them with a manifest of now.
func ReadPrevious(folder, now string) (*selection.Previous, error) {
	then, err := readState(filepath.Join(folder, "manifest.json"))
	if err != nil {
		return nil, err
	}
	current, err := readState(now)
	if err != nil {
		return nil, err
	}
	p := &selection.Previous{Then: then.fingerprints(), Now: current.fingerprints()}
	p.Results, err = readResults(filepath.Join(folder, "run_results.json"))
	return p, err
}

func readState(path string) (*state, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the state to compare with: %w", err)
	}
	var s state
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, fmt.Errorf("read the state to compare with: %s: %w", path, err)
	}
	return &s, nil
}

func readResults(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read earlier results: %w", err)
	}
	var file struct {
		Results []struct {
			UniqueID string `json:"unique_id"`
			Status   string `json:"status"`
		} `json:"results"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("read earlier results: %s: %w", path, err)
	}
	results := map[string]string{}
	for _, r := range file.Results {
		results[r.UniqueID] = r.Status
	}
	return results, nil
}

func (s *state) fingerprints() map[string]selection.Fingerprint {
	out := make(map[string]selection.Fingerprint, len(s.Nodes))
	macros := map[string]string{}
	for _, group := range []map[string]stateNode{s.Nodes, s.Sources, s.Exposures} {
		for id, n := range group {
			out[id] = s.fingerprint(n, macros)
		}
	}
	return out
}

// nameKeys are config keys that say where a node goes; they count as its
// relation, and tags and groups do not count at all.
var nameKeys = []string{"alias", "schema", "database"}

func (s *state) fingerprint(n stateNode, known map[string]string) selection.Fingerprint {
	configs := maps.Clone(n.UnrenderedConfig)
	relation := map[string]any{}
	for _, key := range nameKeys {
		relation[key] = configs[key]
		delete(configs, key)
	}
	delete(configs, "tags")
	delete(configs, "group")
	body := digest(n.RawCode)
	if n.RawCode == "" {
		body = n.Checksum.Checksum
	}
	var macros []string
	for _, id := range n.DependsOn.Macros {
		if builtin(id) {
			continue
		}
		macros = append(macros, s.macro(id, known, map[string]bool{}))
	}
	return selection.Fingerprint{
		Body:         digest(body, n.Identifier, n.SourceName, n.LoadedAtField, n.Freshness, n.URL, n.Owner),
		Configs:      digest(configs),
		Descriptions: s.persisted(n),
		Relation:     digest(relation),
		Macros:       digest(macros),
		Contract:     digest(n.Contract, n.Access, n.LatestVersion, n.Deprecation),
		FQN:          digest(n.FQN),
	}
}

// persisted are the descriptions that are written to the warehouse.
func (s *state) persisted(n stateNode) string {
	docs, _ := n.Config["persist_docs"].(map[string]any)
	var parts []any
	if on, _ := docs["relation"].(bool); on {
		parts = append(parts, n.Description)
	}
	if on, _ := docs["columns"].(bool); on {
		for _, name := range slices.Sorted(maps.Keys(n.Columns)) {
			parts = append(parts, name, n.Columns[name].Description)
		}
	}
	return digest(parts...)
}

// macro is a macro's text with that of all it calls.
func (s *state) macro(id string, known map[string]string, path map[string]bool) string {
	if d, ok := known[id]; ok {
		return d
	}
	if path[id] {
		return id // it calls itself, by way of others
	}
	path[id] = true
	m := s.Macros[id]
	parts := []any{m.SQL}
	for _, called := range m.DependsOn.Macros {
		if builtin(called) {
			continue
		}
		parts = append(parts, s.macro(called, known, path))
	}
	delete(path, id)
	d := digest(parts...)
	known[id] = d
	return d
}

// builtin reports whether a macro came with the tool that wrote the manifest:
// such macros differ between tools and versions, and are not what a project
// changes.
func builtin(id string) bool {
	return strings.HasPrefix(id, "macro.dbt.") || strings.HasPrefix(id, "macro.dbt_clickhouse.")
}

func digest(parts ...any) string {
	text, err := json.Marshal(parts)
	if err != nil {
		return err.Error() // cannot be: the parts came from JSON
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
