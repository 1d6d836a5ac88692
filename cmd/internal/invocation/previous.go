package invocation

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/cmd/internal/artifact"
	"github.com/chmod-sql/chmod/dag/selection"
)

// previous reads the earlier state, if the selection asks for it.
func (i *Invocation) previous(r selection.Request) (*selection.Previous, error) {
	if i.request.StateDir == "" || !i.needsState(r) {
		return nil, nil
	}
	folder, err := os.MkdirTemp("", "chmod-state-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	now := filepath.Join(folder, "manifest.json")
	if err := i.writeManifest(now, time.Now()); err != nil {
		return nil, err
	}
	return artifact.ReadPrevious(i.request.StateDir, now)
}

// needsState reports whether a selection could compare: selectors.yml is not
// looked into.
func (i *Invocation) needsState(r selection.Request) bool {
	if r.Selector != "" || len(i.Manifest().Selectors) > 0 {
		return true
	}
	return slices.ContainsFunc(slices.Concat(r.Select, r.Exclude), func(s string) bool {
		return strings.Contains(s, "state:") || strings.Contains(s, "result:")
	})
}

// ManifestPath and RunResultsPath are where the artifacts go.
func (i *Invocation) ManifestPath() string { return filepath.Join(i.TargetPath(), "manifest.json") }

// RunResultsPath is where run_results.json goes.
func (i *Invocation) RunResultsPath() string {
	return filepath.Join(i.TargetPath(), "run_results.json")
}

func (i *Invocation) writeManifest(path string, now time.Time) error {
	i.compiledMu.Lock()
	defer i.compiledMu.Unlock()
	return artifact.WriteManifest(path, i.artifactInvocation(), artifact.Project{
		Manifest: i.Manifest(), Graph: i.Graph, Root: i.Root(), Compiled: i.compiled, Built: i.built,
	}, now)
}

// WriteManifest writes manifest.json with what has been compiled so far.
func (i *Invocation) WriteManifest() error { return i.writeManifest(i.ManifestPath(), time.Now()) }

// WriteRunResults writes run_results.json.
func (i *Invocation) WriteRunResults(o Outcome, args map[string]any) error {
	run := artifact.Run{Results: o.Results, Elapsed: o.Elapsed, Args: args}
	return artifact.WriteRunResults(i.RunResultsPath(), i.artifactInvocation(), run, time.Now())
}

func (i *Invocation) artifactInvocation() artifact.Invocation {
	return artifact.Invocation{ID: i.ID.String(), Started: i.Started, Env: i.request.CustomEnv}
}
