package pytime

import (
	"fmt"
	"time"
	_ "time/tzdata" // the rules of all places, for machines that have none

	"github.com/chmod-sql/chmod/compiler/value"
)

// Zone is a tzinfo: an offset from UTC, fixed or, for a zone of pytz, the one
// that a datetime in it has. The zero values of its fields are UTC as the
// datetime module knows it.
type Zone struct {
	// location is the rules of a pytz zone; nil for a fixed offset.
	location *time.Location
	// offset, daylight and abbreviation hold in this period of the location.
	offset       int64 // microseconds east of UTC
	daylight     int64 // how much of it is for summer
	abbreviation string
	kind         zoneKind
}

type zoneKind int

const (
	fixedZone zoneKind = iota // datetime.timezone
	pytzUTC                   // pytz.UTC
	pytzFixed                 // pytz.FixedOffset
	pytzZone                  // pytz.timezone("Europe/Berlin")
)

// PytzUTC is pytz.UTC.
func PytzUTC() *Zone { return &Zone{kind: pytzUTC, abbreviation: "UTC"} }

// Pytz is pytz.timezone(name). The error is an UnknownTimeZoneError.
func Pytz(name string) (*Zone, error) {
	if name == "UTC" || name == "utc" {
		return PytzUTC(), nil
	}
	location, err := loadLocation(name)
	if err != nil {
		return nil, &value.Error{Class: "UnknownTimeZoneError", Message: value.Repr(name)}
	}
	z := (&Zone{location: location, kind: pytzZone}).at(time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC))
	// Before any rule, pytz has local mean time in whole minutes.
	const minute = 60 * microsPerSecond
	z.offset = floorDiv(z.offset+minute/2, minute) * minute
	return z, nil
}

// loadLocation refuses names that time.LoadLocation takes for special or for
// paths.
func loadLocation(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("no time zone %q", name)
	}
	return time.LoadLocation(name)
}

// at is the zone in the period of an instant.
func (z *Zone) at(instant time.Time) *Zone {
	if z.location == nil {
		return z
	}
	local := instant.In(z.location)
	name, seconds := local.Zone()
	n := &Zone{location: z.location, offset: int64(seconds) * microsPerSecond, abbreviation: name, kind: z.kind}
	if local.IsDST() {
		n.daylight = n.offset - standardOffset(local)
	}
	return n
}

// standardOffset is the offset around a summer time without it.
func standardOffset(local time.Time) int64 {
	const nearly = 200 * 24 * time.Hour
	for _, other := range []time.Time{local.Add(-nearly), local.Add(nearly)} {
		if !other.IsDST() {
			_, seconds := other.Zone()
			return int64(seconds) * microsPerSecond
		}
	}
	_, seconds := local.Zone()
	return (int64(seconds) - 3600) * microsPerSecond
}

// TypeName is the class in Python.
func (z *Zone) TypeName() string {
	switch z.kind {
	case pytzUTC:
		return "UTC"
	case pytzFixed:
		return "_FixedOffset"
	case pytzZone:
		return z.location.String()
	}
	return "datetime.timezone"
}

// Str is UTC, UTC+02:00 or Europe/Berlin.
func (z *Zone) Str() string {
	switch {
	case z.kind == pytzFixed:
		return z.Repr()
	case z.kind == pytzZone:
		return z.location.String()
	}
	return z.name()
}

// name is tzname.
func (z *Zone) name() string {
	if z.abbreviation != "" || z.kind == pytzFixed {
		return z.abbreviation
	}
	if z.offset == 0 {
		return "UTC"
	}
	return "UTC" + offsetText(z.offset, ":")
}

// Repr is as Python's.
func (z *Zone) Repr() string {
	switch z.kind {
	case pytzUTC:
		return "<UTC>"
	case pytzFixed:
		return fmt.Sprintf("pytz.FixedOffset(%d)", z.offset/microsPerSecond/60)
	case pytzZone:
		if z.location.String() == "UTC" {
			return "<UTC>"
		}
		season := "STD"
		if z.daylight != 0 {
			season = "DST"
		}
		offset := &Delta{days: floorDiv(z.offset, microsPerDay), micros: floorMod(z.offset, microsPerDay)}
		sign := ""
		if z.offset > 0 {
			sign = "+"
		}
		return fmt.Sprintf("<DstTzInfo '%s' %s%s%s %s>", z.location, z.abbreviation, sign, offset.Str(), season)
	}
	if z.offset == 0 && z.abbreviation == "" {
		return "datetime.timezone.utc"
	}
	offset := &Delta{days: floorDiv(z.offset, microsPerDay), micros: floorMod(z.offset, microsPerDay)}
	if z.abbreviation != "" {
		return fmt.Sprintf("datetime.timezone(%s, %s)", offset.Repr(), value.Repr(z.abbreviation))
	}
	return fmt.Sprintf("datetime.timezone(%s)", offset.Repr())
}

// HashKey is what it holds.
func (z *Zone) HashKey() any {
	plain := *z
	plain.location = nil // each load of a place has a pointer of its own
	return [2]any{plain, z.Str()}
}

// Equal compares with another Zone.
func (z *Zone) Equal(o value.Value) bool {
	other, ok := o.(*Zone)
	return ok && (z.HashKey() == other.HashKey() || z.kind == fixedZone && other.kind == fixedZone && z.offset == other.offset)
}

// offsetText is +02:00, with seconds and microseconds when there are any.
func offsetText(micros int64, colon string) string {
	sign := "+"
	if micros < 0 {
		sign, micros = "-", -micros
	}
	seconds := micros / microsPerSecond
	text := fmt.Sprintf("%s%02d%s%02d", sign, seconds/3600, colon, seconds/60%60)
	if seconds%60 != 0 || micros%microsPerSecond != 0 {
		text += fmt.Sprintf("%s%02d", colon, seconds%60)
	}
	if rest := micros % microsPerSecond; rest != 0 {
		text += fmt.Sprintf(".%06d", rest)
	}
	return text
}
