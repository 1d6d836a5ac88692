package bed

import (
	"fmt"
	"strconv"
	"strings"
)

// Layout is how many shards a cluster has, of how many replicas each.
type Layout struct {
	Shards, Replicas int
}

// ParseLayout reads "2x3": two shards of three replicas.
func ParseLayout(text string) (Layout, error) {
	shards, replicas, _ := strings.Cut(text, "x")
	s, err := strconv.Atoi(shards)
	r, err2 := strconv.Atoi(replicas)
	l := Layout{Shards: s, Replicas: r}
	if err != nil || err2 != nil || l.check() != nil {
		return Layout{}, fmt.Errorf("layout %q is not SHARDSxREPLICAS, as in 1x3 or 2x2, each from 1 to 9", text)
	}
	return l, nil
}

// String is what ParseLayout reads.
func (l Layout) String() string { return fmt.Sprintf("%dx%d", l.Shards, l.Replicas) }

func (l Layout) check() error {
	if l.Shards < 1 || l.Shards > 9 || l.Replicas < 1 || l.Replicas > 9 {
		return fmt.Errorf("a cluster of %s: shards and replicas are from 1 to 9", l)
	}
	return nil
}

func (l Layout) nodes() int { return l.Shards * l.Replicas }

// Ports of a cluster, counted from its base.
const (
	keeperPort = 0
	deadPort   = 1 // nobody listens on it
	// Each node then has a block of its own.
	firstNode    = 2
	nativePort   = 0
	httpPort     = 1
	interserver  = 2
	gatePort     = 3
	portsPerNode = 4
)

func (l Layout) ports() int { return firstNode + portsPerNode*l.nodes() }

// nodePort is a port of node n, which counts from 1.
func nodePort(base, n, which int) int { return base + firstNode + portsPerNode*(n-1) + which }
