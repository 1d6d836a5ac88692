package bed

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// gate is the way from one node to Keeper. While it is shut, connections end
// as soon as they are made.
type gate struct {
	listener net.Listener
	target   string

	mutex sync.Mutex
	shut  bool
	open  map[net.Conn]bool
}

func newGate(listen, target string) (*gate, error) {
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("listen for a node's connections to Keeper: %w", err)
	}
	g := &gate{listener: l, target: target, open: map[net.Conn]bool{}}
	go g.serve()
	return g, nil
}

// serve ends with the listener.
func (g *gate) serve() {
	for {
		c, err := g.listener.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			continue // that connection's misfortune
		}
		go g.join(c)
	}
}

// join passes bytes on, both ways, until either end or the gate closes.
func (g *gate) join(from net.Conn) {
	defer from.Close()
	to, err := net.Dial("tcp", g.target)
	if err != nil {
		return // as if nobody had answered here
	}
	defer to.Close()
	if !g.enter(from, to) {
		return
	}
	defer g.leave(from, to)
	go func() {
		// An end of one way is that of the other; which error it was says nothing.
		_, _ = io.Copy(to, from)
		_ = to.Close()
	}()
	_, _ = io.Copy(from, to)
}

func (g *gate) enter(conns ...net.Conn) bool {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if g.shut {
		return false
	}
	for _, c := range conns {
		g.open[c] = true
	}
	return true
}

func (g *gate) leave(conns ...net.Conn) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	for _, c := range conns {
		delete(g.open, c)
	}
}

// set shuts the gate, which ends all connections through it, or opens it.
func (g *gate) set(shut bool) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.shut = shut
	if !shut {
		return
	}
	for c := range g.open {
		_ = c.Close() // both ends learn it
	}
}

func (g *gate) isShut() bool {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return g.shut
}

func (g *gate) close() {
	_ = g.listener.Close()
	g.set(true)
}
