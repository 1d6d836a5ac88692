package config

import "github.com/chmod-sql/chmod/compiler/value"

// Defaults are a resource type's configs where nothing is set, in dbt's order
// and new with every call.
func Defaults(resourceType string) *value.Dict {
	switch resourceType {
	case "test":
		return value.DictWithRoom(1, "enabled", true, "alias", nil, "schema", "dbt_test__audit", "database", nil,
			"tags", value.NewList(), "meta", value.NewDict(), "group", nil, "static_analysis", nil, "materialized", "test",
			"severity", "ERROR", "store_failures", nil, "store_failures_as", nil, "where", nil, "limit", nil,
			"fail_calc", "count(*)", "warn_if", "!= 0", "error_if", "!= 0")
	case "source":
		return value.DictWithRoom(room, "enabled", true, "event_time", nil, "freshness", nil, "loaded_at_field", nil,
			"loaded_at_query", nil, "meta", value.NewDict(), "tags", value.NewList())
	case "exposure", "unit_test", "metric", "semantic_model", "saved_query":
		return value.DictWithRoom(room, "enabled", true, "tags", value.NewList(), "meta", value.NewDict())
	}
	d := node(resourceType)
	switch resourceType {
	case "model":
		d.Put("access", "protected")
		d.Put("freshness", nil)
	case "seed":
		d.Put("delimiter", ",")
		d.Put("quote_columns", nil)
	case "snapshot":
		for _, k := range []string{"strategy", "target_schema", "target_database", "updated_at", "check_cols"} {
			d.Put(k, nil)
		}
		d.Put("snapshot_meta_column_names", value.DictOf("dbt_valid_to", nil, "dbt_valid_from", nil,
			"dbt_scd_id", nil, "dbt_updated_at", nil, "dbt_is_deleted", nil))
		d.Put("dbt_valid_to_current", nil)
	}
	return d
}

// room is for configs that have no default: few nodes have more of them.
const room = 3

// node is what all that is built has in common.
func node(resourceType string) *value.Dict {
	materialized := "view"
	switch resourceType {
	case "seed", "snapshot":
		materialized = resourceType
	}
	return value.DictWithRoom(2+room, "enabled", true, "alias", nil, "schema", nil, "database", nil,
		"tags", value.NewList(), "meta", value.NewDict(), "group", nil, "static_analysis", nil, "materialized", materialized,
		"incremental_strategy", nil, "batch_size", nil, "lookback", int64(1), "begin", nil,
		"persist_docs", value.NewDict(), "post-hook", value.NewList(), "pre-hook", value.NewList(),
		"quoting", value.NewDict(), "column_types", value.NewDict(), "full_refresh", nil, "unique_key", nil,
		"on_schema_change", "ignore", "on_configuration_change", "apply", "grants", value.NewDict(),
		"packages", value.NewList(), "docs", value.DictOf("show", true, "node_color", nil),
		"contract", value.DictOf("enforced", false, "alias_types", true),
		"event_time", nil, "concurrent_batches", nil)
}
