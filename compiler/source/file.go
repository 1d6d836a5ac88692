// Package source holds the text of a project's files and the places in it.
//
// Its main types are File, one file read once, and Span, a stretch of it. Every
// token, value and node keeps a Span, so that whatever goes wrong later can be
// shown where the user wrote it. The package reads no files and knows no
// syntax.
package source

import (
	"sort"
	"strings"
	"sync"
	"unicode/utf8"
)

// File is the text of one file. It is immutable and safe for concurrent use.
type File struct {
	// Path is how the file is named to the user: relative to the project's
	// root, with forward slashes.
	Path string
	// Abs is where it lies on disk; empty for text that is not in a file.
	Abs string
	// Text is the content as read, without a byte order mark.
	Text string

	once  sync.Once
	lines []int // offset of each line's first byte
}

// New returns a file with the given content. A UTF-8 byte order mark is
// dropped: editors write it, no language in a project knows it.
func New(path, abs, text string) *File {
	return &File{Path: path, Abs: abs, Text: strings.TrimPrefix(text, "\ufeff")}
}

// Given is the span of all of a text that is in no file but was given by the
// name, such as a flag's.
func Given(name, text string) Span {
	return Span{File: New(name, "", text), End: len(text)}
}

// Position tells the line and the column of an offset, both counted from 1;
// columns count characters, not bytes. Offsets outside the text are clamped.
func (f *File) Position(offset int) Position {
	offset = min(max(offset, 0), len(f.Text))
	f.index()
	line := sort.SearchInts(f.lines, offset+1) - 1
	col := len([]rune(f.Text[f.lines[line]:offset]))
	return Position{Line: line + 1, Column: col + 1}
}

// Line returns line n, counted from 1, without its end; empty when there is
// no such line.
func (f *File) Line(n int) string {
	f.index()
	if n < 1 || n > len(f.lines) {
		return ""
	}
	end := len(f.Text)
	if n < len(f.lines) {
		end = f.lines[n]
	}
	return strings.TrimRight(f.Text[f.lines[n-1]:end], "\r\n")
}

// Offset is the inverse of Position: the byte offset of a line and a column,
// clamped to the line.
func (f *File) Offset(line, column int) int {
	f.index()
	if line < 1 {
		return 0
	}
	if line > len(f.lines) {
		return len(f.Text)
	}
	offset := f.lines[line-1]
	for range column - 1 {
		if offset >= len(f.Text) || f.Text[offset] == '\n' {
			break
		}
		_, size := utf8.DecodeRuneInString(f.Text[offset:])
		offset += size
	}
	return offset
}

func (f *File) index() {
	f.once.Do(func() {
		f.lines = append(f.lines, 0)
		for i := range len(f.Text) {
			if f.Text[i] == '\n' {
				f.lines = append(f.lines, i+1)
			}
		}
	})
}
