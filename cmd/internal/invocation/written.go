package invocation

import (
	"context"
	"path/filepath"

	"github.com/chmod-sql/chmod/cmd/internal/artifact"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// writeCompiled writes a node's SQL below compiled/ and returns its path,
// relative to the project where it lies in it.
func (i *Invocation) writeCompiled(n *manifest.Node, sql string) (string, error) {
	path := filepath.Join(i.TargetPath(), "compiled", filepath.FromSlash(artifact.CompiledPath(n)))
	return i.shownPath(path), artifact.WriteFile(path, []byte(sql))
}

// shownPath is a path as the artifacts have it: relative to the project where
// it lies in it.
func (i *Invocation) shownPath(path string) string {
	if rel, err := filepath.Rel(i.Root(), path); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return path
}

// writeRun writes a node's statements below run/, from the text of its plan.
func (i *Invocation) writeRun(n *manifest.Node, text string) error {
	path := filepath.Join(i.TargetPath(), "run", filepath.FromSlash(artifact.CompiledPath(n)))
	i.compiledMu.Lock()
	i.built[n.UniqueID] = i.shownPath(path)
	i.compiledMu.Unlock()
	return artifact.WriteFile(path, []byte(text))
}

// tellUnwritten warns of statements that could not be written once they were
// carried out: that makes nothing of what they did a failure.
func (i *Invocation) tellUnwritten(n *manifest.Node, err error) {
	if err != nil {
		i.warn(n.UniqueID, "the statements of %s are not below run/: %v", n.Name, err)
	}
}

// recordEphemerals does for the ephemeral models inside a node's SQL what is
// done for nodes that are built: readers look for their SQL, too.
func (i *Invocation) recordEphemerals(ctx context.Context, c *compiler.Compiled, w compiler.Warehouse) error {
	for _, cte := range c.CTEs {
		i.compiledMu.Lock()
		_, known := i.compiled[cte.ID]
		i.compiledMu.Unlock()
		n := i.Manifest().Nodes[cte.ID]
		if known || n == nil {
			continue
		}
		inner, err := i.Project.CompileQuery(ctx, cte.ID, w)
		if err != nil {
			return err
		}
		path, err := i.writeCompiled(n, inner.SQL)
		if err != nil {
			return err
		}
		i.record(inner, path)
	}
	return nil
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
