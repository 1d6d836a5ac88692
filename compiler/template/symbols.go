package template

// symbols are the variables of one block that has variables of its own. What
// Jinja2 makes of a template depends on which names a block reads and assigns
// anywhere in it, and in which order: symbols are complete before the first
// name of the block is resolved.
type symbols struct {
	parent *symbols
	under  *symbols // of a branch of an if: what was known in front of it
	fn     *function
	level  int
	loads  map[string]loadKind // nil, as stores, in the many blocks that name nothing
	stores map[string]bool
}

// loadKind is how a variable gets its first value.
type loadKind uint8

const (
	loadParam   loadKind = iota // given by whoever enters the block
	loadGlobal                  // looked up in the globals
	loadAlias                   // copied from a block further out
	loadNothing                 // none: it is undefined until assigned
)

// function is a function of a template while it is resolved.
type function struct {
	parent *function
	depth  int
	slots  map[slotKey]int
}

type slotKey struct {
	level int
	name  string
}

func newFunction(parent *function) *function {
	fn := &function{parent: parent}
	if parent != nil {
		fn.depth = parent.depth + 1
	}
	return fn
}

// slot is where a variable lives. Blocks side by side share slots: a macro
// defined in one of them sees, when called in another, what is there then.
func (fn *function) slot(level int, name string) int {
	key := slotKey{level, name}
	n, ok := fn.slots[key]
	if !ok {
		n = len(fn.slots)
		if fn.slots == nil {
			fn.slots = map[slotKey]int{}
		}
		fn.slots[key] = n
	}
	return n
}

func newSymbols(parent *symbols, fn *function) *symbols {
	s := &symbols{parent: parent, fn: fn}
	if parent != nil {
		s.level = parent.level + 1
	}
	return s
}

// find returns the block that a name belongs to.
func (s *symbols) find(name string) *symbols {
	for ; s != nil; s = s.parent {
		if s.knows(name) {
			return s
		}
	}
	return nil
}

// knows reports whether a name belongs to this very block.
func (s *symbols) knows(name string) bool {
	for ; s != nil; s = s.under {
		if _, ok := s.loads[name]; ok {
			return true
		}
	}
	return false
}

// assigned reports whether the block has assigned to the name so far.
func (s *symbols) assigned(name string) bool {
	for ; s != nil; s = s.under {
		if s.stores[name] {
			return true
		}
	}
	return false
}

func (s *symbols) param(name string) {
	s.storesTo(name)
	s.loadsAs(name, loadParam)
}

func (s *symbols) load(name string) {
	if s.find(name) == nil {
		s.loadsAs(name, loadGlobal)
	}
}

func (s *symbols) store(name string) {
	s.storesTo(name)
	if s.knows(name) {
		return
	}
	if s.parent.find(name) != nil {
		s.loadsAs(name, loadAlias)
		return
	}
	s.loadsAs(name, loadNothing)
}

func (s *symbols) loadsAs(name string, kind loadKind) {
	if s.loads == nil {
		s.loads = map[string]loadKind{}
	}
	s.loads[name] = kind
}

func (s *symbols) storesTo(name string) {
	if s.stores == nil {
		s.stores = map[string]bool{}
	}
	s.stores[name] = true
}

// branch starts a branch of an if.
func (s *symbols) branch() *symbols {
	b := newSymbols(s.parent, s.fn)
	b.under = s
	return b
}

// join takes over what the branches of an if did. A variable that only some
// branch assigns has, without that, the value it has outside.
func (s *symbols) join(branches ...*symbols) {
	assigned := map[string]bool{}
	for _, b := range branches {
		for name := range b.stores {
			if !s.assigned(name) {
				assigned[name] = true
			}
		}
	}
	for _, b := range branches {
		for name, kind := range b.loads {
			s.loadsAs(name, kind)
		}
		for name := range b.stores {
			s.storesTo(name)
		}
	}
	for name := range assigned {
		if s.parent.find(name) != nil {
			s.loadsAs(name, loadAlias)
		} else {
			s.loadsAs(name, loadGlobal)
		}
	}
}
