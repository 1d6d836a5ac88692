package resolve

import (
	"context"
	"strings"

	"github.com/chmod-sql/chmod/compiler/builtin"
	scope "github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// naming says where nodes live, by the project's own rules where it has some.
type naming struct {
	ctx    context.Context
	world  *scope.World
	root   string
	target string
	// builtIn says of schemas and aliases whether the built-in macros alone
	// make them, where no package defines a macro of the name.
	builtIn map[string]bool
}

func newNaming(r *reading) *naming {
	schema, _ := r.in.World.Target.Get("schema")
	n := &naming{ctx: r.ctx, world: r.in.World, root: r.in.Root.Name, target: value.Str(schema)}
	n.builtIn = map[string]bool{"schema": n.untouched("schema"), "alias": n.untouched("alias")}
	return n
}

// name sets a node's schema, alias and relation. It needs the node's config.
func (n *naming) name(node *manifest.Node) error {
	schema, err := n.generate("schema", node)
	if err != nil {
		return err
	}
	alias, err := n.generate("alias", node)
	if err != nil {
		return err
	}
	node.Schema, node.Alias = schema, alias
	if node.ResourceType == manifest.Snapshot {
		if s := node.Config.String("target_schema"); s != "" {
			node.Schema = s
		}
	}
	return nil
}

// generate asks generate_schema_name or generate_alias_name.
func (n *naming) generate(what string, node *manifest.Node) (string, error) {
	custom := node.Config.Last(what)
	macro := n.macro(node.Package, "generate_"+what+"_name")
	if macro == nil || macro.Package == builtin.Package && n.builtIn[what] {
		return n.standard(what, custom, node), nil
	}
	in := (&scope.Rendering{World: n.world, Package: macro.Package, Node: node}).Start(n.ctx)
	v, err := in.CallMacro(macro, &value.Call{Args: []value.Value{custom, scope.NodeDict(node)}, Span: node.Span})
	if err != nil {
		return "", err
	}
	if v == nil {
		return "", nil
	}
	return strings.TrimSpace(value.Str(v)), nil
}

// macro is the one that holds for a package: its own, the root project's, or
// the built-in one.
func (n *naming) macro(pkg, name string) *scope.Macro {
	for _, p := range []string{pkg, n.root, builtin.Package} {
		if m := n.world.Macros.In(p, name); m != nil {
			return m
		}
	}
	return nil
}

// untouched reports whether the built-in macro for a name calls no other that
// a package defines.
func (n *naming) untouched(what string) bool {
	order, _ := n.world.Macros.Search(builtin.Package)
	for _, pkg := range order {
		for _, prefix := range []string{"clickhouse__", "default__"} {
			if found := n.world.Macros.In(pkg, prefix+"generate_"+what+"_name"); found != nil {
				return found.Package == builtin.Package
			}
		}
	}
	return true
}

// standard does what the built-in macros do.
func (n *naming) standard(what string, custom value.Value, node *manifest.Node) string {
	if what == "schema" {
		if custom == nil {
			return n.target
		}
		return n.target + "_" + strings.TrimSpace(value.Str(custom))
	}
	switch {
	case value.Truth(custom):
		return strings.TrimSpace(value.Str(custom))
	case node.Version != nil:
		return node.Name + "_v" + strings.ReplaceAll(versionText(node.Version), ".", "_")
	}
	return node.Name
}
