package seed

import (
	"errors"
	"fmt"
	"io"
	"os"
)

const (
	// aheadBatches is how many batches of rows are on their way at a time, and
	// aheadCells how many cells are about in one.
	aheadBatches = 4
	aheadCells   = 2048
)

// Rows are the rows of a file, read one by one. They are read ahead, by a
// goroutine that ends with Close, so that whoever sends them does not wait for
// them. They are not safe for concurrent use.
type Rows struct {
	file *File
	disk io.Closer
	scan *scanner

	full, free chan *batch
	stop       chan struct{}
	batch      *batch
	at         int
	err        error // the last thing there was
}

// batch are some rows that were read ahead.
type batch struct {
	rows []slot
	n    int
	err  error // what came after them, or nil
}

// slot is a row with memory of its own.
type slot struct {
	row     []any
	convert []converter
}

// Open starts reading the file from its first row. The rows must be closed.
func (f *File) Open() (*Rows, error) {
	disk, err := os.Open(f.options.Abs)
	if err != nil {
		return nil, fmt.Errorf("read seed %s: %w", f.options.Path, err)
	}
	return f.rows(disk), nil
}

func (f *File) rows(disk io.ReadCloser) *Rows {
	return &Rows{file: f, disk: disk, scan: newScanner(disk, f.options.Delimiter[0])}
}

// Next returns the values of the next row, and io.EOF after the last one. The
// row and what it points to are overwritten by a later call. A value is nil
// for NULL, and for an empty cell whose column is not nullable.
func (r *Rows) Next() ([]any, error) {
	if r.err != nil {
		return nil, r.err
	}
	if r.full == nil {
		r.start()
	}
	for r.batch == nil || r.at == r.batch.n {
		if r.batch != nil {
			if r.batch.err != nil {
				r.err = r.batch.err
				return nil, r.err
			}
			r.free <- r.batch
		}
		r.batch, r.at = <-r.full, 0
	}
	r.at++
	return r.batch.rows[r.at-1].row, nil
}

// start lets the reading begin.
func (r *Rows) start() {
	r.full, r.free, r.stop = make(chan *batch, aheadBatches), make(chan *batch, aheadBatches), make(chan struct{})
	for range aheadBatches {
		r.free <- &batch{}
	}
	go func() {
		defer close(r.full)
		if err := r.header(); err != nil {
			r.full <- &batch{err: err}
			return
		}
		for {
			select {
			case <-r.stop:
				return
			case b := <-r.free:
				r.fill(b)
				r.full <- b // there is a place for each
				if b.err != nil {
					return
				}
			}
		}
	}()
}

func (r *Rows) header() error {
	p := r.problems()
	if _, err := header(r.scan, p); err != nil || p.list.HasErrors() {
		return p.err(r.scan, err)
	}
	return nil
}

// fill reads as many rows as there is room for in a batch.
func (r *Rows) fill(b *batch) {
	if b.rows == nil {
		b.rows = make([]slot, min(max(aheadCells/len(r.file.Columns), 1), 128))
	}
	b.n = 0
	for b.n < len(b.rows) && b.err == nil {
		if b.err = r.read(&b.rows[b.n]); b.err == nil {
			b.n++
		}
	}
}

// read reads the next row.
func (r *Rows) read(to *slot) error {
	for {
		if err := r.scan.next(); err != nil {
			if errors.Is(err, io.EOF) {
				return io.EOF
			}
			return r.problems().err(r.scan, err)
		}
		if !r.scan.blank() {
			break
		}
	}
	if len(r.scan.fields) != len(r.file.Columns) {
		p := r.problems()
		p.ragged(r.scan, len(r.file.Columns))
		return p.list.Err()
	}
	if to.row == nil {
		*to = r.file.slot()
	}
	for i := range to.row {
		c := &r.file.Columns[i]
		if r.scan.null(i) {
			to.row[i] = nil
			if c.Text && !c.Nullable {
				to.row[i] = ""
			}
			continue
		}
		v, err := to.convert[i](r.scan.text(i))
		if err != nil {
			return r.problems().badCell(r.scan, i, c.Name, c.Type, err)
		}
		to.row[i] = v
	}
	return nil
}

func (r *Rows) problems() *problems {
	return &problems{path: r.file.options.Path, abs: r.file.options.Abs}
}

func (f *File) slot() slot {
	s := slot{row: make([]any, len(f.Columns)), convert: make([]converter, len(f.Columns))}
	for i, c := range f.Columns {
		s.convert[i], _ = converterOf(c.Type, f.options.Location)
		if c.Text {
			s.convert[i] = text(longestRecord)
		}
	}
	return s
}

// Close ends the reading and gives the file back.
func (r *Rows) Close() error {
	if r.full != nil {
		close(r.stop)
		for range r.full { // until the reading has ended
		}
	}
	r.err = errors.Join(r.err, os.ErrClosed)
	return r.disk.Close()
}
