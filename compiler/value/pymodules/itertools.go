package pymodules

import (
	"github.com/chmod-sql/chmod/compiler/value"
)

// next is how iterators are made here: false after the last item.
type next = func() (value.Value, bool, error)

// tool is a function of itertools with its arguments bound.
type tool func(c *value.Call, args []value.Value) (next, error)

func itertoolsModule() *value.Dict {
	d := value.DictOf(
		"chain", chain{},
		"product", variadic("product", product),
		"zip_longest", variadic("zip_longest", zipLongest),
		"islice", variadic("islice", islice),
	)
	add := func(name string, run tool, params ...value.Param) { d.Put(name, bind(name, run, params...)) }
	iterable, predicate := value.Required("iterable"), value.Required("predicate")
	add("count", count, value.Optional("start", int64(0)), value.Optional("step", int64(1)))
	add("cycle", cycle, iterable)
	add("repeat", repeat, value.Required("object"), value.Optional("times", nil))
	add("accumulate", accumulate, iterable, value.Optional("func", nil), value.Optional("initial", nil))
	add("compress", compress, value.Required("data"), value.Required("selectors"))
	add("takewhile", takeWhile, predicate, iterable)
	add("dropwhile", dropWhile, predicate, iterable)
	add("filterfalse", filterFalse, predicate, iterable)
	add("starmap", starMap, value.Required("function"), iterable)
	add("groupby", groupBy, iterable, value.Optional("key", nil))
	add("pairwise", pairwise, iterable)
	add("permutations", permutations, iterable, value.Optional("r", nil))
	add("combinations", combinations(false), iterable, value.Required("r"))
	add("combinations_with_replacement", combinations(true), iterable, value.Required("r"))
	return d
}

func bind(name string, run tool, params ...value.Param) value.Value {
	return &value.Func{Name: name, Fn: func(c *value.Call) (value.Value, error) {
		args, err := c.Bind(name, params...)
		if err != nil {
			return nil, err
		}
		n, err := run(c, args)
		if err != nil {
			return nil, err
		}
		return value.NewIterator("itertools."+name, n), nil
	}}
}

// variadic is for functions that take any number of iterables.
func variadic(name string, run func(c *value.Call) (next, error)) value.Value {
	return &value.Func{Name: name, Fn: func(c *value.Call) (value.Value, error) {
		n, err := run(c)
		if err != nil {
			return nil, err
		}
		return value.NewIterator("itertools."+name, n), nil
	}}
}

// over gives the items of a slice.
func over(items []value.Value) next {
	i := 0
	return func() (value.Value, bool, error) {
		if i >= len(items) {
			return nil, false, nil
		}
		i++
		return items[i-1], true, nil
	}
}

// chain is a class, since it has a second constructor.
type chain struct{}

func (chain) TypeName() string { return "type" }

func (chain) Repr() string { return "<class 'itertools.chain'>" }

func (chain) Call(c *value.Call) (value.Value, error) {
	return value.NewIterator("itertools.chain", chained(over(c.Args))), nil
}

func (chain) Attr(name string) (value.Value, bool) {
	if name != "from_iterable" {
		return nil, false
	}
	return bind("chain", func(_ *value.Call, args []value.Value) (next, error) {
		s, err := value.Stream(args[0])
		if err != nil {
			return nil, err
		}
		return chained(s.Next), nil
	}, value.Required("iterable")), true
}

func chained(sources next) next {
	var current value.Streamer
	return func() (value.Value, bool, error) {
		for {
			if current != nil {
				if v, ok, err := current.Next(); ok || err != nil {
					return v, ok, err
				}
			}
			source, ok, err := sources()
			if err != nil || !ok {
				current = nil
				return nil, false, err
			}
			if current, err = value.Stream(source); err != nil {
				return nil, false, err
			}
		}
	}
}

func count(c *value.Call, args []value.Value) (next, error) {
	at := args[0]
	for _, a := range args {
		if _, ok := value.AsFloat(a); !ok {
			return nil, value.Errorf("TypeError", "a number is required")
		}
	}
	return func() (value.Value, bool, error) {
		v, err := at, c.Spend(1)
		if err != nil {
			return nil, false, err
		}
		at, err = value.Add(at, args[1])
		return v, err == nil, err
	}, nil
}

