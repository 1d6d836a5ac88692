package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/config"
	"github.com/chmod-sql/chmod/compiler/value"
)

func presets(t *testing.T) config.Presets {
	t.Helper()
	all := config.BuiltInPresets()
	all["fact"] = all["fact"].Tuned(layer(t, "order_by: [id]\nengine: Log\nmeta: {kind: f}\n"))
	all["note"] = &config.Preset{Name: "note", Settings: layer(t, "materialized: view\n")}
	return all
}

func TestAPresetIsWorthWhatThePlaceIsThatNamesIt(t *testing.T) {
	own := tree(t, "+materialized: fact\nshop:\n  plain: {+materialized: view}\n  by_name: {+preset: note}\n")
	over := tree(t, "+order_by: z\n+engine: z\n")
	for name, c := range map[string]struct {
		fqn     []string
		sources config.Sources
		want    string // materialized, engine, order_by, preset, meta
	}{
		"none":                        {[]string{"a"}, config.Sources{}, "view None None None {}"},
		"in a tree":                   {[]string{"a"}, config.Sources{Own: own}, "incremental Log ['id'] fact {'kind': 'f', 'preset': 'fact'}"},
		"a stronger materialization":  {[]string{"shop", "plain"}, config.Sources{Own: own}, "view None None None {}"},
		"a stronger preset":           {[]string{"shop", "by_name"}, config.Sources{Own: own}, "view None None note {'preset': 'note'}"},
		"own configs":                 {[]string{"a"}, config.Sources{Own: own, Calls: []config.Layer{call("engine", "Mine", "meta", value.DictOf("x", int64(1)))}}, "incremental Mine ['id'] fact {'kind': 'f', 'preset': 'fact', 'x': 1}"},
		"beside it":                   {[]string{"a"}, config.Sources{Calls: []config.Layer{call("engine", "Mine", "materialized", "fact")}}, "incremental Mine ['id'] fact {'kind': 'f', 'preset': 'fact'}"},
		"by its own key":              {[]string{"a"}, config.Sources{Property: []config.Layer{layer(t, "preset: fact\n")}}, "incremental Log ['id'] fact {'kind': 'f', 'preset': 'fact'}"},
		"another materialization":     {[]string{"a"}, config.Sources{Property: []config.Layer{layer(t, "preset: fact\nmaterialized: table\n")}}, "table Log ['id'] fact {'kind': 'f', 'preset': 'fact'}"},
		"later, too":                  {[]string{"a"}, config.Sources{Property: []config.Layer{layer(t, "preset: fact\n")}, Calls: []config.Layer{call("materialized", "table")}}, "table Log ['id'] fact {'kind': 'f', 'preset': 'fact'}"},
		"weaker places are beaten":    {[]string{"a"}, config.Sources{Own: over, Calls: []config.Layer{call("materialized", "fact")}}, "incremental Log ['id'] fact {'kind': 'f', 'preset': 'fact'}"},
		"the root's tree is stronger": {[]string{"a"}, config.Sources{Root: over, Calls: []config.Layer{call("materialized", "fact")}}, "incremental z z fact {'kind': 'f', 'preset': 'fact'}"},
		"taken away":                  {[]string{"a"}, config.Sources{Property: []config.Layer{layer(t, "preset: fact\n")}, Calls: []config.Layer{call("preset", nil)}}, "view None None None {}"},
	} {
		t.Run(name, func(t *testing.T) {
			c.sources.Presets = presets(t)
			for range 2 { // no layer is changed
				cfg, raw, list := config.Merge("model", c.fqn, c.sources)
				require.NoError(t, list.Err())
				got := ""
				for i, key := range []string{"materialized", "engine", "order_by", "preset", "meta"} {
					if i > 0 {
						got += " "
					}
					got += value.Str(cfg.Value(key))
				}
				require.Equal(t, c.want, got)
				if v, ok := raw.Named("materialized"); ok {
					require.NotEqual(t, "fact", v, "what a preset means is compared between runs, not its name")
				}
			}
		})
	}
}

func TestAPresetThatIsNotThere(t *testing.T) {
	_, _, list := config.Merge("model", []string{"a"}, config.Sources{Property: []config.Layer{layer(t, "preset: fcat\n")}, Presets: presets(t)})
	require.EqualError(t, list.Err(), `x.yml:1:9: there is no preset 'fcat' (did you mean "fact"?)`)
}

func TestTuningTakesAway(t *testing.T) {
	p := config.BuiltInPresets()["fact"].Tuned(layer(t, "on_schema_change:\n+engine: Log\n"))
	var keys []string
	for _, s := range p.Settings.Settings {
		keys = append(keys, s.Key)
	}
	require.Equal(t, []string{"materialized", "engine"}, keys)
	require.Equal(t, []string{"not_null"}, p.Tests)
}
