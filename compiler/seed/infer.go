package seed

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// kind is a set of types that may hold all cells seen so far.
type kind uint8

const (
	kindBool kind = 1 << iota
	kindNumber
	kindInt
	kindDate
	kindTime
	kindUUID
)

// evidence is what the cells of one column have shown.
type evidence struct {
	name  string
	lacks map[string]bool
	rows  uint64
	nulls uint64

	given    string // the type that the user gave, or empty
	nullable bool   // whether that type is
	convert  converter
	verify   verifier // of a type without a converter, or nil

	possible kind
	numbers  numberEvidence
	times    span // as times in location
	days     span // as dates
	fraction int  // digits of the longest fraction of a second
	location *time.Location
}

func newEvidence(name string, o Options) *evidence {
	e := &evidence{name: name, lacks: o.Lacks, location: o.Location, possible: kindBool | kindNumber | kindInt | kindDate | kindTime | kindUUID}
	e.numbers.exact = true
	for _, exact := range []bool{true, false} {
		for column, t := range o.Types {
			if e.given == "" && (column == name || !exact && strings.EqualFold(column, name)) {
				e.given = strings.TrimSpace(t)
			}
		}
	}
	if e.given != "" {
		if e.convert, e.nullable = converterOf(e.given, o.Location); e.convert == nil {
			e.verify = verifierOf(e.given)
		}
	}
	return e
}

// see takes a cell into account. The error says why it does not fit the type
// that was given.
func (e *evidence) see(text []byte, null bool) error {
	e.rows++
	if null {
		e.nulls++
		return nil
	}
	if e.given != "" {
		if e.convert == nil {
			switch {
			case len(text) == 0:
				e.nulls++
			case e.verify != nil:
				return e.verify(text)
			}
			return nil
		}
		_, err := e.convert(text)
		return err
	}
	if e.possible == 0 {
		return nil
	}
	trimmed := bytes.TrimSpace(text)
	if e.possible&kindNumber != 0 {
		whole, ok := e.numbers.see(trimmed)
		if !ok {
			e.possible &^= kindNumber | kindInt
		} else if !whole {
			e.possible &^= kindInt
		}
	}
	if e.possible&kindBool != 0 && !isBool(trimmed) {
		e.possible &^= kindBool
	}
	if e.possible&kindUUID != 0 && !isUUID(trimmed) {
		e.possible &^= kindUUID
	}
	if e.possible&(kindDate|kindTime) != 0 {
		e.seeTime(trimmed)
	}
	return nil
}

func (e *evidence) seeTime(text []byte) {
	location, day := e.location, len(text) == len("2006-01-02")
	if day && e.possible&kindDate != 0 {
		t, _, ok := parseTime(text, time.UTC)
		if !ok {
			e.possible &^= kindDate | kindTime
			return
		}
		e.days.add(t)
		if location == time.UTC {
			e.times.add(t)
			return
		}
	}
	t, fraction, ok := parseTime(text, location)
	if !ok {
		e.possible &^= kindDate | kindTime
		return
	}
	if !day {
		e.possible &^= kindDate
	}
	e.fraction = max(e.fraction, fraction)
	e.times.add(t)
}

// column is the column that holds all cells.
func (e *evidence) column() Column {
	if e.given != "" {
		c := Column{Name: e.name, Type: e.given, Text: e.convert == nil, Nullable: e.nullable}
		c.Defaults = c.Text && !c.Nullable && e.nulls > 0
		return c
	}
	c := Column{Name: e.name, Type: e.inferred(), Nullable: e.nulls > 0}
	if c.Nullable {
		c.Type = "Nullable(" + c.Type + ")"
	}
	return c
}

// inferred is the narrowest of the types that keep each cell as it is.
func (e *evidence) inferred() string {
	if e.rows == e.nulls {
		return "String"
	}
	switch {
	case e.possible&kindBool != 0:
		if e.lacks["Bool"] {
			return "UInt8"
		}
		return "Bool"
	case e.possible&kindNumber != 0:
		return e.numbers.inferred(e.possible&kindInt != 0, e.lacks["Decimal256"])
	case e.possible&kindUUID != 0:
		return "UUID"
	case e.possible&kindDate != 0:
		switch {
		case e.days.within(date(1970, 1, 1), date(2149, 6, 6)):
			return "Date"
		case e.days.within(date(1900, 1, 1), date(2299, 12, 31)) && !e.lacks["Date32"]:
			return "Date32"
		}
	case e.possible&kindTime != 0:
		switch {
		case e.fraction == 0 && e.times.within(date(1970, 1, 1), date(2106, 2, 7)):
			return "DateTime"
		case e.lacks["DateTime64"]:
		case e.fraction <= 6 && e.times.within(date(1900, 1, 2), date(2299, 12, 31)):
			return fmt.Sprintf("DateTime64(%d)", 3*max(1, (e.fraction+2)/3))
		case e.times.within(date(1900, 1, 2), date(2262, 4, 11)):
			return "DateTime64(9)"
		}
	}
	return "String"
}

func isBool(text []byte) bool {
	return bytes.EqualFold(text, []byte("true")) || bytes.EqualFold(text, []byte("false"))
}

func isUUID(text []byte) bool {
	if len(text) != 36 {
		return false
	}
	for i, c := range text {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
			continue
		}
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}
