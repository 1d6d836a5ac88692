package selection_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/dag"
	"github.com/chmod-sql/chmod/dag/dagtest"
	"github.com/chmod-sql/chmod/dag/selection"
)

const shop = `
	src.shop.raw_orders -> staging/stg_orders -> marts/orders -> marts/revenue -> expo_board
	src.shop.raw_items -> staging/stg_items -> marts/orders
	seed_rates -> marts/revenue
	staging/stg_orders -> test_unique_stg_orders
	marts/orders -> test_unique_orders
	marts/orders -> test_relationships_orders, staging/stg_items -> test_relationships_orders
	marts/revenue -> check_revenue
`

func selector() *selection.Selector {
	m := dagtest.Manifest(shop)
	orders := m.Nodes["model.p.orders"]
	orders.Tags = []string{"daily", "money"}
	orders.Group = "finance"
	orders.Config = manifest.NewConfig(value.DictOf(
		"materialized", "table", "meta", value.DictOf("owner", "ann"), "tags", value.NewList("daily", "money"), "enabled", true,
	), nil)
	return &selection.Selector{Manifest: m, Graph: dag.New(m)}
}

func names(ids dag.Set) string {
	var out []string
	for _, id := range ids.Sorted() {
		out = append(out, id[strings.Index(id, ".p.")+3:])
	}
	return strings.Join(out, " ")
}

func TestSelect(t *testing.T) {
	s := selector()
	for written, want := range map[string]string{
		// Graph operators.
		"orders":                   "orders",
		"+orders":                  "orders stg_items stg_orders shop.raw_items shop.raw_orders",
		"1+orders":                 "orders stg_items stg_orders",
		"orders+":                  "board orders revenue",
		"orders+1":                 "orders revenue",
		"1+orders+1":               "orders revenue stg_items stg_orders",
		"@stg_orders":              "board orders revenue stg_items stg_orders seed_rates shop.raw_items shop.raw_orders",
		"source:shop.raw_orders+1": "stg_orders shop.raw_orders",
		// Set operators.
		"orders revenue":            "orders revenue",
		"+orders,tag:daily":         "orders",
		"orders+,path:models/marts": "orders revenue",
		"stg_orders,stg_items":      "",
		// Methods.
		"fqn:p.staging":                   "stg_items stg_orders",
		"staging":                         "stg_items stg_orders",
		"staging.*":                       "stg_items stg_orders",
		"p.staging.stg_orders":            "stg_orders",
		"stg_*":                           "stg_items stg_orders",
		"*.stg_?tems":                     "stg_items",
		"tag:dai*":                        "orders",
		"path:models/staging":             "stg_items stg_orders",
		"models/staging/stg_orders.sql":   "stg_orders",
		"path:models/*/orders.sql":        "orders",
		"path:models/**/stg_items.sql":    "stg_items",
		"path:models/*":                   "orders revenue stg_items stg_orders shop.raw_items shop.raw_orders board",
		"file:orders.sql":                 "orders",
		"orders.sql":                      "orders",
		"file:orders":                     "orders",
		"source:shop":                     "shop.raw_items shop.raw_orders",
		"source:p.shop.raw_items":         "shop.raw_items",
		"source:*":                        "shop.raw_items shop.raw_orders",
		"exposure:board":                  "",
		"exposure:expo_board":             "board",
		"+exposure:*,resource_type:seed":  "seed_rates",
		"resource_type:seed":              "seed_rates",
		"package:p,resource_type:seed":    "seed_rates",
		"package:this,resource_type:seed": "seed_rates",
		"package:other":                   "",
		"config.materialized:table":       "orders",
		"config.meta.owner:ann":           "orders",
		"config.meta:owner":               "orders",
		"config.tags:money":               "orders",
		"config.enabled:true":             "orders",
		"config.enabled:True":             "orders",
		"group:finance":                   "orders",
	} {
		r, err := s.Select(selection.Request{Select: []string{written}, Indirect: selection.Empty, ExcludeResourceTypes: []string{"test"}})
		require.NoError(t, err, written)
		got := strings.ReplaceAll(names(r.IDs), "expo_board", "board")
		require.Equal(t, sorted(want), sorted(got), written)
	}
}

func sorted(s string) string { return strings.Join(dag.NewSet(strings.Fields(s)...).Sorted(), " ") }

