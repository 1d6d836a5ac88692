package materialize

import (
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/value"
)

// SessionSettings are the settings that each session of a target starts with:
// what chmod needs for its statements, and a project's hooks, to be done when
// they return, overridden by the target's own.
func SessionSettings(server adapters.Server, custom map[string]any) map[string]any {
	s := map[string]any{
		// Reads through a Distributed table see what was written through it.
		"insert_distributed_sync": 1,
	}
	v := server.Version
	if v.AtLeast(20, 1) {
		s["mutations_sync"] = 2
	}
	if v.AtLeast(22, 7) {
		s["alter_sync"] = 2
	}
	maps.Copy(s, custom)
	return s
}

// insertSettings are the settings for filling a staging table. Rows that are
// the same as others must not be taken for a repetition.
func (p *planner) insertSettings(query map[string]any) map[string]any {
	s := map[string]any{"insert_deduplicate": 0}
	maps.Copy(s, p.in.Sparing)
	// From these versions on other settings decide, and the one above nothing.
	if p.in.Server.Version.AtLeast(25, 12) {
		s["deduplicate_insert_select"] = "disable"
	}
	if p.in.Server.Version.AtLeast(26, 2) {
		s["deduplicate_insert"] = "disable"
	}
	maps.Copy(s, query)
	return s
}

// typedSettings are the settings for creating a table whose types the SQL
// gave: they say whether they are nullable. Those of a contract or a seed are
// the user's, for whom the target's settings hold.
func (p *planner) typedSettings(query map[string]any) map[string]any {
	set, asked := query["data_type_default_nullable"]
	if !p.describes || p.in.Node.Contract.Enforced || !(p.in.DefaultNullable && !asked || asked && set != int64(0) && set != false) {
		return query
	}
	s := map[string]any{}
	maps.Copy(s, query)
	s["data_type_default_nullable"] = 0
	return s
}

// querySettings is the config of that name, sent beside the SQL.
func (p *planner) querySettings() map[string]any { return p.settingValues("query_settings") }

// settingValues is a config key of settings, by name.
func (p *planner) settingValues(key string) map[string]any {
	d := p.settingDict(key)
	if d == nil || d.Len() == 0 {
		return nil
	}
	out := make(map[string]any, d.Len())
	for k, v := range d.All() {
		name, ok := p.settingName(key, k)
		if !ok {
			continue
		}
		if v, ok = p.settingValue(key, name, v); ok {
			out[name] = v
		}
	}
	return out
}

// settingList is a config key of settings, written out as name = value.
func (p *planner) settingList(key string) []string {
	d := p.settingDict(key)
	if d == nil {
		return nil
	}
	var out []string
	for k, v := range d.All() {
		name, ok := p.settingName(key, k)
		if !ok {
			continue
		}
		if v, ok = p.settingValue(key, name, v); ok {
			out = append(out, name+" = "+p.settingLiteral(v))
		}
	}
	return out
}

func (p *planner) settingDict(key string) *value.Dict {
	v, ok := p.in.Node.Config.Get(key)
	if !ok || v == nil {
		return nil
	}
	d, ok := v.(*value.Dict)
	if !ok {
		p.wrong(key, "wrong-config-type", fmt.Sprintf("%s: %q is not a mapping", p.in.Node.Name, key),
			"it maps the names of settings to their values", "")
	}
	return d
}

var settingWord = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*$`)

func (p *planner) settingName(key string, k value.Value) (string, bool) {
	name, ok := k.(string)
	if !ok || !settingWord.MatchString(name) {
		p.wrong(key, "wrong-config-value", fmt.Sprintf("%s: %q in %q is not the name of a setting", p.in.Node.Name, fmt.Sprint(k), key), "", "")
		return "", false
	}
	return name, true
}

// settingValue is a value that can be sent as a setting. A string in quotes of
// its own is taken without them: dbt-clickhouse needs them.
func (p *planner) settingValue(key, name string, v value.Value) (any, bool) {
	switch v := v.(type) {
	case bool, int64, float64:
		return v, true
	case *big.Int:
		return v.String(), true
	case string:
		if len(v) >= 2 && v[0] == '\'' && v[len(v)-1] == '\'' && !strings.Contains(v[1:len(v)-1], "'") {
			return v[1 : len(v)-1], true
		}
		return v, true
	}
	p.wrong(key, "wrong-config-value", fmt.Sprintf("%s: setting %q has no plain value", p.in.Node.Name, name),
		"it is a number, a string or a boolean", "")
	return nil, false
}

var number = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// settingLiteral writes a setting's value into SQL. Old servers take no number
// in quotes.
func (p *planner) settingLiteral(v any) string {
	if s, ok := v.(string); ok && number.MatchString(s) && !p.has(adapters.ClientSettings) {
		return s
	}
	return adapters.Literal(v)
}
