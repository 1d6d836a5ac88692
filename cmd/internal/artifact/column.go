package artifact

import "github.com/chmod-sql/chmod/compiler/manifest"

// columns is an object by name that keeps the order in which they were
// described.
type columns []manifest.Column

func columnsOf(c []manifest.Column) columns { return c }

// MarshalJSON writes them where the rest is written by encoding/json.
func (c columns) MarshalJSON() ([]byte, error) {
	o := &object{}
	o.entries(c)
	return o.text, o.err
}

func (o *object) columns(name string, list []manifest.Column) {
	o.key(name)
	o.entries(list)
}

func (o *object) entries(list []manifest.Column) {
	o.text = append(o.text, '{')
	for i := range list {
		if i > 0 {
			o.text = append(o.text, ',')
		}
		o.text = append(appendString(o.text, list[i].Name), ':', '{')
		o.column(&list[i])
		o.text = append(o.text, '}')
	}
	o.text = append(o.text, '}')
}

func (o *object) column(c *manifest.Column) {
	o.string("name", c.Name)
	o.string("description", c.Description)
	o.dict("meta", c.Meta)
	o.optional("data_type", c.DataType)
	o.constraints("constraints", c.Constraints)
	if c.Quote != nil {
		o.bool("quote", *c.Quote)
	} else {
		o.raw("quote", "null")
	}
	o.nested("config", func(o *object) {
		o.dict("meta", c.Meta)
		o.strings("tags", c.Tags)
	})
	o.strings("tags", c.Tags)
	o.raw("granularity", "null")
	o.strings("doc_blocks", c.DocBlocks)
	// Columns may carry keys of their own.
	if c.Codec != "" {
		o.string("codec", c.Codec)
	}
	if c.TTL != "" {
		o.string("ttl", c.TTL)
	}
	if c.Extra == nil {
		return
	}
	for k, v := range c.Extra.All() {
		if name, ok := k.(string); ok {
			o.text = append(appendString(append(o.text, ','), name), ':')
			o.append(v, nil)
		}
	}
}

func (o *object) constraints(name string, list []manifest.Constraint) {
	o.list(name, len(list), func(i int) {
		c := list[i]
		o.text = append(o.text, '{')
		o.string("type", c.Type)
		o.optional("name", c.Name)
		o.optional("expression", c.Expression)
		o.bool("warn_unenforced", true)
		o.bool("warn_unsupported", true)
		o.optional("to", c.To)
		o.strings("to_columns", c.ToColumns)
		if len(c.Columns) > 0 {
			o.strings("columns", c.Columns)
		}
		o.text = append(o.text, '}')
	})
}
