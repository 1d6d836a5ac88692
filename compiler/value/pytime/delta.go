package pytime

import (
	"fmt"
	"math"
	"math/big"
	"strconv"

	"github.com/chmod-sql/chmod/compiler/value"
)

const (
	microsPerSecond = int64(1_000_000)
	secondsPerDay   = int64(86_400)
	microsPerDay    = secondsPerDay * microsPerSecond
	maxDeltaDays    = int64(999_999_999)
)

// Delta is Python's timedelta: whole days, and microseconds within a day that
// are never below zero.
type Delta struct {
	days, micros int64
}

func overflow(what string) error { return value.Errorf("OverflowError", "%s", what) }

func newDelta(days, micros int64) (*Delta, error) {
	days += floorDiv(micros, microsPerDay)
	micros = floorMod(micros, microsPerDay)
	if days < math.MinInt32 || days > math.MaxInt32 {
		return nil, overflow("Python int too large to convert to C int")
	}
	if days < -maxDeltaDays || days > maxDeltaDays {
		return nil, overflow(fmt.Sprintf("days=%d; must have magnitude <= 999999999", days))
	}
	return &Delta{days, micros}, nil
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

func floorMod(a, b int64) int64 { return a - floorDiv(a, b)*b }

// total is all of it in microseconds, which can exceed 64 bits.
func (d *Delta) total() *big.Int {
	n := new(big.Int).Mul(big.NewInt(d.days), big.NewInt(microsPerDay))
	return n.Add(n, big.NewInt(d.micros))
}

func deltaOf(total *big.Int) (*Delta, error) {
	days, micros := new(big.Int).DivMod(total, big.NewInt(microsPerDay), new(big.Int))
	if !days.IsInt64() {
		return nil, overflow("Python int too large to convert to C int")
	}
	return newDelta(days.Int64(), micros.Int64())
}

func (d *Delta) seconds() float64 {
	r, _ := new(big.Rat).SetFrac(d.total(), big.NewInt(microsPerSecond)).Float64()
	return r
}

// TypeName is datetime.timedelta.
func (d *Delta) TypeName() string { return "datetime.timedelta" }

// Attr answers days, seconds, microseconds and total_seconds.
func (d *Delta) Attr(name string) (value.Value, bool) {
	switch name {
	case "days":
		return d.days, true
	case "seconds":
		return d.micros / microsPerSecond, true
	case "microseconds":
		return d.micros % microsPerSecond, true
	case "total_seconds":
		return method(name, nil, func([]value.Value) (value.Value, error) { return d.seconds(), nil }), true
	}
	return nil, false
}

// Str is "1 day, 2:03:04.000005".
func (d *Delta) Str() string {
	text := clockText(d.micros, false)
	if d.days == 0 {
		return text
	}
	s := "s"
	if d.days == 1 || d.days == -1 {
		s = ""
	}
	return fmt.Sprintf("%d day%s, %s", d.days, s, text)
}

// clockText is h:mm:ss with microseconds when there are any.
func clockText(micros int64, padded bool) string {
	seconds := micros / microsPerSecond
	format := "%d:%02d:%02d"
	if padded {
		format = "%02d:%02d:%02d"
	}
	text := fmt.Sprintf(format, seconds/3600, seconds/60%60, seconds%60)
	if rest := micros % microsPerSecond; rest != 0 {
		text += fmt.Sprintf(".%06d", rest)
	}
	return text
}

// Repr is datetime.timedelta(days=1).
func (d *Delta) Repr() string {
	text := ""
	for _, part := range []struct {
		name string
		n    int64
	}{{"days", d.days}, {"seconds", d.micros / microsPerSecond}, {"microseconds", d.micros % microsPerSecond}} {
		if part.n != 0 {
			if text != "" {
				text += ", "
			}
			text += part.name + "=" + strconv.FormatInt(part.n, 10)
		}
	}
	if text == "" {
		text = "0"
	}
	return "datetime.timedelta(" + text + ")"
}

// Truth is false for no time at all.
func (d *Delta) Truth() bool { return d.days != 0 || d.micros != 0 }

// Equal compares with another Delta.
func (d *Delta) Equal(o value.Value) bool {
	other, ok := o.(*Delta)
	return ok && *d == *other
}

// HashKey is what it holds.
func (d *Delta) HashKey() any { return *d }

// Compare orders by length.
func (d *Delta) Compare(o value.Value) (int, bool, error) {
	other, ok := o.(*Delta)
	if !ok {
		return 0, false, nil
	}
	return d.total().Cmp(other.total()), true, nil
}

// Neg is -d.
func (d *Delta) Neg() value.Value {
	// The most negative Delta has no positive twin, and is then left as it is.
	if n, err := newDelta(-d.days, -d.micros); err == nil {
		return n
	}
	return d
}

// Operate adds and subtracts Deltas, and scales and divides them.
func (d *Delta) Operate(op value.Op, other value.Value, reflected bool) (value.Value, bool, error) {
	if reflected {
		if op == value.OpMul {
			return d.Operate(op, other, false)
		}
		return nil, false, nil
	}
	switch o := other.(type) {
	case *Delta:
		return d.withDelta(op, o)
	case bool, int64, *big.Int:
		return d.withInt(op, wholeOf(o))
	case float64:
		return d.withFloat(op, o)
	}
	return nil, false, nil
}

func wholeOf(v value.Value) *big.Int {
	if b, ok := v.(*big.Int); ok {
		return b
	}
	n, _ := value.AsInt(v)
	return big.NewInt(n)
}

func result(d *Delta, err error) (value.Value, bool, error) {
	if err != nil {
		return nil, true, err
	}
	return d, true, nil
}

func (d *Delta) withDelta(op value.Op, o *Delta) (value.Value, bool, error) {
	switch op {
	case value.OpAdd:
		return result(newDelta(d.days+o.days, d.micros+o.micros))
	case value.OpSub:
		return result(newDelta(d.days-o.days, d.micros-o.micros))
	case value.OpDiv, value.OpFloorDiv, value.OpMod:
		v, err := value.Arithmetic(op, value.Int(d.total()), value.Int(o.total()))
		if err != nil || op != value.OpMod {
			return v, true, err
		}
		return result(deltaOf(wholeOf(v)))
	}
	return nil, false, nil
}

func (d *Delta) withInt(op value.Op, n *big.Int) (value.Value, bool, error) {
	switch op {
	case value.OpMul:
		return result(deltaOf(new(big.Int).Mul(d.total(), n)))
	case value.OpFloorDiv:
		v, err := value.FloorDiv(value.Int(d.total()), value.Int(n))
		if err != nil {
			return nil, true, err
		}
		return result(deltaOf(wholeOf(v)))
	case value.OpDiv:
		if n.Sign() == 0 {
			return nil, true, value.Errorf("ZeroDivisionError", "integer division or modulo by zero")
		}
		return result(deltaOf(roundHalfEven(new(big.Rat).SetFrac(d.total(), n))))
	}
	return nil, false, nil
}

func (d *Delta) withFloat(op value.Op, f float64) (value.Value, bool, error) {
	if op != value.OpMul && op != value.OpDiv {
		return nil, false, nil
	}
	ratio := new(big.Rat)
	switch {
	case math.IsNaN(f):
		return nil, true, value.Errorf("ValueError", "cannot convert NaN to integer ratio")
	case math.IsInf(f, 0):
		return nil, true, value.Errorf("OverflowError", "cannot convert Infinity to integer ratio")
	case f == 0 && op == value.OpDiv:
		return nil, true, value.Errorf("ZeroDivisionError", "integer division or modulo by zero")
	}
	ratio.SetFloat64(f)
	if op == value.OpDiv {
		ratio.Inv(ratio)
	}
	return result(deltaOf(roundHalfEven(ratio.Mul(ratio, new(big.Rat).SetInt(d.total())))))
}

func roundHalfEven(r *big.Rat) *big.Int {
	q, rest := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	twice := rest.Lsh(rest, 1)
	if c := twice.Cmp(r.Denom()); c > 0 || c == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(1))
	}
	return q
}
