package view

import (
	"io"
	"sync"
)

// Gathered is a writer that can hold what is written and hand it on in large
// pieces, for those who write tens of thousands of lines at once. It is safe
// for concurrent use, and each piece ends where a write ended.
type Gathered struct {
	out  io.Writer
	most int

	mu      sync.Mutex
	holding bool
	held    []byte
}

// NewGathered makes a writer whose pieces are of most bytes, or little more.
func NewGathered(out io.Writer, most int) *Gathered { return &Gathered{out: out, most: most} }

// Write hands the text on, or holds it.
func (g *Gathered) Write(text []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.holding {
		return g.out.Write(text)
	}
	g.held = append(g.held, text...)
	if len(g.held) < g.most {
		return len(text), nil
	}
	return len(text), g.flush()
}

// Hold holds what is written from now on.
func (g *Gathered) Hold() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.holding = true
}

// Release hands on what was held, and holds nothing more.
func (g *Gathered) Release() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.holding = false
	return g.flush()
}

func (g *Gathered) flush() error {
	if len(g.held) == 0 {
		return nil
	}
	_, err := g.out.Write(g.held)
	g.held = g.held[:0]
	return err
}
