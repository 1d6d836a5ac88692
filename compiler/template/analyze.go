package template

// analyze notes the names that statements read and assign in the block they
// stand in. Blocks inside of it that have variables of their own are not
// entered.
func (s *symbols) analyze(list []stmt) {
	for _, st := range list {
		switch st := st.(type) {
		case *printStmt:
			s.reads(st.x)
		case *doStmt:
			s.reads(st.x)
		case *setStmt:
			s.reads(st.x)
			s.assigns(st.target)
		case *setBlock:
			s.assigns(st.target)
		case *ifStmt:
			s.analyzeIf(st.branches, st.other)
		case *forStmt:
			s.reads(st.iter)
		case *macroStmt:
			s.store(st.macro.Written)
		case *callBlock:
			s.reads(st.call)
		case *filterStmt:
			s.reads(st.filter)
		case *withStmt:
			for _, x := range st.vals {
				s.reads(x)
			}
		}
	}
}

func (s *symbols) analyzeIf(branches []branch, other []stmt) {
	s.reads(branches[0].test)
	body, elifs, otherwise := s.branch(), s.branch(), s.branch()
	body.analyze(branches[0].body)
	for i := range branches[1:] {
		elifs.analyzeIf(branches[1+i:2+i], nil)
	}
	otherwise.analyze(other)
	s.join(body, elifs, otherwise)
}

func (s *symbols) reads(x expr) {
	switch x := x.(type) {
	case nil:
	case *nameExpr:
		s.load(x.name)
	default:
		children(x, s.reads)
	}
}

func (s *symbols) assigns(t target) {
	switch t := t.(type) {
	case *nameTarget:
		s.store(t.name)
	case *attrTarget:
		s.load(t.name)
	case *tupleTarget:
		for _, item := range t.items {
			s.assigns(item)
		}
	}
}

func (s *symbols) params(t target) {
	switch t := t.(type) {
	case *nameTarget:
		s.param(t.name)
	case *tupleTarget:
		for _, item := range t.items {
			s.params(item)
		}
	}
}
