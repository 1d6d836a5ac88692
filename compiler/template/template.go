// Package template is chmod's Jinja: Jinja2 3.1 as dbt runs it, with dbt's
// block tags.
//
// Its main types are Template, a file parsed once and never changed, and
// Renderer, one rendering of it. Rendered text keeps a map to the places in
// files that it was made of. The package knows no dbt functions, which are
// passed in as globals, loads no other templates, and refuses to run without
// end: see Limits.
package template

import (
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

// Template is a parsed template. It is immutable and safe for concurrent
// rendering.
type Template struct {
	file   *source.File
	body   []stmt
	code   code
	macros []*Macro
	blocks []*Block
	names  []string
	calls  []notedCall
	place  *places
	size   int // of the text, which output is rarely much longer than
}

// Parse parses a file. The error is a *diag.Failure with all mistakes that do
// not follow from others.
func Parse(f *source.File) (*Template, error) {
	return parse(f.Text, &places{file: f})
}

// ParseText parses text that lies inside of a file, such as a string in YAML,
// at the given place. Its mistakes are reported there, to the character where
// the file spells the text as it is.
func ParseText(text string, at source.Span) (*Template, error) {
	return parse(text, placesIn(text, at))
}

func parse(text string, place *places) (*Template, error) {
	t := &Template{file: place.file, place: place}
	src := normalize(text, place)
	src = strings.TrimSuffix(src, "\n")
	t.size = len(src)
	if nextTag(src, 0) < 0 {
		if src != "" {
			t.body = place.data(src, 0, len(src))
		}
		return t, nil
	}
	var errs diag.List
	spare := takeTokens()
	l := lexer{src: src, place: place, errs: &errs, tokens: *spare}
	p := parser{tokens: l.run(), place: place, src: src, errs: &errs}
	t.body, _ = p.body()
	giveTokens(spare, p.tokens)
	t.macros, t.blocks, t.calls = p.macros, p.blocks, p.calls
	t.resolve(&errs)
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return t, nil
}

// File is where the template was read from.
func (t *Template) File() *source.File { return t.file }

// Macros are those defined at the top level, in the order of the file: macros,
// tests and materializations.
func (t *Template) Macros() []*Macro { return t.macros }

// Snapshots are the template's {% snapshot %} blocks.
func (t *Template) Snapshots() []*Block { return t.ofKind(BlockSnapshot) }

// Docs are the template's {% docs %} blocks.
func (t *Template) Docs() []*Block { return t.ofKind(BlockDocs) }

func (t *Template) ofKind(k BlockKind) []*Block {
	var found []*Block
	for _, b := range t.blocks {
		if b.Kind == k {
			found = append(found, b)
		}
	}
	return found
}

// Names are the names that the template asks its globals for, sorted.
func (t *Template) Names() []string { return slices.Clone(t.names) }

// Calls are the template's own calls of the functions that say what a model
// needs and how it is built, in the order of the file; those inside of macros
// are not among them.
func (t *Template) Calls() []StaticCall {
	calls := make([]StaticCall, len(t.calls))
	for i, c := range t.calls {
		calls[i] = c.static()
	}
	return calls
}

// IsStatic reports whether the template is nothing but text.
func (t *Template) IsStatic() bool {
	for _, s := range t.body {
		if _, ok := s.(*dataStmt); !ok {
			return false
		}
	}
	return true
}