func TestIndirectSelection(t *testing.T) {
	s := selector()
	for _, c := range []struct {
		selected string
		mode     selection.Indirect
		tests    string
	}{
		{"orders", selection.Eager, "test_unique_orders test_relationships_orders"},
		{"orders", selection.Cautious, "test_unique_orders"},
		{"orders", selection.Buildable, "test_unique_orders test_relationships_orders"},
		{"orders", selection.Empty, ""},
		{"orders stg_items", selection.Cautious, "test_unique_orders test_relationships_orders"},
		{"stg_items", selection.Buildable, ""},
		{"test_unique_orders", selection.Cautious, "test_unique_orders"},
		{"marts,revenue", selection.Cautious, "check_revenue"},
		{"test_type:generic", selection.Empty, "test_relationships_orders test_unique_orders test_unique_stg_orders"},
		{"test_type:singular", selection.Empty, "check_revenue"},
		{"test_type:unit", selection.Empty, ""},
		{"test_name:unique", selection.Eager, "test_unique_orders test_unique_stg_orders"},
	} {
		r, err := s.Select(selection.Request{Select: []string{c.selected}, Indirect: c.mode, ResourceTypes: []string{"test"}})
		require.NoError(t, err)
		require.Equal(t, sorted(c.tests), names(r.IDs), "%s %s", c.mode, c.selected)
	}
}

func TestExcludeTakesTestsAlong(t *testing.T) {
	s := selector()
	r, err := s.Select(selection.Request{Select: []string{"orders revenue"}, Exclude: []string{"revenue"}})
	require.NoError(t, err)
	require.Equal(t, "orders test_relationships_orders test_unique_orders", names(r.IDs))
	r, err = s.Select(selection.Request{Exclude: []string{"source:*", "exposure:*", "test_type:data"}})
	require.NoError(t, err)
	require.Equal(t, "orders revenue stg_items stg_orders seed_rates", names(r.IDs))
}

func TestResourceTypesFilterInTheEnd(t *testing.T) {
	s := selector()
	r, err := s.Select(selection.Request{Select: []string{"+revenue"}, ResourceTypes: []string{"seed", "source"}})
	require.NoError(t, err)
	require.Equal(t, "seed_rates shop.raw_items shop.raw_orders", names(r.IDs))
	r, err = s.Select(selection.Request{Select: []string{"+revenue"}, ExcludeResourceTypes: []string{"test", "model"}})
	require.NoError(t, err)
	require.Equal(t, "seed_rates shop.raw_items shop.raw_orders", names(r.IDs))
}

func TestUnmatchedCriteriaAreNamed(t *testing.T) {
	r, err := selector().Select(selection.Request{Select: []string{"orders nobody tag:none"}})
	require.NoError(t, err)
	var criteria []string
	for _, u := range r.Unmatched {
		require.Equal(t, u.Criterion, u.At.Text())
		criteria = append(criteria, u.Criterion)
	}
	require.Equal(t, []string{"nobody", "tag:none"}, criteria)
}

func TestCriteriaThatAreNearlyRight(t *testing.T) {
	s := selector()
	for written, want := range map[string]string{
		"orderz": "orders", "+orderz+": "+orders+", "2+orderz": "2+orders", "tag:dayly": "tag:daily",
		"nobody_at_all": "", "tag:nothing_like_it": "", "config.materialized:vieww": "",
	} {
		require.Equal(t, want, s.Near(written), written)
	}
}

func TestBadSelectionsSayWhy(t *testing.T) {
	for written, want := range map[string]string{
		"tga:daily":             `cannot read the selection "tga:daily": there is no method "tga" (did you mean "tag"?)`,
		"@orders+":              `cannot read the selection "@orders+": @ already takes the descendants (leave the + at the end out)`,
		"tag:":                  `cannot read the selection "tag:": there is no name or value in it (write for instance "+orders" or "tag:daily")`,
		"+":                     `cannot read the selection "+": there is no name or value in it (write for instance "+orders" or "tag:daily")`,
		"config:x":              `cannot read the selection "config:x": config needs a key (write for instance "config.materialized:view")`,
		"test_type:integration": `cannot read the selection "test_type:integration": there is no such type of test (the types are generic, singular, data and unit)`,
		"state:modified":        `"state:modified" needs an earlier state to compare with (give the folder that holds its manifest.json with --state)`,
	} {
		_, err := selector().Select(selection.Request{Select: []string{"orders", "orders," + written}})
		require.EqualError(t, err, "--select:1:15: "+want)
		var d diag.Diagnostic
		require.ErrorAs(t, err, &d)
		require.Equal(t, written, d.Span.Text())
	}
}

func TestUnknownResourceTypesAreRefused(t *testing.T) {
	_, err := selector().Select(selection.Request{ResourceTypes: []string{"modal"}})
	require.EqualError(t, err, `--resource-type:1:1: there is no resource type "modal" (did you mean "model"?)`)
	_, err = selector().Select(selection.Request{Select: []string{"resource_type:nonsense"}})
	require.ErrorContains(t, err, "the types are model, seed")
}

