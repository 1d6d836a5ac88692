package value

// Orderer is <, <=, > and >= of an Object with another value.
type Orderer interface {
	// Compare is below, at or above zero; false when the two have no order, an
	// error when Python has words of its own for that.
	Compare(o Value) (int, bool, error)
}

// Op is an arithmetic operator as it is written.
type Op string

// The operators of Jinja.
const (
	OpAdd      Op = "+"
	OpSub      Op = "-"
	OpMul      Op = "*"
	OpDiv      Op = "/"
	OpFloorDiv Op = "//"
	OpMod      Op = "%"
	OpPow      Op = "**"
)

// Operand is an Object that takes part in arithmetic.
type Operand interface {
	// Operate answers self op other, or other op self when reflected; false
	// when it does not know how.
	Operate(op Op, other Value, reflected bool) (Value, bool, error)
}

// Negator is an Object that has a negative.
type Negator interface {
	Neg() Value
}

// Container answers item in x without listing all of x.
type Container interface {
	Contains(item Value) (bool, error)
}

// Hasher is an Object that can be found in dicts and sets by what it holds
// rather than by which it is. HashKey must be comparable, and equal for equal
// Objects.
type Hasher interface {
	HashKey() any
}

// Formatter is an Object with a format language of its own, as dates have:
// "{:%Y}".format(x).
type Formatter interface {
	Format(spec string) (string, error)
}

// Streamer is a Python iterator: it gives its items once, one at a time, and
// may never end.
type Streamer interface {
	// Next is false after the last item.
	Next() (Value, bool, error)
}
