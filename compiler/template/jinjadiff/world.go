package jinjadiff

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

// stubs are names of a project's world, the oracle's STUBS.
const stubs = "ref source this target model schema database graph api exceptions run_query statement load_result modules flags " +
	"invocation_id run_started_at builtins doc selected_resources node pre_hooks post_hooks sql compiled_code dbt_version " +
	"store_result is_incremental thread_id context argument"

// packageStub holds the macros of a package, bound when they are asked for.
type packageStub struct {
	macros map[string]PackageMacro
	bind   func(PackageMacro) value.Value
}

func (packageStub) TypeName() string { return "Package" }

func (packageStub) Attr(string) (value.Value, bool) { return nil, false }

func (p packageStub) Item(key value.Value) (value.Value, bool) {
	name, _ := value.AsString(key)
	m, ok := p.macros[name]
	if !ok {
		return nil, false
	}
	return p.bind(m), true
}

// worldNames are the globals of a project's rendering.
type worldNames struct {
	names
	// packages are those whose macros need no package's name.
	packages []packageStub
}

func (w worldNames) Lookup(name string) (value.Value, bool) {
	if v, ok := w.names[name]; ok {
		return v, true
	}
	for _, p := range w.packages {
		if m, ok := p.Item(name); ok {
			return m, true
		}
	}
	return nil, false
}

// project gives a rendering the names of a project's world.
func (c *Chmod) project(ctx context.Context, a Ask, o template.Options) *template.Renderer {
	globals := names{}
	world := worldNames{names: globals}
	r := template.NewRenderer(ctx, &world, o)
	bind := func(m PackageMacro) value.Value { return c.macro(r, m) }
	for name, macros := range c.packages {
		globals[name] = packageStub{macros, bind}
	}
	for _, name := range []string{a.Package, "dbt_clickhouse", "dbt"} {
		world.packages = append(world.packages, packageStub{c.packages[name], bind})
	}
	for _, name := range strings.Fields(stubs) {
		globals[name] = newStub(name)
	}
	globals["config"] = configStub{newStub("config")}
	globals["adapter"] = adapterStub{newStub("adapter"), func(name string, namespace value.Value) value.Value {
		for _, pkg := range slices.Sorted(maps.Keys(c.packages)) {
			if namespace != nil && value.Str(namespace) != pkg {
				continue
			}
			for _, prefix := range []string{"clickhouse__", "default__"} {
				if m, ok := c.packages[pkg][prefix+name]; ok {
					return bind(m)
				}
			}
		}
		return newStub("dispatch(" + value.Repr(name) + ")")
	}}
	globals["var"], globals["env_var"] = given("var"), given("env_var")
	globals["return"] = template.Return{}
	silent := &value.Func{Name: "log", Fn: func(*value.Call) (value.Value, error) { return "", nil }}
	globals["log"], globals["print"] = silent, silent
	globals["execute"] = a.Execute
	globals["tojson"] = &value.Func{Name: "tojson", Fn: func(c *value.Call) (value.Value, error) {
		args, err := c.Bind("tojson", value.Required("value"))
		if err != nil {
			return nil, err
		}
		return value.MarshalJSON(args[0], value.JSONStyle{})
	}}
	return r
}

func given(kind string) *value.Func {
	return &value.Func{Name: kind, Fn: func(c *value.Call) (value.Value, error) {
		args, err := c.Bind(kind, value.Required("name"), value.Optional("default", nil))
		if err != nil {
			return nil, err
		}
		if args[1] != nil {
			return args[1], nil
		}
		return newStub(kind + "(" + value.Repr(args[0]) + ")"), nil
	}}
}

// macro binds one, read once.
func (c *Chmod) macro(r *template.Renderer, m PackageMacro) value.Value {
	found, ok := c.macros[m.Text]
	if !ok {
		if tmpl, err := template.Parse(source.New(m.Name, "", m.Text)); err == nil && len(tmpl.Macros()) == 1 {
			found = tmpl.Macros()[0]
		}
		c.macros[m.Text] = found
	}
	if found == nil {
		return newStub(m.Name)
	}
	return r.Bind(found)
}
