package artifact

import (
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

type sourceEntry struct {
	Database          string   `json:"database"`
	Schema            string   `json:"schema"`
	Name              string   `json:"name"`
	ResourceType      string   `json:"resource_type"`
	PackageName       string   `json:"package_name"`
	Path              string   `json:"path"`
	OriginalFilePath  string   `json:"original_file_path"`
	UniqueID          string   `json:"unique_id"`
	FQN               []string `json:"fqn"`
	SourceName        string   `json:"source_name"`
	SourceDescription string   `json:"source_description"`
	Loader            string   `json:"loader"`
	Identifier        string   `json:"identifier"`
	Quoting           quoting  `json:"quoting"`
	LoadedAtField     *string  `json:"loaded_at_field"`
	LoadedAtQuery     *string  `json:"loaded_at_query"`
	Freshness         any      `json:"freshness"`
	External          any      `json:"external"`
	Description       string   `json:"description"`
	Columns           columns  `json:"columns"`
	Meta              any      `json:"meta"`
	SourceMeta        any      `json:"source_meta"`
	Tags              []string `json:"tags"`
	Config            any      `json:"config"`
	PatchPath         *string  `json:"patch_path"`
	UnrenderedConfig  any      `json:"unrendered_config"`
	RelationName      string   `json:"relation_name"`
	CreatedAt         float64  `json:"created_at"`
	UnrenderedDB      *string  `json:"unrendered_database"`
	UnrenderedSchema  *string  `json:"unrendered_schema"`
	DocBlocks         []string `json:"doc_blocks"`
}

func sourceOf(s *manifest.Source) any {
	var external value.Value
	if s.Extra != nil {
		external, _ = s.Extra.Get("external")
	}
	return sourceEntry{
		Schema: s.Schema, Name: s.Name, ResourceType: "source", PackageName: s.Package, Path: s.Path,
		OriginalFilePath: s.OriginalPath, UniqueID: s.UniqueID, FQN: s.FQN, SourceName: s.SourceName,
		Quoting: quotingOf(s), SourceDescription: s.SourceDescription, Loader: s.Loader, Identifier: s.Identifier,
		LoadedAtField: text(s.LoadedAtField), LoadedAtQuery: text(s.LoadedAtQuery), Freshness: thresholds(s),
		External: externalOf(external), Description: s.Description, Columns: columnsOf(s.Columns), Meta: plain(s.Meta),
		SourceMeta: plain(s.SourceMeta), Tags: names(s.Tags), Config: sourceConfig(s), UnrenderedConfig: plain(s.UnrenderedConfig),
		RelationName: s.RelationName, CreatedAt: s.CreatedAt, UnrenderedSchema: text(s.UnrenderedSchema), DocBlocks: names(s.DocBlocks),
	}
}

// sourceConfig is a source's config; dbt knows one key more.
func sourceConfig(s *manifest.Source) any {
	config, ok := configOf(s.Config).(map[string]any)
	if ok && config["static_analysis"] == nil {
		config["static_analysis"] = nil
	}
	if ok {
		config["freshness"] = thresholds(s)
	}
	return config
}

// thresholds are a source's limits of freshness, whole as dbt writes them:
// also those that nobody set, unless freshness is switched off.
func thresholds(s *manifest.Source) any {
	if s.FreshnessOff {
		return nil
	}
	given, _ := optional(s.Freshness).(map[string]any)
	all := map[string]any{"filter": given["filter"]}
	for _, key := range []string{"warn_after", "error_after"} {
		after, _ := given[key].(map[string]any)
		all[key] = map[string]any{"count": after["count"], "period": after["period"]}
	}
	return all
}

// quotingOf is what a source says of quoting.
func quotingOf(s *manifest.Source) quoting {
	if s.Extra == nil {
		return quoting{}
	}
	v, _ := s.Extra.Get("quoting")
	given, _ := v.(*value.Dict)
	flag := func(key string) *bool {
		if given == nil {
			return nil
		}
		v, _ := given.Get(key)
		if b, ok := v.(bool); ok {
			return &b
		}
		return nil
	}
	return quoting{Database: flag("database"), Schema: flag("schema"), Identifier: flag("identifier"), Column: flag("column")}
}

// externalOf describes an external table with all keys that dbt knows.
func externalOf(v value.Value) any {
	external, ok := value.ToGo(v).(map[string]any)
	if !ok {
		return nil
	}
	for _, key := range []string{"location", "file_format", "row_format", "tbl_properties", "partitions"} {
		if _, set := external[key]; !set {
			external[key] = nil
		}
	}
	return external
}

type exposureEntry struct {
	Name             string     `json:"name"`
	ResourceType     string     `json:"resource_type"`
	PackageName      string     `json:"package_name"`
	Path             string     `json:"path"`
	OriginalFilePath string     `json:"original_file_path"`
	UniqueID         string     `json:"unique_id"`
	FQN              []string   `json:"fqn"`
	Type             string     `json:"type"`
	Owner            any        `json:"owner"`
	Description      string     `json:"description"`
	Label            *string    `json:"label"`
	Maturity         *string    `json:"maturity"`
	Meta             any        `json:"meta"`
	Tags             []string   `json:"tags"`
	Config           any        `json:"config"`
	UnrenderedConfig any        `json:"unrendered_config"`
	URL              *string    `json:"url"`
	DependsOn        dependsOn  `json:"depends_on"`
	Refs             []ref      `json:"refs"`
	Sources          [][]string `json:"sources"`
	Metrics          []any      `json:"metrics"`
	CreatedAt        float64    `json:"created_at"`
}

func exposureOf(e *manifest.Exposure) any {
	return exposureEntry{
		Name: e.Name, ResourceType: "exposure", PackageName: e.Package, Path: e.Path, OriginalFilePath: e.OriginalPath,
		UniqueID: e.UniqueID, FQN: e.FQN, Type: e.Type, Owner: plain(e.Owner), Description: e.Description, Label: text(e.Label),
		Maturity: text(e.Maturity), Meta: plain(e.Meta), Tags: names(e.Tags), Config: configOf(e.Config), UnrenderedConfig: plain(e.UnrenderedConfig),
		URL: text(e.URL), DependsOn: dependsOn{names(e.DependsOn.Macros), names(e.DependsOn.Nodes)}, Refs: refsOf(e.Refs),
		Sources: sourcesOf(e.Sources), Metrics: []any{}, CreatedAt: e.CreatedAt,
	}
}

type macroEntry struct {
	Name               string       `json:"name"`
	ResourceType       string       `json:"resource_type"`
	PackageName        string       `json:"package_name"`
	Path               string       `json:"path"`
	OriginalFilePath   string       `json:"original_file_path"`
	UniqueID           string       `json:"unique_id"`
	MacroSQL           string       `json:"macro_sql"`
	DependsOn          macroDepends `json:"depends_on"`
	Description        string       `json:"description"`
	Meta               any          `json:"meta"`
	Docs               docs         `json:"docs"`
	Config             any          `json:"config"`
	PatchPath          *string      `json:"patch_path"`
	Arguments          []argument   `json:"arguments"`
	CreatedAt          float64      `json:"created_at"`
	SupportedLanguages any          `json:"supported_languages"`
}

type argument struct {
	Name        string  `json:"name"`
	Type        *string `json:"type"`
	Description string  `json:"description"`
}

func macroOf(m *manifest.Macro) any {
	arguments := make([]argument, len(m.Arguments))
	for i, a := range m.Arguments {
		arguments[i] = argument{a.Name, text(a.Type), a.Description}
	}
	shown := docs{Show: true}
	if m.Hidden {
		shown.Show = false
	}
	return macroEntry{
		Name: m.Name, ResourceType: "macro", PackageName: m.Package, Path: m.Path, OriginalFilePath: m.OriginalPath,
		UniqueID: m.UniqueID, MacroSQL: m.SQL, DependsOn: macroDepends{names(m.DependsOn)}, Description: m.Description,
		Meta: plain(m.Meta), Docs: shown, Config: map[string]any{"meta": plain(m.Meta), "docs": shown},
		PatchPath: text(m.PatchPath), Arguments: arguments, CreatedAt: m.CreatedAt,
	}
}

func docOf(d *manifest.Doc) any {
	return map[string]any{
		"name": d.Name, "resource_type": "doc", "package_name": d.Package, "path": d.Path,
		"original_file_path": d.OriginalPath, "unique_id": d.UniqueID, "block_contents": d.Contents,
	}
}

func groupOf(g *manifest.Group) any {
	return map[string]any{
		"name": g.Name, "resource_type": "group", "package_name": g.Package, "path": g.Path,
		"original_file_path": g.OriginalPath, "unique_id": g.UniqueID, "owner": plain(g.Owner),
		"description": text(g.Description), "config": plain(g.Config),
	}
}

func selectorOf(s *manifest.Selector) any {
	return map[string]any{"name": s.Name, "description": s.Description, "definition": value.ToGo(s.Definition)}
}

func unitTestOf(u *manifest.UnitTest) any {
	entry := map[string]any{}
	if d, ok := plain(u.Definition).(map[string]any); ok {
		for _, key := range []string{"given", "expect", "overrides", "versions"} {
			entry[key] = d[key]
		}
	}
	for key, v := range map[string]any{
		"model": u.Model, "name": u.Name, "resource_type": "unit_test", "package_name": u.Package, "path": u.Path,
		"original_file_path": u.OriginalPath, "unique_id": u.UniqueID, "fqn": u.FQN, "description": u.Description,
		"depends_on": dependsOn{names(u.DependsOn.Macros), names(u.DependsOn.Nodes)}, "config": configOf(u.Config),
		"checksum": nil, "schema": nil, "created_at": u.CreatedAt, "version": nil,
	} {
		entry[key] = v
	}
	return entry
}
