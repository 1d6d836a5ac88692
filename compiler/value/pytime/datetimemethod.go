package pytime

import (
	"math/big"
	"time"
	"unicode/utf8"

	"github.com/chmod-sql/chmod/compiler/value"
)

// Attr answers the parts and methods of a datetime.
func (t *DateTime) Attr(name string) (value.Value, bool) {
	if v, ok := clockAttr(clockMicros(t.wall), t.zone, t.fold, name); ok {
		return v, true
	}
	switch name {
	case "date":
		return method(name, nil, func([]value.Value) (value.Value, error) {
			return &Date{t.wall.Truncate(24 * time.Hour)}, nil
		}), true
	case "time":
		return method(name, nil, func([]value.Value) (value.Value, error) {
			return &Clock{micros: clockMicros(t.wall), fold: t.fold}, nil
		}), true
	case "timetz":
		return method(name, nil, func([]value.Value) (value.Value, error) {
			return &Clock{clockMicros(t.wall), t.zone, t.fold}, nil
		}), true
	case "timestamp":
		return method(name, nil, func([]value.Value) (value.Value, error) {
			f, _ := new(big.Rat).SetFrac64(t.instant().UnixMicro(), microsPerSecond).Float64()
			return f, nil
		}), true
	case "isoformat":
		return method(name, []value.Param{value.Optional("sep", "T"), value.Optional("timespec", "auto")}, t.isoformat), true
	case "strftime":
		return method(name, required("format"), func(args []value.Value) (value.Value, error) {
			format, err := text("strftime", args[0])
			if err != nil {
				return nil, err
			}
			s, err := strftime(t.wall, t.zone, format)
			return s, err
		}), true
	case "astimezone":
		return method(name, []value.Param{value.Optional("tz", nil)}, t.astimezone), true
	case "replace":
		return method(name, t.replaceable(), makeDateTime), true
	}
	return dayAttr(t.wall, name)
}

func (t *DateTime) isoformat(args []value.Value) (value.Value, error) {
	separator, ok := args[0].(string)
	if !ok || utf8.RuneCountInString(separator) != 1 {
		return nil, value.Errorf("TypeError", "isoformat() argument 1 must be a unicode character, not %s", value.TypeName(args[0]))
	}
	precision, err := timespec(args[1])
	if err != nil {
		return nil, err
	}
	return t.iso(separator, precision), nil
}

// astimezone reads a naive datetime as UTC: a run has no other local zone, so
// that it does not depend on the machine.
func (t *DateTime) astimezone(args []value.Value) (value.Value, error) {
	switch z := args[0].(type) {
	case nil:
		return t.in(&Zone{})
	case *Zone:
		return t.in(z)
	}
	return nil, value.Errorf("TypeError", "tzinfo argument must be None or of a tzinfo subclass, not type '%s'", value.TypeName(args[0]))
}

// replaceable are the parameters of replace and, with their values dropped,
// of datetime itself.
func (t *DateTime) replaceable() []value.Param {
	w := t.wall
	params := []value.Param{
		value.Optional("year", int64(w.Year())), value.Optional("month", int64(w.Month())), value.Optional("day", int64(w.Day())),
		value.Optional("hour", int64(w.Hour())), value.Optional("minute", int64(w.Minute())), value.Optional("second", int64(w.Second())),
		value.Optional("microsecond", int64(w.Nanosecond()/1000)), value.Optional("tzinfo", nil), value.Optional("fold", t.fold),
	}
	if t.zone != nil {
		params[7].Default = t.zone
	}
	return params
}

func makeDateTime(args []value.Value) (value.Value, error) {
	n, err := wholes(args[:7])
	if err != nil {
		return nil, err
	}
	if err := checkDay(n[0], n[1], n[2]); err != nil {
		return nil, err
	}
	clock, err := makeClock(args[3:])
	if err != nil {
		return nil, err
	}
	midnight := time.Date(int(n[0]), time.Month(n[1]), int(n[2]), 0, 0, 0, 0, time.UTC)
	return newDateTime(midnight.Add(time.Duration(clock.micros)*time.Microsecond), clock.zone, clock.fold), nil
}
