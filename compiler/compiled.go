package compiler

import (
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Compiled is a node as SQL.
type Compiled struct {
	ID string
	// Node is nil for SQL that is in no file.
	Node *manifest.Node
	// SQL has the ephemeral models that it reads in front, as common table
	// expressions.
	SQL string
	// CTEs are those, in their order.
	CTEs      []CTE
	PreHooks  []Hook
	PostHooks []Hook
	// Header is what set_sql_header gave, or the config sql_header.
	Header string
	// Macros are the unique ids of macros that the template calls.
	Macros []string

	pieces []piece

	// arguments are those of a generic test, and where they stand.
	arguments      *value.Dict
	argumentPlaces map[string]source.Span
}

// CTE is an ephemeral model in the SQL of another: SQL is its name and query,
// as it stands there.
type CTE struct {
	ID  string
	SQL string
}

// Hook is a statement before or after a node.
type Hook struct {
	SQL         string
	Transaction bool
	// Span is the hook in the config, when it is known.
	Span source.Span

	origin func(offset int) []source.Span
}

// Origin tells where the byte of a hook's SQL at offset came from, as
// Compiled.Origin does.
func (h Hook) Origin(offset int) []source.Span {
	if h.origin == nil || offset < 0 || offset >= len(h.SQL) {
		return nil
	}
	return h.origin(offset)
}

// piece is a stretch of the SQL that came from one template.
type piece struct {
	start  int
	length int
	origin func(offset int) []source.Span
}

// Origin tells where the byte of the SQL at offset came from: innermost
// first, that is the place in a macro before the place of its call. It is
// empty for what no file holds.
func (c *Compiled) Origin(offset int) []source.Span {
	for _, p := range c.pieces {
		if offset >= p.start && offset < p.start+p.length {
			return p.origin(offset - p.start)
		}
	}
	if n := len(c.pieces); n > 0 && offset >= len(c.SQL) {
		last := c.pieces[n-1]
		if last.length > 0 {
			return last.origin(last.length - 1)
		}
	}
	return nil
}
