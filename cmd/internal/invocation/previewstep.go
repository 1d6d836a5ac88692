package invocation

import (
	"strconv"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

// previewStep is the query for the first rows of some SQL. The limit goes
// beside the SQL, which then needs no wrapping.
func previewStep(compiled *compiler.Compiled, limit int, comment string) materialize.Step {
	s := materialize.Step{
		Purpose: "read the first rows", Scope: materialize.ScopeNode,
		Statement: adapters.Statement{SQL: compiled.SQL, Comment: comment, Settings: map[string]any{}},
		Origin:    materialize.Origin{Kind: materialize.OriginSQL, End: len(compiled.SQL)},
	}
	if limit >= 0 {
		s.Statement.Settings["limit"] = strconv.Itoa(limit)
	}
	if compiled.Node == nil || compiled.Node.ResourceType != manifest.Model {
		return s
	}
	if d := compiled.Node.Config.Dict("query_settings"); d != nil {
		for k, v := range d.All() {
			s.Statement.Settings[value.Str(k)] = value.ToGo(v)
		}
	}
	return s
}

func stepError(step materialize.Step, queryID string, err error) error {
	return &materialize.StepError{Step: step, QueryID: queryID, Err: err}
}
