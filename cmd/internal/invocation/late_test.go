package invocation

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/adaptertest/sequence"
	"github.com/chmod-sql/chmod/materialize/journal"
)

// TestLateStatements has a process stand still right before a statement that
// changes what others read, for longer than its lease. Another one builds
// something else meanwhile. The first one wakes up, and changes nothing any more.
func TestLateStatements(t *testing.T) {
	const adds = "{{ config(materialized='incremental', incremental_strategy='append', order_by='tuple()', MORE) }} select 'WORD' as v, toDate('2026-01-01') as day"
	for name, c := range map[string]struct {
		model string
		// words are what takes the place of WORD: first, by the one that stands
		// still, and by the other one.
		words [3]string
		head  string
		reads string
		want  string
	}{
		"a view": {
			model: "{{ config(materialized='view') }} select 'WORD' as v", words: [3]string{"first", "mine", "theirs"},
			head: "CREATE OR REPLACE VIEW", reads: "SELECT v FROM DB.orders", want: "[[theirs]]",
		},
		"a TTL": {
			model: strings.ReplaceAll(adds, "MORE", "ttl='day + toIntervalYear(WORD)'"), words: [3]string{"50", "60", "70"},
			head: "ALTER TABLE `DB`.`orders` MODIFY TTL", reads: "SELECT extract(engine_full, 'toIntervalYear.([0-9]*)') FROM system.tables WHERE database = 'DB' AND name = 'orders'",
			want: "[[70]]",
		},
		"columns": {
			model: strings.ReplaceAll(adds, "MORE", "on_schema_change='append_new_columns'") + ", 1 as WORD", words: [3]string{"first", "first, 1 as mine", "first, 1 as theirs"},
			head: "ALTER TABLE `DB`.`orders` ADD COLUMN", reads: "SELECT arrayStringConcat(groupArray(name), ' ') FROM system.columns WHERE database = 'DB' AND table = 'orders'",
			want: "[[v day first theirs]]",
		},
		"rows of a table without partitions": {
			model: "{{ config(materialized='incremental', incremental_strategy='append', engine='Log') }} select 'WORD' as v", words: [3]string{"first", "mine", "theirs"},
			head: "INSERT INTO `DB`.`orders` ", reads: "SELECT v FROM DB.orders", want: "[[first] [theirs]]",
		},
		"a table": {
			model: "{{ config(materialized='table', order_by='tuple()') }} select 'WORD' as v", words: [3]string{"first", "mine", "theirs"},
			head: "EXCHANGE TABLES", reads: "SELECT v FROM DB.orders", want: "[[theirs]]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDepot(t, 1, &sequence.Diary{}, engineSite(t), "table")
			in := func(text string) string { return strings.ReplaceAll(text, "DB", d.database) }
			write := func(n int) { d.write("models/orders.sql", strings.ReplaceAll(c.model, "WORD", c.words[n])) }
			write(0)
			first := d.start("run", IfLockedFail, 0, false)
			<-first.ended
			require.NoError(t, first.err)
			write(1)
			g := newGate(0, false)
			g.head = in(c.head)
			late := d.launch(g, "run", IfLockedFail)
			require.True(t, late.pause(), "it sent no %s: %v", c.head, late.err)
			d.expire(late)
			write(2)
			second := d.start("run", IfLockedFail, 0, false)
			<-second.ended
			require.NoError(t, second.err)
			late.resume(false)
			<-late.ended
			require.ErrorIs(t, late.err, journal.ErrDead)
			require.Equal(t, in(c.want), d.text(in(c.reads)))
		})
	}
}
