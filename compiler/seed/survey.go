package seed

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"sync"
)

const (
	// largeFile is from which size on a file is surveyed on all processors.
	largeFile = 4 << 20
	// surveyBlock is how much of it is looked at in one go.
	surveyBlock = 1 << 20
)

// survey looks at all cells behind the header, on all processors: as long as
// there is no quote, a line end is the end of a row, and a file can be cut
// there. From the first quote on it is read row by row. It gives up, and is
// not ok, when anything is wrong: whoever reads the file again in order finds
// out what, and where.
func survey(s *scanner, block int, columns func() []*evidence) (found []*evidence, rows uint64, ok bool) {
	workers := runtime.GOMAXPROCS(0)
	blocks, spare := make(chan []byte), make(chan []byte, workers+1)
	for range workers + 1 {
		spare <- make([]byte, block)
	}
	parts := make([]part, workers)
	var group sync.WaitGroup
	for i := range parts {
		parts[i] = part{columns: columns()}
		group.Go(func() {
			for b := range blocks {
				parts[i].see(&scanner{delimiter: s.delimiter, buf: b, ended: true, started: true})
				spare <- b[:cap(b)]
			}
		})
	}
	file := &cutter{r: io.MultiReader(bytes.NewReader(s.buf[s.pos:]), s.r)}
	err := cut(file, spare, blocks)
	close(blocks)
	group.Wait()
	if err != nil {
		return nil, 0, false
	}
	if file.rest != nil {
		last := part{columns: columns()}
		tail := newScanner(file.rest, s.delimiter)
		tail.started = true
		last.see(tail)
		parts = append(parts, last)
	}
	for _, p := range parts {
		if p.wrong {
			return nil, 0, false
		}
		rows += p.rows
	}
	for _, p := range parts[1:] {
		for i, e := range p.columns {
			parts[0].columns[i].join(e)
		}
	}
	return parts[0].columns, rows, true
}

// cut sends a file in blocks of whole rows, up to where it can be cut.
func cut(c *cutter, spare, blocks chan []byte) error {
	for {
		b, err := c.next(<-spare)
		if errors.Is(err, io.EOF) || errors.Is(err, errUncut) {
			return nil
		}
		if err != nil {
			return err
		}
		blocks <- b
	}
}

// part is what some rows have shown.
type part struct {
	columns []*evidence
	rows    uint64
	wrong   bool
}

// see looks at all rows of a scanner.
func (p *part) see(s *scanner) {
	for !p.wrong {
		if err := s.next(); err != nil {
			p.wrong = !errors.Is(err, io.EOF)
			return
		}
		if s.blank() {
			continue
		}
		p.rows++
		if s.isText() != nil {
			p.wrong = true
			return
		}
		if len(s.fields) != len(p.columns) {
			p.wrong = true
			return
		}
		for i, e := range p.columns {
			if e.see(s.text(i), s.null(i)) != nil {
				p.wrong = true
				return
			}
		}
	}
}

// join takes into account what other rows of the same column have shown. What
// was not looked at closely on either side belongs to types that are ruled out.
func (e *evidence) join(o *evidence) {
	e.rows += o.rows
	e.nulls += o.nulls
	e.possible &= o.possible
	e.numbers.join(o.numbers)
	e.times.join(o.times)
	e.days.join(o.days)
	e.fraction = max(e.fraction, o.fraction)
}

func (e *numberEvidence) join(o numberEvidence) {
	e.whole, e.scale = max(e.whole, o.whole), max(e.scale, o.scale)
	e.exponent, e.tooBig = e.exponent || o.exponent, e.tooBig || o.tooBig
	e.exact = e.exact && o.exact
}

func (s *span) join(o span) {
	if !o.first.IsZero() {
		s.add(o.first)
		s.add(o.last)
	}
}
