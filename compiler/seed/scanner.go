package seed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// longestRecord is how long one row may be. A quote that is never closed would
// else make the whole file one cell.
const longestRecord = 64 << 20

// scanner cuts CSV into rows and cells. The cells of a row are valid until the
// next call of next.
type scanner struct {
	r         io.Reader
	delimiter byte
	buf       []byte // what was read and not yet used, from pos on
	pos       int
	ended     bool
	started   bool

	raw    []byte // the row as written, without its line end
	fields []field
	line   int // of the row's beginning, from 1
	lines  int // line breaks in the row, its end included
	plain  []byte
}

// field is one cell: an extent of raw, or of plain when it had doubled quotes.
type field struct {
	start, end int // of the content, without quotes
	at         int // of the first byte, quote included, in raw
	quoted     bool
	unescaped  bool // the extent is one of plain
}

// mistake is something that makes a file unreadable as CSV from there on.
type mistake struct {
	at   int // in raw
	what string
	fix  string
	code string // bad-csv where it is empty
}

func (m *mistake) Error() string { return m.what }

func newScanner(r io.Reader, delimiter byte) *scanner {
	return &scanner{r: r, delimiter: delimiter, buf: make([]byte, 0, 256<<10), line: 1}
}

// next reads a row; io.EOF after the last one.
func (s *scanner) next() error {
	if !s.started {
		s.started = true
		if err := s.skipMark(); err != nil {
			return err
		}
	}
	s.line += s.lines
	s.lines = 0
	for {
		used, err := s.record(s.buf[s.pos:])
		if err == nil {
			s.pos += used
			return nil
		}
		if !errors.Is(err, errMore) {
			return err
		}
		if s.ended && s.pos == len(s.buf) {
			return io.EOF
		}
		if len(s.buf)-s.pos > longestRecord {
			return &mistake{what: fmt.Sprintf("a row is longer than %d bytes", longestRecord), fix: "look for a quote that is not closed"}
		}
		if err := s.fill(); err != nil {
			return err
		}
	}
}

// skipMark drops a byte order mark.
func (s *scanner) skipMark() error {
	for len(s.buf) < 3 && !s.ended {
		if err := s.fill(); err != nil {
			return err
		}
	}
	if bytes.HasPrefix(s.buf, []byte("\xef\xbb\xbf")) {
		s.pos = 3
	}
	return nil
}

// fill reads more, after what is not used yet.
func (s *scanner) fill() error {
	if s.pos > 0 {
		s.buf = s.buf[:copy(s.buf, s.buf[s.pos:])]
		s.pos = 0
	}
	if len(s.buf) == cap(s.buf) {
		grown := make([]byte, len(s.buf), 2*cap(s.buf))
		copy(grown, s.buf)
		s.buf = grown
	}
	n, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
	s.buf = s.buf[:len(s.buf)+n]
	if errors.Is(err, io.EOF) {
		s.ended = true
		return nil
	}
	return err
}

// errMore means that the row does not end within what was read.
var errMore = errors.New("more is needed")

// record reads a row from the beginning of b and returns how long it is with
// its line end.
func (s *scanner) record(b []byte) (int, error) {
	s.fields, s.plain, s.lines = s.fields[:0], s.plain[:0], 0
	if len(b) == 0 {
		return 0, errMore
	}
	for p := 0; ; {
		end, err := s.cell(b, p)
		if err != nil {
			return 0, err
		}
		if end >= len(b) {
			s.raw = b
			return len(b), nil
		}
		if b[end] == s.delimiter {
			p = end + 1
			continue
		}
		s.raw = b[:end]
		s.lines++
		if b[end] == '\r' {
			return end + 2, nil
		}
		return end + 1, nil
	}
}

// cell reads a cell from b[p:] and returns where it ends: at a delimiter, a
// line end, or the end of the file.
func (s *scanner) cell(b []byte, p int) (int, error) {
	if p < len(b) && b[p] == '"' {
		return s.quotedCell(b, p)
	}
	for i := p; i < len(b); i++ {
		if c := b[i]; c == s.delimiter || c == '\n' {
			end := i
			if c == '\n' && i > p && b[i-1] == '\r' {
				end--
			}
			s.bare(b, p, end)
			return end, nil
		}
	}
	if !s.ended {
		return 0, errMore
	}
	end := len(b)
	if end > p && b[end-1] == '\r' {
		end--
	}
	s.bare(b, p, end)
	return len(b), nil
}

