package selection

import (
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/dag"
)

// Indirect is how tests join a selection that names only what they test.
type Indirect string

// The modes of --indirect-selection.
const (
	Eager     Indirect = "eager"     // when any of their parents is selected
	Cautious  Indirect = "cautious"  // when all are
	Buildable Indirect = "buildable" // when all are, or are ancestors of what is
	Empty     Indirect = "empty"     // never
)

// Indirects are the modes, for flags.
func Indirects() []string {
	return []string{string(Eager), string(Cautious), string(Buildable), string(Empty)}
}

// Request is what a user asked for.
type Request struct {
	Select  []string
	Exclude []string
	// Selector is the name of an entry of selectors.yml. It beats the two
	// above.
	Selector string
	Indirect Indirect
	// ResourceTypes keeps only these in the end; empty keeps all.
	ResourceTypes []string
	// ExcludeResourceTypes are dropped in the end.
	ExcludeResourceTypes []string
	// IDs, when not nil, are the answer whatever else is asked. Those that are
	// no node of the graph are unmatched.
	IDs []string
}

// Result is what a request means.
type Result struct {
	IDs dag.Set
	// Unmatched are the criteria that no node answers to.
	Unmatched []Unmatched
}

// Unmatched is a criterion that no node answers to, and where it is written:
// in the text of a flag, whose name is the file's, or in selectors.yml.
type Unmatched struct {
	Criterion string
	At        source.Span
}

// Selector answers requests about one project.
type Selector struct {
	Manifest *manifest.Manifest
	Graph    *dag.Graph
	// Previous is the earlier state of the project for state: and result:; nil
	// when there is none.
	Previous *Previous
}

// Select answers a request. The error carries diagnostics when the request
// cannot be read.
func (s *Selector) Select(r Request) (Result, error) {
	if r.IDs != nil {
		return s.given(r.IDs), nil
	}
	for i, kind := range slices.Concat(r.ResourceTypes, r.ExcludeResourceTypes) {
		flag := "--resource-type"
		if i >= len(r.ResourceTypes) {
			flag = "--exclude-resource-type"
		}
		if err := checkResourceType(kind); err != nil {
			return Result{}, placed(err, onLine(flag, kind).at)
		}
	}
	mode := r.Indirect
	if mode == "" {
		mode = Eager
	}
	e, err := s.expression(r, mode)
	if err != nil {
		return Result{}, err
	}
	run := &search{selector: s}
	in, maybe, err := e.evaluate(run)
	if err != nil {
		return Result{}, err
	}
	in = s.settle(in, maybe, mode)
	for id := range in {
		kind := manifest.ResourceType(id)
		if len(r.ResourceTypes) > 0 && !slices.Contains(r.ResourceTypes, kind) ||
			slices.Contains(r.ExcludeResourceTypes, kind) {
			delete(in, id)
		}
	}
	return Result{IDs: in, Unmatched: run.unmatched}, nil
}

func (s *Selector) expression(r Request, mode Indirect) (expression, error) {
	if r.Selector != "" {
		return s.named(onLine("--selector", r.Selector), mode, nil)
	}
	if len(r.Select) == 0 && len(r.Exclude) == 0 {
		if d := s.defaultSelector(); d != nil {
			return s.named(written{d.Name, d.Span}, mode, nil)
		}
	}
	var from expression = everything{}
	if len(r.Select) > 0 {
		u, err := parse(onLine("--select", r.Select...), mode)
		if err != nil {
			return nil, err
		}
		from = u
	}
	if len(r.Exclude) == 0 {
		return from, nil
	}
	without, err := parse(onLine("--exclude", r.Exclude...), mode)
	if err != nil {
		return nil, err
	}
	return difference{from: from, without: without}, nil
}

func (s *Selector) defaultSelector() *manifest.Selector {
	for _, d := range s.Manifest.Selectors {
		if d.Default {
			return d
		}
	}
	return nil
}

// everything is the selection of a command without --select.
type everything struct{}

func (everything) evaluate(s *search) (dag.Set, dag.Set, error) {
	return dag.NewSet(s.selector.Graph.IDs()...), dag.Set{}, nil
}

func (s *Selector) named(asked written, mode Indirect, path []string) (expression, error) {
	name := asked.text
	d, ok := s.Manifest.Selectors[name]
	if !ok {
		names := make([]string, 0, len(s.Manifest.Selectors))
		for n := range s.Manifest.Selectors {
			names = append(names, n)
		}
		slices.Sort(names)
		fix := diag.DidYouMean(name, names)
		if fix == "" && len(names) > 0 {
			fix = "selectors.yml has " + strings.Join(names, ", ")
		}
		return nil, diag.Diagnostic{Code: "unknown-selector", Span: asked.at, What: `there is no selector "` + name + `"`, Fix: fix}
	}
	if slices.Contains(path, name) {
		return nil, diag.Diagnostic{
			Code: "cycle", Span: d.Span,
			What: "selectors mean each other in a circle: " + strings.Join(append(path, name), " -> "),
			Why:  "a -> b means that the definition of a names b with method: selector", Fix: "write the criteria of one of them out",
		}
	}
	return s.definition(d, d.Definition, mode, append(slices.Clone(path), name))
}
