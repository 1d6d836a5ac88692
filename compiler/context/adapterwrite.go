package context

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// writeOperations change the warehouse. Those that a project may define anew
// are macros.
func writeOperations() map[string]operation {
	ops := map[string]operation{
		"execute":           {emptyResponse, (*Rendering).execute},
		"add_query":         {none, (*Rendering).execute},
		"run_sql_for_tests": {none, (*Rendering).execute},
		"commit":            {none, func(*Rendering, *value.Call) (value.Value, error) { return nil, nil }},
	}
	for _, name := range []string{"create_schema", "drop_schema", "drop_relation", "truncate_relation", "rename_relation"} {
		ops[name] = operation{none, func(r *Rendering, c *value.Call) (value.Value, error) {
			made, ok := r.Lookup(name)
			if !ok {
				return nil, mistake(c, "undefined-macro", "there is no macro "+name, "", "")
			}
			if _, err := value.Invoke(made, c); err != nil {
				return nil, err
			}
			return nil, nil
		}}
	}
	return ops
}

func emptyResponse() value.Value { return value.NewTuple("", NewTable(nil, nil)) }

// execute runs a statement and gives the response and the rows.
func (r *Rendering) execute(c *value.Call) (value.Value, error) {
	if len(c.Args) == 0 {
		sql, ok := c.Keyword("sql")
		if !ok {
			return nil, value.Errorf("TypeError", "execute() missing 1 required positional argument(s): 'sql'")
		}
		c = &value.Call{Args: []value.Value{sql}, Kwargs: c.Kwargs, Span: c.Span, Runtime: c.Runtime}
	}
	sql := strings.TrimSpace(textOf(c.Args[0]))
	if sql == "" {
		return value.NewTuple(&response{message: "OK"}, NewTable(nil, nil)), nil
	}
	found, err := r.query(c, sql)
	if err != nil {
		return nil, err
	}
	return value.NewTuple(&response{message: firstOf(found.Message, "OK"), query: found.QueryID}, table(found)), nil
}

// query asks the warehouse and ties its complaint to the call.
func (r *Rendering) query(c *value.Call, sql string) (*Result, error) {
	w, err := r.need(c)
	if err != nil {
		return nil, err
	}
	found, err := w.Query(r.Context, sql)
	if err != nil {
		return nil, &QueryError{SQL: sql, Span: c.Span, Err: err}
	}
	return found, nil
}

// response is what a statement answered: a text with attributes.
type response struct{ message, query string }

func (p *response) TypeName() string { return "AdapterResponse" }
func (p *response) Str() string      { return p.message }

func (p *response) Attr(name string) (value.Value, bool) {
	switch name {
	case "message", "_message":
		return p.message, true
	case "code":
		return p.message, true
	case "rows_affected":
		return nil, true
	case "query_id":
		return p.query, true
	}
	return nil, false
}
