package artifact

import (
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// plain is a dict as JSON has it; nil becomes an empty one.
func plain(d *value.Dict) any {
	if d == nil {
		return map[string]any{}
	}
	return value.ToGo(d)
}

// optional is a dict, or null.
func optional(d *value.Dict) any {
	if d == nil {
		return nil
	}
	return value.ToGo(d)
}

// text is a string, or null when it is empty.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func configOf(c *manifest.Config) any {
	if c == nil {
		return map[string]any{}
	}
	return plain(c.Values())
}

func names(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

type quoting struct {
	Database   *bool `json:"database"`
	Schema     *bool `json:"schema"`
	Identifier *bool `json:"identifier"`
	Column     *bool `json:"column"`
}

type docs struct {
	Show  bool    `json:"show"`
	Color *string `json:"node_color"`
}

// docsOf is the docs entry of a config.
func docsOf(c *manifest.Config) docs {
	d := docs{Show: true}
	if c == nil {
		return d
	}
	entry := c.Dict("docs")
	if entry == nil {
		return d
	}
	if show, ok := entry.Get("show"); ok {
		if b, ok := show.(bool); ok {
			d.Show = b
		}
	}
	if color, ok := entry.Get("node_color"); ok {
		if s, ok := color.(string); ok {
			d.Color = &s
		}
	}
	return d
}
