// Package compiler turns a dbt project into a manifest, and its nodes into
// SQL.
//
// Its main type is Project, which Load makes of the files and Compile makes
// statements of. It joins the packages below it: yaml, project, property and
// config read files, template and context render them, resolve follows what
// they refer to. It opens no connection: what templates ask of a warehouse
// goes through the Warehouse that is passed in. It prints nothing.
package compiler

import (
	"time"

	"github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Options say which project is loaded, and how.
type Options struct {
	// ProjectDir is where the project is looked for; empty is the working
	// directory and the folders above it.
	ProjectDir  string
	ProfilesDir string
	Profile     string
	Target      string
	TargetPath  string
	// WorkDir and HomeDir are where profiles are looked for besides; empty
	// ones are asked of the system.
	WorkDir string
	HomeDir string
	// Vars are those of the command line; nil without any.
	Vars *value.Dict
	// Env looks up an environment variable; nil is the process's.
	Env   func(name string) (string, bool)
	Flags Flags
	// InvocationID names the run; an empty one is made up.
	InvocationID string
	// StartedAt is when the run began; zero is now.
	StartedAt time.Time
	// Threads replaces the profile's number, when it is not 0.
	Threads int
	// NoVersionCheck accepts projects that ask for another dbt.
	NoVersionCheck bool
	// OnLog hears what templates say. It may be nil, and is called from several
	// goroutines at once.
	OnLog func(LogEvent)
}

// Flags are those that templates can ask for.
type Flags struct {
	Which         string // run, build, compile ...
	FullRefresh   bool
	Empty         bool
	StoreFailures bool
	FailFast      bool
	// Extra are further flags, by their upper-case names.
	Extra map[string]any
	// Args are the invocation's arguments as templates see them.
	Args map[string]any
}

// LogKind tells what a template says apart.
type LogKind = context.MessageKind

// The kinds of LogEvent.
const (
	LogDebug = context.Debug // log(...)
	LogInfo  = context.Info  // log(..., info=True)
	LogPrint = context.Print // print(...)
	LogWarn  = context.Warn  // exceptions.warn(...)
)

// LogEvent is something that a template said.
type LogEvent struct {
	Kind LogKind
	Msg  string
	Node string // unique id, or empty
	Span source.Span
}

func (f Flags) dict(o Options) *value.Dict {
	d := value.DictOf(
		"WHICH", f.Which, "FULL_REFRESH", f.FullRefresh, "EMPTY", f.Empty, "STORE_FAILURES", f.StoreFailures,
		"FAIL_FAST", f.FailFast, "PROFILES_DIR", o.ProfilesDir, "PROJECT_DIR", o.ProjectDir, "TARGET", o.Target,
		"PROFILE", o.Profile, "INDIRECT_SELECTION", "eager", "WARN_ERROR", nil, "DEBUG", false, "QUIET", false,
		"LOG_FORMAT", "default", "PARTIAL_PARSE", false, "PRINT", true, "USE_COLORS", true, "WRITE_JSON", true,
		"INTROSPECT", true, "VERSION_CHECK", !o.NoVersionCheck, "DEFER", false, "STATE", nil, "EVENT_TIME_START", nil,
		"EVENT_TIME_END", nil, "CACHE_SELECTED_ONLY", false, "POPULATE_CACHE", true, "STATIC_PARSER", true,
		"SEND_ANONYMOUS_USAGE_STATS", false, "USE_EXPERIMENTAL_PARSER", false,
	)
	for k, v := range f.Extra {
		d.Put(k, value.FromGo(v))
	}
	return d
}

func (f Flags) args() *value.Dict {
	d := value.DictOf("which", f.Which)
	if extra, ok := value.FromGo(f.Args).(*value.Dict); ok && f.Args != nil {
		for k, v := range extra.All() {
			_ = d.Set(k, v) // k was a key before
		}
	}
	return d
}
