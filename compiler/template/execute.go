package template

import (
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// run executes statements in turn.
func (f *frame) run(list []stmt) (signal, error) {
	if f.native != nil {
		return f.runNative(list)
	}
	f.r.steps += len(list)
	for _, s := range list {
		if sig, err := s.exec(f); err != nil || sig != goOn {
			return sig, err
		}
	}
	return goOn, nil
}

func (s *dataStmt) exec(f *frame) (signal, error) {
	return goOn, f.out.write(s.text, s.span, !s.vague)
}

func (s *printStmt) exec(f *frame) (signal, error) {
	if c, ok := s.x.(*callExpr); ok {
		return goOn, c.print(f, s.x.at())
	}
	v, err := s.x.eval(f)
	if err != nil {
		return goOn, err
	}
	if f.values && f.native == nil && !(f.isConstant(s.x) && writable(v)) {
		return goOn, f.printText(v, s.x.at(), "this expression")
	}
	return goOn, f.print(v, s.x.at())
}

// print calls and writes what comes of it, spliced when it is a macro's text.
func (x *callExpr) print(f *frame, at source.Span) error {
	v, spliced, err := x.into(f, f.out)
	if err != nil || spliced {
		return err
	}
	if f.values && f.native == nil {
		return f.printText(v, at, "this call")
	}
	return f.print(v, at)
}

func (f *frame) print(v value.Value, at source.Span) error {
	if f.native != nil {
		f.native.add(v, at)
		return nil
	}
	s, ok := v.(string)
	if !ok {
		var err error
		if s, err = text(v); err != nil {
			return locate(err, at)
		}
		if err := f.r.spend(len(s)/16, at); err != nil {
			return err
		}
	}
	return f.out.write(s, at, false)
}

func (s *setStmt) exec(f *frame) (signal, error) {
	if err := f.checkAttrs(s.target); err != nil {
		return goOn, err
	}
	v, err := s.x.eval(f)
	if err != nil {
		return goOn, err
	}
	return goOn, s.target.assign(f, v)
}

// capture runs a body and returns its text instead of writing it.
func (f *frame) capture(body []stmt) (string, signal, error) {
	out, native := f.out, f.native
	f.out, f.native = f.r.buffer(), nil
	sig, err := f.run(body)
	if err == nil && sig == goOn {
		err = f.out.wrong
	}
	text := f.r.take(f.out)
	f.out, f.native = out, native
	return text, sig, err
}

func (s *setBlock) exec(f *frame) (signal, error) {
	f.enter(&s.scope)
	text, sig, err := f.capture(s.body)
	if err != nil || sig != goOn {
		return sig, err
	}
	v := value.Value(text)
	if s.filter != nil {
		if v, err = s.filter.applyText(f, text); err != nil {
			return goOn, err
		}
	}
	if t, ok := s.target.(*attrTarget); ok {
		err = t.assignText(f, v)
	} else {
		err = s.target.assign(f, v)
	}
	f.leave(&s.scope)
	return goOn, err
}

func (s *ifStmt) exec(f *frame) (signal, error) {
	for i := range s.branches {
		ok, err := f.truth(s.branches[i].test)
		if err != nil {
			return goOn, err
		}
		if ok {
			return f.run(s.branches[i].body)
		}
	}
	return f.run(s.other)
}

func (s *macroStmt) exec(f *frame) (signal, error) {
	f.store(s.target, &macroValue{macro: s.macro, frame: f})
	return goOn, nil
}

func (s *callBlock) exec(f *frame) (signal, error) {
	v, spliced, err := s.call.into(f, f.out)
	if err != nil || spliced {
		return goOn, err
	}
	return goOn, f.printText(v, s.call.span, "this call block")
}

// printText prints what must be text already: Jinja2 does not turn what these
// blocks make into any.
func (f *frame) printText(v value.Value, at source.Span, what string) error {
	if _, ok := v.(string); !ok && f.native == nil {
		if f.out.wrong == nil {
			f.out.wrong = locate(value.Errorf("TypeError", "%s is to print text, but made a value of type %s", what, value.TypeName(v)), at)
		}
		return nil
	}
	return f.print(v, at)
}

func (s *filterStmt) exec(f *frame) (signal, error) {
	f.enter(&s.scope)
	text, sig, err := f.capture(s.body)
	if err != nil || sig != goOn {
		return sig, err
	}
	v, err := s.filter.applyText(f, text)
	if err != nil {
		return goOn, err
	}
	err = f.printText(v, s.filter.span, "this filter block")
	f.leave(&s.scope)
	return goOn, err
}

func (s *withStmt) exec(f *frame) (signal, error) {
	vals, err := f.evalAll(s.vals)
	if err != nil {
		return goOn, err
	}
	f.enter(&s.scope)
	for i, t := range s.targets {
		if err := t.assign(f, vals[i]); err != nil {
			return goOn, err
		}
	}
	sig, err := f.run(s.body)
	f.leave(&s.scope)
	return sig, err
}

func (s *doStmt) exec(f *frame) (signal, error) {
	if c, ok := s.x.(*callExpr); ok {
		return goOn, c.do(f)
	}
	_, err := s.x.eval(f)
	return goOn, err
}

// do calls for the effect. A return in a macro may splice.
func (x *callExpr) do(f *frame) error {
	if fn, ok := x.fn.(*nameExpr); ok && fn.name == "return" {
		if _, ok := f.load(fn.ref, fn.name).(Return); ok {
			_, _, err := x.into(f, f.out)
			return err
		}
	}
	_, err := x.eval(f)
	return err
}

func (s *scopeStmt) exec(f *frame) (signal, error) {
	f.enter(&s.scope)
	sig, err := f.run(s.body)
	f.leave(&s.scope)
	return sig, err
}

func (s *jumpStmt) exec(*frame) (signal, error) { return s.to, nil }

func (s *blockStmt) exec(*frame) (signal, error) { return goOn, nil }
