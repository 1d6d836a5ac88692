// Command run starts and ends a cluster for make and for whoever wants to look
// at one:
//
//	go run ./adapters/bed/run up 1x3 --dir .bed
//
// The cluster outlives the command. It refuses to be reached from elsewhere
// than this machine.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/adapters/bed"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := command().ExecuteContext(ctx)
	stop()
	if err != nil {
		os.Exit(1)
	}
}

func command() *cobra.Command {
	root := &cobra.Command{Use: "bed", Short: "A ClickHouse cluster on this machine", SilenceUsage: true}
	root.SetOut(os.Stdout) // which Printf writes to only when told
	dir := root.PersistentFlags().String("dir", ".bed", "the folder of the cluster")
	port := 0
	up := &cobra.Command{
		Use: "up SHARDSxREPLICAS", Short: "Start a cluster", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			start := time.Now()
			layout, err := bed.ParseLayout(args[0])
			if err != nil {
				return err
			}
			cluster, err := bed.Start(c.Context(), bed.Options{Layout: layout, Dir: *dir, BasePort: port, Detach: true})
			if err != nil {
				return err
			}
			c.Printf("up in %s\n", time.Since(start).Round(time.Millisecond))
			return describe(c, cluster)
		},
	}
	up.Flags().IntVar(&port, "port", 0, "the first of the ports, which follow one another (default: free ones)")
	root.AddCommand(up)
	for _, v := range verbs() {
		root.AddCommand(v.command(dir))
	}
	return root
}

// verb is a command on a cluster that was started before.
type verb struct {
	use, short string
	run        func(c *cobra.Command, cluster *bed.Cluster, args []string) error
}

func (v verb) command(dir *string) *cobra.Command {
	return &cobra.Command{
		Use: v.use, Short: v.short, Args: cobra.ExactArgs(len(strings.Fields(v.use)) - 1),
		RunE: func(c *cobra.Command, args []string) error {
			cluster, err := bed.Open(*dir)
			if err != nil {
				return err
			}
			return v.run(c, cluster, args)
		},
	}
}

func verbs() []verb {
	return []verb{
		{"status", "Show the processes and how to connect", func(c *cobra.Command, b *bed.Cluster, _ []string) error {
			return describe(c, b)
		}},
		{"env", "Print the variables that make tests use this cluster", func(c *cobra.Command, b *bed.Cluster, _ []string) error {
			addresses := make([]string, len(b.Nodes))
			for i, n := range b.Nodes {
				addresses[i] = n.Addr
			}
			c.Printf("export CHMOD_TEST_CLUSTER=%s\nexport CHMOD_TEST_CLUSTER_HOSTS=%s\n", b.Name, strings.Join(addresses, ","))
			c.Printf("export CHMOD_TEST_CLUSTER_USER=%s\nexport CHMOD_TEST_CLUSTER_PASSWORD=%q\n", b.User, b.Password)
			return nil
		}},
		{"down", "End it and keep the data", func(c *cobra.Command, b *bed.Cluster, _ []string) error {
			return b.Stop(c.Context())
		}},
		{"wipe", "End it and remove the data", func(_ *cobra.Command, b *bed.Cluster, _ []string) error {
			if err := b.Wipe(); err != nil {
				return err
			}
			if left, err := filepath.Glob(filepath.Join(b.Dir, "*")); err != nil || len(left) > 0 {
				return err
			}
			return os.Remove(b.Dir)
		}},
		{"kill NODE|keeper", "End one process as a crash does", either(
			func(_ context.Context, b *bed.Cluster) error { return b.KillKeeper() },
			func(_ context.Context, b *bed.Cluster, n int) error { return b.Kill(n) })},
		{"start NODE|keeper", "Start one process again", either(
			func(ctx context.Context, b *bed.Cluster) error { return b.StartKeeper(ctx) },
			func(ctx context.Context, b *bed.Cluster, n int) error { return b.StartNode(ctx, n) })},
		{"stop NODE", "End a node in good order", node(
			func(ctx context.Context, b *bed.Cluster, n int) error { return b.StopNode(ctx, n) })},
		{"freeze NODE", "Make a node hang", node(
			func(_ context.Context, b *bed.Cluster, n int) error { return b.Freeze(n) })},
		{"thaw NODE", "Let a frozen node go on", node(
			func(_ context.Context, b *bed.Cluster, n int) error { return b.Thaw(n) })},
		{"pause NODE", "Make a node's replicas stale", node(
			func(ctx context.Context, b *bed.Cluster, n int) error { return b.PauseFetches(ctx, n) })},
		{"resume NODE", "Let a node's replicas catch up", node(
			func(ctx context.Context, b *bed.Cluster, n int) error { return b.ResumeFetches(ctx, n) })},
	}
}

func node(run func(context.Context, *bed.Cluster, int) error) func(*cobra.Command, *bed.Cluster, []string) error {
	return func(c *cobra.Command, b *bed.Cluster, args []string) error {
		var n int
		if _, err := fmt.Sscanf(args[0], "%d", &n); err != nil {
			return fmt.Errorf("%q is not the number of a node", args[0])
		}
		return run(c.Context(), b, n)
	}
}

func either(keeper func(context.Context, *bed.Cluster) error, numbered func(context.Context, *bed.Cluster, int) error) func(*cobra.Command, *bed.Cluster, []string) error {
	return func(c *cobra.Command, b *bed.Cluster, args []string) error {
		if args[0] == "keeper" {
			return keeper(c.Context(), b)
		}
		return node(numbered)(c, b, args)
	}
}

func describe(c *cobra.Command, b *bed.Cluster) error {
	state := map[bool]string{true: "runs", false: "is down"}
	c.Printf("%s: %s in %s, user %s, password %q\n", b.Name, b.Layout, b.Dir, b.User, b.Password)
	c.Printf("keeper  %-8s %s\n", state[b.KeeperRunning()], b.Keeper)
	down := 0
	for i, n := range b.Nodes {
		running := b.Running(i + 1)
		if !running {
			down++
		}
		c.Printf("node %d  %-8s native %s  http %s  shard %d replica %d\n", i+1, state[running], n.Addr, n.HTTPAddr, n.Shard, n.Replica)
	}
	if down > 0 || !b.KeeperRunning() {
		return errors.New("not everything runs")
	}
	return nil
}
