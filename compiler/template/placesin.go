package template

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/source"
)

// placesIn finds out how the characters of a decoded text correspond to the
// stretch of a file it was decoded from: a scalar of YAML, quoted, folded or
// indented in any way.
func placesIn(text string, at source.Span) *places {
	p := &places{file: at.File, whole: &at}
	if at.File == nil {
		return p
	}
	raw := at.Text()
	if i := strings.Index(raw, text); i >= 0 {
		return &places{file: at.File, base: at.Start + i}
	}
	table := align(text, raw, at.Start)
	if header, body, ok := strings.Cut(raw, "\n"); ok && (raw[0] == '|' || raw[0] == '>') { // with - or digits behind
		table = align(text, body, at.Start+len(header)+1)
	}
	if table == nil {
		return p
	}
	return &places{file: at.File, table: table}
}

// PlaceIn is where the byte at an offset of a decoded text stands in the stretch
// of a file it was decoded from; the whole stretch when that is not known.
func PlaceIn(text string, at source.Span, offset int) source.Span {
	offset = min(max(offset, 0), max(len(text)-1, 0))
	return placesIn(text, at).span(offset, offset+1)
}

// align walks both texts at once. Raw text may have quotes, backslashes and
// white space more; decoded text may have a line end or a space where raw text
// has other white space. Nil when they differ in other ways.
func align(text, raw string, base int) []int {
	table := make([]int, 0, len(text)+1)
	j := 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		k := j
		for k < len(raw) && raw[k] != c && isFiller(raw[k]) {
			k++
		}
		switch {
		case k < len(raw) && raw[k] == c:
			table = append(table, base+k)
			j = k + 1
		case c == '\n' || c == ' ' || c == '\t':
			table = append(table, base+min(j, len(raw)))
			// A line end is two characters when it is escaped.
			if j+1 < len(raw) && raw[j] == '\\' && (raw[j+1] == 'n' || raw[j+1] == 't') {
				j += 2
			}
		default:
			return nil
		}
	}
	return append(table, base+min(j, len(raw)))
}

func isFiller(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\\' || c == '\'' || c == '"' || c == '|' || c == '>'
}
