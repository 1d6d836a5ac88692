package compiler

import (
	stdcontext "context"

	"github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// yamlRenderer renders the strings of YAML files.
type yamlRenderer struct {
	ctx   stdcontext.Context
	world *context.World
	pkg   string
}

// Native renders one string as a value.
func (y *yamlRenderer) Native(n *yaml.Node) (value.Value, error) {
	t, err := template.ParseText(n.Text, n.Place())
	if err != nil {
		return nil, err
	}
	in := (&context.Rendering{World: y.world, Package: y.pkg, Execute: true}).Start(y.ctx)
	return in.Native(t)
}
