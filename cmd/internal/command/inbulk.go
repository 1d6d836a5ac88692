package command

import (
	"io"

	"github.com/chmod-sql/chmod/cmd/internal/view"
)

// piece is how much output is written at once by those who write much.
const piece = 64 << 10

// gather makes a writer that inBulk holds back.
func (c *call) gather(out io.Writer, most int) io.Writer {
	g := view.NewGathered(out, most)
	c.gathered = append(c.gathered, g)
	return g
}

// inBulk has what the views write meanwhile written in large pieces.
func (c *call) inBulk(write func() error) error {
	for _, g := range c.gathered {
		g.Hold()
	}
	defer func() {
		for _, g := range c.gathered {
			// That output cannot be written is kept by the output itself, and a
			// log has nobody to tell.
			_ = g.Release()
		}
	}()
	return write()
}
