package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/cmd/internal/artifact"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
	"github.com/chmod-sql/chmod/dag"
)

// read is what chmod makes of a project, in the same form.
func read(ctx context.Context, dir string, h how) (answer, error) {
	vars, err := commandLineVars(h.Vars)
	if err != nil {
		return answer{}, err
	}
	p, err := compiler.Load(ctx, compiler.Options{
		ProjectDir: dir, ProfilesDir: dir, WorkDir: dir, HomeDir: dir, Vars: vars,
		Flags:     compiler.Flags{Which: "compile"},
		Env:       func(name string) (string, bool) { v, ok := h.Env[name]; return v, ok },
		StartedAt: time.Unix(0, 0), InvocationID: "dbtdiff",
	})
	if err != nil {
		return failed(err)
	}
	a := answer{Errors: map[string]string{}}
	for _, w := range p.Warnings.All() {
		a.Warnings = append(a.Warnings, shown(w))
	}
	graph := dag.New(p.Manifest)
	cycles := dag.CheckCycles(graph, p.Manifest)
	if err := cycles.Err(); err != nil {
		return failed(err)
	}
	compiled := map[string]artifact.Compiled{}
	for _, id := range slices.Sorted(maps.Keys(p.Manifest.Nodes)) {
		n := p.Manifest.Nodes[id]
		if n.ResourceType == manifest.Seed || n.Empty() {
			continue
		}
		compile := func() (*compiler.Compiled, error) { return p.CompileQuery(ctx, id, empty{}) }
		if err := p.Check([]string{id}); err != nil {
			a.Errors[id] = err.Error()
			continue
		}
		if n.Hook != nil {
			compile = func() (*compiler.Compiled, error) { return p.CompileHook(ctx, id, empty{}, compiler.RunEnd{}) }
		}
		c, err := compile()
		if err != nil {
			a.Errors[id] = err.Error()
			continue
		}
		done := artifact.Compiled{SQL: c.SQL}
		for _, e := range c.CTEs {
			done.CTEs = append(done.CTEs, artifact.CTE{ID: e.ID, SQL: e.SQL})
		}
		compiled[id] = done
	}
	a.Manifest, err = manifestOf(dir, p, graph, compiled)
	return a, err
}

// empty is a warehouse that has nothing and answers no query.
type empty struct{}

func (empty) Query(context.Context, string) (*compiler.QueryResult, error) {
	return nil, errors.New("there is no server here")
}

func (empty) Relations(context.Context, string) ([]compiler.Relation, error) { return nil, nil }

// failed tells mistakes in the files from other errors.
func failed(err error) (answer, error) {
	var f *diag.Failure
	if errors.As(err, &f) {
		var lines []string
		for _, d := range f.Diagnostics {
			if d.Severity == diag.Error {
				lines = append(lines, shown(d))
			}
		}
		return answer{Failed: strings.Join(lines, "\n")}, nil
	}
	var d diag.Diagnostic
	if errors.As(err, &d) {
		return answer{Failed: shown(d)}, nil
	}
	return answer{}, err
}

// shown is a diagnostic with all places it names.
func shown(d diag.Diagnostic) string {
	text := "[" + d.Code + "] " + d.Error()
	for _, n := range d.Notes {
		text += "; " + n.Span.String() + ": " + n.Text
	}
	return text
}

func commandLineVars(text string) (*value.Dict, error) {
	if text == "" {
		return nil, nil
	}
	n, list := yaml.Parse(source.New("--vars", "", text))
	if err := list.Err(); err != nil {
		return nil, err
	}
	d, ok := n.Value().(*value.Dict)
	if !ok {
		return nil, fmt.Errorf("vars are %T", n.Value())
	}
	return d, nil
}

// manifestOf is the manifest as it is written, read back.
func manifestOf(dir string, p *compiler.Project, g *dag.Graph, compiled map[string]artifact.Compiled) (map[string]any, error) {
	path := filepath.Join(dir, "chmod-manifest.json")
	err := artifact.WriteManifest(path, artifact.Invocation{}, artifact.Project{Manifest: p.Manifest, Graph: g, Root: dir, Compiled: compiled}, time.Unix(0, 0))
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var m map[string]any
	return m, json.Unmarshal(text, &m)
}
