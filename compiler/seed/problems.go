package seed

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

// mostProblems is how many mistakes of a file are told at once.
const mostProblems = 20

// problems collects what is wrong in a file.
type problems struct {
	path, abs string
	list      diag.List
}

func (p *problems) full() bool { return p.list.Len() >= mostProblems }

// err is what Read returns: the problems, and the error that ended it.
func (p *problems) err(s *scanner, err error) error {
	var m *mistake
	if errors.As(err, &m) {
		if m.code == "" {
			m.code = "bad-csv"
		}
		p.list.Add(diag.Diagnostic{Code: m.code, Span: p.span(s, m.at, m.at), What: p.path + ": " + m.what, Fix: m.fix})
		err = nil
	}
	if err != nil {
		return fmt.Errorf("read seed %s: %w", p.path, err)
	}
	return p.list.Err()
}

// span is a place in the row at hand. The file is not in memory, so that a
// text of empty lines and this row stands for it.
func (p *problems) span(s *scanner, start, end int) source.Span {
	lead := max(s.line-1, 0)
	file := source.New(p.path, p.abs, strings.Repeat("\n", lead)+string(s.raw))
	return source.Span{File: file, Start: lead + start, End: lead + end}
}

func (p *problems) fieldSpan(s *scanner, i int) source.Span {
	f := s.fields[i]
	end := f.at + f.end - f.start
	if f.quoted {
		end = f.at + 1
		for j := f.at + 1; j < len(s.raw); j++ {
			if s.raw[j] == '"' {
				end = j + 1
				if end >= len(s.raw) || s.raw[end] != '"' {
					break
				}
				j++
			}
		}
	}
	return p.span(s, f.at, end)
}

func (p *problems) empty() {
	p.list.Add(diag.Diagnostic{
		Code: "empty-seed", Span: source.Span{File: source.New(p.path, p.abs, "")},
		What: p.path + ": the file is empty", Why: "the first line of a seed names its columns",
	})
}

func (p *problems) header(s *scanner, i int, what, why, fix string) {
	p.list.Add(diag.Diagnostic{Code: "bad-header", Span: p.fieldSpan(s, i), What: p.path + ": " + what, Why: why, Fix: fix})
}

func (p *problems) ragged(s *scanner, want int) {
	p.list.Add(diag.Diagnostic{
		Code: "ragged-row", Span: p.span(s, 0, len(s.raw)),
		What: fmt.Sprintf("%s: line %d has %s, the first line has %d", p.path, s.line, cells(len(s.fields)), want),
		Fix:  "look for a missing or unquoted delimiter",
	})
}

func cells(n int) string {
	if n == 1 {
		return "1 cell"
	}
	return fmt.Sprintf("%d cells", n)
}

// cell reports a cell that does not fit the type that the user gave.
func (p *problems) cell(s *scanner, i int, column, kind string, why error) {
	p.list.Add(p.badCell(s, i, column, kind, why))
}

func (p *problems) badCell(s *scanner, i int, column, kind string, why error) diag.Diagnostic {
	text := s.text(i)
	const longest = 60
	if len(text) > longest {
		text = append(bytes.Clone(text[:longest]), "..."...)
	}
	span := p.fieldSpan(s, i)
	return diag.Diagnostic{
		Code: "bad-cell", Span: span,
		What: fmt.Sprintf("%s: line %d, column %q: %q is not a %s", p.path, span.Begin().Line, column, text, kind),
		Why:  why.Error(), Fix: "correct the cell, or give the column another type in column_types",
	}
}
