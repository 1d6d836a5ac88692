package invocation

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/materialize/journal"
)

// What is held is told with who holds it, and for how long a backfill does.
func TestLockedText(t *testing.T) {
	run := journal.Life{ID: "a1", Command: "run", Host: "etl1", PID: 7}
	backfill := journal.Life{ID: "b2", Command: "backfill", Host: "etl2", PID: 8}
	require.Equal(t, "shop.a is being built by chmod run of etl1 (process 7, run a1), "+
		"shop.b is being built by chmod backfill of etl2 (process 8, run b2), until its last piece is in place or it is stopped",
		lockedText([]journal.Held{{Relation: "shop.a", By: run}, {Relation: "shop.b", By: backfill}}))
	require.Contains(t, lockedText([]journal.Held{{By: run}, {By: run}, {By: run}, {By: run}, {By: run}}), "and 2 more")
}
