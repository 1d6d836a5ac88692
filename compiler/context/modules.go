package context

import (
	"time"

	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/value/pymodules"
	"github.com/chmod-sql/chmod/compiler/value/pytime"
)

// datetimeOf is an instant as a Python datetime in UTC.
func datetimeOf(t time.Time) value.Value { return pytime.At(t) }

// modules are the Python modules that templates may use.
func modules(w *World) value.Value { return pymodules.Modules(w.now()) }

// now is the clock that datetime.now() reads.
func (w *World) now() func() time.Time {
	if w.Clock != nil {
		return w.Clock
	}
	return time.Now
}
