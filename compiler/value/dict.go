package value

import "iter"

// Dict is Python's dict: ordered by insertion, mutable, shared by reference.
// Keys that are equal in Python (1, 1.0 and True) are the same key.
type Dict struct {
	keys   []Value
	vals   []Value
	index  map[any]int // by hash key, see Key
	holes  int         // deleted entries still in keys
	filled []bool
}

// NewDict returns an empty dict.
func NewDict() *Dict { return &Dict{index: map[any]int{}} }

// DictOf makes a dict of names and values in turn: DictOf("a", 1, "b", 2).
func DictOf(pairs ...any) *Dict {
	d := NewDict()
	for i := 0; i+1 < len(pairs); i += 2 {
		d.Put(pairs[i].(string), pairs[i+1])
	}
	return d
}

// Len is the number of entries.
func (d *Dict) Len() int { return len(d.keys) - d.holes }

// Set stores v under k; the error is a TypeError for a key that cannot be
// hashed.
func (d *Dict) Set(k, v Value) error {
	h, err := Key(k)
	if err != nil {
		return err
	}
	d.put(h, k, v)
	return nil
}

// Put is Set for string keys, which cannot fail.
func (d *Dict) Put(k string, v Value) { d.put(k, k, v) }

func (d *Dict) put(h any, k, v Value) {
	if i, ok := d.index[h]; ok {
		d.vals[i] = v
		return
	}
	d.index[h] = len(d.keys)
	d.keys, d.vals, d.filled = append(d.keys, k), append(d.vals, v), append(d.filled, true)
}

// Get returns the value under k; false when there is none or k cannot be a
// key.
func (d *Dict) Get(k Value) (Value, bool) {
	h, err := Key(k)
	if err != nil {
		return nil, false
	}
	i, ok := d.index[h]
	if !ok {
		return nil, false
	}
	return d.vals[i], true
}

// Delete removes k and returns what was there.
func (d *Dict) Delete(k Value) (Value, bool) {
	h, err := Key(k)
	if err != nil {
		return nil, false
	}
	i, ok := d.index[h]
	if !ok {
		return nil, false
	}
	v := d.vals[i]
	delete(d.index, h)
	d.keys[i], d.vals[i], d.filled[i] = nil, nil, false
	d.holes++
	if d.holes > 16 && d.holes > len(d.keys)/2 {
		d.compact()
	}
	return v, true
}

func (d *Dict) compact() {
	fresh := NewDict()
	for k, v := range d.All() {
		h, err := Key(k)
		if err != nil {
			continue // cannot be: it was hashed on the way in
		}
		fresh.put(h, k, v)
	}
	*d = *fresh
}

// All iterates over the entries in order. The dict must not be changed
// meanwhile.
func (d *Dict) All() iter.Seq2[Value, Value] {
	return func(yield func(Value, Value) bool) {
		for i := range d.keys {
			if d.filled[i] && !yield(d.keys[i], d.vals[i]) {
				return
			}
		}
	}
}

// Keys returns the keys in order, in a slice of the caller's own.
func (d *Dict) Keys() []Value {
	keys := make([]Value, 0, d.Len())
	for k := range d.All() {
		keys = append(keys, k)
	}
	return keys
}

// Copy is a shallow copy.
func (d *Dict) Copy() *Dict {
	c := NewDict()
	for k, v := range d.All() {
		h, err := Key(k)
		if err != nil {
			continue // cannot be: it was hashed on the way in
		}
		c.put(h, k, v)
	}
	return c
}
