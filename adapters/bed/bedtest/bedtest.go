// Package bedtest gives tests a real ClickHouse cluster.
//
// A test package's TestMain exits with what Run returns; its tests call Open
// for the cluster of a layout that the whole package shares, and
// Bed.Database for a database of their own on all its nodes. The cluster is
// one that package bed starts, or, where the environment names one, any other.
// The package refuses to skip in silence: without the programs of a cluster a
// test fails and says how to get them, unless CHMOD_SKIP_OLD_SERVER says why
// there are none.
package bedtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
)

// skipVariable holds the reason why a machine has no old server.
const skipVariable = "CHMOD_SKIP_OLD_SERVER"

// healing bounds what brings a cluster back after a test.
const healing = 3 * time.Minute

// Bed is a cluster to test on.
type Bed struct {
	bed.Layout
	// Name is the cluster's for ON CLUSTER.
	Name string
	// Nodes are by shard, then replica. Of a cluster that was not started here
	// only their addresses are known.
	Nodes          []bed.Node
	User, Password string

	machines *bed.Cluster // nil for one that was not started here
}

// shared are the clusters of a test binary, by layout. It is a variable of the
// package because TestMain and tests have nothing else in common.
var shared struct {
	mutex sync.Mutex
	beds  map[bed.Layout]*Bed
	errs  map[bed.Layout]error
}

// Run is what TestMain exits with the result of: it runs the tests and ends the
// shared clusters and the shared embedded engine.
func Run(m *testing.M) int {
	code := enginetest.Run(m)
	if err := stop(); err != nil {
		fmt.Fprintln(os.Stderr, "the shared clusters:", err)
		return max(code, 1)
	}
	return code
}

func stop() error {
	shared.mutex.Lock()
	defer shared.mutex.Unlock()
	var errs []error
	for _, b := range shared.beds {
		if b.machines != nil {
			errs = append(errs, b.machines.Wipe())
		}
	}
	shared.beds = nil
	return errors.Join(errs...)
}

// Open returns the shared cluster of a layout, "1x3" or "2x2". It is started by
// the first call.
func Open(t testing.TB, layout string) *Bed {
	t.Helper()
	l, err := bed.ParseLayout(layout)
	require.NoError(t, err)
	shared.mutex.Lock()
	defer shared.mutex.Unlock()
	if b := shared.beds[l]; b != nil {
		return b
	}
	if err := shared.errs[l]; err != nil {
		t.Fatal(err)
	}
	b, err := find(t, l)
	if shared.beds == nil {
		shared.beds, shared.errs = map[bed.Layout]*Bed{}, map[bed.Layout]error{}
	}
	shared.beds[l], shared.errs[l] = b, err
	require.NoError(t, err)
	return b
}

func find(t testing.TB, l bed.Layout) (*Bed, error) {
	t.Helper()
	if hosts := os.Getenv(hostsVariable); hosts != "" {
		return foreign(t, l, hosts), nil
	}
	need(t)
	// A test's context would end the start with the first test.
	c, err := bed.Start(context.Background(), bed.Options{Layout: l})
	if err != nil {
		return nil, err
	}
	return &Bed{Layout: l, Name: c.Name, Nodes: c.Nodes, User: c.User, Password: c.Password, machines: c}, nil
}

// need skips a test, loudly, where no cluster can be started.
func need(t testing.TB) {
	t.Helper()
	err := bed.Installed()
	if err == nil {
		return
	}
	if reason := os.Getenv(skipVariable); reason != "" {
		t.Skipf("%v; skipped because %s says: %s", err, skipVariable, reason)
	}
	t.Fatalf("%v; or say in %s why there is none", err, skipVariable)
}

// Machines are the cluster's processes, for tests that break them; what they
// did is undone after the test. Tests of one cluster that do so must not run in
// parallel. A test is skipped on a cluster that was not started here.
func (b *Bed) Machines(t testing.TB) *bed.Cluster {
	t.Helper()
	if b.machines == nil {
		t.Skipf("the processes of the cluster that %s names are not ours to break", hostsVariable)
	}
	t.Cleanup(func() { b.heal(t) })
	return b.machines
}

func (b *Bed) heal(t testing.TB) {
	if b.machines == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), healing)
	defer cancel()
	if err := b.machines.Heal(ctx); err != nil {
		t.Errorf("heal the cluster after the test: %v", err)
	}
}

// Config is the configuration that reaches node n, which counts from 1.
func (b *Bed) Config(n int) clickhouse.Config {
	return configOf(b.Nodes[n-1].Addr, b.User, b.Password)
}

func configOf(address, user, password string) clickhouse.Config {
	host, text, _ := net.SplitHostPort(address)
	port, _ := strconv.Atoi(text) // checked where addresses come in
	return clickhouse.Config{Host: host, Port: port, User: user, Password: password}
}
