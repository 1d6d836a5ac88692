package value

import "iter"

// Dict is Python's dict: ordered by insertion, mutable, shared by reference.
// Keys that are equal in Python (1, 1.0 and True) are the same key. The zero
// value is an empty dict.
//
// Most dicts are small, and projects have hundreds of thousands of them: as
// long as there are few keys, and all of them strings and integers, they are
// searched one by one, and there is no index to make and keep.
type Dict struct {
	entries []entry
	index   map[any]int // by hash key, see Key; nil while dicts are small
	holes   int         // deleted entries still in entries
}

type entry struct{ key, val Value }

// hole is the key of a deleted entry.
type hole struct{}

// smallDict is how many keys are searched one by one: as many as the config
// of a node has.
const smallDict = 48

// NewDict returns an empty dict.
func NewDict() *Dict { return &Dict{} }

// DictOf makes a dict of names and values in turn: DictOf("a", 1, "b", 2).
func DictOf(pairs ...any) *Dict {
	d := &Dict{entries: make([]entry, 0, len(pairs)/2)}
	for i := 0; i+1 < len(pairs); i += 2 {
		d.put(pairs[i], pairs[i], pairs[i+1])
	}
	return d
}

// DictWithRoom makes a dict of names, none of them twice, and values in turn,
// and leaves room for so many more.
func DictWithRoom(room int, pairs ...any) *Dict {
	d := &Dict{entries: make([]entry, 0, len(pairs)/2+room)}
	for i := 0; i+1 < len(pairs); i += 2 {
		d.entries = append(d.entries, entry{pairs[i], pairs[i+1]})
	}
	return d
}

// Len is the number of entries.
func (d *Dict) Len() int { return len(d.entries) - d.holes }

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
func (d *Dict) Put(k string, v Value) {
	if d.index == nil {
		if i := d.findText(k); i >= 0 {
			d.entries[i].val = v
			return
		}
	}
	var key any = k
	d.put(key, key, v)
}

// put stores v under k, whose hash key is h.
func (d *Dict) put(h any, k, v Value) {
	if i := d.find(h); i >= 0 {
		d.entries[i].val = v
		return
	}
	if d.index == nil && (len(d.entries) >= smallDict || !plainKey(k)) {
		d.makeIndex()
	}
	if d.index != nil {
		d.index[h] = len(d.entries)
	}
	d.entries = append(d.entries, entry{k, v})
}

// plainKey reports whether a key is its own hash key and cheap to compare.
func plainKey(k Value) bool {
	switch k.(type) {
	case string, int64:
		return true
	}
	return false
}

func (d *Dict) makeIndex() {
	d.index = make(map[any]int, len(d.entries)+1)
	for i, e := range d.entries {
		if _, gone := e.key.(hole); gone {
			continue
		}
		if h, err := Key(e.key); err == nil { // it was hashed on the way in
			d.index[h] = i
		}
	}
}

// find is where the entry of a hash key lies; -1 when there is none.
func (d *Dict) find(h any) int {
	if d.index != nil {
		if i, ok := d.index[h]; ok {
			return i
		}
		return -1
	}
	switch h := h.(type) {
	case string:
		return d.findText(h)
	case int64:
		for i := range d.entries {
			if n, ok := d.entries[i].key.(int64); ok && n == h {
				return i
			}
		}
	}
	return -1 // without an index there are no other keys
}

func (d *Dict) findText(k string) int {
	for i := range d.entries {
		if s, ok := d.entries[i].key.(string); ok && s == k {
			return i
		}
	}
	return -1
}

// Get returns the value under k; false when there is none or k cannot be a
// key.
func (d *Dict) Get(k Value) (Value, bool) {
	h, err := Key(k)
	if err != nil {
		return nil, false
	}
	i := d.find(h)
	if i < 0 {
		return nil, false
	}
	return d.entries[i].val, true
}

// Named is Get for string keys.
func (d *Dict) Named(k string) (Value, bool) {
	i := -1
	if d.index == nil {
		i = d.findText(k)
	} else if at, ok := d.index[k]; ok {
		i = at
	}
	if i < 0 {
		return nil, false
	}
	return d.entries[i].val, true
}

// Delete removes k and returns what was there.
func (d *Dict) Delete(k Value) (Value, bool) {
	h, err := Key(k)
	if err != nil {
		return nil, false
	}
	i := d.find(h)
	if i < 0 {
		return nil, false
	}
	v := d.entries[i].val
	delete(d.index, h)
	d.entries[i] = entry{key: hole{}}
	d.holes++
	if d.holes > 16 && d.holes > len(d.entries)/2 {
		*d = *d.Copy()
	}
	return v, true
}

// last is where the newest entry lies; -1 when there is none.
func (d *Dict) last() int {
	for i := len(d.entries) - 1; i >= 0; i-- {
		if _, gone := d.entries[i].key.(hole); !gone {
			return i
		}
	}
	return -1
}

// All iterates over the entries in order. The dict must not be changed
// meanwhile.
func (d *Dict) All() iter.Seq2[Value, Value] {
	return func(yield func(Value, Value) bool) {
		for _, e := range d.entries {
			if _, gone := e.key.(hole); !gone && !yield(e.key, e.val) {
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
	c := &Dict{entries: make([]entry, 0, d.Len())}
	for k, v := range d.All() {
		c.entries = append(c.entries, entry{k, v})
	}
	if d.index != nil {
		c.makeIndex()
	}
	return c
}