func cycle(c *value.Call, args []value.Value) (next, error) {
	s, err := value.Stream(args[0])
	if err != nil {
		return nil, err
	}
	var seen []value.Value
	i, again := 0, false
	return func() (value.Value, bool, error) {
		if err := c.Spend(1); err != nil {
			return nil, false, err
		}
		if !again {
			v, ok, err := s.Next()
			if err != nil {
				return nil, false, err
			}
			if ok {
				seen = append(seen, v)
				return v, true, nil
			}
			again = true
		}
		if len(seen) == 0 {
			return nil, false, nil
		}
		i++
		return seen[(i-1)%len(seen)], true, nil
	}, nil
}

func repeat(c *value.Call, args []value.Value) (next, error) {
	left, limited := int64(0), args[1] != nil
	if limited {
		n, err := number(args[1])
		if err != nil {
			return nil, err
		}
		left = n
	}
	return func() (value.Value, bool, error) {
		if limited {
			if left <= 0 {
				return nil, false, nil
			}
			left--
		}
		err := c.Spend(1)
		return args[0], err == nil, err
	}, nil
}

func number(v value.Value) (int64, error) {
	n, ok := value.AsInt(v)
	if !ok {
		return 0, value.Errorf("TypeError", "'%s' object cannot be interpreted as an integer", value.TypeName(v))
	}
	return n, nil
}

func accumulate(c *value.Call, args []value.Value) (next, error) {
	s, err := value.Stream(args[0])
	if err != nil {
		return nil, err
	}
	total, started, pending := args[2], args[2] != nil, args[2] != nil
	return func() (value.Value, bool, error) {
		if pending {
			pending = false
			return total, true, nil
		}
		v, ok, err := s.Next()
		if err != nil || !ok {
			return nil, false, err
		}
		switch {
		case !started:
			total, started = v, true
		case args[1] == nil:
			total, err = value.Add(total, v)
		default:
			total, err = c.With(args[1], total, v)
		}
		return total, err == nil, err
	}, nil
}

func zipLongest(c *value.Call) (next, error) {
	var fill value.Value
	for _, kw := range c.Kwargs {
		if kw.Name != "fillvalue" {
			return nil, value.Errorf("TypeError", "zip_longest() got an unexpected keyword argument")
		}
		fill = kw.Value
	}
	sources := make([]value.Streamer, len(c.Args))
	for i, a := range c.Args {
		s, err := value.Stream(a)
		if err != nil {
			return nil, err
		}
		sources[i] = s
	}
	return func() (value.Value, bool, error) {
		row, some := make([]value.Value, len(sources)), false
		for i, s := range sources {
			row[i] = fill
			if s == nil {
				continue
			}
			v, ok, err := s.Next()
			if err != nil {
				return nil, false, err
			}
			if ok {
				row[i], some = v, true
			} else {
				sources[i] = nil
			}
		}
		return value.NewTuple(row...), some, nil
	}, nil
}

func islice(c *value.Call) (next, error) {
	if len(c.Kwargs) > 0 {
		return nil, value.Errorf("TypeError", "islice() takes no keyword arguments")
	}
	n := len(c.Args)
	if n < 2 || n > 4 {
		return nil, value.Errorf("TypeError", "islice expected at least 2 arguments, got %d", n)
	}
	s, err := value.Stream(c.Args[0])
	if err != nil {
		return nil, err
	}
	bounds := [3]int64{0, -1, 1} // a stop of -1 is none
	for i, a := range c.Args[1:] {
		if n == 2 {
			i = 1
		}
		if a == nil {
			continue
		}
		v, ok := value.AsInt(a)
		if !ok || v < 0 || i == 2 && v == 0 {
			if i == 2 {
				return nil, value.Errorf("ValueError", "Step for islice() must be a positive integer or None.")
			}
			if n == 2 {
				return nil, value.Errorf("ValueError", "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
			}
			return nil, value.Errorf("ValueError", "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
		}
		bounds[i] = v
	}
	at, wanted := int64(0), bounds[0]
	return func() (value.Value, bool, error) {
		if bounds[1] >= 0 && wanted >= bounds[1] {
			return nil, false, nil
		}
		for {
			v, ok, err := s.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			at++
			if at-1 == wanted {
				wanted += bounds[2]
				return v, true, nil
			}
		}
	}, nil
}
