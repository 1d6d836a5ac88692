package compiler

import (
	stdcontext "context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/resolve"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Project is a project that was loaded. Its fields are read-only, and its
// methods may be called concurrently.
type Project struct {
	Manifest *manifest.Manifest
	Settings *project.Project
	// Packages are the installed ones, without the project itself.
	Packages     []*project.Project
	Target       *project.Target
	Warnings     diag.List
	InvocationID string
	StartedAt    time.Time
	Flags        Flags

	world    *context.World
	resolved *resolve.Result
	vars     *project.Vars

	selected atomic.Pointer[[]string]

	ephemerals struct {
		sync.Mutex
		byID map[string]*ephemeral
	}
}

// Select tells templates which nodes the command selected, under the name
// selected_resources.
func (p *Project) Select(ids []string) { p.selected.Store(&ids) }

// Vars are the variables that the root project sees, unrendered.
func (p *Project) Vars() *value.Dict { return p.vars.Dict(nil) }

// Check reports mistakes that only matter to those who build a node, such as
// a variable that has no value: commands that run nodes ask before they
// begin. Nil is all nodes.
func (p *Project) Check(ids []string) error {
	if ids == nil {
		ids = p.Manifest.IDs()
	}
	var list diag.List
	for _, id := range ids {
		for _, err := range p.resolved.Deferred[id] {
			if err := list.AddError(err); err != nil {
				return err
			}
		}
	}
	return list.Err()
}

// Macro finds a macro by its name, or by package and name with a dot between
// them, as run-operation takes it; nil when there is none.
func (p *Project) Macro(name string) *manifest.Macro {
	if m := p.macro(name); m != nil {
		return m.Macro
	}
	return nil
}

func (p *Project) rendering(ctx stdcontext.Context, pkg string) *context.Rendering {
	return (&context.Rendering{World: p.world, Package: pkg, Execute: true}).Start(ctx)
}
