package seed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

const (
	// partSize is how much of a file makes one part.
	partSize = 512 << 10
	// spareParts is how many buffers are kept for parts to come.
	spareParts = 8
)

// Rows are a file's rows, as values that the driver takes. They come in parts,
// so that several can be read at a time.
type Rows struct {
	file  *File
	disk  io.ReadCloser
	cut   *cutter // nil before the header was read
	line  int     // where the next part begins, from 1
	size  int
	spare chan []byte
	err   error // the last thing there was
}

// Open reads the file from its beginning again.
func (f *File) Open() (*Rows, error) {
	disk, err := os.Open(f.options.Abs)
	if err != nil {
		return nil, fmt.Errorf("read seed %s: %w", f.options.Path, err)
	}
	return f.rows(disk, partSize), nil
}

func (f *File) rows(disk io.ReadCloser, size int) *Rows {
	return &Rows{file: f, disk: disk, size: size, spare: make(chan []byte, spareParts)}
}

// Part is the next of the parts, and io.EOF after the last: a function that
// gives its rows, and io.EOF after them. Values of a row are valid until the
// next one of its part is asked for. Each part may be read by another
// goroutine, and while Part is called. Mistakes in the file are diagnostics.
func (r *Rows) Part() (func() ([]any, error), error) {
	if r.err != nil {
		return nil, r.err
	}
	if r.cut == nil {
		if r.err = r.header(); r.err != nil {
			return nil, r.err
		}
	}
	var buffer []byte
	select {
	case buffer = <-r.spare:
	default:
		buffer = make([]byte, r.size)
	}
	b, err := r.cut.next(buffer)
	switch {
	case errors.Is(err, errUncut):
		r.err = io.EOF
		rest := newScanner(r.cut.rest, r.file.options.Delimiter[0])
		rest.started, rest.line = true, r.line
		return r.file.part(rest, nil), nil
	case errors.Is(err, io.EOF):
		r.err = io.EOF
		return nil, r.err
	case err != nil:
		r.err = fmt.Errorf("read seed %s: %w", r.file.options.Path, err)
		return nil, r.err
	}
	scan := &scanner{delimiter: r.file.options.Delimiter[0], buf: b, ended: true, started: true, line: r.line}
	r.line += bytes.Count(b, []byte{'\n'})
	return r.file.part(scan, func() {
		select {
		case r.spare <- buffer:
		default:
		}
	}), nil
}

// header skips the first line, and cuts what follows it.
func (r *Rows) header() error {
	scan := newScanner(r.disk, r.file.options.Delimiter[0])
	p := r.file.problems()
	if _, err := header(scan, p); err != nil || p.list.HasErrors() {
		return p.err(scan, err)
	}
	r.line = scan.line + scan.lines
	r.cut = &cutter{r: io.MultiReader(bytes.NewReader(scan.buf[scan.pos:]), r.disk)}
	return nil
}

// part gives the rows of a scanner. done is called after the last.
func (f *File) part(scan *scanner, done func()) func() ([]any, error) {
	s := f.slot()
	var end error
	return func() ([]any, error) {
		if end != nil {
			return nil, end
		}
		if end = f.read(scan, s); end != nil {
			if done != nil {
				done()
			}
			return nil, end
		}
		return s.row, nil
	}
}

// slot is a place for a row. Its converters write into places of their own,
// which they return pointers to: so a value costs no memory of its own.
type slot struct {
	row     []any
	convert []converter
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

// read reads one row into its place.
func (f *File) read(scan *scanner, to slot) error {
	for {
		if err := scan.next(); err != nil {
			if errors.Is(err, io.EOF) {
				return io.EOF
			}
			return f.problems().err(scan, err)
		}
		if !scan.blank() {
			break
		}
	}
	if len(scan.fields) != len(f.Columns) {
		p := f.problems()
		p.ragged(scan, len(f.Columns))
		return p.list.Err()
	}
	for i := range to.row {
		c := &f.Columns[i]
		if scan.null(i) {
			to.row[i] = nil
			if c.Text && !c.Nullable {
				to.row[i] = ""
			}
			continue
		}
		v, err := to.convert[i](scan.text(i))
		if err != nil {
			return f.problems().badCell(scan, i, c.Name, c.Type, err)
		}
		to.row[i] = v
	}
	return nil
}

func (f *File) problems() *problems {
	return &problems{path: f.options.Path, abs: f.options.Abs}
}

// Close ends the reading. Parts must not be read any more.
func (r *Rows) Close() error {
	r.err = errors.Join(r.err, os.ErrClosed)
	return r.disk.Close()
}
