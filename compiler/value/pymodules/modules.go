// Package pymodules is the modules variable of templates: the parts of
// Python's library that they may use.
//
// Its entry is Modules. The modules are dicts of functions and classes; they
// read nothing and keep nothing but compiled patterns.
package pymodules

import (
	"time"

	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/value/pyre"
	"github.com/chmod-sql/chmod/compiler/value/pytime"
)

// Modules makes the dict of modules: datetime, pytz, re and itertools. now is
// the clock that datetime shows.
func Modules(now func() time.Time) *value.Dict {
	return value.DictOf(
		"datetime", pytime.Module(now),
		"pytz", pytzModule(),
		"re", pyre.Module(),
		"itertools", itertoolsModule(),
	)
}

func pytzModule() *value.Dict {
	return value.DictOf(
		"timezone", &value.Func{Name: "timezone", Fn: func(c *value.Call) (value.Value, error) {
			args, err := c.Bind("timezone", value.Required("zone"))
			if err != nil {
				return nil, err
			}
			name, ok := args[0].(string)
			if !ok {
				return nil, &value.Error{Class: "UnknownTimeZoneError", Message: value.Repr(args[0])}
			}
			z, err := pytime.Pytz(name)
			if err != nil {
				return nil, err
			}
			return z, nil
		}},
		"FixedOffset", &value.Func{Name: "FixedOffset", Fn: func(c *value.Call) (value.Value, error) {
			args, err := c.Bind("FixedOffset", value.Required("offset"))
			if err != nil {
				return nil, err
			}
			minutes, ok := value.AsInt(args[0])
			if !ok {
				return nil, value.Errorf("TypeError", "'%s' object cannot be interpreted as an integer", value.TypeName(args[0]))
			}
			z, err := pytime.FixedPytz(minutes)
			if err != nil {
				return nil, err
			}
			return z, nil
		}},
		"utc", pytime.PytzUTC(),
		"UTC", pytime.PytzUTC(),
	)
}
