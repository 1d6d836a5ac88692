package dbt

// calls are the calls of dbt that are recorded for each model, in order.
type model struct {
	name    string // of the recordings
	config  string
	sql     string
	cluster bool
	// exchange lets the server have EXCHANGE.
	exchange bool
	calls    []call
}

type call struct {
	name   string
	breaks string // the beginning of a statement that fails
}

const (
	replicatedEngine = `, engine="ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')"`
	rows             = `select number as id, toUInt64({{ var('generation') }}) as generation from system.numbers limit 1000`
)

func models() []model {
	twice := []call{{name: "first"}, {name: "again"}}
	return []model{
		{name: "table", config: `materialized='table', order_by='id'` + replicatedEngine, sql: rows, cluster: true, calls: []call{
			{name: "first"}, {name: "again"}, {name: "cut", breaks: "rename table `shop`.`orders__dbt_tmp`"}, {name: "after_cut"}, {name: "beside_leftovers"},
		}},
		{name: "table_exchange", config: `materialized='table', order_by='id'` + replicatedEngine, sql: rows, cluster: true, exchange: true, calls: twice},
		{name: "table_default_engine", config: `materialized='table', order_by='id'`, sql: rows, cluster: true, calls: twice},
		{name: "table_no_cluster", config: `materialized='table', order_by='id'` + replicatedEngine, sql: rows, calls: twice},
		{
			name: "delete_insert", cluster: true, sql: rows, calls: twice,
			config: `materialized='incremental', incremental_strategy='delete+insert', unique_key='id', order_by='id'` + replicatedEngine,
		},
		{name: "distributed_table", config: `materialized='distributed_table', order_by='id', sharding_key='id'` + replicatedEngine, sql: rows, cluster: true, calls: twice},
	}
}
