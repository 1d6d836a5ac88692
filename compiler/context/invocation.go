package context

import (
	"github.com/chmod-sql/chmod/compiler/value"
)

// Version is the release of dbt whose language the compiler speaks.
const Version = "1.11.7"

// invocationNames are the names that tell about the run at hand.
func invocationNames() map[string]constructor {
	return map[string]constructor{
		"target":               constant(func(w *World) value.Value { return w.Target }),
		"env":                  constant(func(w *World) value.Value { return w.Target }),
		"flags":                constant(func(w *World) value.Value { return &flagSet{w.Flags} }),
		"invocation_id":        constant(func(w *World) value.Value { return w.InvocationID }),
		"invocation_args_dict": constant(func(w *World) value.Value { return w.Args.Copy() }),
		"dbt_metadata_envs":    constant(func(w *World) value.Value { return w.Metadata }),
		"dbt_version":          constant(func(*World) value.Value { return Version }),
		"project_name":         constant(func(w *World) value.Value { return w.Project }),
		"thread_id":            constant(func(*World) value.Value { return "Thread-1 (worker)" }),
		"run_started_at":       constant(func(w *World) value.Value { return datetimeOf(w.StartedAt) }),
		"execute":              func(r *Rendering) (value.Value, bool) { return r.Execute, true },
		"selected_resources": func(r *Rendering) (value.Value, bool) {
			if r.Selected == nil || !r.Execute {
				return value.NewList(), true
			}
			return list(r.Selected()), true
		},
		"modules": constant(modules),
	}
}

// flagSet answers flags.NAME.
type flagSet struct{ values *value.Dict }

func (f *flagSet) TypeName() string { return "Namespace" }
func (f *flagSet) Str() string      { return "<flags>" }

func (f *flagSet) Attr(name string) (value.Value, bool) {
	if name == "get" {
		return value.Attr(f.values, name)
	}
	return f.values.Get(name)
}

func (f *flagSet) Item(key value.Value) (value.Value, bool) { return f.values.Get(key) }