func TestState(t *testing.T) {
	s := selector()
	s.Previous = &selection.Previous{
		Then: map[string]selection.Fingerprint{
			"model.p.orders":    {Body: "a"},
			"model.p.stg_items": {Body: "b", Configs: "old"},
			"model.p.gone":      {},
		},
		Now: map[string]selection.Fingerprint{
			"model.p.orders":    {Body: "a"},
			"model.p.stg_items": {Body: "b", Configs: "new"},
		},
		Results: map[string]string{"model.p.orders": "error"},
	}
	for written, want := range map[string]string{
		"state:old":              "orders stg_items",
		"state:unmodified":       "orders",
		"state:modified.configs": "stg_items",
		"state:modified.body":    "",
		"state:new":              "revenue stg_orders",
		"state:modified":         "revenue stg_items stg_orders",
		"result:error":           "orders",
		"result:success":         "",
		"1+result:error+":        "orders revenue stg_items stg_orders",
	} {
		r, err := s.Select(selection.Request{Select: []string{written}, ResourceTypes: []string{"model"}})
		require.NoError(t, err, written)
		require.Equal(t, want, names(r.IDs), written)
	}
}

func TestSelectors(t *testing.T) {
	list := value.NewList
	s := selector()
	for name, d := range map[string]value.Value{
		"text":    "+orders,tag:daily",
		"pair":    value.DictOf("tag", "daily"),
		"any":     value.DictOf("fqn", list("orders", "revenue")),
		"method":  value.DictOf("method", "fqn", "value", "orders", "parents", true, "parents_depth", int64(1)),
		"union":   value.DictOf("union", list("orders", value.DictOf("fqn", "stg_*"), value.DictOf("exclude", list("stg_items")))),
		"both":    value.DictOf("intersection", list(value.DictOf("method", "fqn", "value", "orders", "children", true), "path:models/marts")),
		"inherit": value.DictOf("method", "selector", "value", "pair"),
		"circle":  value.DictOf("method", "selector", "value", "circle"),
		"bad":     value.DictOf("method", "fqn", "value", "orders", "parnets", true),
		"round":   list("orders", "tag:daily,selector:round"),
	} {
		s.Manifest.Selectors[name] = &manifest.Selector{Name: name, Definition: d}
	}
	for name, want := range map[string]string{
		"text": "orders", "pair": "orders", "any": "orders revenue", "method": "orders stg_items stg_orders",
		"union": "orders stg_orders", "both": "orders revenue", "inherit": "orders",
	} {
		r, err := s.Select(selection.Request{Selector: name, ResourceTypes: []string{"model"}})
		require.NoError(t, err, name)
		require.Equal(t, want, names(r.IDs), name)
	}
	for name, want := range map[string]string{
		"circle": "selectors mean each other in a circle: circle -> circle",
		"round":  "selectors mean each other in a circle: round -> round",
		"bad":    `"parnets" is not one of`,
		"unoin":  `there is no selector "unoin" (did you mean "union"?)`,
	} {
		_, err := s.Select(selection.Request{Selector: name})
		require.ErrorContains(t, err, want)
	}
	s.Manifest.Selectors["pair"].Default = true
	r, err := s.Select(selection.Request{ResourceTypes: []string{"model"}})
	require.NoError(t, err)
	require.Equal(t, "orders", names(r.IDs), "a default selector is used when nothing is asked for")
}

func TestVersions(t *testing.T) {
	s := selector()
	for id, version := range map[string]int64{"model.p.stg_orders": 1, "model.p.orders": 2, "model.p.revenue": 3} {
		n := s.Manifest.Nodes[id]
		n.Version, n.LatestVersion = version, int64(2)
	}
	for written, want := range map[string]string{
		"version:latest": "orders", "version:old": "stg_orders", "version:prerelease": "revenue", "version:none": "stg_items",
	} {
		r, err := s.Select(selection.Request{Select: []string{written}, ResourceTypes: []string{"model"}})
		require.NoError(t, err)
		require.Equal(t, want, names(r.IDs), written)
	}
}

func FuzzSelect(f *testing.F) {
	for _, seed := range []string{"+orders+", "@a", "2+x+3,tag:y z", "config.a.b:c", "path:**/x[", "[!", "fqn:*", "source:a.b.c.d"} {
		f.Add(seed)
	}
	s := selector()
	f.Fuzz(func(t *testing.T, text string) {
		r, err := s.Select(selection.Request{Select: []string{text}})
		if err != nil {
			require.ErrorAs(t, err, new(diag.Diagnostic))
			return
		}
		for id := range r.IDs {
			require.True(t, s.Graph.Has(id))
		}
	})
}
