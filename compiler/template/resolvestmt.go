package template

// stmts resolves the names of statements in their block. What lies in a
// branch of an if is soft: a filter that does not exist is a mistake there only
// when it is reached.
func (r *resolver) stmts(s *symbols, list []stmt, soft bool) {
	for _, st := range list {
		switch st := st.(type) {
		case *printStmt:
			r.expr(s, st.x, soft)
		case *doStmt:
			r.expr(s, st.x, soft)
		case *setStmt:
			r.expr(s, st.x, soft)
			r.target(s, st.target)
		case *setBlock:
			st.scope = r.block(s, st.body)
			r.filter(s, st.filter)
			r.target(s, st.target)
		case *ifStmt:
			for _, b := range st.branches {
				r.expr(s, b.test, true)
				r.stmts(s, b.body, true)
			}
			r.stmts(s, st.other, true)
		case *forStmt:
			r.loop(s, st, soft)
		case *macroStmt:
			r.macroStmt(s, st)
		case *callBlock:
			r.expr(s, st.call, soft)
			r.body(s, st.macro)
		case *filterStmt:
			inner := newSymbols(s, s.fn)
			inner.analyze(st.body)
			inner.reads(st.filter)
			r.stmts(inner, st.body, false)
			r.filter(inner, st.filter)
			st.scope = r.scope(inner, false)
		case *withStmt:
			for _, x := range st.vals {
				r.expr(s, x, soft)
			}
			inner := newSymbols(s, s.fn)
			for _, t := range st.targets {
				inner.params(t)
			}
			inner.analyze(st.body)
			loops := r.loops
			r.loops = 0 // a with may have a variable called loop
			for _, t := range st.targets {
				r.target(inner, t)
			}
			r.loops = loops
			r.stmts(inner, st.body, false)
			st.scope = r.scope(inner, false)
		case *scopeStmt:
			st.scope = r.block(s, st.body)
		}
	}
}

func (r *resolver) filter(s *symbols, f *filterExpr) {
	if f != nil {
		r.expr(s, f, false)
	}
}

// block resolves a body with variables of its own.
func (r *resolver) block(s *symbols, body []stmt) scope {
	inner := newSymbols(s, s.fn)
	inner.analyze(body)
	r.stmts(inner, body, false)
	return r.scope(inner, false)
}

func (r *resolver) loop(s *symbols, st *forStmt, soft bool) {
	r.expr(s, st.iter, soft)
	r.loops++
	defer func() { r.loops-- }()
	if st.test != nil {
		fn := newFunction(s.fn)
		inner := newSymbols(s, fn)
		inner.params(st.test.target)
		inner.reads(st.test.test)
		r.target(inner, st.test.target)
		r.expr(inner, st.test.test, false)
		st.test.scope = r.scope(inner, true)
		st.test.code = &code{slots: len(fn.slots)}
	}
	fn := s.fn
	if st.recursive {
		fn = newFunction(s.fn)
	}
	st.extended = st.recursive || findUndeclared(st.body, "loop")["loop"]
	inner := newSymbols(s, fn)
	if st.extended {
		inner.param("loop")
	}
	inner.params(st.target)
	inner.analyze(st.body)
	if st.test == nil { // else the copy in the test has been checked
		r.target(inner, st.target)
	} else {
		errs := r.loops
		r.loops = 0
		r.target(inner, st.target)
		r.loops = errs
	}
	if st.extended {
		st.loop = r.variable(inner, "loop")
	}
	r.stmts(inner, st.body, false)
	otherwise := newSymbols(s, fn)
	otherwise.analyze(st.other)
	r.stmts(otherwise, st.other, false)
	st.scope, st.elseScope = r.scope(inner, false), r.scope(otherwise, false)
	if st.recursive {
		st.code = &code{slots: len(fn.slots)}
	}
}

func (r *resolver) macroStmt(s *symbols, st *macroStmt) {
	if s.parent == nil && r.macro == nil {
		r.macro, r.macroNames = st.macro, map[string]bool{}
		defer func() { r.macro = nil }()
	}
	r.body(s, st.macro)
	if r.macro == st.macro {
		st.macro.names = sorted(r.macroNames)
	}
	st.target = r.variable(s, st.macro.Written)
}

// body resolves what is inside of a macro or a call block.
func (r *resolver) body(s *symbols, m *Macro) {
	fn := newFunction(s.fn)
	inner := newSymbols(s, fn)
	special := findUndeclared(m.body, "caller", "kwargs", "varargs")
	for _, p := range m.Params {
		inner.param(p.Name)
		if special[p.Name] && p.Name == "caller" {
			m.explicitCaller = true
			if p.def == nil {
				r.fail(p.Span, "the parameter 'caller' must have a default", "leave it out: caller is always there")
			}
		}
		if p.Name != "caller" {
			delete(special, p.Name)
		}
	}
	for _, p := range m.Params {
		m.params = append(m.params, fn.slot(inner.level, p.Name))
	}
	m.caller, m.kwargs, m.varargs = -1, -1, -1
	for name, slot := range map[string]*int{"caller": &m.caller, "kwargs": &m.kwargs, "varargs": &m.varargs} {
		if special[name] {
			inner.param(name)
			*slot = fn.slot(inner.level, name)
		}
	}
	for _, p := range m.Params {
		inner.reads(p.def)
	}
	inner.analyze(m.body)
	for _, p := range m.Params {
		r.expr(inner, p.def, false)
	}
	r.stmts(inner, m.body, false)
	m.scope = r.scope(inner, true)
	m.code = code{slots: len(fn.slots)}
}
