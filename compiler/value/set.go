package value

// Set is Python's set, kept in order of insertion so that output does not
// change from run to run.
type Set struct {
	dict *Dict
}

// NewSet makes a set of elems; the error is a TypeError for one that cannot
// be hashed.
func NewSet(elems ...Value) (*Set, error) {
	s := &Set{dict: NewDict()}
	for _, e := range elems {
		if err := s.Add(e); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Add puts an element in.
func (s *Set) Add(e Value) error {
	if _, ok := s.dict.Get(e); ok {
		return nil
	}
	return s.dict.Set(e, nil)
}

// Remove takes an element out; false when it was not in.
func (s *Set) Remove(e Value) bool { _, ok := s.dict.Delete(e); return ok }

// Has reports whether the element is in.
func (s *Set) Has(e Value) bool { _, ok := s.dict.Get(e); return ok }

// Len is the number of elements.
func (s *Set) Len() int { return s.dict.Len() }

// Elems returns the elements in order of insertion.
func (s *Set) Elems() []Value { return s.dict.Keys() }

func (s *Set) within(o *Set) bool {
	if s.Len() > o.Len() {
		return false
	}
	for e := range s.dict.All() {
		if !o.Has(e) {
			return false
		}
	}
	return true
}
