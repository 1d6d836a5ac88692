package pytime

import "time"

// Written is a datetime as a file shows it: what clock and calendar say, and
// the offset from UTC; it is naive when offset is nil. The location of wall
// means nothing.
func Written(wall time.Time, offset *time.Duration) *DateTime {
	if offset == nil {
		return newDateTime(wall, nil, 0)
	}
	return newDateTime(wall, &Zone{offset: offset.Microseconds()}, 0)
}
