package invocation

import (
	"fmt"
	"strings"
	"time"
)

// older are the strategies that any seed has had from the beginning, and other
// those that came later: what a seed means stays.
var (
	older = []string{"append", "delete+insert", "insert_overwrite", "replace", "merge", "table"}
	other = []string{"snapshot", "microbatch", "upsert"}
)

// stock writes the depot's model, or its snapshot.
func (d *depot) stock() {
	src := d.database + ".src"
	switch d.strategy {
	case "snapshot":
		config := "unique_key='id', strategy='check', check_cols=['v'], hard_deletes='invalidate', order_by='id'" + d.sharding()
		if d.random.IntN(3) == 0 && !d.clustered() {
			config += ", partition_by='id % 2'"
		}
		d.write("snapshots/orders.sql", "{% snapshot orders %}{{ config("+config+") }}\n"+
			"select id, v from (select * from "+src+" order by seq desc limit 1 by id) where v != '0'\n{% endsnapshot %}\n")
		d.Note("snapshot: %s", config)
		return
	case "microbatch":
		config := fmt.Sprintf("materialized='incremental', incremental_strategy='microbatch', event_time='day', batch_size='year', begin='%d-01-01', lookback=1, order_by='id'",
			time.Now().UTC().Year()-1) + d.sharding()
		if d.random.IntN(2) == 0 || d.clustered() {
			config += ", partition_by='toYear(day)'"
		}
		d.write("models/sources.yml", "sources: [{name: depot, schema: "+d.database+", tables: [{name: src, config: {event_time: day}}]}]\n")
		d.model(config, "select seq, id, day, v from {{ source('depot', 'src') }}")
		return
	}
	config := "materialized='incremental', incremental_strategy='" + d.strategy + "'"
	where, by, partition := "seq > (select max(seq) from {{ this }})", "", "day"
	switch d.strategy {
	case "table":
		config = "materialized='table', keep_previous_generation=true"
	case "delete+insert", "merge", "replace", "upsert":
		config += ", unique_key='id'"
		if by = " order by seq desc limit 1 by id"; d.strategy == "replace" {
			config, by = config+", version_column='seq'", ""
		}
		if d.clustered() {
			// Its servers cannot replace a partition by one without rows.
			partition = "id % 3"
		}
	case "insert_overwrite":
		where = "day in (select day from " + src + " where " + where + ")"
	}
	if d.strategy == "insert_overwrite" || d.random.IntN(2) == 0 {
		config += ", partition_by='" + partition + "'"
	}
	if d.strategy != "replace" {
		config += ", order_by='id'"
	}
	if d.strategy == "upsert" {
		deletes := "delete from {{ arg_dict.target_relation }} where"
		if d.clustered() {
			deletes = "alter table {{ arg_dict.target_relation }} delete where"
		}
		d.write("macros/upsert.sql", "{% macro get_incremental_upsert_sql(arg_dict) %}\n"+
			deletes+" id in (select id from {{ arg_dict.temp_relation }});\n"+
			"insert into {{ arg_dict.target_relation }} (seq, id, day, v) select seq, id, day, v from {{ arg_dict.temp_relation }};\n{% endmacro %}\n")
	}
	d.model(config+d.sharding(), "select seq, id, day, v from "+src+" {% if is_incremental() %}where "+where+"{% endif %}"+by)
}

func (d *depot) model(config, sql string) {
	d.write("models/orders.sql", "{{ config("+config+") }}\n"+strings.TrimSpace(sql)+"\n")
	d.Note("%s", config)
}

func (d *depot) sharding() string {
	if d.shards > 1 {
		return ", sharding_key='id'"
	}
	return ""
}
