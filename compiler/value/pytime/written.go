package pytime

import (
	"strconv"
	"time"
)

// Written is a datetime as a file shows it: what clock and calendar say, and
// the offset from UTC; it is naive when offset is nil. The location of wall
// means nothing.
func Written(wall time.Time, offset *time.Duration) *DateTime {
	if offset == nil {
		return newDateTime(wall, nil, 0)
	}
	return newDateTime(wall, &Zone{offset: offset.Microseconds()}, 0)
}

// MarshalJSON writes a date as its isoformat.
func (d *Date) MarshalJSON() ([]byte, error) { return []byte(strconv.Quote(d.Str())), nil }

// MarshalJSON writes a datetime as its isoformat.
func (t *DateTime) MarshalJSON() ([]byte, error) {
	return []byte(strconv.Quote(t.iso("T", "auto"))), nil
}
