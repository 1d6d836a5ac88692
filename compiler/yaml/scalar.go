package yaml

import (
	"fmt"
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/value/pytime"
)

// resolve gives the value of a scalar's text. The tag is explicit or empty.
func resolve(text, tag string, quoted bool) (value.Value, error) {
	switch tag {
	case "":
		if quoted {
			return text, nil
		}
		return plain(text)
	case "!!str", "!":
		return text, nil
	case "!!null":
		return nil, nil
	case "!!bool", "!!int", "!!float", "!!timestamp":
		v, err := plain(text)
		if err != nil {
			return nil, err
		}
		if i, ok := v.(int64); ok && tag == "!!float" {
			return float64(i), nil
		}
		if kindTag(v) != tag {
			return nil, fmt.Errorf("%q is not a %s", text, strings.TrimPrefix(tag, "!!"))
		}
		return v, nil
	}
	return nil, fmt.Errorf("the tag %s is not known", tag)
}

func kindTag(v value.Value) string {
	switch v.(type) {
	case bool:
		return "!!bool"
	case float64:
		return "!!float"
	case string:
		return "!!str"
	case nil:
		return "!!null"
	case *pytime.Date, *pytime.DateTime:
		return "!!timestamp"
	}
	return "!!int"
}

// plain resolves a scalar without quotes, as YAML 1.1 does.
func plain(text string) (value.Value, error) {
	if text == "" {
		return nil, nil
	}
	if numeric(text[0]) {
		return digits(text)
	}
	if v, ok := word(text); ok {
		return v, nil
	}
	return text, nil
}

// plain makes the node a scalar written without quotes.
func (n *Node) plain(text string) error {
	n.Text = text
	if text != "" && !numeric(text[0]) {
		v, special := word(text)
		n.scalar, n.isText = v, !special
		return nil
	}
	v, err := plain(text)
	n.set(v)
	return err
}

// numeric reports whether numbers and dates begin like this.
func numeric(c byte) bool { return c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' }

// word is the value of a text that is not the string it looks like; false when
// it is.
func word(text string) (value.Value, bool) {
	switch text {
	case "~", "null", "Null", "NULL":
		return nil, true
	case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON":
		return true, true
	case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF":
		return false, true
	}
	return nil, false
}

// digits resolves what begins like a number or a date. The order is PyYAML's.
func digits(text string) (value.Value, error) {
	if len(text) > 4 && text[4] == '-' {
		if v, ok, err := timestamp(text); ok {
			return v, err
		}
	}
	if v, ok := float(text); ok {
		return v, nil
	}
	if v, ok := integer(text); ok {
		return v, nil
	}
	return text, nil
}
