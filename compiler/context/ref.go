package context

import (
	"fmt"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// SeenRef is a ref() and where it stands.
type SeenRef struct {
	manifest.Ref
	Span source.Span
}

// SeenSource is a source() and where it stands.
type SeenSource struct {
	Source, Table string
	Span          source.Span
}

// refNames are the names that lead to other nodes.
func refNames() map[string]constructor {
	return map[string]constructor{
		"ref":    referring("ref", (*Rendering).ref),
		"source": referring("source", (*Rendering).source),
		"metric": function("metric", func(r *Rendering, c *value.Call) (value.Value, error) {
			return "", nil
		}),
		"builtins": func(r *Rendering) (value.Value, bool) {
			d := value.NewDict()
			for name := range r.names {
				if name == "builtins" || name == "context" {
					continue
				}
				if v, ok := r.names[name](r); ok {
					d.Put(name, v)
				}
			}
			return d, true
		},
	}
}

func (r *Rendering) ref(c *value.Call) (value.Value, error) {
	pkg, name, version, err := refArgs(c)
	if err != nil {
		return nil, err
	}
	if !r.Execute {
		r.Seen.Refs = append(r.Seen.Refs, SeenRef{Ref: manifest.Ref{Package: pkg, Name: name, Version: version}, Span: c.Span})
		return r.standIn(), nil
	}
	if r.Resolver == nil {
		return nil, mistake(c, "ref-not-here", "ref() cannot be used here", "", "")
	}
	return r.Resolver.Ref(c, pkg, name, version)
}

// refArgs reads ref('name'), ref('package', 'name') and a version.
func refArgs(c *value.Call) (pkg, name string, version value.Value, err error) {
	fix := `write ref('model') or ref('package', 'model')`
	bad := func(what string) error { return mistake(c, "bad-ref", what, "", fix) }
	var texts []string
	for _, a := range c.Args {
		s, ok := a.(string)
		if !ok {
			return "", "", nil, bad(fmt.Sprintf("ref() takes names as strings, not %s", value.TypeName(a)))
		}
		texts = append(texts, s)
	}
	for _, kw := range c.Kwargs {
		switch kw.Name {
		case "version", "v":
			if kw.Value != nil {
				version = kw.Value
			}
		default:
			return "", "", nil, bad("ref() has no argument " + kw.Name)
		}
	}
	switch version.(type) {
	case nil, string, int64, float64:
	default:
		return "", "", nil, bad("the version of a ref() is a number or a string, not " + value.TypeName(version))
	}
	switch len(texts) {
	case 1:
		return "", texts[0], version, nil
	case 2:
		return texts[0], texts[1], version, nil
	}
	return "", "", nil, bad(fmt.Sprintf("ref() takes one or two names, not %d", len(texts)))
}

func (r *Rendering) source(c *value.Call) (value.Value, error) {
	args, err := c.Bind("source", value.Required("source_name"), value.Required("table_name"))
	if err != nil {
		return nil, mistake(c, "bad-source", "source() takes the source's and the table's name", "", "write source('source', 'table')")
	}
	from, ok := args[0].(string)
	table, ok2 := args[1].(string)
	if !ok || !ok2 {
		return nil, mistake(c, "bad-source", "source() takes names as strings", "", "write source('source', 'table')")
	}
	if !r.Execute {
		r.Seen.Sources = append(r.Seen.Sources, SeenSource{Source: from, Table: table, Span: c.Span})
		return r.standIn(), nil
	}
	if r.Resolver == nil {
		return nil, mistake(c, "source-not-here", "source() cannot be used here", "", "")
	}
	return r.Resolver.Source(c, from, table)
}

// standIn is the relation that refs give before anything is resolved: the
// node's own.
func (r *Rendering) standIn() *Relation {
	if r.This != nil {
		return r.This
	}
	return &Relation{}
}
