package bedtest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
)

// Embedded starts a cluster of embedded engines for one test, each a shard.
func Embedded(t testing.TB, nodes int) *bed.Embedded {
	t.Helper()
	c, err := bed.StartEmbedded(t.Context(), bed.EmbeddedOptions{
		Engine: enginetest.Engine(t), Nodes: nodes, Dir: t.TempDir(),
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		require.NoError(t, c.Stop(ctx))
	})
	return c
}
