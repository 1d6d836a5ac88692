package template

// children calls visit with the expressions directly inside of x, in the
// order in which Jinja2 walks them.
func children(x expr, visit func(expr)) {
	each := func(list []expr) {
		for _, item := range list {
			visit(item)
		}
	}
	optional := func(items ...expr) {
		for _, item := range items {
			if item != nil {
				visit(item)
			}
		}
	}
	args := func(a *arguments) {
		each(a.args)
		for _, k := range a.kwargs {
			visit(k.x)
		}
		optional(a.star, a.starStar)
	}
	switch x := x.(type) {
	case *tupleExpr:
		each(x.items)
	case *listExpr:
		each(x.items)
	case *dictExpr:
		for i := range x.keys {
			visit(x.keys[i])
			visit(x.vals[i])
		}
	case *unaryExpr:
		visit(x.x)
	case *binaryExpr:
		visit(x.left)
		visit(x.right)
	case *logicExpr:
		visit(x.left)
		visit(x.right)
	case *concatExpr:
		each(x.parts)
	case *compareExpr:
		visit(x.first)
		each(x.rest)
	case *condExpr:
		optional(x.test, x.then, x.other)
	case *attrExpr:
		visit(x.x)
	case *itemExpr:
		visit(x.x)
		visit(x.key)
	case *sliceExpr:
		optional(x.x, x.start, x.stop, x.step)
	case *callExpr:
		visit(x.fn)
		args(&x.args)
	case *filterExpr:
		optional(x.x)
		args(&x.args)
	case *testExpr:
		visit(x.x)
		args(&x.args)
	}
}

// undeclared finds out which of some special names a body uses before it
// gives them a meaning of its own.
type undeclared struct {
	names, found map[string]bool
}

func findUndeclared(body []stmt, names ...string) map[string]bool {
	u := undeclared{map[string]bool{}, map[string]bool{}}
	for _, n := range names {
		u.names[n] = true
	}
	u.stmts(body)
	return u.found
}

func (u *undeclared) expr(x expr) {
	if x == nil {
		return
	}
	if n, ok := x.(*nameExpr); ok {
		if u.names[n.name] {
			u.found[n.name] = true
		}
		return
	}
	children(x, u.expr)
}

func (u *undeclared) exprs(list []expr) {
	for _, x := range list {
		u.expr(x)
	}
}

func (u *undeclared) target(t target) {
	switch t := t.(type) {
	case *nameTarget:
		delete(u.names, t.name)
	case *tupleTarget:
		for _, item := range t.items {
			u.target(item)
		}
	}
}

func (u *undeclared) macro(m *Macro) {
	for _, p := range m.Params {
		delete(u.names, p.Name)
	}
	for _, p := range m.Params {
		u.expr(p.def)
	}
	u.stmts(m.body)
}

func (u *undeclared) filter(f *filterExpr) {
	if f != nil {
		u.expr(f)
	}
}

func (u *undeclared) stmts(list []stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *printStmt:
			u.expr(s.x)
		case *doStmt:
			u.expr(s.x)
		case *setStmt:
			u.target(s.target)
			u.expr(s.x)
		case *setBlock:
			u.target(s.target)
			u.filter(s.filter)
			u.stmts(s.body)
		case *ifStmt:
			for _, b := range s.branches {
				u.expr(b.test)
				u.stmts(b.body)
			}
			u.stmts(s.other)
		case *forStmt:
			u.target(s.target)
			u.expr(s.iter)
			u.stmts(s.body)
			u.stmts(s.other)
			if s.test != nil {
				u.expr(s.test.test)
			}
		case *macroStmt:
			u.macro(s.macro)
		case *callBlock:
			u.expr(s.call)
			u.macro(s.macro)
		case *filterStmt:
			u.stmts(s.body)
			u.filter(s.filter)
		case *withStmt:
			for _, t := range s.targets {
				u.target(t)
			}
			u.exprs(s.vals)
			u.stmts(s.body)
		case *scopeStmt:
			u.stmts(s.body)
		}
	}
}
