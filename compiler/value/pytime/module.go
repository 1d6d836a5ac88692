package pytime

import (
	"math"
	"math/big"
	"time"

	"github.com/chmod-sql/chmod/compiler/value"
)

// Module is Python's datetime module. Its classes ask now for the time; the
// local zone is UTC, so that projects come out the same on every machine.
func Module(now func() time.Time) *value.Dict {
	return value.DictOf(
		"datetime", dateTimeClass(now),
		"date", dateClass(now),
		"time", clockClass(),
		"timedelta", deltaClass(),
		"timezone", zoneClass(),
		"tzinfo", &class{name: "datetime.tzinfo", call: func(*value.Call) (value.Value, error) {
			return nil, value.Errorf("NotImplementedError", "a tzinfo subclass must implement utcoffset()")
		}, attr: func(string) (value.Value, bool) { return nil, false }},
		"UTC", &Zone{},
		"MINYEAR", int64(1),
		"MAXYEAR", int64(9999),
	)
}

func dateClass(now func() time.Time) value.Value {
	today := func() *Date { return &Date{now().UTC().Truncate(24 * time.Hour)} }
	return &class{
		name: "datetime.date",
		call: func(c *value.Call) (value.Value, error) {
			args, err := c.Bind("date", required("year", "month", "day")...)
			if err != nil {
				return nil, err
			}
			return makeDate(args)
		},
		attr: func(name string) (value.Value, bool) {
			switch name {
			case "today":
				return method(name, nil, func([]value.Value) (value.Value, error) { return today(), nil }), true
			case "fromisoformat":
				return fromText(name, func(s string) (value.Value, error) { return dateFromISO(s) }), true
			case "fromordinal", "fromtimestamp", "fromisocalendar":
				return dayFrom(name, func(day time.Time) value.Value { return &Date{day.Truncate(24 * time.Hour)} }), true
			case "min":
				return &Date{time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)}, true
			case "max":
				return &Date{time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)}, true
			case "resolution":
				return &Delta{days: 1}, true
			}
			return unbound(name, &Date{time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)})
		},
	}
}

// unbound is a method taken from its class: date.isoformat(d).
func unbound(name string, example value.Object) (value.Value, bool) {
	m, ok := example.Attr(name)
	if _, callable := m.(value.Callable); !ok || !callable {
		return nil, false
	}
	return &value.Func{Name: name, Fn: func(c *value.Call) (value.Value, error) {
		if len(c.Args) == 0 {
			return nil, value.Errorf("TypeError", "unbound method %s.%s() needs an argument", example.TypeName(), name)
		}
		if value.TypeName(c.Args[0]) != example.TypeName() {
			return nil, value.Errorf("TypeError", "descriptor '%s' for '%s' objects doesn't apply to a '%s' object", name, example.TypeName(), value.TypeName(c.Args[0]))
		}
		bound, ok := value.Attr(c.Args[0], name)
		if !ok {
			return nil, value.Errorf("AttributeError", "'%s' object has no attribute '%s'", example.TypeName(), name)
		}
		return value.Invoke(bound, &value.Call{Args: c.Args[1:], Kwargs: c.Kwargs, Span: c.Span, Runtime: c.Runtime})
	}}, true
}

func fromText(name string, read func(s string) (value.Value, error)) value.Value {
	return method(name, required("date_string"), func(args []value.Value) (value.Value, error) {
		s, ok := args[0].(string)
		if !ok {
			return nil, value.Errorf("TypeError", "%s: argument must be str", name)
		}
		v, err := read(s)
		if err != nil {
			return nil, err
		}
		return v, nil
	})
}

// dayFrom makes the constructors that date and datetime share.
func dayFrom(name string, wrap func(day time.Time) value.Value) value.Value {
	switch name {
	case "fromordinal":
		return method(name, required("ordinal"), func(args []value.Value) (value.Value, error) {
			n, err := whole(args[0])
			if err != nil {
				return nil, err
			}
			day, err := fromOrdinal(n)
			if err != nil {
				return nil, err
			}
			return wrap(day), nil
		})
	case "fromisocalendar":
		return method(name, required("year", "week", "day"), func(args []value.Value) (value.Value, error) {
			n, err := wholes(args)
			if err != nil {
				return nil, err
			}
			day, err := fromISOCalendar(n[0], n[1], n[2])
			if err != nil {
				return nil, err
			}
			return wrap(day), nil
		})
	}
	return method(name, required("timestamp"), func(args []value.Value) (value.Value, error) {
		at, err := fromTimestamp(args[0])
		if err != nil {
			return nil, err
		}
		return wrap(at), nil
	})
}

// fromTimestamp rounds to microseconds, half to even, as Python does.
func fromTimestamp(v value.Value) (time.Time, error) {
	ratio := new(big.Rat)
	switch n := v.(type) {
	case bool, int64, *big.Int:
		ratio.SetInt(wholeOf(n))
	case float64:
		if math.IsNaN(n) {
			return time.Time{}, value.Errorf("ValueError", "cannot convert float NaN to integer")
		}
		if ratio.SetFloat64(n) == nil {
			return time.Time{}, overflow("cannot convert float infinity to integer")
		}
	default:
		return time.Time{}, value.Errorf("TypeError", "'%s' object cannot be interpreted as an integer", value.TypeName(v))
	}
	micros := roundHalfEven(ratio.Mul(ratio, big.NewRat(microsPerSecond, 1)))
	if micros.IsInt64() {
		t := time.UnixMicro(micros.Int64()).UTC()
		if t.Year() < 1 || t.Year() > 9999 {
			return t, value.Errorf("ValueError", "year %d is out of range", t.Year())
		}
		return t, nil
	}
	return time.Time{}, value.Errorf("ValueError", "timestamp out of range for platform time_t")
}

func clockClass() value.Value {
	return &class{
		name: "datetime.time",
		call: func(c *value.Call) (value.Value, error) {
			args, err := c.Bind("time", (&Clock{}).parameters()...)
			if err != nil {
				return nil, err
			}
			clock, err := makeClock(args)
			if err != nil {
				return nil, err
			}
			return clock, nil
		},
		attr: func(name string) (value.Value, bool) {
			switch name {
			case "fromisoformat":
				return fromText(name, func(s string) (value.Value, error) { return clockFromISO(s) }), true
			case "min":
				return &Clock{}, true
			case "max":
				return &Clock{micros: microsPerDay - 1}, true
			case "resolution":
				return &Delta{micros: 1}, true
			}
			return unbound(name, &Clock{})
		},
	}
}
