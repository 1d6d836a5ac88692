package invocation

import (
	"path/filepath"

	"github.com/chmod-sql/chmod/cmd/internal/artifact"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

// writeCompiled writes a node's SQL below compiled/ and returns its path,
// relative to the project where it lies in it.
func (i *Invocation) writeCompiled(n *manifest.Node, sql string) (string, error) {
	path := filepath.Join(i.TargetPath(), "compiled", filepath.FromSlash(artifact.CompiledPath(n)))
	if err := artifact.WriteFile(path, []byte(sql)); err != nil {
		return "", err
	}
	if rel, err := filepath.Rel(i.Root(), path); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel), nil
	}
	return path, nil
}

// writeRun writes a node's statements below run/.
func (i *Invocation) writeRun(n *manifest.Node, plan *materialize.Plan) error {
	return artifact.WriteFile(filepath.Join(i.TargetPath(), "run", filepath.FromSlash(artifact.CompiledPath(n))), []byte(plan.Text()))
}

// record keeps what was compiled for the manifest that is written at the end.
func (i *Invocation) record(c *compiler.Compiled, path string) {
	if c.Node == nil || c.Node.ResourceType == manifest.Seed {
		return
	}
	entry := artifact.Compiled{SQL: c.SQL, Path: path}
	for _, cte := range c.CTEs {
		entry.CTEs = append(entry.CTEs, artifact.CTE{ID: cte.ID, SQL: cte.SQL})
	}
	i.compiledMu.Lock()
	defer i.compiledMu.Unlock()
	i.compiled[c.ID] = entry
}
