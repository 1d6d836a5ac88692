// Package context is what a template of a dbt project finds around itself:
// ref, source, config, var, adapter and the rest of dbt's names, and the
// macros of all packages.
//
// Its main type is Rendering, one template being rendered for one node, in
// one of two phases: parsing, which learns what the node refers to and touches
// nothing, and running, which makes the SQL. A World holds what all renderings
// of a project share. The package reads no files and decides nothing about the
// graph: what a ref stands for is for a Resolver to say.
package context

import (
	"context"
	"time"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// World is what all renderings of one project share. It is immutable once the
// first rendering was made, and safe for concurrent use.
type World struct {
	// Project is the root project's name.
	Project string
	// Target is the target as templates see it, without secrets.
	Target *value.Dict
	// Server is what is known of the warehouse without asking it.
	Server Server
	// Var looks up a variable as a package sees it.
	Var func(pkg, name string) (value.Value, bool)
	// VarNames are all variables that a package sees, for suggestions.
	VarNames func(pkg string) []string
	// Env looks up an environment variable.
	Env func(name string) (string, bool)
	// Flags are those of the invocation, under their upper-case names.
	Flags *value.Dict
	// Args are the invocation's arguments.
	Args         *value.Dict
	InvocationID string
	StartedAt    time.Time
	// Clock tells the time; nil is the system's.
	Clock func() time.Time
	// Secrets says that secret environment variables may be read.
	Secrets bool
	// Metadata are the variables that ride along in artifacts.
	Metadata *value.Dict
	Macros   *Macros
	// Selected are the unique ids that the command selected; it may be nil.
	Selected func() []string
	// Graph makes the project as templates see it, new with every call; nil
	// while the project is being read.
	Graph func() *value.Dict
	// Settled makes the project's settings as ref.config gives them; it may be
	// nil.
	Settled func() *value.Dict
	// Log takes what templates log and print; it may be nil.
	Log func(Message)

	names map[string]constructor
}

// Server is what is known of the warehouse before it is asked.
type Server struct {
	Cluster        string
	DatabaseEngine string
	LocalSuffix    string
	LocalPrefix    string
	// LightweightDeletes says that the profile allows them.
	LightweightDeletes bool
	// Version is the server's version, or empty when nobody asked.
	Version string
}

// OnCluster says whether statements carry ON CLUSTER.
func (s Server) OnCluster() bool {
	return s.Cluster != "" && !containsFold(s.DatabaseEngine, "replicated")
}

// MessageKind tells messages of templates apart.
type MessageKind int

const (
	Debug MessageKind = iota // log(...)
	Info                     // log(..., info=True)
	Print                    // print(...)
	Warn                     // exceptions.warn(...)
)

// Message is something that a template says while it is rendered.
type Message struct {
	Kind MessageKind
	Text string
	// Node is the unique id of the node that is rendered, or empty.
	Node string
	Span source.Span
}

// Resolver says what ref and source stand for.
type Resolver interface {
	Ref(c *value.Call, pkg, name string, version value.Value) (value.Value, error)
	Source(c *value.Call, source, table string) (value.Value, error)
}

// Warehouse is what templates may ask a server.
type Warehouse interface {
	// Query runs one statement.
	Query(ctx context.Context, sql string) (*Result, error)
	// Relations lists a schema; a missing one is empty.
	Relations(ctx context.Context, schema string) ([]Listed, error)
}

// Result is what a statement gave.
type Result struct {
	Columns []ResultColumn
	Rows    [][]any
	Message string
	QueryID string
}

// ResultColumn is a column of a result.
type ResultColumn struct{ Name, Type string }

// Listed is a relation that exists.
type Listed struct {
	Schema, Name string
	// Kind is table, view, materialized_view or dictionary.
	Kind string
}
