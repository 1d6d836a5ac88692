package clustertest

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

// days is SQL of four rows a day for eight days from 1 March.
func days(v string) string {
	return "SELECT toUInt64(number) AS id, toDateTime('2026-03-01 00:00:00') + number * 21600 AS at, '" + v + "' AS v FROM (SELECT number FROM system.numbers LIMIT 32)"
}

func (s *shop) daily(strategy string) *manifest.Node {
	config := []any{"materialized", "incremental", "incremental_strategy", strategy, "event_time", "at", "partition_by", "toYYYYMM(at)"}
	switch strategy {
	case "insert_overwrite":
		config = append(config, "order_by", "id", "partition_by", "toDate(at)")
	case "replace":
		config = append(config, "unique_key", "id", "version_column", "at")
	default:
		config = append(config, "order_by", "id", "unique_key", "id")
	}
	if s.bed.Shards > 1 {
		config = append(config, "sharding_key", "id")
	}
	return s.model("entries", config...)
}

// fill carries out a backfill's pieces; the run ends after the k-th step of the
// first one, unless k is 0.
func (s *shop) fill(n *manifest.Node, sql string, from, to time.Time, k func(materialize.Step) bool) {
	s.t.Helper()
	i := s.begin()
	b, err := materialize.NewBackfill(materialize.Input{
		Node: n, State: i.state, Server: i.adapter.Server(), Topology: i.topology, Invocation: i.id,
	}, materialize.BackfillAsked{From: from, To: to, Size: "day"})
	require.NoError(s.t, err)
	require.Len(s.t, b.Pieces, 3)
	for at := range b.Pieces {
		time.Sleep(2 * time.Millisecond) // invocations of a millisecond ago are alive
		i := s.begin()
		plan := i.planWithin(n, sql, &b.Pieces[at])
		ended := make(chan error)
		go func() {
			var err error
			defer func() { ended <- err }()
			_, err = materialize.Apply(s.t.Context(), i.cluster, plan, func(e materialize.Event) {
				if f, ok := e.(materialize.StepFinished); ok && k != nil && k(f.Step) && f.Err == nil {
					runtime.Goexit()
				}
			})
		}()
		require.NoError(s.t, <-ended, b.Pieces[at].Label())
		if k != nil {
			return
		}
	}
}

// backfillEverywhere fills three of eight days again, the first time broken off:
// the others keep what they have, on every node.
func backfillEverywhere(t *testing.T, s *shop) {
	from, to := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
	all := []string{"delete+insert", "insert_overwrite", "merge", "replace"}
	if os.Getenv(everyStep) == "" {
		all = []string{"merge"} // each takes some seconds
	}
	if os.Getenv(everyStep) == "" && s.perHost {
		all = []string{"replace"}
	}
	for _, strategy := range all {
		n := s.daily(strategy)
		require.NoError(t, s.add(n, days("old")), strategy)
		s.fill(n, days("lost"), from, to, func(step materialize.Step) bool { return step.Kind == materialize.KindInsert })
		s.fill(n, days("mid"), from, to, func(step materialize.Step) bool { return step.Commit })
		s.fill(n, days("new"), from, to, nil)
		for node, rows := range s.everywhere("SELECT toString(toDate(at)) AS day, v, count() FROM " + s.database + ".entries GROUP BY day, v ORDER BY day") {
			want := ""
			for day := 1; day <= 8; day++ {
				v := "old"
				if day >= 2 && day < 5 {
					v = "new"
				}
				want += fmt.Sprintf("[2026-03-%02d %s 4] ", day, v)
			}
			got := ""
			for _, row := range rows {
				got += fmt.Sprint(row) + " "
			}
			require.Equal(t, want, got, "%s, node %d", strategy, node+1)
		}
		// What was broken off is gone.
		require.NoError(t, s.add(n, days("none")+" WHERE 0"), strategy)
		for node := range s.bed.Nodes {
			for _, name := range s.tables(node + 1) {
				_, _, staging := materialize.ParseStaging(name)
				require.False(t, staging, "%s, node %d: %s", strategy, node+1, name)
			}
		}
		s.drop()
	}
}

// TestBackfill takes some seconds for each layout and strategy: 2x2 and all
// strategies are asked for by everyStep.
func TestBackfill(t *testing.T) {
	t.Run("1x3", func(t *testing.T) { backfillEverywhere(t, newShop(t, "1x3")) })
	t.Run("current", func(t *testing.T) { backfillEverywhere(t, newEmbeddedShop(t)) })
	if os.Getenv(everyStep) != "" {
		t.Run("2x2", func(t *testing.T) { backfillEverywhere(t, newShop(t, "2x2")) })
	}
}
