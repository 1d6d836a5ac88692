package context

import (
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// SecretPrefix starts the names of environment variables that only the
// profile may read.
const SecretPrefix = "DBT_ENV_SECRET"

// variableNames are the names that let a project be set from outside.
func variableNames() map[string]constructor {
	return map[string]constructor{
		"var":     func(r *Rendering) (value.Value, bool) { return &varObject{r}, true },
		"env_var": function("env_var", (*Rendering).envVar),
	}
}

type varObject struct{ in *Rendering }

func (o *varObject) TypeName() string { return "Var" }
func (o *varObject) Str() string      { return "<Var>" }

func (o *varObject) Attr(name string) (value.Value, bool) {
	if name != "has_var" {
		return nil, false
	}
	return method(name, func(c *value.Call) (value.Value, error) {
		args, err := c.Bind("has_var", value.Required("var_name"))
		if err != nil {
			return nil, err
		}
		_, ok := o.in.Var(o.in.Package, textOf(args[0]))
		return ok, nil
	}), true
}

// Call is var(name, default).
func (o *varObject) Call(c *value.Call) (value.Value, error) {
	args, err := c.Bind("var", value.Required("var_name"), value.Optional("default", nil))
	if err != nil {
		return nil, err
	}
	name := textOf(args[0])
	if v, ok := o.in.Var(o.in.Package, name); ok {
		return o.rendered(c, v)
	}
	_, named := c.Keyword("default")
	if len(c.Args) > 1 || named {
		return args[1], nil
	}
	var known []string
	if o.in.VarNames != nil {
		known = o.in.VarNames(o.in.Package)
	}
	missing := mistake(c, "missing-variable", "the variable "+name+" has no value", "it is neither in vars: nor in --vars, and var() has no default",
		firstOf(diag.DidYouMean(name, known), "set it under vars: in dbt_project.yml, or write var('"+name+"', default)"))
	if !o.in.Execute {
		// Listing a project must work without the variables that running it
		// needs.
		o.in.Seen.MissingVars = append(o.in.Seen.MissingVars, missing)
		return nil, nil
	}
	return nil, missing
}

// rendered is a variable's value: a text is a template of its own.
func (o *varObject) rendered(c *value.Call, v value.Value) (value.Value, error) {
	text, ok := v.(string)
	if !ok || !yaml.HasTemplate(text) {
		return v, nil
	}
	return o.in.renderText(&value.Call{Args: []value.Value{text}, Span: c.Span, Runtime: c.Runtime})
}

func (r *Rendering) envVar(c *value.Call) (value.Value, error) {
	args, err := c.Bind("env_var", value.Required("var"), value.Optional("default", nil))
	if err != nil {
		return nil, err
	}
	name := textOf(args[0])
	if strings.HasPrefix(name, SecretPrefix) && !r.Secrets {
		return nil, mistake(c, "secret-here", "the secret "+name+" cannot be read here", "secrets are for profiles.yml and packages.yml only", "read it there, or rename the variable")
	}
	if v, ok := r.Env(name); ok {
		return v, nil
	}
	_, named := c.Keyword("default")
	if (len(c.Args) > 1 || named) && args[1] != nil {
		return args[1], nil
	}
	return nil, mistake(c, "missing-env-var", "the environment variable "+name+" is not set", "env_var() has no default",
		"set it, or write env_var('"+name+"', 'default')")
}

// firstOf is the first text that is not empty.
func firstOf(texts ...string) string {
	i := slices.IndexFunc(texts, func(s string) bool { return s != "" })
	if i < 0 {
		return ""
	}
	return texts[i]
}
