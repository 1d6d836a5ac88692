package pytime

import (
	"math/big"

	"github.com/chmod-sql/chmod/compiler/value"
)

func deltaClass() value.Value {
	return &class{name: "datetime.timedelta", call: makeDelta, attr: func(name string) (value.Value, bool) {
		switch name {
		case "min":
			return &Delta{days: -maxDeltaDays}, true
		case "max":
			return &Delta{days: maxDeltaDays, micros: microsPerDay - 1}, true
		case "resolution":
			return &Delta{micros: 1}, true
		}
		return nil, false
	}}
}

// makeDelta is timedelta(days=0, seconds=0, ...). Each part may be an int or
// a float; all are added exactly and rounded once.
func makeDelta(c *value.Call) (value.Value, error) {
	units := []struct {
		name   string
		micros int64
	}{
		{"days", microsPerDay}, {"seconds", microsPerSecond}, {"microseconds", 1}, {"milliseconds", 1000},
		{"minutes", 60 * microsPerSecond}, {"hours", 3600 * microsPerSecond}, {"weeks", 7 * microsPerDay},
	}
	params := make([]value.Param, len(units))
	for i, u := range units {
		params[i] = value.Optional(u.name, int64(0))
	}
	args, err := c.Bind("timedelta", params...)
	if err != nil {
		return nil, err
	}
	total := new(big.Rat)
	for i, u := range units {
		part := new(big.Rat)
		switch n := args[i].(type) {
		case bool, int64, *big.Int:
			part.SetInt(wholeOf(n))
		case float64:
			if part.SetFloat64(n) == nil {
				if n != n {
					return nil, value.Errorf("ValueError", "cannot convert float NaN to integer")
				}
				return nil, overflow("cannot convert float infinity to integer")
			}
		default:
			return nil, value.Errorf("TypeError", "unsupported type for timedelta %s component: %s", u.name, value.TypeName(n))
		}
		total.Add(total, part.Mul(part, new(big.Rat).SetInt64(u.micros)))
	}
	d, err := deltaOf(roundHalfEven(total))
	if err != nil {
		return nil, err
	}
	return d, nil
}
