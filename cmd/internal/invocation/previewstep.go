package invocation

import (
	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

// previewStep is the query for the first rows of some SQL.
func previewStep(compiled *compiler.Compiled, limit int, server adapters.Server, comment string) materialize.Step {
	settings := map[string]any{}
	if n := compiled.Node; n != nil && n.ResourceType == manifest.Model {
		if d := n.Config.Dict("query_settings"); d != nil {
			for k, v := range d.All() {
				settings[value.Str(k)] = value.ToGo(v)
			}
		}
	}
	return materialize.Preview(compiled.SQL, limit, settings, server.Version, comment)
}

func stepError(step materialize.Step, queryID string, err error) error {
	return &materialize.StepError{Step: step, QueryID: queryID, Err: err}
}
