package context

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// dumpYAML writes a value in block style, lists at the level of their key.
func dumpYAML(v value.Value, sorted bool) (string, error) {
	var b strings.Builder
	d := dumper{out: &b, sorted: sorted}
	if err := d.block(v, 0); err != nil {
		return "", err
	}
	return b.String(), nil
}

type dumper struct {
	out    *strings.Builder
	sorted bool
}

// block writes a value from the start of a line on, each line with its end.
func (d *dumper) block(v value.Value, indent int) error {
	pad := strings.Repeat(" ", indent)
	switch v := v.(type) {
	case *value.Dict:
		if v.Len() == 0 {
			break
		}
		for _, k := range d.keys(v) {
			item, _ := v.Get(k)
			key, err := scalarYAML(k)
			if err != nil {
				return err
			}
			d.out.WriteString(pad + key + ":")
			if err := d.below(item, indent); err != nil {
				return err
			}
		}
		return nil
	case *value.List, *value.Tuple, *value.Set:
		elems, err := value.Iterate(v)
		if err != nil {
			return err
		}
		if len(elems) == 0 {
			break
		}
		for _, e := range elems {
			var item strings.Builder
			nested := dumper{out: &item, sorted: d.sorted}
			if err := nested.block(e, indent+2); err != nil {
				return err
			}
			d.out.WriteString(pad + "- " + strings.TrimLeft(item.String(), " "))
		}
		return nil
	}
	text, err := scalarYAML(v)
	if err != nil {
		return err
	}
	d.out.WriteString(pad + text + "\n")
	return nil
}

// below writes the value of a key.
func (d *dumper) below(v value.Value, indent int) error {
	switch n, _ := value.Len(v); v.(type) {
	case *value.Dict:
		if n > 0 {
			d.out.WriteString("\n")
			return d.block(v, indent+2)
		}
	case *value.List, *value.Tuple, *value.Set:
		if n > 0 {
			d.out.WriteString("\n")
			return d.block(v, indent)
		}
	}
	d.out.WriteString(" ")
	return d.block(v, 0)
}

func (d *dumper) keys(v *value.Dict) []value.Value {
	keys := v.Keys()
	if d.sorted {
		slices.SortFunc(keys, func(a, b value.Value) int { return strings.Compare(value.Str(a), value.Str(b)) })
	}
	return keys
}

func scalarYAML(v value.Value) (string, error) {
	switch v := v.(type) {
	case nil:
		return "null", nil
	case bool:
		return strings.ToLower(value.Str(v)), nil
	case int64, float64:
		return value.Str(v), nil
	case *value.Dict:
		return "{}", nil
	case *value.List, *value.Tuple:
		return "[]", nil
	case string:
		return textYAML(v), nil
	}
	return "", fmt.Errorf("a %s has no form in YAML", value.TypeName(v))
}

// textYAML writes a string plain where it reads back as the same string.
func textYAML(s string) string {
	if strings.ContainsAny(s, "\n\t\r\\\x00") {
		quoted, err := value.MarshalJSON(s, value.JSONStyle{})
		if err == nil {
			return quoted
		}
	}
	node, list := yaml.Parse(source.New("", "", s))
	if back, ok := node.Str(); ok && list.Len() == 0 && back == s && s != "" && !strings.ContainsAny(s, "#:") {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}
