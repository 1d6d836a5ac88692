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

// OpenSmallDisk starts a cluster for one test, of which node n has a small disk
// of its own. Where nobody may mount one, the test is skipped.
func OpenSmallDisk(t testing.TB, layout string, n int) *Bed {
	t.Helper()
	l, err := bed.ParseLayout(layout)
	require.NoError(t, err)
	if os.Getenv(hostsVariable) != "" {
		t.Skipf("the disks of the cluster that %s names are not ours to fill", hostsVariable)
	}
	need(t)
	try := exec.CommandContext(t.Context(), "unshare", "--mount", "sh", "-c", "mount -t tmpfs none "+t.TempDir())
	if out, err := try.CombinedOutput(); err != nil {
		t.Skipf("no disk can be mounted for a node alone, which takes root on Linux: %v: %s", err, out)
	}
	c, err := bed.Start(t.Context(), bed.Options{Layout: l, SmallDisk: n})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Wipe()) })
	disk, err := c.Disk(n)
	require.NoError(t, err)
	nodes := slices.Clone(c.Nodes)
	nodes[n-1].DataDir = disk
	b := &Bed{Layout: l, Name: c.Name, Nodes: nodes, User: c.User, Password: c.Password, machines: c}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), healing)
		defer cancel()
		require.NoError(t, c.FreeDisk(n))
		require.NoError(t, c.Heal(ctx))
	})
	return b
}
