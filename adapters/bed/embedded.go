package bed

import (
	"context"
	"crypto/rand"
	"encoding/xml"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/bed/folder"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/adapters/embedded"
)

// EmbeddedOptions say what cluster of embedded engines is started.
type EmbeddedOptions struct {
	Engine embedded.Engine // from embedded.Find
	// Nodes is how many there are, each a shard of its own.
	Nodes int
	// Dir holds everything. Empty means a temporary one.
	Dir string
	// Command runs the engines' children, as in embedded.Options.
	Command []string
}

// Embedded is a cluster of embedded engines, each a shard: a current
// ClickHouse with Distributed tables and cluster(), but without Keeper, and so
// without ON CLUSTER and replicated tables. Its exported fields do not change.
type Embedded struct {
	Name           string // of the cluster, in system.clusters
	Nodes          []Node
	User, Password string // the same on every node

	options EmbeddedOptions
	secret  string
	folder  *folder.Folder     // nil for one of the caller's
	servers []*embedded.Server // nil where one was ended
}

// grace is short: tests leave connections open and lose nothing.
const grace = 100 * time.Millisecond

// StartEmbedded starts embedded engines that know each other as one cluster and
// returns once each has reached all. The end of ctx ends the start, not the
// cluster.
func StartEmbedded(ctx context.Context, o EmbeddedOptions) (*Embedded, error) {
	if o.Nodes < 1 {
		return nil, fmt.Errorf("a cluster of %d embedded engines", o.Nodes)
	}
	var own *folder.Folder
	if o.Dir == "" {
		var err error
		if own, err = folder.New("", prefix); err != nil {
			return nil, err
		}
		o.Dir = own.Path
	}
	// Ports that were free a moment ago may be taken by now.
	const tries = 3
	for try := 1; ; try++ {
		c, err := startEmbedded(ctx, o)
		if err == nil {
			c.folder = own
			return c, nil
		}
		if try == tries || ctx.Err() != nil {
			err = fmt.Errorf("start a cluster of embedded engines: %w", err)
			if own != nil {
				err = errors.Join(err, own.Remove())
			}
			return nil, err
		}
	}
}

func startEmbedded(ctx context.Context, o EmbeddedOptions) (*Embedded, error) {
	base, err := freePorts(o.Nodes)
	if err != nil {
		return nil, err
	}
	c := &Embedded{
		Name: Name, User: "deployer", Password: rand.Text(),
		options: o, secret: rand.Text(), servers: make([]*embedded.Server, o.Nodes),
	}
	for n := range o.Nodes {
		c.Nodes = append(c.Nodes, Node{
			Shard: n + 1, Replica: 1, Addr: address(base + n),
			DataDir: filepath.Join(o.Dir, fmt.Sprintf("engine%d", n+1)),
		})
	}
	for n := range o.Nodes {
		if err := c.StartNode(ctx, n+1); err != nil {
			return nil, errors.Join(err, c.Stop(ctx))
		}
	}
	for n := range o.Nodes {
		if err := c.reachesAll(ctx, n+1); err != nil {
			return nil, errors.Join(err, c.Stop(ctx))
		}
	}
	return c, nil
}

// StartNode starts node n, which counts from 1, unless it runs.
func (c *Embedded) StartNode(ctx context.Context, n int) error {
	if err := c.check(n); err != nil || c.servers[n-1] != nil {
		return err
	}
	node := c.Nodes[n-1]
	server, err := embedded.Start(ctx, embedded.Options{
		Dir: node.DataDir, Engine: c.options.Engine, Port: node.Port(), Grace: grace, Command: c.options.Command,
		Config: map[string]string{"50-cluster.xml": c.overlay(node)},
	})
	if err != nil {
		return fmt.Errorf("node %d: %w", n, err)
	}
	c.servers[n-1] = server
	return nil
}

// Kill ends node n at once, as a crash does.
func (c *Embedded) Kill(n int) error {
	if err := c.check(n); err != nil || c.servers[n-1] == nil {
		return err
	}
	server := c.servers[n-1]
	if err := syscall.Kill(server.PID, syscall.SIGKILL); err != nil {
		return fmt.Errorf("kill node %d: %w", n, err)
	}
	<-server.Done()
	c.servers[n-1] = nil
	return nil
}

// StopNode ends node n in good order.
func (c *Embedded) StopNode(ctx context.Context, n int) error {
	if err := c.check(n); err != nil || c.servers[n-1] == nil {
		return err
	}
	err := c.servers[n-1].Stop(ctx)
	c.servers[n-1] = nil
	return err
}

// Stop ends all nodes, and removes their data if it was in a temporary folder.
// It may be called again.
func (c *Embedded) Stop(ctx context.Context) error {
	var errs []error
	for n := range c.servers {
		errs = append(errs, c.StopNode(ctx, n+1))
	}
	if c.folder != nil {
		errs = append(errs, c.folder.Remove())
	}
	return errors.Join(errs...)
}

// Config is the configuration that reaches node n.
func (c *Embedded) Config(n int) clickhouse.Config {
	node := c.Nodes[n-1]
	return clickhouse.Config{Host: node.Host(), Port: node.Port(), User: c.User, Password: c.Password, Embedded: true}
}

func (c *Embedded) check(n int) error {
	if n < 1 || n > len(c.Nodes) {
		return fmt.Errorf("there is no node %d: they are 1 to %d", n, len(c.Nodes))
	}
	return nil
}

func (c *Embedded) reachesAll(ctx context.Context, n int) error {
	a, err := clickhouse.Open(ctx, c.Config(n))
	if err != nil {
		return err
	}
	defer a.Close()
	s, err := a.Session(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	sql := "SELECT 1 FROM cluster(" + adapters.Literal(c.Name) + ", system.one)"
	table, _, err := s.Query(ctx, adapters.Statement{SQL: sql})
	if err != nil {
		return err
	}
	if len(table.Rows) != len(c.Nodes) {
		return fmt.Errorf("node %d reaches %d nodes of %d", n, len(table.Rows), len(c.Nodes))
	}
	return nil
}

// overlay makes an engine one of the cluster. Its own user has a password that
// changes with each start; with a secret that is shared, the nodes need none
// among themselves.
func (c *Embedded) overlay(node Node) string {
	var shards strings.Builder
	for _, n := range c.Nodes {
		shards.WriteString("<shard><internal_replication>true</internal_replication>" + replicaXML(n.Port()) + "</shard>")
	}
	return fmt.Sprintf(embeddedOverlay, c.Name, c.secret, shards.String(), c.Name, c.Name, node.Shard, node.Replica,
		c.User, escaped(c.Password), c.User)
}

func escaped(text string) string {
	var out strings.Builder
	// A strings.Builder does not fail.
	_ = xml.EscapeText(&out, []byte(text))
	return out.String()
}

const embeddedOverlay = `<clickhouse>
  <remote_servers><%s><secret>%s</secret>%s</%s></remote_servers>
  <macros><cluster>%s</cluster><shard>%02d</shard><replica>r%d</replica></macros>
  <users><%s>
    <password>%s</password>
    <networks><ip>127.0.0.1</ip></networks>
    <profile>default</profile>
    <quota>default</quota>
    <access_management>1</access_management>
    <named_collection_control>1</named_collection_control>
  </%s></users>
</clickhouse>
`
