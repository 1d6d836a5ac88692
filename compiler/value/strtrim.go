package value

import "strings"

func strStrip(name string, left, right bool) methodFunc {
	return func(self Value, c *Call) (Value, error) {
		args, err := c.between("str", name, 0, 1)
		if err != nil {
			return nil, err
		}
		is := isSpace
		switch chars := args[0].(type) {
		case nil:
		case string:
			is = func(r rune) bool { return strings.ContainsRune(chars, r) }
		default:
			return nil, Errorf("TypeError", "%s arg must be None or str", name)
		}
		s := self.(string)
		if left {
			s = strings.TrimLeftFunc(s, is)
		}
		if right {
			s = strings.TrimRightFunc(s, is)
		}
		return s, nil
	}
}

func strRemove(name string, trim func(s, affix string) string) methodFunc {
	return func(self Value, c *Call) (Value, error) {
		v, err := c.one("str." + name)
		if err != nil {
			return nil, err
		}
		affix, ok := v.(string)
		if !ok {
			return nil, Errorf("TypeError", "%s() argument must be str, not %s", name, argType(v))
		}
		return trim(self.(string), affix), nil
	}
}
