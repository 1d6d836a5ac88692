package template

import "github.com/chmod-sql/chmod/compiler/value"

// isConstant reports whether Jinja2 works an expression out while it compiles:
// one without names and calls in what must be read of it.
func (f *frame) isConstant(x expr) bool {
	switch x := x.(type) {
	case *nameExpr, *callExpr:
		return false
	case *logicExpr:
		holds, ok := f.constantTruth(x.left)
		return ok && (holds == x.or || f.isConstant(x.right))
	case *condExpr:
		switch holds, ok := f.constantTruth(x.test); {
		case !ok:
			return false
		case holds:
			return f.isConstant(x.then)
		}
		return x.other != nil && f.isConstant(x.other)
	case *compareExpr:
		if n := len(x.rest) - 1; n > 0 { // what does not hold ends the reading
			start := &compareExpr{x.node, x.first, x.ops[:n], x.rest[:n]}
			if holds, ok := f.constantTruth(start); ok && !holds {
				return true
			}
		}
	case *filterExpr:
		switch x.name {
		case "map", "select", "reject", "selectattr", "rejectattr", "random":
			return false
		}
	}
	constant := true
	children(x, func(c expr) { constant = constant && f.isConstant(c) })
	return constant
}

// constantTruth is the truth of a constant; false when x is none.
func (f *frame) constantTruth(x expr) (holds, ok bool) {
	if !f.isConstant(x) {
		return false, false
	}
	v, err := x.eval(f)
	if err != nil || value.Check(v) != nil {
		return false, false
	}
	return value.Truth(v), true
}
