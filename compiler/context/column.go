package context

import (
	"strconv"
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// Column is a column of a relation as templates hold it.
type Column struct {
	Name string
	// Type is ClickHouse's type as the server spells it.
	Type string
}

// TypeName is the class name that dbt's users see.
func (c *Column) TypeName() string { return "ClickHouseColumn" }

// Str is the column as in a table's definition.
func (c *Column) Str() string { return c.Name + " " + c.Type }

// Repr is what debugging output shows.
func (c *Column) Repr() string { return "<ClickhouseColumn " + c.Str() + ">" }

// Equal compares name and type.
func (c *Column) Equal(o value.Value) bool {
	other, ok := o.(*Column)
	return ok && *c == *other
}

// HashKey makes equal columns one key.
func (c *Column) HashKey() any { return *c }

// Inner is the type without Nullable and LowCardinality around it.
func (c *Column) Inner() string {
	inner := c.Type
	for {
		head, rest, ok := strings.Cut(inner, "(")
		if !ok || !strings.HasSuffix(rest, ")") || head != "Nullable" && head != "LowCardinality" {
			return inner
		}
		inner = rest[:len(rest)-1]
	}
}

// Attr answers the attributes and methods that dbt's columns have.
func (c *Column) Attr(name string) (value.Value, bool) {
	inner := strings.ToLower(c.Inner())
	answer := func(v value.Value) (value.Value, bool) {
		return method(name, func(*value.Call) (value.Value, error) { return v, nil }), true
	}
	switch name {
	case "name", "column":
		return c.Name, true
	case "quoted":
		return quoteStandard(c.Name), true
	case "data_type":
		return c.Type, true
	case "dtype":
		return c.Inner(), true
	case "is_nullable":
		return strings.Contains(c.Type, "Nullable("), true
	case "is_low_cardinality":
		return strings.HasPrefix(c.Type, "LowCardinality("), true
	case "char_size":
		return c.size("fixedstring"), true
	case "numeric_precision":
		return c.parameter(0), true
	case "numeric_scale":
		return c.parameter(1), true
	case "is_string":
		return answer(isText(inner))
	case "is_number":
		return answer(isInteger(inner) || strings.HasPrefix(inner, "decimal") || strings.HasPrefix(inner, "float"))
	case "is_float":
		return answer(strings.HasPrefix(inner, "float"))
	case "is_integer":
		return answer(isInteger(inner))
	case "is_numeric":
		return answer(strings.HasPrefix(inner, "decimal"))
	case "string_size":
		return method(name, c.stringSize), true
	case "can_expand_to":
		return method(name, c.canExpandTo), true
	case "literal":
		return method(name, func(call *value.Call) (value.Value, error) {
			args, err := call.Bind("literal", value.Required("value"))
			if err != nil {
				return nil, err
			}
			return "to" + c.Inner() + "('" + value.Str(args[0]) + "')", nil
		}), true
	}
	return columnType{}.Attr(name)
}

func (c *Column) stringSize(*value.Call) (value.Value, error) {
	if !isText(strings.ToLower(c.Inner())) {
		return nil, value.Errorf("DbtRuntimeError", "Called string_size() on non-string field!")
	}
	if n := c.size("fixedstring"); n != nil {
		return n, nil
	}
	return int64(256), nil
}

// canExpandTo is false throughout: a String holds any text.
func (c *Column) canExpandTo(call *value.Call) (value.Value, error) {
	_, err := call.Bind("can_expand_to", value.Required("other_column"))
	return false, err
}

func (c *Column) size(of string) value.Value {
	if strings.HasPrefix(strings.ToLower(c.Inner()), of) {
		return c.parameter(0)
	}
	return nil
}

// parameter is a number in the type's parentheses.
func (c *Column) parameter(i int) value.Value {
	_, rest, ok := strings.Cut(c.Inner(), "(")
	if !ok {
		return nil
	}
	parts := strings.Split(strings.TrimSuffix(rest, ")"), ",")
	if i >= len(parts) {
		return nil
	}
	n, err := strconv.ParseInt(strings.TrimSpace(parts[i]), 10, 64)
	if err != nil {
		return nil
	}
	return n
}

func isInteger(inner string) bool {
	return strings.HasPrefix(inner, "int") && !strings.HasPrefix(inner, "interval") || strings.HasPrefix(inner, "uint")
}

func isText(inner string) bool {
	switch inner {
	case "string", "longblob", "longtext", "tinytext", "text", "varchar", "mediumblob", "blob", "tinyblob", "char", "mediumtext":
		return true
	}
	return strings.HasPrefix(inner, "fixedstring")
}

// columnType is the class itself: api.Column.
type columnType struct{}

func (columnType) TypeName() string { return "type" }

func (columnType) Str() string { return "<class 'Column'>" }

// Call makes a column of a name and a type.
func (columnType) Call(c *value.Call) (value.Value, error) {
	args, err := c.Bind("Column", value.Required("column"), value.Required("dtype"), value.Optional("char_size", nil),
		value.Optional("numeric_precision", nil), value.Optional("numeric_scale", nil))
	if err != nil {
		return nil, err
	}
	return &Column{Name: textOf(args[0]), Type: textOf(args[1])}, nil
}

// Attr answers the class's own methods.
func (t columnType) Attr(name string) (value.Value, bool) {
	switch name {
	case "translate_type":
		return method(name, func(c *value.Call) (value.Value, error) {
			args, err := c.Bind(name, value.Required("dtype"))
			if err != nil {
				return nil, err
			}
			return translateType(value.Str(args[0])), nil
		}), true
	case "create":
		return method(name, func(c *value.Call) (value.Value, error) {
			args, err := c.Bind(name, value.Required("name"), value.Required("label_or_dtype"))
			if err != nil {
				return nil, err
			}
			return &Column{Name: value.Str(args[0]), Type: translateType(value.Str(args[1]))}, nil
		}), true
	case "numeric_type":
		return method(name, func(c *value.Call) (value.Value, error) {
			args, err := c.Bind(name, value.Required("dtype"), value.Required("precision"), value.Required("scale"))
			if err != nil {
				return nil, err
			}
			return "Decimal(" + value.Str(args[1]) + ", " + value.Str(args[2]) + ")", nil
		}), true
	case "string_type":
		return method(name, func(c *value.Call) (value.Value, error) {
			_, err := c.Bind(name, value.Required("size"))
			return "String", err
		}), true
	case "from_description":
		return method(name, func(c *value.Call) (value.Value, error) {
			args, err := c.Bind(name, value.Required("name"), value.Required("raw_data_type"))
			if err != nil {
				return nil, err
			}
			return &Column{Name: value.Str(args[0]), Type: value.Str(args[1])}, nil
		}), true
	}
	return nil, false
}

// translateType turns dbt's words for types into ClickHouse's; others stay.
func translateType(dtype string) string {
	switch strings.ToUpper(dtype) {
	case "STRING":
		return "String"
	case "TIMESTAMP":
		return "DateTime"
	case "FLOAT":
		return "Float32"
	case "INTEGER":
		return "Int32"
	}
	return dtype
}
