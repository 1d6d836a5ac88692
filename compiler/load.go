package compiler

import (
	stdcontext "context"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"

	"github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/resolve"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// Load reads a whole project. The error is a *diag.Failure with every mistake
// in its files that does not follow from another, or something that went
// wrong with the world. Nothing is connected to.
func Load(ctx stdcontext.Context, o Options) (*Project, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	l := loading{ctx: ctx, o: o, p: &Project{InvocationID: o.InvocationID, StartedAt: o.StartedAt, Flags: o.Flags}}
	for _, step := range []func() error{l.open, l.readTarget, l.readProject, l.readPackages, l.resolve, l.readSelectors} {
		if err := step(); err != nil {
			return nil, l.fail(err)
		}
		if l.fatal {
			break
		}
	}
	if l.list.HasErrors() {
		// Whoever mends these wants to know of the others, too.
		if l.p.resolved != nil {
			if err := l.fail(l.p.Check(nil)); err != nil {
				return nil, err
			}
		}
		return nil, l.list.Err()
	}
	l.p.Warnings = l.list
	return l.p, nil
}

// complete fills in what was left out.
func (o *Options) complete() error {
	if o.Env == nil {
		o.Env = os.LookupEnv
	}
	if o.StartedAt.IsZero() {
		o.StartedAt = time.Now()
	}
	o.StartedAt = o.StartedAt.UTC()
	if o.InvocationID == "" {
		o.InvocationID = uuid.NewString()
	}
	var err error
	if o.WorkDir == "" {
		if o.WorkDir, err = os.Getwd(); err != nil {
			return fmt.Errorf("find the working directory: %w", err)
		}
	}
	if o.HomeDir == "" {
		// Without a home there is no profile in it.
		o.HomeDir, _ = os.UserHomeDir()
	}
	if o.Vars == nil {
		o.Vars = value.NewDict()
	}
	return nil
}

// loading is a project on its way.
type loading struct {
	ctx   stdcontext.Context
	o     Options
	p     *Project
	list  diag.List
	fatal bool

	definition *project.Definition
	packages   []*project.Project
	byName     map[string]*project.Project
}

// fail is the error of a step, with the mistakes that were found before it.
func (l *loading) fail(err error) error {
	if err := l.list.AddError(err); err != nil {
		return err
	}
	return l.list.Err()
}

// found puts a step's list with the others; nothing goes on without what.
func (l *loading) found(list diag.List, there bool) {
	l.list.Join(list)
	l.fatal = l.fatal || !there
}

func (l *loading) open() error {
	dir, exact := l.o.ProjectDir, true
	if dir == "" {
		dir, exact = l.o.WorkDir, false
	}
	root, err := project.Locate(dir, exact)
	if err != nil {
		return err
	}
	d, list, err := project.Open(root, "")
	if err != nil {
		return err
	}
	l.definition = d
	l.found(list, d != nil)
	return nil
}

// setup is the world of files that are read before the project is: they know
// no variables but some of the command line's.
func (l *loading) setup(target *value.Dict, secrets bool, vars *value.Dict) yaml.Renderer {
	w := l.world()
	w.Target, w.Secrets = target, secrets
	w.Var = func(_, name string) (value.Value, bool) { return vars.Get(name) }
	w.Settled = l.settled
	w.VarNames = nil
	w.PrepareYAML()
	return &yamlRenderer{ctx: l.ctx, world: w}
}

func (l *loading) readTarget() error {
	r := l.setup(nil, true, l.o.Vars)
	o := project.TargetOptions{
		Profile: l.o.Profile, Target: l.o.Target, ProfilesDir: l.o.ProfilesDir, WorkDir: l.o.WorkDir,
		ProjectDir: l.definition.Root, HomeDir: l.o.HomeDir, ProjectName: l.definition.Name, Threads: l.o.Threads,
	}
	o.ProfileSpan = source.Given("--profile", o.Profile)
	if o.Profile == "" {
		name, at, list, err := l.definition.ProfileName(l.setup(nil, false, l.o.Vars))
		if err != nil {
			return err
		}
		l.found(list, !list.HasErrors())
		if l.fatal {
			return nil
		}
		o.Profile, o.ProfileSpan = name, at
	}
	t, list, err := project.LoadTarget(o, r)
	if err != nil {
		return err
	}
	l.p.Target = t
	l.found(list, t != nil && !list.HasErrors())
	return nil
}

func (l *loading) readProject() error {
	r := l.setup(l.p.Target.Dict, false, l.o.Vars)
	p, list, err := l.definition.Project(r, project.ReadOptions{VersionCheck: !l.o.NoVersionCheck, DbtVersion: context.Version})
	if err != nil {
		return err
	}
	if p != nil && l.o.TargetPath != "" {
		p.TargetPath = l.o.TargetPath
	}
	l.p.Settings = p
	l.found(list, p != nil)
	return nil
}

func (l *loading) readPackages() error {
	definitions, list, err := project.Packages(l.p.Settings)
	if err != nil {
		return err
	}
	l.found(list, !list.HasErrors())
	l.byName = map[string]*project.Project{l.p.Settings.Name: l.p.Settings}
	// As with dbt, the command line's variables are not for them.
	r := l.setup(l.p.Target.Dict, false, value.NewDict())
	for _, d := range definitions {
		p, list, err := d.Project(r, project.ReadOptions{VersionCheck: !l.o.NoVersionCheck, DbtVersion: context.Version})
		if err != nil {
			return err
		}
		l.found(list, p != nil)
		if p == nil {
			continue
		}
		l.packages = append(l.packages, p)
		l.byName[p.Name] = p
	}
	l.p.Packages = l.packages
	l.p.vars = project.NewVars(l.o.Vars, l.p.Settings)
	return nil
}

// world is what templates share, but for macros and the graph.
func (l *loading) world() *context.World {
	w := &context.World{
		Env: l.o.Env, Flags: l.o.Flags.dict(l.o), Args: l.o.Flags.args(), InvocationID: l.o.InvocationID,
		StartedAt: l.o.StartedAt, Metadata: metadata(l.o.Env),
	}
	if t := l.p.Target; t != nil {
		w.Target = t.Dict
		w.Server = context.Server{
			Cluster: t.Cluster, DatabaseEngine: t.DatabaseEngine, LocalSuffix: t.LocalSuffix, LocalPrefix: t.LocalPrefix,
			LightweightDeletes: t.LightweightDrops,
		}
	}
	if s := l.p.Settings; s != nil {
		w.Project = s.Name
	}
	w.Var = func(pkg, name string) (value.Value, bool) {
		v, _, ok := l.p.vars.Lookup(l.byName[pkg], name)
		return v, ok
	}
	w.Settled = l.settled
	w.VarNames = func(pkg string) []string { return l.p.vars.Names(l.byName[pkg]) }
	if hear := l.o.OnLog; hear != nil {
		w.Log = func(m context.Message) { hear(LogEvent{Kind: m.Kind, Msg: m.Text, Node: m.Node, Span: m.Span}) }
	}
	return w
}

// metadata are the variables that ride along in artifacts. Only their names
// are known to those who set them, so none can be listed here.
func metadata(func(string) (string, bool)) *value.Dict { return value.NewDict() }

func (l *loading) resolve() error {
	world := l.world()
	files := l.world()
	files.PrepareYAML()
	result, list, err := resolve.Run(l.ctx, resolve.Input{
		Root: l.p.Settings, Packages: l.packages, World: world, StartedAt: l.o.StartedAt,
		StoreFailures: l.o.Flags.StoreFailures,
		YAML: func(p *project.Project) yaml.Renderer {
			return &yamlRenderer{ctx: l.ctx, world: files, pkg: p.Name}
		},
	})
	l.found(list, result != nil)
	if err != nil {
		return err
	}
	l.p.world, l.p.resolved, l.p.Manifest = world, result, result.Manifest
	world.Graph = func() *value.Dict { return context.GraphDict(result.Manifest) }
	selected := &l.p.selected
	world.Selected = func() []string {
		if ids := selected.Load(); ids != nil {
			return *ids
		}
		return nil
	}
	l.p.ephemerals.byID = map[string]*ephemeral{}
	return nil
}

func (l *loading) readSelectors() error {
	selectors, list, err := project.Selectors(l.p.Settings, l.setup(l.p.Target.Dict, false, l.o.Vars))
	if err != nil {
		return err
	}
	l.list.Join(list)
	l.p.Manifest.Selectors = selectors
	return nil
}
