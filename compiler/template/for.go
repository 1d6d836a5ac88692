package template

import "github.com/chmod-sql/chmod/compiler/value"

func (s *forStmt) exec(f *frame) (signal, error) {
	v, err := s.iter.eval(f)
	if err != nil {
		return goOn, err
	}
	v = f.unmarked(v)
	if s.recursive {
		text, err := s.render(f, v, 0)
		if err != nil {
			return goOn, err
		}
		return goOn, f.print(text, s.span)
	}
	return s.rounds(f, f, v, 0)
}

// render runs a recursive loop over one level and returns its text.
func (s *forStmt) render(home *frame, v value.Value, depth int) (value.Value, error) {
	r := home.r
	if r.depth >= r.limits.Depth {
		return nil, locate(&LimitError{"depth", r.limits.Depth}, s.span)
	}
	r.depth++
	defer func() { r.depth-- }()
	f := home.inner(s.code)
	f.out = r.buffer()
	_, err := s.rounds(f, home, v, depth)
	if err == nil {
		err = f.out.wrong
	}
	text := r.take(f.out)
	return text, err
}

// rounds goes over v. The loop runs in f; home is where it stands, which is
// another frame when it is recursive.
func (s *forStmt) rounds(f, home *frame, v value.Value, depth int) (signal, error) {
	it, err := f.iterator(v)
	if err != nil {
		return goOn, locate(err, s.iter.at())
	}
	src := v
	if s.test != nil {
		it = s.test.over(home, it)
		src = it
	}
	var loop *loopValue
	if s.extended {
		loop = &loopValue{f: f, source: src, it: it, index0: -1, length: -1, depth0: depth, after: missing{}, stmt: s, home: home}
	}
	empty := true
	for {
		var item value.Value
		var ok bool
		if loop != nil {
			item, ok, err = loop.advance()
		} else {
			item, ok, err = it.Next()
		}
		if err != nil {
			return goOn, locate(err, s.iter.at())
		}
		if !ok {
			break
		}
		if err := f.r.round(s.span); err != nil {
			return goOn, err
		}
		if err := s.target.assign(f, item); err != nil {
			return goOn, err
		}
		f.enter(&s.scope)
		if loop != nil {
			f.slots[s.loop.slot] = loop
		}
		sig, err := f.run(s.body)
		if err == nil && loop != nil && loop.err != nil {
			err = locate(loop.err, s.iter.at())
		}
		if err != nil {
			return goOn, err
		}
		if sig == breakLoop {
			break
		}
		// A round that was cut short does not count, as in Jinja2: a loop whose
		// first round breaks runs its else.
		if sig == goOn {
			empty = false
		}
	}
	f.leave(&s.scope)
	if empty && len(s.other) > 0 {
		f.enter(&s.elseScope)
		sig, err := f.run(s.other)
		f.leave(&s.elseScope)
		return sig, err
	}
	return goOn, nil
}

// over is the items that pass the loop's filter, which is a function of its
// own.
func (t *loopTest) over(home *frame, it value.Streamer) value.Streamer {
	var f *frame
	return value.NewIterator("generator", func() (value.Value, bool, error) {
		if f == nil {
			f = home.inner(t.code)
			f.enter(&t.scope)
		}
		for {
			item, ok, err := it.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			if err := f.r.round(t.test.at()); err != nil {
				return nil, false, err
			}
			if err := t.target.assign(f, item); err != nil {
				return nil, false, err
			}
			pass, err := f.truth(t.test)
			if err != nil {
				return nil, false, err
			}
			if pass {
				return rebuilt(t.target, f, item), true, nil
			}
		}
	})
}

// rebuilt is what a filter passes on: where the target is a tuple, a tuple of
// what was assigned to it, whatever the item was.
func rebuilt(t target, f *frame, item value.Value) value.Value {
	switch t := t.(type) {
	case *tupleTarget:
		parts := make([]value.Value, len(t.items))
		for i, part := range t.items {
			parts[i] = rebuilt(part, f, nil)
		}
		return value.NewTuple(parts...)
	case *nameTarget:
		return f.slots[t.ref.slot]
	}
	return item
}
