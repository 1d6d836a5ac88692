package template

import (
	"html"
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

func webFilter(name string) filter {
	switch name {
	case "e", "escape", "forceescape":
		return escapeFilter
	case "safe":
		return stringFilter
	case "striptags":
		return striptagsFilter
	case "tojson":
		return tojsonFilter
	case "urlencode":
		return urlencodeFilter
	case "urlize":
		return urlizeFilter
	case "xmlattr":
		return xmlattrFilter
	}
	return nil
}

func escapeHTML(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&#39;", `"`, "&#34;").Replace(s)
}

func escapeFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	if _, err := c.Bind("escape"); err != nil {
		return nil, err
	}
	s, err := text(v)
	return escapeHTML(s), err
}

func striptagsFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	if _, err := c.Bind("striptags"); err != nil {
		return nil, err
	}
	s, err := text(v)
	if err != nil {
		return nil, err
	}
	for _, pair := range [][2]string{{"<!--", "-->"}, {"<", ">"}} {
		for {
			start := strings.Index(s, pair[0])
			if start < 0 {
				break
			}
			end := strings.Index(s[start:], pair[1])
			if end < 0 {
				break
			}
			s = s[:start] + s[start+end+len(pair[1]):]
		}
	}
	return html.UnescapeString(strings.Join(strings.FieldsFunc(s, isSpace), " ")), nil
}

// tojsonFilter writes JSON that is harmless inside of HTML. dbt's function of
// the same name is another one.
func tojsonFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("tojson", value.Optional("indent", nil))
	if err != nil {
		return nil, err
	}
	style := value.JSONStyle{SortKeys: true}
	switch n := args[0].(type) {
	case nil:
	case string:
		style.Indent = n
	default:
		if _, isText := v.(string); isText {
			break // nothing to indent, so that Python does not look
		}
		width, err := size(n)
		if err != nil {
			return nil, err
		}
		if err := value.CheckText(width, 1); err != nil {
			return nil, err
		}
		style.Indent = strings.Repeat(" ", max(width, 0))
	}
	if value.IsUndefined(v) {
		return nil, value.Errorf("TypeError", "Object of type Undefined is not JSON serializable")
	}
	s, err := value.MarshalJSON(v, style)
	return strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`, "'", `\u0027`).Replace(s), err
}

func urlencodeFilter(f *frame, v value.Value, c *value.Call) (value.Value, error) {
	if _, err := c.Bind("urlencode"); err != nil {
		return nil, err
	}
	if s, ok := v.(string); ok {
		return quoteURL(s, "/"), nil
	}
	d, isDict := v.(*value.Dict)
	if isDict {
		v = pairs(d)
	}
	items, err := value.Iterate(v)
	if err != nil {
		s, err := text(v)
		return quoteURL(s, "/"), err
	}
	parts := make([]string, len(items))
	for i, item := range items {
		pair, err := f.unpack(item, 2)
		if err != nil {
			return nil, err
		}
		s, err := texts(pair...)
		if err != nil {
			return nil, err
		}
		for k := range s {
			s[k] = strings.ReplaceAll(quoteURL(s[k], ""), "%20", "+")
		}
		parts[i] = s[0] + "=" + s[1]
	}
	return strings.Join(parts, "&"), nil
}

// pairs is a dict's items as a list of tuples.
func pairs(d *value.Dict) *value.List {
	list := value.NewList()
	for k, v := range d.All() {
		list.Elems = append(list.Elems, value.NewTuple(k, v))
	}
	return list
}

func quoteURL(s, safe string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDecimal(c) || strings.IndexByte("_.-~"+safe, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteString("%" + string("0123456789ABCDEF"[c>>4]) + string("0123456789ABCDEF"[c&15]))
	}
	return b.String()
}

func xmlattrFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("xmlattr", value.Optional("autospace", true))
	if err != nil {
		return nil, err
	}
	d, ok := v.(*value.Dict)
	if !ok {
		if _, err := method(c, v, "items"); err != nil {
			return nil, err
		}
		d = value.NewDict()
	}
	var parts []string
	for k, v := range d.All() {
		if v == nil || value.IsUndefined(v) {
			continue
		}
		key, ok := k.(string)
		if !ok {
			return nil, value.Errorf("TypeError", "expected string or bytes-like object, got '%s'", value.TypeName(k))
		}
		if strings.ContainsAny(key, " \t\n\r\f\v/>=") {
			return nil, value.Errorf("ValueError", "Invalid character in attribute name: %s", value.Repr(key))
		}
		parts = append(parts, escapeHTML(key)+`="`+escapeHTML(value.Str(v))+`"`)
	}
	s := strings.Join(parts, " ")
	if s != "" && value.Truth(args[0]) {
		s = " " + s
	}
	return s, nil
}
