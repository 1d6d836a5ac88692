// Package resolve makes a manifest of a project's files: it finds the nodes,
// renders each of them once without a warehouse, and follows what they refer
// to.
//
// Its main type is Result. Run reads all packages, in parallel where order does
// not matter, and its result is the same whatever the order was. It reports
// every mistake that does not follow from another and leaves out what cannot
// be used. It asks no server and writes no file.
package resolve

import (
	"context"
	"time"

	scope "github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// Input is a project that was read as far as its file and its packages.
type Input struct {
	Root *project.Project
	// Packages are the others, sorted by name.
	Packages []*project.Project
	// World is what templates share; Run sets its macros and prepares it.
	World *scope.World
	// YAML renders the property files of a package.
	YAML func(p *project.Project) yaml.Renderer
	// StartedAt is what nodes are said to be created at.
	StartedAt time.Time
	// StoreFailures says that tests keep the rows they find by default.
	StoreFailures bool
}

// Result is a project that was resolved.
type Result struct {
	Manifest *manifest.Manifest
	Index    *Index
	// Kwargs are the arguments of generic tests as templates see them, and
	// where they were written, by unique id.
	Kwargs map[string]*TestCall
	// Deferred are mistakes that only matter to those who build a node, by
	// unique id: variables that have no value.
	Deferred map[string][]error

	// kept are templates of nodes that are not parsed again, by unique id.
	kept map[string]*template.Template
}

// TestCall is how a generic test is called.
type TestCall struct {
	Macro  *scope.Macro
	Kwargs *value.Dict
	// Spans are where the arguments were written.
	Spans map[string]source.Span
}

// Run resolves a project. The list holds mistakes and warnings; the error is
// something that went wrong with the world. The result is of use only when the
// list holds no errors.
func Run(ctx context.Context, in Input) (*Result, diag.List, error) {
	r := newReading(ctx, in)
	for _, step := range []func() error{
		r.listFiles,
		r.readMacros,
		r.readProperties,
		r.readDocs,
		r.describeMacros,
		r.readNodes,
		r.readSources,
		r.readTests,
		r.readOthers,
		r.link,
		r.check,
	} {
		if err := ctx.Err(); err != nil {
			return nil, r.list, err
		}
		if err := step(); err != nil {
			return nil, r.list, err
		}
	}
	return r.result, r.list, nil
}
