package context

import (
	"time"

	"github.com/chmod-sql/chmod/compiler/value"
)

func datetimeOf(t time.Time) value.Value { return t.Format("2006-01-02 15:04:05.000000-07:00") }

func modules() value.Value { return value.NewDict() }
