package template

import (
	"math/big"

	"github.com/chmod-sql/chmod/compiler/value"
)

// test is a test: what is left of "is", and the arguments.
type test func(f *frame, v value.Value, c *value.Call) (bool, error)

// testNamed finds a test; nil when there is none.
func testNamed(name string) test {
	if is := kindTest(name); is != nil {
		return func(_ *frame, v value.Value, c *value.Call) (bool, error) {
			_, err := c.Bind("test_" + name)
			return err == nil && is(v), err
		}
	}
	return valueTest(name)
}

// testNames are all of them that can be written behind "is".
func testNames() []string {
	return []string{
		"boolean", "callable", "defined", "divisibleby", "eq", "equalto", "escaped", "even", "false", "filter", "float",
		"ge", "greaterthan", "gt", "in", "integer", "iterable", "le", "lessthan", "lower", "lt", "mapping", "ne", "none",
		"number", "odd", "sameas", "sequence", "string", "test", "true", "undefined", "upper",
	}
}

// kindTest is a test of what kind a value is.
func kindTest(name string) func(value.Value) bool {
	switch name {
	case "defined":
		return func(v value.Value) bool { return !value.IsUndefined(v) }
	case "undefined":
		return value.IsUndefined
	case "none":
		return func(v value.Value) bool { return v == nil }
	case "boolean":
		return func(v value.Value) bool { _, ok := v.(bool); return ok }
	case "true":
		return func(v value.Value) bool { return v == true }
	case "false":
		return func(v value.Value) bool { return v == false }
	case "integer":
		return isInteger
	case "float":
		return func(v value.Value) bool { _, ok := v.(float64); return ok }
	case "number":
		return isNumber
	case "string":
		return func(v value.Value) bool { _, ok := v.(string); return ok }
	case "mapping":
		return isMapping
	case "sequence":
		return isSequence
	case "callable":
		// An Undefined can be called, if only to fail.
		return func(v value.Value) bool { return value.IsCallable(v) || value.IsUndefined(v) }
	case "escaped":
		return func(value.Value) bool { return false } // no text is marked as HTML
	}
	return nil
}

// isMapping tells dicts, and objects that say that they pass for one.
func isMapping(v value.Value) bool {
	if _, ok := v.(*value.Dict); ok {
		return true
	}
	m, ok := v.(interface{ IsMapping() bool })
	return ok && m.IsMapping()
}

func isInteger(v value.Value) bool {
	switch v.(type) {
	case int64, *big.Int:
		return true
	}
	return false
}

func isNumber(v value.Value) bool {
	switch v := v.(type) {
	case bool, int64, *big.Int, float64:
		return true
	case value.Object:
		return v.TypeName() == "Decimal" || v.TypeName() == "decimal.Decimal"
	}
	return false
}

func isSequence(v value.Value) bool {
	switch v := v.(type) {
	case string, *value.List, *value.Tuple, *value.Dict:
		return true
	case *value.Undefined:
		return v.Leniency != value.Strict
	case value.Object:
		_, counted := v.(value.Lengther)
		_, indexed := v.(value.Indexer)
		return counted && indexed
	}
	return false
}

func isIterable(v value.Value) bool {
	switch v.(type) {
	case string, *value.List, *value.Tuple, *value.Dict, *value.Set, *value.Undefined, value.Streamer, value.Iterable:
		return true
	}
	return false
}
