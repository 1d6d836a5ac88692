package pytime

import (
	"fmt"
	"math/big"
	"time"

	"github.com/chmod-sql/chmod/compiler/value"
)

// DateTime is Python's datetime: what clock and calendar show, and perhaps the
// zone they hang in.
type DateTime struct {
	wall time.Time // as shown, in whole microseconds; its location is UTC and means nothing
	zone *Zone     // nil when naive
	fold int64
}

func newDateTime(wall time.Time, zone *Zone, fold int64) *DateTime {
	return &DateTime{wall.UTC().Truncate(time.Microsecond), zone, fold}
}

// At is an instant as a DateTime in pytz.UTC, which is how a run knows when it
// started.
func At(t time.Time) *DateTime { return newDateTime(t.UTC(), PytzUTC(), 0) }

// Time is the instant that the DateTime shows; a naive one is read as UTC.
func (t *DateTime) Time() time.Time { return t.instant() }

func (t *DateTime) offset() time.Duration {
	if t.zone == nil {
		return 0
	}
	return time.Duration(t.zone.offset) * time.Microsecond
}

func (t *DateTime) instant() time.Time { return t.wall.Add(-t.offset()) }

// in shows the same instant in another zone; a naive DateTime is in UTC here.
func (t *DateTime) in(z *Zone) (value.Value, error) {
	instant := t.instant()
	z = z.at(instant)
	wall := instant.Add(time.Duration(z.offset) * time.Microsecond)
	if wall.Year() < 1 || wall.Year() > 9999 {
		return nil, overflow("date value out of range")
	}
	return newDateTime(wall, z, 0), nil
}

// TypeName is datetime.datetime.
func (t *DateTime) TypeName() string { return "datetime.datetime" }

// Str is 2024-01-31 12:00:00+00:00.
func (t *DateTime) Str() string { return t.iso(" ", "auto") }

// iso is isoformat; precision is one of Python's timespecs.
func (t *DateTime) iso(separator, precision string) string {
	s := isoDay(t.wall) + separator + isoClock(clockMicros(t.wall), precision)
	if t.zone != nil {
		s += offsetText(t.zone.offset, ":")
	}
	return s
}

// clockMicros is the time since midnight.
func clockMicros(t time.Time) int64 {
	return int64(t.Hour()*3600+t.Minute()*60+t.Second())*microsPerSecond + int64(t.Nanosecond()/1000)
}

// Repr is datetime.datetime(2024, 1, 31, 12, 0).
func (t *DateTime) Repr() string {
	w := t.wall
	s := fmt.Sprintf("datetime.datetime(%d, %d, %d, %d, %d", w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute())
	return s + secondsRepr(w) + zoneRepr(t.zone, t.fold) + ")"
}

func secondsRepr(w time.Time) string {
	switch {
	case w.Nanosecond() != 0:
		return fmt.Sprintf(", %d, %d", w.Second(), w.Nanosecond()/1000)
	case w.Second() != 0:
		return fmt.Sprintf(", %d", w.Second())
	}
	return ""
}

func zoneRepr(z *Zone, fold int64) string {
	s := ""
	if fold != 0 {
		s = ", fold=1"
	}
	if z != nil {
		s += ", tzinfo=" + z.Repr()
	}
	return s
}

// Format is strftime: "{:%Y}".format(t).
func (t *DateTime) Format(spec string) (string, error) { return strftime(t.wall, t.zone, spec) }

// HashKey is the instant.
func (t *DateTime) HashKey() any {
	type key struct {
		micros int64
		aware  bool
	}
	return key{t.instant().UnixMicro(), t.zone != nil}
}

// Equal compares instants; a naive DateTime is never equal to an aware one.
func (t *DateTime) Equal(o value.Value) bool {
	other, ok := o.(*DateTime)
	return ok && (t.zone == nil) == (other.zone == nil) && t.instant().Equal(other.instant())
}

// Compare orders instants.
func (t *DateTime) Compare(o value.Value) (int, bool, error) {
	switch o := o.(type) {
	case *DateTime:
		if (t.zone == nil) != (o.zone == nil) {
			return 0, false, value.Errorf("TypeError", "can't compare offset-naive and offset-aware datetimes")
		}
		return t.instant().Compare(o.instant()), true, nil
	case *Date:
		return 0, false, value.Errorf("TypeError", "can't compare datetime.datetime to datetime.date")
	}
	return 0, false, nil
}

// Operate answers datetime ± timedelta, which keeps the zone's offset, and
// datetime - datetime.
func (t *DateTime) Operate(op value.Op, other value.Value, reflected bool) (value.Value, bool, error) {
	switch o := other.(type) {
	case *Delta:
		days, micros := o.days, o.micros
		switch {
		case op == value.OpSub && !reflected:
			days, micros = -days, -micros
		case op != value.OpAdd:
			return nil, false, nil
		}
		micros += clockMicros(t.wall)
		moved, err := moveDays(t.wall, days+floorDiv(micros, microsPerDay))
		if err != nil {
			return nil, true, err
		}
		midnight := time.Date(moved.Year(), moved.Month(), moved.Day(), 0, 0, 0, 0, time.UTC)
		return newDateTime(midnight.Add(time.Duration(floorMod(micros, microsPerDay))*time.Microsecond), t.zone, 0), true, nil
	case *DateTime:
		if op != value.OpSub || reflected {
			return nil, false, nil
		}
		if (t.zone == nil) != (o.zone == nil) {
			return nil, true, value.Errorf("TypeError", "can't subtract offset-naive and offset-aware datetimes")
		}
		gap := t.instant().UnixMicro() - o.instant().UnixMicro()
		return result(deltaOf(big.NewInt(gap)))
	}
	return nil, false, nil
}
