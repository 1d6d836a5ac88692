package context

import (
	"strconv"
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// clusterOperations tell of the server and the settings of a model.
func clusterOperations() map[string]operation {
	empty := func() value.Value { return value.NewDict() }
	fact := func(standIn func() value.Value, fact func(r *Rendering) value.Value) operation {
		return operation{standIn, func(r *Rendering, _ *value.Call) (value.Value, error) { return fact(r), nil }}
	}
	return map[string]operation{
		"get_clickhouse_cluster_name": fact(empty, func(r *Rendering) value.Value {
			if r.Server.Cluster == "" {
				return nil
			}
			return `"` + r.Server.Cluster + `"`
		}),
		"get_clickhouse_local_suffix": fact(empty, func(r *Rendering) value.Value {
			if s := r.Server.LocalSuffix; s != "" {
				return "_" + strings.TrimPrefix(s, "_")
			}
			return ""
		}),
		"get_clickhouse_local_db_prefix": fact(empty, func(r *Rendering) value.Value {
			if s := r.Server.LocalPrefix; s != "" {
				return strings.TrimSuffix(s, "_") + "_"
			}
			return ""
		}),
		"clickhouse_db_engine_clause": fact(blank, func(r *Rendering) value.Value {
			if e := r.Server.DatabaseEngine; e != "" {
				return "ENGINE " + e
			}
			return ""
		}),
		"should_on_cluster":        fact(none, func(r *Rendering) value.Value { return r.Server.OnCluster() }),
		"supports_atomic_exchange": fact(none, func(*Rendering) value.Value { return true }),
		"can_exchange": {none, func(_ *Rendering, c *value.Call) (value.Value, error) {
			args, err := c.Bind("can_exchange", value.Required("schema"), value.Required("rel_type"))
			if err != nil {
				return nil, err
			}
			return textOf(args[1]) == "table", nil
		}},
		"is_before_version": {no, func(r *Rendering, c *value.Call) (value.Value, error) {
			order, err := r.compareVersion(c)
			return order < 0, err
		}},
		"is_at_or_after_version": {no, func(r *Rendering, c *value.Call) (value.Value, error) {
			order, err := r.compareVersion(c)
			return order >= 0, err
		}},
		"get_model_settings": {blank, func(_ *Rendering, c *value.Call) (value.Value, error) {
			return "-- end_of_sql\n" + settingsOf(c, "settings"), nil
		}},
		"get_model_query_settings": {blank, func(_ *Rendering, c *value.Call) (value.Value, error) {
			if text := settingsOf(c, "query_settings"); text != "" {
				return "-- settings_section\n" + text, nil
			}
			return "", nil
		}},
		"filter_settings_by_engine": {func() value.Value { return value.NewDict() }, func(_ *Rendering, c *value.Call) (value.Value, error) {
			args, err := c.Bind("filter_settings_by_engine", value.Required("settings"), value.Required("engine"))
			if err != nil {
				return nil, err
			}
			return args[0], nil
		}},
		"s3source_clause": {none, s3Source},
	}
}

// compareVersion orders the server's version against the one asked for.
func (r *Rendering) compareVersion(c *value.Call) (int, error) {
	args, err := c.Bind("version", value.Required("version"))
	if err != nil {
		return 0, err
	}
	have := r.Server.Version
	if have == "" {
		found, err := r.query(c, "select version()")
		if err != nil {
			return 0, err
		}
		have = textOf(fromServer(found.Rows[0][0], serverType{}))
	}
	mine, asked := strings.Split(have, "."), strings.Split(textOf(args[0]), ".")
	for i := range min(len(mine), len(asked)) {
		a, errA := strconv.Atoi(mine[i])
		b, errB := strconv.Atoi(asked[i])
		if errA != nil || errB != nil {
			break
		}
		if a != b {
			return a - b, nil
		}
	}
	return 0, nil
}

// settingsOf is the SETTINGS clause of a model's config.
func settingsOf(c *value.Call, key string) string {
	if len(c.Args) == 0 {
		return ""
	}
	config, _ := value.Item(c.Args[0], "config")
	settings, _ := value.Item(config, key)
	d, ok := settings.(*value.Dict)
	if !ok || d.Len() == 0 {
		return ""
	}
	var parts []string
	for k, v := range d.All() {
		text := textOf(v)
		if s, ok := v.(string); ok && !strings.HasPrefix(s, "'") {
			text = "'" + s + "'"
		}
		parts = append(parts, textOf(k)+"="+text)
	}
	return "SETTINGS " + strings.Join(parts, ", ") + "\n"
}

func replaceAll(text, old, new string) string { return strings.ReplaceAll(text, old, new) }
