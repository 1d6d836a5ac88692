package bedtest

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed"
)

// OpenOwn starts a cluster for one test alone, which may run beside others.
func OpenOwn(t testing.TB, layout string) *Bed {
	t.Helper()
	return openOwn(t, layout, 0)
}

// OpenSmallDisk is OpenOwn with a small disk for the data of node n. Where
// nobody may mount one, the test is skipped.
func OpenSmallDisk(t testing.TB, layout string, n int) *Bed {
	t.Helper()
	try := exec.CommandContext(t.Context(), "unshare", "--mount", "sh", "-c", "mount -t tmpfs none "+t.TempDir())
	if out, err := try.CombinedOutput(); err != nil {
		t.Skipf("no disk can be mounted for a node alone, which takes root on Linux: %v: %s", err, out)
	}
	b := openOwn(t, layout, n)
	disk, err := b.machines.Disk(n)
	require.NoError(t, err)
	b.Nodes = slices.Clone(b.Nodes)
	b.Nodes[n-1].DataDir = disk
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), healing)
		defer cancel()
		require.NoError(t, b.machines.FreeDisk(n))
		require.NoError(t, b.machines.Heal(ctx))
	})
	return b
}

func openOwn(t testing.TB, layout string, smallDisk int) *Bed {
	t.Helper()
	l, err := bed.ParseLayout(layout)
	require.NoError(t, err)
	if os.Getenv(hostsVariable) != "" {
		t.Skipf("%s names a cluster, and this test needs one of its own", hostsVariable)
	}
	need(t)
	c, err := bed.Start(t.Context(), bed.Options{Layout: l, SmallDisk: smallDisk})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Wipe()) })
	return &Bed{Layout: l, Name: c.Name, Nodes: c.Nodes, User: c.User, Password: c.Password, machines: c}
}
