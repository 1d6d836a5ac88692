package value

import (
	"math/big"
	"slices"
	"strings"
)

func joinElems(a, b []Value) ([]Value, error) {
	if len(a)+len(b) > maxItems {
		return nil, tooLarge("list")
	}
	return slices.Concat(a, b), nil
}

// repeat is sequence * times; false when they are something else.
func repeat(sequence, times Value) (Value, bool, error) {
	if !isSequence(sequence) {
		return nil, false, nil
	}
	n, ok := indexOf(times)
	if !ok {
		return nil, false, nil
	}
	if _, isBig := times.(*big.Int); isBig {
		return nil, true, Errorf("OverflowError", "cannot fit 'int' into an index-sized integer")
	}
	n = max(n, 0)
	switch s := sequence.(type) {
	case string:
		if !fits(len(s), n) {
			return nil, true, tooLarge("string")
		}
		if s == "" {
			n = 0
		}
		return strings.Repeat(s, n), true, nil
	case *List:
		elems, err := repeatElems(s.Elems, n)
		return NewList(elems...), true, err
	case *Tuple:
		elems, err := repeatElems(s.Elems, n)
		return NewTuple(elems...), true, err
	}
	return nil, false, nil
}

func repeatElems(elems []Value, n int) ([]Value, error) {
	if len(elems) == 0 {
		return nil, nil
	}
	if n > maxItems/len(elems) {
		return nil, tooLarge("list")
	}
	return slices.Repeat(elems, n), nil
}
