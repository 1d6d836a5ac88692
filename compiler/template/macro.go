package template

import (
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Kind is the tag that a macro is written with.
type Kind string

// The kinds of macros.
const (
	KindMacro           Kind = "macro"
	KindTest            Kind = "test"
	KindMaterialization Kind = "materialization"
	// KindCall is a {% call %} block, which its macro calls as caller().
	KindCall Kind = "call"
)

// Macro is a macro, test or materialization as it is written. It is immutable;
// a Renderer calls it.
type Macro struct {
	// Name is what dbt calls it: my_macro, test_my_test,
	// materialization_table_clickhouse.
	Name string
	// Written is the name in the tag.
	Written string
	Kind    Kind
	Params  []MacroParam
	// Adapter is the adapter of a materialization, "default" when none is
	// written.
	Adapter string
	// Languages are those a materialization supports.
	Languages []string
	// Span is the block from its tag to its end tag; its Text is dbt's
	// macro_sql.
	Span     source.Span
	NameSpan source.Span

	body  []stmt
	scope scope
	code  code
	// Slots of the parameters, and of the three that are there only when the
	// body asks for them.
	params                  []int
	caller, kwargs, varargs int // -1 without
	explicitCaller          bool
	rootSlots               int
	names                   []string
}

// MacroParam is a parameter of a macro.
type MacroParam struct {
	Name string
	// Type is its annotation, empty without one.
	Type string
	Span source.Span
	// Default is where its default is written; unknown without one.
	Default source.Span
	def     expr
}

// HasDefault reports whether the parameter may be left out.
func (p MacroParam) HasDefault() bool { return p.def != nil }

// Names are the names that the macro asks its globals for, sorted.
func (m *Macro) Names() []string { return m.names }

// CatchesKwargs tells whether the macro takes any named argument, which those
// do that look into kwargs.
func (m *Macro) CatchesKwargs() bool { return m.kwargs >= 0 }

// BlockKind is the tag that a block is written with.
type BlockKind string

// The kinds of blocks.
const (
	BlockSnapshot BlockKind = "snapshot"
	BlockDocs     BlockKind = "docs"
)

// Block is a named part of a file that is no macro.
type Block struct {
	Name string
	Kind BlockKind
	// Span is the block from its tag to its end tag, Body what is between them.
	Span     source.Span
	Body     source.Span
	NameSpan source.Span
	// Text is the body of a docs block, with normalized line ends.
	Text string

	template *Template
}

// Template is the body of a snapshot as a template of its own; nil for docs.
func (b *Block) Template() *Template { return b.template }

// StaticCall is a call of ref, source, config, var or env_var as it is written.
type StaticCall struct {
	Name string
	// Literal is set when all arguments are literals, which are then given.
	Literal bool
	Args    []value.Value
	Kwargs  []value.Kwarg
	// Nested is set for a call that lies in a block, such as an if, and may
	// never happen.
	Nested bool
	Span   source.Span
}
