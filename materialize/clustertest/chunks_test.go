package clustertest

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

// ledger keeps chunks in memory.
type ledger struct{ pieces []materialize.Piece }

func (l *ledger) Enter(_ context.Context, pieces []materialize.Piece) error {
	l.pieces = append(l.pieces, pieces...)
	return nil
}

// chunksEverywhere builds a table in chunks, and breaks builds off after some of
// them: the next one has all rows once, whether it can go on or not.
func chunksEverywhere(t *testing.T, s *shop) {
	for name, by := range map[string]*value.Dict{
		"ranges": value.DictOf("column", "id", "size", int64(5)), "hash": value.DictOf("column", "v", "chunks", int64(3)),
	} {
		config := []any{"materialized", "table", "order_by", "id", "chunk_by", by}
		if s.bed.Shards > 1 {
			config = append(config, "sharding_key", "id")
		}
		n := s.model("entries", config...)
		sql := added("old", 0, 20)
		chunks := func() (at []int) {
			i := s.begin()
			result, err := materialize.ApplyWith(t.Context(), i.cluster, i.planChunks(n, sql, nil), materialize.Options{})
			require.NoError(t, err, name)
			for _, step := range result.Plan.Steps {
				if step.Chunk != nil {
					at = append(at, step.Number)
				}
			}
			return at
		}
		steps := chunks()
		require.Greater(t, len(steps), 2)
		s.holds("[[old 20]]")
		if name == "hash" {
			steps = steps[:1]
		}
		for _, k := range steps[:min(len(steps), 2)] {
			sql = added(fmt.Sprint(name, k), 0, 20)
			l, done, i := &ledger{}, make(chan struct{}), s.begin()
			plan := i.planChunks(n, sql, nil)
			go func() {
				defer close(done)
				_, err := materialize.ApplyWith(t.Context(), i.cluster, plan, materialize.Options{Ledger: l, Observe: func(e materialize.Event) {
					// It has been inserted, and nobody has written so.
					if f, ok := e.(materialize.StepFinished); ok && f.Step.Chunk != nil && f.Step.Number == k+1 {
						runtime.Goexit()
					}
				}})
				t.Errorf("chunk %d was not the end: %v", k, err)
			}()
			<-done
			time.Sleep(2 * time.Millisecond)
			i = s.begin()
			next := i.planChunks(n, sql, l.pieces)
			result, err := materialize.ApplyWith(t.Context(), i.cluster, next, materialize.Options{Ledger: l})
			require.NoError(t, err, name)
			s.holds(fmt.Sprintf("[[%s%d 20]]", name, k))
			taken := 0
			for _, step := range result.Plan.Steps {
				taken += len(step.Inherits)
			}
			// Old servers do not tell when rows have been taken out.
			want := k - steps[0] + 1
			if !i.adapter.Server().Version.AtLeast(20, 1) {
				want = 0
			}
			require.Equal(t, want, taken, name)
		}
		s.drop()
	}
}

func TestChunksOnReplicas(t *testing.T) { chunksEverywhere(t, newShop(t, "1x3")) }
func TestChunksOnShards(t *testing.T)   { chunksEverywhere(t, newShop(t, "2x2")) }
func TestChunksOnCurrent(t *testing.T)  { chunksEverywhere(t, newEmbeddedShop(t)) }

// planChunks plans a build with what a ledger has.
func (i *invocation) planChunks(n *manifest.Node, sql string, pieces []materialize.Piece) *materialize.Plan {
	i.t.Helper()
	plan, err := materialize.New(materialize.Input{
		Node: n, SQL: sql, State: i.state, Server: i.adapter.Server(), Topology: i.topology, Invocation: i.id, Pieces: pieces,
	})
	require.NoError(i.t, err)
	return plan
}
