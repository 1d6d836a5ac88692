package seed

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// Rows are the rows of a file, read one by one. They are not safe for
// concurrent use.
type Rows struct {
	file    *File
	disk    io.Closer
	scan    *scanner
	convert []converter
	row     []any
	started bool
}

// Open starts reading the file from its first row.
func (f *File) Open() (*Rows, error) {
	disk, err := os.Open(f.options.Abs)
	if err != nil {
		return nil, fmt.Errorf("read seed %s: %w", f.options.Path, err)
	}
	return f.rows(disk), nil
}

func (f *File) rows(disk io.ReadCloser) *Rows {
	r := &Rows{file: f, disk: disk, scan: newScanner(disk, f.options.Delimiter[0]), row: make([]any, len(f.Columns))}
	for _, c := range f.Columns {
		convert, _ := converterOf(c.Type, f.options.Location)
		if c.Text {
			convert = text(longestRecord)
		}
		r.convert = append(r.convert, convert)
	}
	return r
}

// Next returns the values of the next row, and io.EOF after the last one. The
// row and what it points to are overwritten by the next call. A value is nil
// for NULL, and for an empty cell whose column is not nullable.
func (r *Rows) Next() ([]any, error) {
	p := &problems{path: r.file.options.Path, abs: r.file.options.Abs}
	if !r.started {
		r.started = true
		if _, err := header(r.scan, p); err != nil || p.list.HasErrors() {
			return nil, p.err(r.scan, err)
		}
	}
	for {
		if err := r.scan.next(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil, io.EOF
			}
			return nil, p.err(r.scan, err)
		}
		if !r.scan.blank() {
			break
		}
	}
	if len(r.scan.fields) != len(r.row) {
		p.ragged(r.scan, len(r.row))
		return nil, p.list.Err()
	}
	for i := range r.row {
		c := r.file.Columns[i]
		if r.scan.null(i) {
			r.row[i] = nil
			if c.Text && !c.Nullable {
				r.row[i] = ""
			}
			continue
		}
		v, err := r.convert[i](r.scan.text(i))
		if err != nil {
			return nil, p.badCell(r.scan, i, c.Name, c.Type, err)
		}
		r.row[i] = v
	}
	return r.row, nil
}

// Close gives the file back.
func (r *Rows) Close() error { return r.disk.Close() }
