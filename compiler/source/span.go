package source

import (
	"fmt"
)

// Position is a place in a file as people count it.
type Position struct {
	Line   int // from 1
	Column int // from 1, in characters
}

// Span is a stretch of a file, from Start up to but not including End, in
// bytes. The zero Span is nowhere: something the program made up by itself.
type Span struct {
	File  *File
	Start int
	End   int
}

// Known reports whether the span lies in a file.
func (s Span) Known() bool { return s.File != nil }

// Begin is the position of the span's first character.
func (s Span) Begin() Position {
	if s.File == nil {
		return Position{}
	}
	return s.File.Position(s.Start)
}

// Text is what the span covers.
func (s Span) Text() string {
	if s.File == nil {
		return ""
	}
	n := len(s.File.Text)
	start := min(max(s.Start, 0), n)
	return s.File.Text[start:min(max(s.End, start), n)]
}

// Cover is the smallest span that holds both; spans of two files give the
// first.
func (s Span) Cover(o Span) Span {
	switch {
	case s.File == nil:
		return o
	case o.File != s.File:
		return s
	}
	return Span{File: s.File, Start: min(s.Start, o.Start), End: max(s.End, o.End)}
}

// String reads path:line:column, or "-" when the span is nowhere.
func (s Span) String() string {
	if s.File == nil {
		return "-"
	}
	p := s.Begin()
	return fmt.Sprintf("%s:%d:%d", s.File.Path, p.Line, p.Column)
}
