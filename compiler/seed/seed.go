// Package seed reads CSV files as tables: what their columns are called, which
// types hold all of their cells, and then the rows as Go values.
//
// Its main type is File, made by Read in one pass over the whole file; Open
// reads it a second time, row by row. Both need the memory of a few rows
// only. The package opens no connection and knows no config but its Options.
package seed

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

// Options say which file to read and how.
type Options struct {
	// Path is the file as it is named to the user, Abs where it lies.
	Path, Abs string
	// Delimiter is between the cells; empty means a comma.
	Delimiter string
	// Types are the column types that the user gave, by column.
	Types map[string]string
	// Place is where Types and Delimiter were given.
	Place source.Span
	// Location is the time zone of times that name none; nil means UTC.
	Location *time.Location
	// Lacks are types that the server does not have: Bool, Date32, DateTime64,
	// Decimal256.
	Lacks map[string]bool
}

// File is a CSV file whose columns are known. It is immutable and safe for
// concurrent use, as long as nobody changes the file on disk.
type File struct {
	Columns []Column
	Rows    uint64
	// Warnings are what the user should know before the rows are loaded.
	Warnings []diag.Diagnostic

	options Options
}

// Column is one column of the file.
type Column struct {
	Name string
	Type string // in ClickHouse's words
	// Text says that rows carry the cell as written, for the server to cast.
	Text bool
	// Nullable says that rows may carry nil.
	Nullable bool
	// Defaults says that rows carry empty text for what is to become the
	// type's default value. It is set for text columns only.
	Defaults bool
}

// Read finds out what a file holds. The error is a *diag.Failure with all
// that is wrong in the file, up to a limit, or that of reading it.
func Read(o Options) (*File, error) {
	if o.Location == nil {
		o.Location = time.UTC
	}
	if o.Delimiter == "" {
		o.Delimiter = ","
	}
	if len(o.Delimiter) != 1 || strings.ContainsAny(o.Delimiter, "\"\r\n") {
		return nil, &diag.Failure{Diagnostics: []diag.Diagnostic{{
			Code: "wrong-config-value", Span: o.Place, What: fmt.Sprintf("%s: delimiter %q is not one plain character", o.Path, o.Delimiter),
			Fix: `use one such as "," or ";" or "|"`,
		}}}
	}
	disk, err := os.Open(o.Abs)
	if err != nil {
		return nil, fmt.Errorf("read seed %s: %w", o.Path, err)
	}
	defer disk.Close() // it was only read
	info, err := disk.Stat()
	if err != nil {
		return nil, fmt.Errorf("read seed %s: %w", o.Path, err)
	}
	return read(o, disk, info.Size() >= largeFile)
}

// read reads a file, on all processors when it is large.
func read(o Options, r io.ReadSeeker, large bool) (*File, error) {
	p := &problems{path: o.Path, abs: o.Abs}
	s := newScanner(r, o.Delimiter[0])
	f := &File{options: o}
	names, err := header(s, p)
	if err != nil || p.list.HasErrors() {
		return nil, p.err(s, err)
	}
	f.typesOfUnknown(names)
	all := func() []*evidence {
		columns := make([]*evidence, len(names))
		for i, name := range names {
			columns[i] = newEvidence(name, o)
		}
		return columns
	}
	columns := all()
	for _, e := range columns {
		if strings.Contains(e.given, "Map(") {
			p.unreadable(o, e.name, e.given)
		}
	}
	if large && !p.list.HasErrors() {
		found, rows, ok := survey(s, surveyBlock, all)
		if ok {
			f.Rows = rows
			f.settle(found)
			return f, nil
		}
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return nil, p.err(s, err)
		}
		return read(o, r, false)
	}
	for !p.full() {
		err = s.next()
		if err != nil {
			break
		}
		if s.blank() {
			continue
		}
		f.Rows++
		if err = s.isText(); err != nil {
			break
		}
		if len(s.fields) != len(names) {
			p.ragged(s, len(names))
			continue
		}
		for i := range s.fields {
			if why := columns[i].see(s.text(i), s.null(i)); why != nil {
				p.cell(s, i, names[i], columns[i].given, why)
			}
		}
	}
	if err == io.EOF {
		err = nil
	}
	if err != nil || p.list.HasErrors() {
		return nil, p.err(s, err)
	}
	f.settle(columns)
	return f, nil
}

// settle gives the file the columns that hold all cells.
func (f *File) settle(columns []*evidence) {
	o := f.options
	for _, e := range columns {
		f.Columns = append(f.Columns, e.column())
		// An empty cell that becomes empty text is as written.
		if e.given != "" && e.nulls > 0 && !e.nullable && !isText(e.given) {
			f.Warnings = append(f.Warnings, diag.Diagnostic{
				Severity: diag.Warning, Code: "empty-cells", Span: o.Place,
				What: fmt.Sprintf("%s: %d empty cells in column %q become the default value of %s", o.Path, e.nulls, e.name, e.given),
				Fix:  fmt.Sprintf("give it the type %s to keep them apart", nullableOf(e.given)),
			})
		}
	}
}

// isText reports whether the default value of a type is empty text.
func isText(name string) bool { return name == "String" || name == "LowCardinality(String)" }

// nullableOf is a type that holds no value, too: a dictionary keeps NULL inside.
func nullableOf(name string) string {
	if inner, ok := unwrap(name, "LowCardinality"); ok {
		return "LowCardinality(Nullable(" + inner + "))"
	}
	return "Nullable(" + name + ")"
}

// typesOfUnknown warns of types given for columns that are not there.
func (f *File) typesOfUnknown(names []string) {
	for given := range f.options.Types {
		found := false
		for _, n := range names {
			found = found || strings.EqualFold(n, given)
		}
		if !found {
			f.Warnings = append(f.Warnings, diag.Diagnostic{
				Severity: diag.Warning, Code: "unknown-column", Span: f.options.Place,
				What: fmt.Sprintf("%s: column_types names %q, which is no column of the file", f.options.Path, given),
				Fix:  diag.DidYouMean(given, names),
			})
		}
	}
}

// header reads the first line.
func header(s *scanner, p *problems) ([]string, error) {
	for {
		if err := s.next(); err != nil {
			if err == io.EOF {
				p.empty()
				return nil, nil
			}
			return nil, err
		}
		if !s.blank() {
			break
		}
	}
	if bytes.IndexByte(s.raw, 0) >= 0 {
		return nil, &mistake{what: "this is no text", fix: "save the table as CSV, in UTF-8", code: "bad-encoding"}
	}
	if err := s.isText(); err != nil {
		return nil, err
	}
	names := make([]string, len(s.fields))
	seen := map[string]bool{}
	for i := range s.fields {
		names[i] = string(s.text(i))
		switch {
		case strings.TrimSpace(names[i]) == "":
			p.header(s, i, fmt.Sprintf("column %d has no name", i+1), "the first line names the columns", "give it a name")
		case seen[names[i]]:
			p.header(s, i, fmt.Sprintf("two columns are named %q", names[i]), "", "give one of them another name")
		}
		seen[names[i]] = true
	}
	return names, nil
}
