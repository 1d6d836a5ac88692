package pytime

import (
	"fmt"
	"time"

	"github.com/chmod-sql/chmod/compiler/value"
)

// Attr answers the methods of tzinfo, and localize, normalize and zone for
// those of pytz.
func (z *Zone) Attr(name string) (value.Value, bool) {
	moment := required("dt")
	switch name {
	case "utcoffset":
		return method(name, moment, func([]value.Value) (value.Value, error) { return micros(z.offset), nil }), true
	case "tzname":
		return method(name, moment, func([]value.Value) (value.Value, error) {
			if z.kind == pytzFixed {
				return nil, nil
			}
			return z.name(), nil
		}), true
	case "dst":
		return method(name, moment, func([]value.Value) (value.Value, error) {
			if z.kind == fixedZone {
				return nil, nil
			}
			return micros(z.daylight), nil
		}), true
	case "fromutc":
		return method(name, moment, func(args []value.Value) (value.Value, error) {
			t, ok := args[0].(*DateTime)
			if !ok {
				return nil, value.Errorf("TypeError", "fromutc() requires a datetime argument")
			}
			return newDateTime(t.wall, nil, 0).in(z)
		}), true
	}
	if z.kind == fixedZone {
		return nil, false
	}
	switch name {
	case "zone":
		switch {
		case z.kind == pytzZone:
			return z.location.String(), true
		case z.kind == pytzFixed:
			return nil, true
		}
		return "UTC", true
	case "localize":
		return method(name, []value.Param{value.Required("dt"), value.Optional("is_dst", false)}, z.localize), true
	case "normalize":
		return method(name, []value.Param{value.Required("dt"), value.Optional("is_dst", false)}, z.normalize), true
	}
	return nil, false
}

func micros(n int64) *Delta {
	return &Delta{days: floorDiv(n, microsPerDay), micros: floorMod(n, microsPerDay)}
}

// localize reads a naive datetime as local time. Where summer time ends and
// an hour comes twice, is_dst tells which.
func (z *Zone) localize(args []value.Value) (value.Value, error) {
	t, ok := args[0].(*DateTime)
	if !ok {
		return nil, value.Errorf("TypeError", "localize() needs a datetime, not %s", value.TypeName(args[0]))
	}
	if t.zone != nil {
		return nil, value.Errorf("ValueError", "Not naive datetime (tzinfo is already set)")
	}
	if z.location == nil {
		return newDateTime(t.wall, z, t.fold), nil
	}
	return z.place(t.wall, args[1])
}

func (z *Zone) place(wall time.Time, isDST value.Value) (value.Value, error) {
	var possible []*Zone
	for _, days := range []int{-1, 1} {
		candidate := z.at(wall.AddDate(0, 0, days))
		actual := z.at(wall.Add(-time.Duration(candidate.offset) * time.Microsecond))
		if actual.offset == candidate.offset && (len(possible) == 0 || !possible[0].Equal(actual)) {
			possible = append(possible, actual)
		}
	}
	summer := value.Truth(isDST)
	switch {
	case len(possible) == 1:
		return newDateTime(wall, possible[0], 0), nil
	case isDST == nil && len(possible) == 0:
		return nil, &value.Error{Class: "NonExistentTimeError", Message: newDateTime(wall, nil, 0).Str()}
	case isDST == nil:
		return nil, &value.Error{Class: "AmbiguousTimeError", Message: newDateTime(wall, nil, 0).Str()}
	case len(possible) == 0: // skipped by the clock: read as the time before or after
		shift := -6 * time.Hour
		if summer {
			shift = 6 * time.Hour
		}
		near, err := z.place(wall.Add(shift), isDST)
		if err != nil {
			return nil, err
		}
		return newDateTime(wall, near.(*DateTime).zone, 0), nil
	}
	for _, p := range possible {
		if (p.daylight != 0) == summer {
			return newDateTime(wall, p, 0), nil
		}
	}
	// Neither or both are summer time: the earlier instant is the one with the
	// larger offset.
	first, second := possible[0], possible[1]
	if first.offset < second.offset {
		first, second = second, first
	}
	if summer {
		return newDateTime(wall, first, 0), nil
	}
	return newDateTime(wall, second, 0), nil
}

// normalize corrects the offset of a datetime that arithmetic moved into
// another period.
func (z *Zone) normalize(args []value.Value) (value.Value, error) {
	t, ok := args[0].(*DateTime)
	if !ok {
		return nil, value.Errorf("TypeError", "normalize() needs a datetime, not %s", value.TypeName(args[0]))
	}
	if t.zone == nil {
		return nil, value.Errorf("ValueError", "Naive time - no tzinfo set")
	}
	return newDateTime(t.instant(), nil, 0).in(z)
}

func zoneClass() value.Value {
	return &class{name: "datetime.timezone", call: makeZone, attr: func(name string) (value.Value, bool) {
		switch name {
		case "utc":
			return &Zone{}, true
		case "min":
			return &Zone{offset: 60*microsPerSecond - microsPerDay}, true
		case "max":
			return &Zone{offset: microsPerDay - 60*microsPerSecond}, true
		}
		return nil, false
	}}
}

func makeZone(c *value.Call) (value.Value, error) {
	args, err := c.Bind("timezone", value.Required("offset"), value.Optional("name", ""))
	if err != nil {
		return nil, err
	}
	offset, ok := args[0].(*Delta)
	if !ok {
		return nil, value.Errorf("TypeError", "timezone() argument 1 must be datetime.timedelta, not %s", value.TypeName(args[0]))
	}
	name, ok := args[1].(string)
	if !ok {
		return nil, value.Errorf("TypeError", "timezone() argument 2 must be str, not %s", value.TypeName(args[1]))
	}
	if offset.days < -1 || offset.days > 0 || offset.days == -1 && offset.micros == 0 {
		return nil, value.Errorf("ValueError", "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not %s.", offset.Repr())
	}
	return &Zone{offset: offset.days*microsPerDay + offset.micros, abbreviation: name}, nil
}

// FixedPytz is pytz.FixedOffset(minutes).
func FixedPytz(minutes int64) (*Zone, error) {
	if minutes <= -1440 || minutes >= 1440 {
		return nil, value.Errorf("ValueError", "%s", fmt.Sprintf("('absolute offset is too large', %d)", minutes))
	}
	if minutes == 0 {
		return PytzUTC(), nil
	}
	return &Zone{kind: pytzFixed, offset: minutes * 60 * microsPerSecond}, nil
}
