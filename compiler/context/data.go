package context

import (
	"crypto/md5"
	"encoding/hex"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// dataNames are the names that work on values.
func dataNames() map[string]constructor {
	return map[string]constructor{
		"tojson":     function("tojson", toJSON),
		"fromjson":   function("fromjson", fromJSON),
		"toyaml":     function("toyaml", toYAML),
		"fromyaml":   function("fromyaml", fromYAML),
		"set":        function("set", func(_ *Rendering, c *value.Call) (value.Value, error) { return setOf(c, "set", false) }),
		"set_strict": function("set_strict", func(_ *Rendering, c *value.Call) (value.Value, error) { return setOf(c, "set_strict", true) }),
		"zip":        function("zip", func(_ *Rendering, c *value.Call) (value.Value, error) { return zip(c, false) }),
		"zip_strict": function("zip_strict", func(_ *Rendering, c *value.Call) (value.Value, error) { return zip(c, true) }),
		"local_md5":  function("local_md5", localMD5),
		"diff_of_two_dicts": function("diff_of_two_dicts", func(_ *Rendering, c *value.Call) (value.Value, error) {
			return dictDifference(c)
		}),
	}
}

func toJSON(_ *Rendering, c *value.Call) (value.Value, error) {
	args, err := c.Bind("tojson", value.Required("value"), value.Optional("default", nil), value.Optional("sort_keys", false))
	if err != nil {
		return nil, err
	}
	text, err := value.MarshalJSON(args[0], value.JSONStyle{SortKeys: value.Truth(args[2])})
	if err != nil {
		return args[1], nil
	}
	return text, nil
}

func fromJSON(_ *Rendering, c *value.Call) (value.Value, error) {
	args, err := c.Bind("fromjson", value.Required("string"), value.Optional("default", nil))
	if err != nil {
		return nil, err
	}
	v, err := value.FromJSON(textOf(args[0]))
	if err != nil {
		return args[1], nil
	}
	return v, nil
}

func toYAML(_ *Rendering, c *value.Call) (value.Value, error) {
	args, err := c.Bind("toyaml", value.Required("value"), value.Optional("default", nil), value.Optional("sort_keys", false))
	if err != nil {
		return nil, err
	}
	text, err := dumpYAML(args[0], value.Truth(args[2]))
	if err != nil {
		return args[1], nil
	}
	return text, nil
}

func fromYAML(_ *Rendering, c *value.Call) (value.Value, error) {
	args, err := c.Bind("fromyaml", value.Required("value"), value.Optional("default", nil))
	if err != nil {
		return nil, err
	}
	node, list := yaml.Parse(source.New("(fromyaml)", "", textOf(args[0])))
	if list.HasErrors() {
		return args[1], nil
	}
	return node.Value(), nil
}

// setOf makes a set. Of what is not a collection, the strict one is an error
// and the other the default.
func setOf(c *value.Call, name string, strict bool) (value.Value, error) {
	params := []value.Param{value.Required("value")}
	if !strict {
		params = append(params, value.Optional("default", nil))
	}
	args, err := c.Bind(name, params...)
	if err != nil {
		return nil, err
	}
	elems, err := value.Iterate(args[0])
	if err == nil {
		var s *value.Set
		if s, err = value.NewSet(elems...); err == nil {
			return s, nil
		}
	}
	if strict {
		return nil, err
	}
	return args[1], nil
}

func zip(c *value.Call, strict bool) (value.Value, error) {
	var lists [][]value.Value
	shortest := -1
	for _, a := range c.Args {
		elems, err := value.Iterate(a)
		if err != nil {
			if strict {
				return nil, err
			}
			d, _ := c.Keyword("default")
			return d, nil
		}
		lists = append(lists, elems)
		if shortest < 0 || len(elems) < shortest {
			shortest = len(elems)
		}
	}
	out := value.NewList()
	for i := range max(shortest, 0) {
		row := value.NewTuple()
		for _, elems := range lists {
			row.Elems = append(row.Elems, elems[i])
		}
		out.Elems = append(out.Elems, row)
	}
	return out, nil
}

func localMD5(_ *Rendering, c *value.Call) (value.Value, error) {
	args, err := c.Bind("local_md5", value.Required("value"))
	if err != nil {
		return nil, err
	}
	sum := md5.Sum([]byte(textOf(args[0])))
	return hex.EncodeToString(sum[:]), nil
}

// dictDifference keeps of each list in the first dict what the second lacks.
func dictDifference(c *value.Call) (value.Value, error) {
	args, err := c.Bind("diff_of_two_dicts", value.Required("dict_a"), value.Required("dict_b"))
	if err != nil {
		return nil, err
	}
	a, ok := args[0].(*value.Dict)
	b, ok2 := args[1].(*value.Dict)
	if !ok || !ok2 {
		return nil, value.Errorf("TypeError", "diff_of_two_dicts takes two dicts")
	}
	out := value.NewDict()
	for k, v := range a.All() {
		mine, err := value.Iterate(v)
		if err != nil {
			return nil, err
		}
		var theirs []value.Value
		for k2, v2 := range b.All() {
			if equalFold(k, k2) {
				if theirs, err = value.Iterate(v2); err != nil {
					return nil, err
				}
			}
		}
		kept := value.NewList()
		for _, m := range mine {
			found := false
			for _, t := range theirs {
				found = found || equalFold(m, t)
			}
			if !found {
				kept.Elems = append(kept.Elems, m)
			}
		}
		if len(kept.Elems) > 0 {
			if err := out.Set(k, kept); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}