// bare adds a cell without quotes. The blanks around it mean nothing, as to
// ClickHouse when it reads CSV.
func (s *scanner) bare(b []byte, p, end int) {
	f := field{start: p, end: end}
	for f.start < f.end && (b[f.start] == ' ' || b[f.start] == '\t') {
		f.start++
	}
	for f.start < f.end && (b[f.end-1] == ' ' || b[f.end-1] == '\t') {
		f.end--
	}
	f.at = f.start
	s.fields = append(s.fields, f)
}

// quotedCell is cell for one that begins with a quote.
func (s *scanner) quotedCell(b []byte, p int) (int, error) {
	f := field{start: p + 1, at: p, quoted: true}
	from := p + 1
	doubled := false
	for {
		n := bytes.IndexByte(b[from:], '"')
		if n < 0 {
			return 0, s.unclosed(b, p)
		}
		q := from + n
		if q+1 >= len(b) && !s.ended {
			return 0, errMore
		}
		if q+1 < len(b) && b[q+1] == '"' {
			doubled, from = true, q+2
			continue
		}
		f.end = q
		break
	}
	after := f.end + 1
	content := b[f.start:f.end]
	s.lines += bytes.Count(content, []byte{'\n'})
	if doubled {
		f.unescaped = true
		f.start = len(s.plain)
		s.plain = append(s.plain, bytes.ReplaceAll(content, []byte(`""`), []byte(`"`))...)
		f.end = len(s.plain)
	}
	s.fields = append(s.fields, f)
	for after < len(b) && (b[after] == ' ' || b[after] == '\t') && b[after] != s.delimiter {
		after++
	}
	switch {
	case after >= len(b) && !s.ended:
		return 0, errMore
	case after >= len(b), b[after] == s.delimiter, b[after] == '\n':
		return after, nil
	case b[after] == '\r':
		if after+1 >= len(b) {
			if s.ended {
				return len(b), nil
			}
			return 0, errMore
		}
		if b[after+1] == '\n' {
			return after, nil
		}
	}
	s.raw = toLineEnd(b, after)
	return 0, &mistake{at: after, what: "there is text after the closing quote of a cell", fix: `write a quote within a cell twice: ""`}
}

// toLineEnd is what to show of a row that cannot be read further than at.
func toLineEnd(b []byte, at int) []byte {
	if n := bytes.IndexByte(b[at:], '\n'); n >= 0 {
		b = b[:at+n]
	}
	return bytes.TrimRight(b, "\r")
}

func (s *scanner) unclosed(b []byte, p int) error {
	if !s.ended {
		return errMore
	}
	s.raw = toLineEnd(b, p)
	return &mistake{at: p, what: "a quote is opened and never closed", fix: `write a quote within a cell twice: ""`}
}

// isText is nil for a row that is UTF-8.
func (s *scanner) isText() error {
	if utf8.Valid(s.raw) {
		return nil
	}
	at := 0
	for rest := s.raw; len(rest) > 0; rest = s.raw[at:] {
		r, size := utf8.DecodeRune(rest)
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return &mistake{at: at, what: "the file is not UTF-8", fix: "save it as UTF-8", code: "bad-encoding"}
}

// text is the content of cell i.
func (s *scanner) text(i int) []byte {
	f := s.fields[i]
	if f.unescaped {
		return s.plain[f.start:f.end]
	}
	return s.raw[f.start:f.end]
}

// null reports whether a cell holds no value: it is empty, or NULL in a way
// that is common in CSV. In quotes it is text.
func (s *scanner) null(i int) bool {
	if s.fields[i].quoted {
		return false
	}
	switch t := s.text(i); len(t) {
	case 0:
		return true
	case 2:
		return t[0] == '\\' && t[1] == 'N'
	case 4:
		return string(t) == "null" || string(t) == "NULL"
	}
	return false
}

// blank reports whether the row is an empty line.
func (s *scanner) blank() bool {
	return len(s.raw) == 0
}
