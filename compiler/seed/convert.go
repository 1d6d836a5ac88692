package seed

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// converter makes a Go value of a cell. What it returns points to memory of
// its own, which the next call overwrites.
type converter func(text []byte) (any, error)

var errNumber = errors.New("it is not a number that this type can hold")

// converterOf is how to make values of a type, and whether the type is
// nullable; the converter is nil for types that only the server can read.
func converterOf(name string, location *time.Location) (convert converter, nullable bool) {
	boxed := false // a dictionary of values needs values, not pointers
	if inner, ok := unwrap(name, "LowCardinality"); ok {
		name, boxed = inner, true
	}
	if inner, ok := unwrap(name, "Nullable"); ok {
		name, nullable = inner, true
	}
	if boxed && name != "String" {
		return nil, nullable
	}
	switch name {
	case "String":
		if boxed {
			return func(text []byte) (any, error) { return string(text), nil }, nullable
		}
		return text(math.MaxInt), nullable
	case "Bool", "Boolean":
		return boolean, nullable
	case "UUID":
		return unique(), nullable
	case "Date":
		return day(date(1970, 1, 1), date(2149, 6, 6)), nullable
	case "Date32":
		return day(date(1900, 1, 1), date(2299, 12, 31)), nullable
	case "Float32":
		var v float32
		return func(text []byte) (any, error) {
			f, err := parseFloat(text, 32)
			v = float32(f)
			return &v, err
		}, nullable
	case "Float64":
		var v float64
		return func(text []byte) (_ any, err error) {
			v, err = parseFloat(text, 64)
			return &v, err
		}, nullable
	}
	if c := integer(name); c != nil {
		return c, nullable
	}
	return withArguments(name, location), nullable
}

var call = regexp.MustCompile(`^(Decimal|FixedString|DateTime|DateTime64)(?:\(([^()]*)\))?$`)

// withArguments is converterOf for types that have arguments.
func withArguments(name string, location *time.Location) converter {
	m := call.FindStringSubmatch(name)
	if m == nil {
		return nil
	}
	var args []string
	if m[2] != "" {
		args = strings.Split(m[2], ",")
	}
	for i := range args {
		args[i] = strings.TrimSpace(args[i])
	}
	switch {
	case m[1] == "Decimal" && len(args) == 2:
		precision, err1 := strconv.Atoi(args[0])
		scale, err2 := strconv.Atoi(args[1])
		if err1 == nil && err2 == nil {
			return number(precision, scale)
		}
	case m[1] == "FixedString" && len(args) == 1:
		if n, err := strconv.Atoi(args[0]); err == nil {
			return text(n)
		}
	case m[1] == "DateTime" && len(args) <= 1:
		if location, ok := zone(args, location); ok {
			return moment(location, date(1970, 1, 1), date(2106, 2, 7))
		}
	case m[1] == "DateTime64" && len(args) >= 1 && len(args) <= 2:
		if location, ok := zone(args[1:], location); ok {
			return moment(location, date(1900, 1, 1), date(2299, 12, 31))
		}
	}
	return nil
}

func unwrap(name, outer string) (string, bool) {
	inner, ok := strings.CutPrefix(name, outer+"(")
	if !ok || !strings.HasSuffix(inner, ")") {
		return "", false
	}
	return strings.TrimSpace(inner[:len(inner)-1]), true
}

func zone(args []string, otherwise *time.Location) (*time.Location, bool) {
	if len(args) == 0 {
		return otherwise, true
	}
	name := strings.Trim(args[0], "'")
	if otherwise != nil && name == otherwise.String() {
		return otherwise, true // which saves a file to read
	}
	location, err := time.LoadLocation(name)
	return location, err == nil && name != ""
}

func text(longest int) converter {
	var own []byte
	var v string
	return func(text []byte) (any, error) {
		if len(text) > longest {
			return nil, fmt.Errorf("it is longer than %d bytes", longest)
		}
		// The text is valid up to the next call, as all values are.
		own = append(own[:0], text...)
		v = unsafe.String(unsafe.SliceData(own), len(own))
		return &v, nil
	}
}

func boolean(text []byte) (any, error) {
	switch strings.ToLower(string(bytes.TrimSpace(text))) {
	case "true", "1", "t", "yes", "y", "on":
		return true, nil
	case "false", "0", "f", "no", "n", "off":
		return false, nil
	}
	return nil, errors.New("it is neither true nor false")
}

func unique() converter {
	var v uuid.UUID
	return func(text []byte) (_ any, err error) {
		v, err = uuid.ParseBytes(bytes.TrimSpace(text))
		return &v, err
	}
}

func day(first, last time.Time) converter {
	var v time.Time
	return func(text []byte) (any, error) {
		text = bytes.TrimSpace(text)
		t, _, ok := parseTime(text, time.UTC)
		if !ok || len(text) != 10 {
			return nil, errors.New("dates are written as 2006-01-31")
		}
		if !(span{t, t}).within(first, last) {
			return nil, fmt.Errorf("the type holds dates from %s to %s", first.Format(time.DateOnly), last.Format(time.DateOnly))
		}
		v = t
		return &v, nil
	}
}

func moment(location *time.Location, first, last time.Time) converter {
	var v time.Time
	return func(text []byte) (any, error) {
		text = bytes.TrimSpace(text)
		t, _, ok := parseTime(text, location)
		if !ok {
			seconds, err := strconv.ParseInt(string(text), 10, 64)
			if err != nil || len(text) < 5 {
				return nil, errors.New("times are written as 2006-01-31 15:04:05")
			}
			t = time.Unix(seconds, 0)
		}
		if !(span{t, t}).within(first, last) {
			return nil, fmt.Errorf("the type holds times from %s to %s", first.Format(time.DateOnly), last.Format(time.DateOnly))
		}
		v = t
		return &v, nil
	}
}

// number is the converter of a Decimal. Digits beyond the scale are dropped,
// as the server does.
func number(precision, scale int) converter {
	var v decimal.Decimal
	limit := decimal.New(1, int32(precision-scale))
	return func(text []byte) (any, error) {
		text = bytes.TrimSpace(text)
		const longest = 200 // 1e1000000000 would be a very long number
		if len(text) > longest {
			return nil, errNumber
		}
		d, err := decimal.NewFromString(string(text))
		if err != nil || d.Exponent() > longest || d.Exponent() < -longest {
			return nil, errNumber
		}
		if v = d.Truncate(int32(scale)); v.Abs().GreaterThanOrEqual(limit) {
			return nil, fmt.Errorf("it has more than %d digits before the point", precision-scale)
		}
		return &v, nil
	}
}

func parseFloat(text []byte, bits int) (float64, error) {
	if f, ok := quickFloat(text); ok && bits == 64 {
		return f, nil
	}
	f, err := strconv.ParseFloat(string(bytes.TrimSpace(text)), bits)
	if err != nil {
		return 0, errNumber
	}
	return f, nil
}
