package compiler

import (
	"path/filepath"

	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/value"
)

// settled are the project's settings as packages read them, new with every
// call. Secrets are not among them.
func (l *loading) settled() *value.Dict {
	d := value.DictOf("cli_vars", copied(l.o.Vars), "args", copied(l.o.Flags.args()))
	if t := l.p.Target; t != nil {
		d.Put("profile_name", t.Profile)
		d.Put("target_name", t.Name)
		d.Put("threads", int64(t.Threads))
		d.Put("credentials", copied(t.Dict))
	}
	s := l.p.Settings
	if s == nil {
		return d
	}
	_ = d.Merge(settledProject(s)) // a dict always can
	d.Put("vars", copied(l.p.vars.Dict(s)))
	dependencies := value.DictOf(s.Name, settledProject(s))
	for _, p := range l.packages {
		dependencies.Put(p.Name, settledProject(p))
	}
	d.Put("dependencies", dependencies)
	return d
}

// settledProject is what concerns one project, the root or a package.
func settledProject(p *project.Project) *value.Dict {
	return value.DictOf(
		"project_name", p.Name, "version", p.Version, "project_root", p.Root,
		"project_target_path", filepath.Join(p.Root, p.TargetPath), "target_path", p.TargetPath, "log_path", p.LogPath,
		"packages_install_path", p.PackagesPath,
		"model_paths", texts(p.ModelPaths), "seed_paths", texts(p.SeedPaths), "snapshot_paths", texts(p.SnapshotPaths),
		"test_paths", texts(p.TestPaths), "analysis_paths", texts(p.AnalysisPaths), "macro_paths", texts(p.MacroPaths),
	)
}

func copied(d *value.Dict) *value.Dict {
	c := value.NewDict()
	if d != nil {
		_ = c.Merge(d) // a dict always can
	}
	return c
}

func texts(list []string) *value.List {
	out := value.NewList()
	for _, s := range list {
		out.Elems = append(out.Elems, s)
	}
	return out
}
