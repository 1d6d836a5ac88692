package template

import (
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// expr is an expression of a template. It is made by the parser, given its
// variables by the resolver, and never changed after that.
type expr interface {
	eval(f *frame) (value.Value, error)
	at() source.Span
}

// stmt is a statement of a template, on the same terms.
type stmt interface {
	exec(f *frame) (signal, error)
}

// signal is how a statement ended.
type signal uint8

const (
	goOn signal = iota
	breakLoop
	continueLoop
)

// node gives an expression its place.
type node struct{ span source.Span }

func (n node) at() source.Span { return n.span }

// Literals, names and the containers made of them.
type (
	constExpr struct {
		node
		val value.Value
	}
	nameExpr struct {
		node
		name string
		ref  variable
	}
	tupleExpr struct {
		node
		items []expr
	}
	listExpr struct {
		node
		items []expr
	}
	dictExpr struct {
		node
		keys, vals []expr
	}
	// badExpr stands where an expression could not be parsed. A template that
	// holds one is never rendered.
	badExpr struct{ node }
)

// Operators.
type (
	unaryExpr struct {
		node
		op string // "-", "+" or "not"
		x  expr
	}
	binaryExpr struct {
		node
		op          value.Op
		left, right expr
	}
	logicExpr struct {
		node
		or          bool
		left, right expr
	}
	concatExpr struct {
		node
		parts []expr
	}
	compareExpr struct {
		node
		first expr
		ops   []string
		rest  []expr
	}
	condExpr struct {
		node
		test, then, other expr // other is nil without an else
	}
)

// Postfix forms.
type (
	attrExpr struct {
		node
		x    expr
		name string
	}
	itemExpr struct {
		node
		x, key expr
	}
	sliceExpr struct {
		node
		x                 expr
		start, stop, step expr // nil when absent
	}
	callExpr struct {
		node
		fn     expr
		args   arguments
		caller *callBlock // of a {% call %}
	}
	filterExpr struct {
		node
		x    expr // nil for the text of a block
		name string
		args arguments
		run  filter // nil when there is no such filter
	}
	testExpr struct {
		node
		x    expr
		name string
		args arguments
		run  test // nil when there is no such test
	}
)

// arguments are those of a call, filter or test.
type arguments struct {
	args     []expr
	kwargs   []keyword
	star     expr // *args
	starStar expr // **kwargs
}

type keyword struct {
	name string
	x    expr
	span source.Span
}

// Statements.
type (
	dataStmt struct {
		text string
		span source.Span
		// vague is set for text of which no more is known than that it is
		// somewhere in the span.
		vague bool
	}
	printStmt struct{ x expr }
	setStmt   struct {
		target target
		x      expr
	}
	setBlock struct {
		target target
		filter *filterExpr
		body   []stmt
		scope  scope
		span   source.Span
	}
	ifStmt struct {
		branches []branch
		other    []stmt
	}
	branch struct {
		test expr
		body []stmt
	}
	forStmt struct {
		target    target
		iter      expr
		test      *loopTest // nil without one
		recursive bool
		body      []stmt
		other     []stmt
		extended  bool     // the body uses loop
		loop      variable // its slot
		scope     scope    // of the body
		elseScope scope
		code      *code // of a recursive loop, which is a function
		span      source.Span
	}
	// loopTest is the filter of a loop, a function of its own.
	loopTest struct {
		target target
		test   expr
		scope  scope
		code   *code
	}
	macroStmt struct {
		macro  *Macro
		target variable
	}
	callBlock struct { // {% call %}
		call  *callExpr
		macro *Macro // the block as a callable
	}
	filterStmt struct {
		filter *filterExpr
		body   []stmt
		scope  scope
	}
	withStmt struct {
		targets []target
		vals    []expr
		body    []stmt
		scope   scope
	}
	doStmt    struct{ x expr }
	scopeStmt struct { // {% autoescape %}
		body  []stmt
		scope scope
	}
	jumpStmt  struct{ to signal }
	blockStmt struct{ block *Block } // {% snapshot %}, {% docs %}: declared, not rendered
)

// target is what can be assigned to.
type target interface {
	assign(f *frame, v value.Value) error
	at() source.Span
}

type (
	nameTarget struct {
		node
		name string
		ref  variable
	}
	attrTarget struct { // a namespace's attribute
		node
		name string
		ref  variable
		attr string
	}
	tupleTarget struct {
		node
		items []target
	}
)
