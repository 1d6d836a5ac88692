package pytime

import (
	"fmt"
	"time"

	"github.com/chmod-sql/chmod/compiler/value"
)

// Clock is Python's time: a time of day.
type Clock struct {
	micros int64 // since midnight
	zone   *Zone
	fold   int64
}

// makeClock reads hour, minute, second, microsecond, tzinfo and fold.
func makeClock(args []value.Value) (*Clock, error) {
	n, err := wholes(args[:4])
	if err != nil {
		return nil, err
	}
	for i, part := range []struct {
		name string
		max  int64
	}{{"hour", 23}, {"minute", 59}, {"second", 59}, {"microsecond", 999_999}} {
		if n[i] < 0 || n[i] > part.max {
			return nil, value.Errorf("ValueError", "%s must be in 0..%d", part.name, part.max)
		}
	}
	c := &Clock{micros: ((n[0]*60+n[1])*60+n[2])*microsPerSecond + n[3]}
	switch z := args[4].(type) {
	case nil:
	case *Zone:
		c.zone = z
	default:
		return nil, value.Errorf("TypeError", "tzinfo argument must be None or of a tzinfo subclass, not type '%s'", value.TypeName(z))
	}
	if c.fold, err = whole(args[5]); err != nil {
		return nil, err
	}
	if c.fold != 0 && c.fold != 1 {
		return nil, value.Errorf("ValueError", "fold must be either 0 or 1")
	}
	return c, nil
}

func (c *Clock) parameters() []value.Param {
	params := []value.Param{
		value.Optional("hour", c.micros/microsPerSecond/3600), value.Optional("minute", c.micros/microsPerSecond/60%60),
		value.Optional("second", c.micros/microsPerSecond%60), value.Optional("microsecond", c.micros%microsPerSecond),
		value.Optional("tzinfo", nil), value.Optional("fold", c.fold),
	}
	if c.zone != nil {
		params[4].Default = c.zone
	}
	return params
}

// TypeName is datetime.time.
func (c *Clock) TypeName() string { return "datetime.time" }

// wall is the time on the day that Python formats times with.
func (c *Clock) wall() time.Time {
	return time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(c.micros) * time.Microsecond)
}

// Str is 12:00:00.
func (c *Clock) Str() string { return c.iso("auto") }

func (c *Clock) iso(precision string) string {
	s := isoClock(c.micros, precision)
	if c.zone != nil && c.zone.kind != pytzZone { // the offset of a place depends on the day
		s += offsetText(c.zone.offset, ":")
	}
	return s
}

// Repr is datetime.time(12, 0).
func (c *Clock) Repr() string {
	w := c.wall()
	return fmt.Sprintf("datetime.time(%d, %d%s%s)", w.Hour(), w.Minute(), secondsRepr(w), zoneRepr(c.zone, c.fold))
}

// Format is strftime.
func (c *Clock) Format(spec string) (string, error) { return strftime(c.wall(), c.zone, spec) }

// utc is the time of day in UTC, not wrapped around midnight.
func (c *Clock) utc() int64 {
	if c.zone == nil || c.zone.kind == pytzZone {
		return c.micros
	}
	return c.micros - c.zone.offset
}

func (c *Clock) aware() bool { return c.zone != nil && c.zone.kind != pytzZone }

// HashKey is the time and whether it has a zone.
func (c *Clock) HashKey() any { return [2]any{c.utc(), c.aware()} }

// Equal compares times of day.
func (c *Clock) Equal(o value.Value) bool {
	other, ok := o.(*Clock)
	return ok && c.aware() == other.aware() && c.utc() == other.utc()
}

// Compare orders times of day.
func (c *Clock) Compare(o value.Value) (int, bool, error) {
	other, ok := o.(*Clock)
	if !ok {
		return 0, false, nil
	}
	if c.aware() != other.aware() {
		return 0, false, value.Errorf("TypeError", "can't compare offset-naive and offset-aware times")
	}
	a, b := c.utc(), other.utc()
	switch {
	case a < b:
		return -1, true, nil
	case a > b:
		return 1, true, nil
	}
	return 0, true, nil
}

// Attr answers the parts and methods of a time.
func (c *Clock) Attr(name string) (value.Value, bool) {
	switch name {
	case "isoformat":
		return method(name, []value.Param{value.Optional("timespec", "auto")}, func(args []value.Value) (value.Value, error) {
			precision, err := timespec(args[0])
			return c.iso(precision), err
		}), true
	case "strftime":
		return method(name, required("format"), func(args []value.Value) (value.Value, error) {
			format, err := text("strftime", args[0])
			if err != nil {
				return nil, err
			}
			s, err := strftime(c.wall(), c.zone, format)
			return s, err
		}), true
	case "replace":
		return method(name, c.parameters(), func(args []value.Value) (value.Value, error) { return makeClock(args) }), true
	}
	return clockAttr(c.micros, c.zone, c.fold, name)
}

// clockAttr answers what times and datetimes have in common.
func clockAttr(micros int64, z *Zone, fold int64, name string) (value.Value, bool) {
	seconds := micros / microsPerSecond
	switch name {
	case "hour":
		return seconds / 3600, true
	case "minute":
		return seconds / 60 % 60, true
	case "second":
		return seconds % 60, true
	case "microsecond":
		return micros % microsPerSecond, true
	case "fold":
		return fold, true
	case "tzinfo":
		if z == nil {
			return nil, true
		}
		return z, true
	case "utcoffset", "tzname", "dst":
		if z == nil {
			return method(name, nil, func([]value.Value) (value.Value, error) { return nil, nil }), true
		}
		ask, ok := z.Attr(name)
		return method(name, nil, func([]value.Value) (value.Value, error) {
			return value.Invoke(ask, &value.Call{Args: []value.Value{nil}})
		}), ok
	}
	return nil, false
}

func timespec(v value.Value) (string, error) {
	switch v {
	case "auto", "hours", "minutes", "seconds", "milliseconds", "microseconds":
		return v.(string), nil
	}
	return "", value.Errorf("ValueError", "Unknown timespec value")
}

// isoClock is a time of day down to a precision.
func isoClock(micros int64, precision string) string {
	full := clockText(micros, true)
	switch precision {
	case "hours":
		return full[:2]
	case "minutes":
		return full[:5]
	case "seconds":
		return full[:8]
	case "milliseconds":
		return fmt.Sprintf("%s.%03d", full[:8], micros%microsPerSecond/1000)
	case "microseconds":
		return fmt.Sprintf("%s.%06d", full[:8], micros%microsPerSecond)
	}
	return full
}
