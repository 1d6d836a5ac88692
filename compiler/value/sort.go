package value

import "slices"

// Sort sorts elems in place as Python's sort does: stably, by < alone, and by
// what key makes of each element when key is not nil. Elements stay as they
// are when two have no order.
func Sort(elems []Value, key func(Value) (Value, error), reverse bool) error {
	type keyed struct{ elem, key Value }
	work := make([]keyed, len(elems))
	for i, e := range elems {
		work[i] = keyed{e, e}
		if key != nil {
			k, err := key(e)
			if err != nil {
				return err
			}
			work[i].key = k
		}
	}
	if reverse {
		slices.Reverse(work) // so that equal elements keep their order
	}
	var failure error
	slices.SortStableFunc(work, func(a, b keyed) int {
		if failure != nil {
			return 0
		}
		less, err := Order("<", a.key, b.key)
		if err != nil {
			failure = err
			return 0
		}
		if less {
			return -1
		}
		more, err := Order("<", b.key, a.key)
		if err != nil {
			failure = err
		}
		if more {
			return 1
		}
		return 0
	})
	if failure != nil {
		return failure
	}
	if reverse {
		slices.Reverse(work)
	}
	for i, w := range work {
		elems[i] = w.elem
	}
	return nil
}
