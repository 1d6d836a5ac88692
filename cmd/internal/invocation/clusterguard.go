package invocation

import (
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
)

// checkCluster refuses a target that asks for a cluster whose hosts would not
// all get what is built: without it every table would be on one host only.
func (i *Invocation) checkCluster(catalog *adapters.Catalog, databases []string) error {
	t := i.Project.Target
	if t.Cluster == "" {
		return nil
	}
	for _, name := range databases {
		engine := t.DatabaseEngine
		if d, ok := catalog.Databases[name]; ok {
			engine = d.Engine
		}
		if strings.HasPrefix(engine, "Replicated") || strings.HasPrefix(engine, "Shared") {
			continue
		}
		var list diag.List
		list.Add(diag.Diagnostic{
			Code: "cluster-not-yet", Span: t.Span,
			What: "the target " + t.Name + " names the cluster " + t.Cluster + ", and chmod does not build on clusters yet",
			Why:  "tables of the database " + name + " would be made on one host only; nothing was changed",
			Fix:  "use a database with the engine Replicated, or take cluster: out to build on the one server that host: names",
		})
		return list.Err()
	}
	return nil
}
