package pymodules

import "github.com/chmod-sql/chmod/compiler/value"

func compress(_ *value.Call, args []value.Value) (next, error) {
	data, err := value.Stream(args[0])
	if err != nil {
		return nil, err
	}
	selectors, err := value.Stream(args[1])
	if err != nil {
		return nil, err
	}
	return func() (value.Value, bool, error) {
		for {
			v, ok, err := data.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			selected, ok, err := selectors.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			if value.Truth(selected) {
				return v, true, nil
			}
		}
	}, nil
}

// holds asks a predicate; None asks for the truth of the item itself.
func holds(c *value.Call, predicate, v value.Value) (bool, error) {
	if predicate == nil {
		return value.Truth(v), nil
	}
	answer, err := c.With(predicate, v)
	return value.Truth(answer), err
}

func takeWhile(c *value.Call, args []value.Value) (next, error) {
	s, err := value.Stream(args[1])
	if err != nil {
		return nil, err
	}
	done := false
	return func() (value.Value, bool, error) {
		if done {
			return nil, false, nil
		}
		v, ok, err := s.Next()
		if err != nil || !ok {
			return nil, false, err
		}
		good, err := holds(c, args[0], v)
		done = !good
		return v, good && err == nil, err
	}, nil
}

func dropWhile(c *value.Call, args []value.Value) (next, error) {
	s, err := value.Stream(args[1])
	if err != nil {
		return nil, err
	}
	started := false
	return func() (value.Value, bool, error) {
		for {
			v, ok, err := s.Next()
			if err != nil || !ok || started {
				return v, ok, err
			}
			dropped, err := holds(c, args[0], v)
			if err != nil {
				return nil, false, err
			}
			if !dropped {
				started = true
				return v, true, nil
			}
		}
	}, nil
}

func filterFalse(c *value.Call, args []value.Value) (next, error) {
	s, err := value.Stream(args[1])
	if err != nil {
		return nil, err
	}
	return func() (value.Value, bool, error) {
		for {
			v, ok, err := s.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			good, err := holds(c, args[0], v)
			if err != nil {
				return nil, false, err
			}
			if !good {
				return v, true, nil
			}
		}
	}, nil
}

func starMap(c *value.Call, args []value.Value) (next, error) {
	s, err := value.Stream(args[1])
	if err != nil {
		return nil, err
	}
	return func() (value.Value, bool, error) {
		v, ok, err := s.Next()
		if err != nil || !ok {
			return nil, false, err
		}
		items, err := value.Iterate(v)
		if err != nil {
			return nil, false, err
		}
		v, err = c.With(args[0], items...)
		return v, err == nil, err
	}, nil
}

func pairwise(_ *value.Call, args []value.Value) (next, error) {
	s, err := value.Stream(args[0])
	if err != nil {
		return nil, err
	}
	var last value.Value
	started := false
	return func() (value.Value, bool, error) {
		for {
			v, ok, err := s.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			before, second := last, started
			last, started = v, true
			if second {
				return value.NewTuple(before, v), true, nil
			}
		}
	}, nil
}

// groupBy gives pairs of a key and the run of items that share it.
func groupBy(c *value.Call, args []value.Value) (next, error) {
	s, err := value.Stream(args[0])
	if err != nil {
		return nil, err
	}
	var ahead, aheadKey value.Value
	waiting := false
	read := func() (bool, error) {
		v, ok, err := s.Next()
		if err != nil || !ok {
			waiting = false
			return false, err
		}
		ahead, aheadKey, waiting = v, v, true
		if args[1] != nil {
			aheadKey, err = c.With(args[1], v)
		}
		return true, err
	}
	started := false
	return func() (value.Value, bool, error) {
		if !started {
			started = true
			if _, err := read(); err != nil {
				return nil, false, err
			}
		}
		if !waiting {
			return nil, false, nil
		}
		key := aheadKey
		var group []value.Value
		for waiting && value.Equal(aheadKey, key) {
			group = append(group, ahead)
			if _, err := read(); err != nil {
				return nil, false, err
			}
		}
		return value.NewTuple(key, value.NewIterator("itertools._grouper", over(group))), true, nil
	}, nil
}
