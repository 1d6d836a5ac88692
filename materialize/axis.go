package materialize

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// axis is the column that chunks are ranges of. Its values are counted in whole
// days, seconds or units.
type axis struct {
	column   string
	kind     axisKind
	nullable bool
	// scale is that of a DateTime64, and limit whether values may be beyond
	// what an Int64 holds.
	scale int
	limit bool
	// zone is that of the type, as a literal; empty for the server's.
	zone string
}

type axisKind int

const (
	axisOther  axisKind = iota // it has chunks by hash only
	axisNumber                 // whole numbers, and decimals by their whole part
	axisDate
	axisDate32
	axisTime
	axisTime64
)

// axisOf reads a column's type.
func axisOf(c adapters.Column) axis {
	a := axis{column: c.Name}
	kind := c.Type
	for {
		inner, ok := strings.CutPrefix(kind, "Nullable(")
		if ok {
			a.nullable = true
		} else if inner, ok = strings.CutPrefix(kind, "LowCardinality("); !ok {
			break
		}
		kind = strings.TrimSuffix(inner, ")")
	}
	name, arguments, _ := strings.Cut(strings.TrimSuffix(kind, ")"), "(")
	switch name {
	case "Date":
		a.kind = axisDate
	case "Date32":
		a.kind = axisDate32
	case "DateTime":
		a.kind, a.zone = axisTime, strings.TrimSpace(arguments)
	case "DateTime64":
		a.kind = axisTime64
		digits, zone, _ := strings.Cut(arguments, ",")
		a.zone = strings.TrimSpace(zone)
		a.scale, _ = strconv.Atoi(strings.TrimSpace(digits)) // servers always say it
	case "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32":
		a.kind = axisNumber
	case "UInt64":
		a.kind, a.limit = axisNumber, true
	}
	return a
}

// calendar reports whether the values are points of time.
func (a axis) calendar() bool { return a.kind >= axisDate }

// literal is a value as SQL.
func (a axis) literal(v int64) string {
	switch a.kind {
	case axisDate:
		return "toDate(" + adapters.Literal(a.time(v).Format(time.DateOnly)) + ")"
	case axisDate32:
		return "toDate32(" + adapters.Literal(a.time(v).Format(time.DateOnly)) + ")"
	case axisTime:
		return fmt.Sprintf("toDateTime(%d)", v) // whatever the server's time zone
	case axisTime64:
		return fmt.Sprintf("toDateTime64(%s, %d, 'UTC')", adapters.Literal(a.time(v).Format(time.DateTime)), a.scale)
	}
	return strconv.FormatInt(v, 10)
}

// show is a value for people.
func (a axis) show(v int64) string {
	if !a.calendar() {
		return strconv.FormatInt(v, 10)
	}
	return strings.TrimSuffix(a.time(v).Format(time.DateTime), " 00:00:00")
}

const daySeconds = 24 * 60 * 60

// time is the point of time that a value stands for, in UTC.
func (a axis) time(v int64) time.Time {
	if a.kind == axisDate || a.kind == axisDate32 {
		v *= daySeconds
	}
	return time.Unix(v, 0).UTC()
}

// value is what stands for a point of time.
func (a axis) value(t time.Time) int64 {
	if a.kind == axisDate || a.kind == axisDate32 {
		return floor(t.Unix(), daySeconds)
	}
	return t.Unix()
}

// floor is a divided by b, rounded down.
func floor(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// edge is an expression for the smallest or biggest value there is, as a
// number; 0 without any.
func (a axis) edge(function string) string {
	v := function + "(" + adapters.QuoteIdent(a.column) + ")"
	if a.limit {
		v = "least(" + v + ", toUInt64(9223372036854775807))"
	}
	return "ifNull(toInt64(" + v + "), toInt64(0))"
}

// parameter stands for a value that is not known yet.
func (a axis) parameter(name string) string {
	kind := map[axisKind]string{axisDate: "Date", axisDate32: "Date32", axisTime: "DateTime", axisTime64: fmt.Sprintf("DateTime64(%d)", a.scale)}[a.kind]
	if kind == "" {
		kind = "Int64"
	}
	return "{" + name + ":" + kind + "}"
}
