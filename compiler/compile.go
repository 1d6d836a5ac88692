package compiler

import (
	stdcontext "context"
	"strings"

	"github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/resolve"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Compile renders a node. The error is a diagnostic in the user's files, a
// *QueryError, or the context's.
func (p *Project) Compile(ctx stdcontext.Context, id string, w Warehouse) (*Compiled, error) {
	n := p.Manifest.Node(id)
	if n == nil {
		return nil, diag.Diagnostic{Code: "unknown-node", What: "there is no node " + id, Fix: diag.DidYouMean(id, p.Manifest.IDs())}
	}
	body, err := p.resolved.Body(id)
	if err != nil {
		return nil, err
	}
	return p.compileNode(ctx, n, body, w, nil)
}

// CompileQuery renders a node's query and leaves its hooks alone, which may
// change something when they are rendered. A model in Python is what it is.
func (p *Project) CompileQuery(ctx stdcontext.Context, id string, w Warehouse) (*Compiled, error) {
	n := p.Manifest.Node(id)
	if n != nil && n.Language() == manifest.Python {
		return &Compiled{ID: id, Node: n, Macros: n.DependsOn.Macros, SQL: n.RawCode}, nil
	}
	if n == nil || n.ResourceType == manifest.Seed {
		return p.Compile(ctx, id, w)
	}
	body, err := p.resolved.Body(id)
	if err != nil {
		return nil, err
	}
	in, refs := p.scene(ctx, n, w)
	return p.compileScene(ctx, n, body, in, refs, w, false)
}

// CompileInline renders SQL that is in no file, as if it were an analysis of
// the root project.
func (p *Project) CompileInline(ctx stdcontext.Context, name, sql string, w Warehouse) (*Compiled, error) {
	file := source.New("("+name+")", "", sql)
	body, err := template.ParseText(strings.TrimSpace(sql), source.Span{File: file, End: len(sql)})
	if err != nil {
		return nil, err
	}
	n := &manifest.Node{
		UniqueID: "sql_operation." + p.Settings.Name + "." + name, Name: name, ResourceType: manifest.Operation,
		Package: p.Settings.Name, FQN: []string{p.Settings.Name, "sql", name}, RawCode: sql, Alias: name,
		Schema: p.Target.Schema, Config: manifest.NewConfig(value.NewDict(), nil), Span: source.Span{File: file, End: len(sql)},
	}
	return p.compileNode(ctx, n, body, w, nil)
}

// scene is the rendering of a node's templates.
func (p *Project) scene(ctx stdcontext.Context, n *manifest.Node, w Warehouse) (*context.Rendering, *resolver) {
	refs := &resolver{project: p, pkg: n.Package, node: n}
	in := p.rendering(ctx, n.Package)
	in.Node, in.Settings, in.Resolver, in.Warehouse = n, n.Config, refs, w
	in.Model = func() *value.Dict { return context.NodeDict(n) }
	if n.ResourceType != manifest.Operation && n.Path != "" {
		in.This = &context.Relation{
			Schema: n.Schema, Identifier: n.Alias, OnCluster: p.world.Server.OnCluster() && !n.Config.Bool("disable_on_cluster", false),
		}
	}
	return in, refs
}

func (p *Project) compileNode(ctx stdcontext.Context, n *manifest.Node, body *template.Template, w Warehouse, extra map[string]value.Value) (*Compiled, error) {
	in, refs := p.scene(ctx, n, w)
	in.Extra = extra
	return p.compileScene(ctx, n, body, in, refs, w, true)
}

// compileScene renders a node in its scene.
func (p *Project) compileScene(ctx stdcontext.Context, n *manifest.Node, body *template.Template, in *context.Rendering, refs *resolver, w Warehouse, hooks bool) (*Compiled, error) {
	c := &Compiled{ID: n.UniqueID, Node: n, Macros: n.DependsOn.Macros}
	if n.ResourceType == manifest.Seed {
		return c, p.compileHooks(in, c)
	}
	if call := p.resolved.Kwargs[n.UniqueID]; call != nil {
		if err := p.bindTest(in, n, call, c); err != nil {
			return nil, err
		}
	}
	out, err := in.Render(body)
	if err != nil {
		return nil, err
	}
	if hooks {
		if err := p.compileHooks(in, c); err != nil {
			return nil, err
		}
	}
	c.Header = in.Header
	if c.Header == "" {
		c.Header = n.Config.String("sql_header")
	}
	return c, p.inject(ctx, c, refs.ctes, out, w)
}

// bindTest makes the names known that the template of a generic test uses.
func (p *Project) bindTest(in *context.Rendering, n *manifest.Node, call *resolve.TestCall, c *Compiled) error {
	kwargs, err := call.Rendered(in, n.Span)
	if err != nil {
		return err
	}
	if in.Extra == nil {
		in.Extra = map[string]value.Value{}
	}
	in.Extra["_dbt_generic_test_kwargs"] = kwargs
	c.arguments, c.argumentPlaces = kwargs, call.Spans
	if call.Macro.Package != n.Package {
		in.Extra[call.Macro.Name] = in.Bind(call.Macro)
	}
	return nil
}

// compileHooks renders a node's hooks; those that come to nothing are left
// out.
func (p *Project) compileHooks(in *context.Rendering, c *Compiled) error {
	for _, some := range []struct {
		key  string
		into *[]Hook
	}{{"pre-hook", &c.PreHooks}, {"post-hook", &c.PostHooks}} {
		l, ok := in.Settings.Value(some.key).(*value.List)
		if !ok {
			continue
		}
		for i, h := range l.Elems {
			sql, _ := value.Item(h, "sql")
			transaction, ok := value.Item(h, "transaction")
			text, isText := sql.(string)
			if !isText {
				continue
			}
			at := in.Settings.HookPlace(some.key, i)
			if at.Known() && !inYAML(at) {
				at = literal(text, at)
			}
			t, err := template.ParseText(text, at)
			if err != nil {
				return err
			}
			out, err := in.Render(t)
			if err != nil {
				return err
			}
			if rendered := strings.TrimSpace(out.Text); rendered != "" {
				leading := strings.Index(out.Text, rendered)
				*some.into = append(*some.into, Hook{
					SQL: rendered, Transaction: !ok || value.Truth(transaction), Span: at,
					origin: func(offset int) []source.Span { return out.OriginStack(leading + offset) },
				})
			}
		}
	}
	return nil
}
