package pytime

import (
	"time"

	"github.com/chmod-sql/chmod/compiler/value"
)

func dateTimeClass(now func() time.Time) value.Value {
	first := newDateTime(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), nil, 0)
	naive := func(t time.Time) value.Value { return newDateTime(t.UTC(), nil, 0) }
	return &class{
		name: "datetime.datetime",
		call: func(c *value.Call) (value.Value, error) {
			params := first.replaceable()
			for i := range 3 {
				params[i] = value.Required(params[i].Name)
			}
			args, err := c.Bind("datetime", params...)
			if err != nil {
				return nil, err
			}
			return makeDateTime(args)
		},
		attr: func(name string) (value.Value, bool) {
			switch name {
			case "now":
				return method(name, []value.Param{value.Optional("tz", nil)}, func(args []value.Value) (value.Value, error) {
					return inZone(now(), args[0])
				}), true
			case "utcnow", "today":
				return method(name, nil, func([]value.Value) (value.Value, error) { return naive(now()), nil }), true
			case "fromtimestamp":
				return method(name, []value.Param{value.Required("timestamp"), value.Optional("tz", nil)}, func(args []value.Value) (value.Value, error) {
					at, err := fromTimestamp(args[0])
					if err != nil {
						return nil, err
					}
					return inZone(at, args[1])
				}), true
			case "utcfromtimestamp", "fromordinal", "fromisocalendar":
				return dayFrom(name, naive), true
			case "fromisoformat":
				return fromText(name, func(s string) (value.Value, error) { return dateTimeFromISO(s) }), true
			case "strptime":
				return method(name, required("date_string", "format"), strptimeArgs), true
			case "combine":
				return method(name, []value.Param{value.Required("date"), value.Required("time"), value.Optional("tzinfo", true)}, combine), true
			case "min":
				return first, true
			case "max":
				return newDateTime(time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC), nil, 0), true
			case "resolution":
				return &Delta{micros: 1}, true
			}
			return unbound(name, first)
		},
	}
}

func inZone(t time.Time, zone value.Value) (value.Value, error) {
	at := newDateTime(t.UTC(), nil, 0)
	switch z := zone.(type) {
	case nil:
		return at, nil
	case *Zone:
		return at.in(z)
	}
	return nil, value.Errorf("TypeError", "tzinfo argument must be None or of a tzinfo subclass, not type '%s'", value.TypeName(zone))
}

func strptimeArgs(args []value.Value) (value.Value, error) {
	var texts [2]string
	for i := range texts {
		s, ok := args[i].(string)
		if !ok {
			return nil, value.Errorf("TypeError", "strptime() argument %d must be str, not %s", i+1, value.TypeName(args[i]))
		}
		texts[i] = s
	}
	t, err := strptime(texts[0], texts[1])
	if err != nil {
		return nil, err
	}
	return t, nil
}

// combine puts a day and a time of day together; tzinfo replaces the time's
// own unless it is not passed, which is true here.
func combine(args []value.Value) (value.Value, error) {
	var day time.Time
	switch d := args[0].(type) {
	case *Date:
		day = d.day
	case *DateTime:
		day = d.wall.Truncate(24 * time.Hour)
	default:
		return nil, value.Errorf("TypeError", "combine() argument 1 must be datetime.date, not %s", value.TypeName(d))
	}
	clock, ok := args[1].(*Clock)
	if !ok {
		return nil, value.Errorf("TypeError", "combine() argument 2 must be datetime.time, not %s", value.TypeName(args[1]))
	}
	zone := clock.zone
	switch z := args[2].(type) {
	case bool:
	case nil:
		zone = nil
	case *Zone:
		zone = z
	default:
		return nil, value.Errorf("TypeError", "tzinfo argument must be None or of a tzinfo subclass, not type '%s'", value.TypeName(z))
	}
	return newDateTime(day.Add(time.Duration(clock.micros)*time.Microsecond), zone, clock.fold), nil
}
