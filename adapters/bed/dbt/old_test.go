package dbt

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOld(t *testing.T) {
	target := Target{Database: "other", Generation: 7}
	for _, c := range []struct {
		recorded string
		want     []string
	}{
		{
			"create table `shop`.`orders__dbt_tmp`\nON CLUSTER \"bed\"\nengine = MergeTree()\norder by (id)\n-- end_of_sql\nSETTINGS replicated_deduplication_window='0'\nempty\nas (\nselect number as id, toUInt64(2) as generation from system.numbers limit 1000\n)",
			[]string{"create table `other`.`orders__dbt_tmp`\nON CLUSTER \"bed\" (id UInt64, generation UInt64) engine = MergeTree()\norder by (id)\nSETTINGS replicated_deduplication_window = 0"},
		},
		{"insert into `shop`.`orders`\n(\"id\")\nselect toUInt64(1)", []string{"insert into `other`.`orders`\n(\"id\")\nselect toUInt64(7)"}},
		{"drop table if exists `shop`.`orders__dbt_backup`\nON CLUSTER \"bed\"\nSYNC", []string{"drop table if exists `other`.`orders__dbt_backup`\nON CLUSTER \"bed\""}},
		{"CREATE OR REPLACE TABLE `shop`.`a` ON CLUSTER \"bed\" AS `shop`.`b`", []string{
			"DROP TABLE IF EXISTS `other`.`a`  ON CLUSTER \"bed\"", "CREATE TABLE `other`.`a` ON CLUSTER \"bed\" AS `other`.`b`",
		}},
		{"create or replace table `shop`.`a`\nON CLUSTER \"bed\" as `shop`.`b`\nENGINE = Distributed('bed', 'shop', 'b', id)\n-- end_of_sql", []string{
			"DROP TABLE IF EXISTS `other`.`a` \nON CLUSTER \"bed\"", "CREATE table `other`.`a`\nON CLUSTER \"bed\" as `other`.`b`\nENGINE = Distributed('bed', 'other', 'b', id)",
		}},
		{"create or replace view `shop`.`v`\nON CLUSTER \"bed\"\nas (\nselect toUInt64(1)\n)", []string{
			"DROP TABLE IF EXISTS `other`.`v` \nON CLUSTER \"bed\"", "CREATE view `other`.`v`\nON CLUSTER \"bed\" as select toUInt64(7)",
		}},
		{"delete from `shop`.`orders` where id > 1", []string{"ALTER TABLE `other`.`orders`  DELETE WHERE id > 1"}},
	} {
		require.Equal(t, c.want, Recording{Statements: []string{c.recorded}}.Old(target))
	}
	swap := Recording{Statements: []string{"EXCHANGE TABLES `shop`.`a` AND `shop`.`b`\nON CLUSTER \"bed\""}}.Old(target)
	require.Regexp(t, "^RENAME TABLE `other`.`a` TO (`other`.`third_[0-9a-f]+`), `other`.`b` TO `other`.`a`, `other`.`third_[0-9a-f]+` TO `other`.`b` ON CLUSTER \"bed\"$", swap[0])
	paths := Recording{Statements: []string{"engine = ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')"}}.Old(target)
	require.Regexp(t, `'/clickhouse/tables/[0-9a-f-]{36}/\{shard\}', '\{replica\}'`, paths[0])

	each, ok := Everywhere("SYSTEM SYNC REPLICA\nON CLUSTER \"bed\" other.orders")
	require.True(t, ok)
	require.Equal(t, "SYSTEM SYNC REPLICA other.orders", each)
	_, ok = Everywhere("SELECT 1")
	require.False(t, ok)
}

func TestRecordings(t *testing.T) {
	for _, m := range models() {
		for _, c := range m.calls {
			r, err := Read(m.name + "_" + c.name)
			require.NoError(t, err)
			require.Contains(t, r.About, "dbt=1.")
			require.NotEmpty(t, r.Statements)
		}
	}
	_, err := Read("nothing")
	require.Error(t, err)
}
