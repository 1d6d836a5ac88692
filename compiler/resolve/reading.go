package resolve

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"github.com/chmod-sql/chmod/compiler/config"
	scope "github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/property"
	"github.com/chmod-sql/chmod/compiler/template"
	"golang.org/x/sync/errgroup"
)

// reading is a project while it is resolved.
type reading struct {
	ctx      context.Context
	in       Input
	packages []*pack // the root project first
	byName   map[string]*pack
	list     diag.List
	result   *Result
	m        *manifest.Manifest
	names    *naming
	drafts   []*draft
	// renderings are scopes to be used again.
	renderings sync.Pool
	tests      []targetTest
	// broken are names of nodes whose file could not be read as one: refs to
	// them are no mistakes of their own.
	broken map[string]bool
	// incomplete is set when property files or docs could not be read: what
	// they define may be missed elsewhere.
	incomplete struct{ macros, properties, docs bool }
	created    float64
	// keepTemplates is dbt's state_modified_compare_more_unrendered_values.
	keepTemplates bool
}

// pack is a package while it is read.
type pack struct {
	*project.Project
	listing *project.Listing
	files   []*properties
	patches map[patchKey]*patchEntry
	// presets are those that its models can have.
	presets config.Presets
}

// properties is a property file and where it lies.
type properties struct {
	*property.File
	found project.Found
	pkg   *pack
}

func newReading(ctx context.Context, in Input) *reading {
	m := &manifest.Manifest{
		ProjectName: in.Root.Name,
		Nodes:       map[string]*manifest.Node{}, Sources: map[string]*manifest.Source{},
		Exposures: map[string]*manifest.Exposure{}, Macros: map[string]*manifest.Macro{},
		Docs: map[string]*manifest.Doc{}, Groups: map[string]*manifest.Group{},
		UnitTests: map[string]*manifest.UnitTest{}, Disabled: map[string][]*manifest.Node{},
		DisabledSources: map[string][]*manifest.Source{}, Carried: map[string]map[string]any{},
	}
	r := &reading{
		ctx: ctx, in: in, m: m, byName: map[string]*pack{}, broken: map[string]bool{},
		result: &Result{
			Manifest: m, Kwargs: map[string]*TestCall{}, Deferred: map[string][]error{}, kept: map[string]*template.Template{},
		},
		created: float64(in.StartedAt.UnixMicro()) / 1e6,
	}
	if in.Root.Flags != nil {
		v, _ := in.Root.Flags.Get("state_modified_compare_more_unrendered_values")
		r.keepTemplates = v == true
	}
	for _, p := range append([]*project.Project{in.Root}, in.Packages...) {
		pk := &pack{Project: p, patches: map[patchKey]*patchEntry{}, presets: in.Root.PresetsOf(p)}
		r.packages = append(r.packages, pk)
		r.byName[p.Name] = pk
	}
	return r
}

func (r *reading) root() *pack { return r.packages[0] }

// own is a package's config tree for a type of resource, and the root
// project's when the package is another.
func (r *reading) isRoot(p *pack) bool { return p == r.packages[0] }

// report puts an error on the list, or returns it when it is none of a user's.
func (r *reading) report(err error) error { return r.list.AddError(err) }

func (r *reading) listFiles() error {
	return r.each(len(r.packages), func(i int) error {
		l, err := r.packages[i].List()
		r.packages[i].listing = l
		return err
	})
}

// each runs f for 0 to n-1 on all processors. It stops at the first error.
func (r *reading) each(n int, f func(i int) error) error {
	workers := runtime.GOMAXPROCS(0)
	g, ctx := errgroup.WithContext(r.ctx)
	var next int
	var lock sync.Mutex
	take := func(batch int) (int, int) {
		lock.Lock()
		defer lock.Unlock()
		from := next
		next = min(next+batch, n)
		return from, next
	}
	for range min(workers, n) {
		g.Go(func() error {
			for {
				from, to := take(max(1, min(32, n/(4*workers))))
				if from >= to || ctx.Err() != nil {
					return ctx.Err()
				}
				for i := from; i < to; i++ {
					if err := f(i); err != nil {
						return err
					}
				}
			}
		})
	}
	return g.Wait()
}

// macros are all macros of the project.
func (r *reading) macros() *scope.Macros { return r.in.World.Macros }

// sortedKeys are a map's keys in order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
