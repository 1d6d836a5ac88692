package manifest

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Kinds of nodes, in dbt's words.
const (
	Model     = "model"
	Seed      = "seed"
	Snapshot  = "snapshot"
	Test      = "test"
	Analysis  = "analysis"
	Operation = "operation"
)

// Node is one thing that can be compiled or run.
type Node struct {
	UniqueID     string
	Name         string
	ResourceType string
	Package      string
	// FQN is the package, the folders and the name; selection works on it.
	FQN []string
	// Path is relative to the resource folder (models/), OriginalPath to the
	// project's root; PatchPath is "package://path" of the YAML that describes
	// the node, or empty.
	Path         string
	OriginalPath string
	PatchPath    string
	// Span is where the node is defined: the file's start, the block, or the
	// entry in the YAML. DescribedAt is its entry in the YAML, if any.
	Span        source.Span
	DescribedAt source.Span
	// RawCode is the template as written, without outer white space.
	RawCode  string
	Checksum Checksum

	// Database is always empty on ClickHouse; Schema is the ClickHouse
	// database and Alias the table's name.
	Schema string
	Alias  string
	// RelationName is the relation quoted, or empty for what has none.
	RelationName string

	Config           *Config
	UnrenderedConfig *value.Dict
	Tags             []string
	Meta             *value.Dict
	Description      string
	Columns          []Column
	DocBlocks        []string
	Constraints      []Constraint
	Contract         Contract
	Access           string
	Group            string
	Version          value.Value // nil when not versioned
	LatestVersion    value.Value
	DeprecationDate  string

	Refs    []Ref
	Sources [][2]string
	// DependsOn holds unique ids, in the order in which they are first named.
	DependsOn DependsOn

	// Test is set for data tests only, Hook for operations only, RootPath for
	// seeds only: the folder their CSV is found under.
	Test     *TestInfo
	Hook     *HookInfo
	RootPath string
	// CreatedAt is when the node was parsed, in seconds of the Unix epoch.
	CreatedAt float64
}

// Languages that nodes are written in.
const (
	SQL    = "sql"
	Python = "python"
)

// Empty reports whether there is nothing to build: a file with nothing in it.
func (n *Node) Empty() bool {
	return n.ResourceType != Seed && strings.TrimSpace(n.RawCode) == ""
}

// Language is what the node is written in. Nothing in Python can be compiled.
func (n *Node) Language() string {
	if n.ResourceType == Model && strings.HasSuffix(n.OriginalPath, ".py") {
		return Python
	}
	return SQL
}

// DependsOn is what a node needs.
type DependsOn struct {
	Nodes  []string
	Macros []string
}

// Checksum tells versions of a file apart.
type Checksum struct {
	Name string // sha256, path or none
	Sum  string
}

// Ref is one ref(): a name, and the package and version when they were given.
type Ref struct {
	Package string
	Name    string
	Version value.Value
}

// Column is a column that the YAML describes.
type Column struct {
	Name        string
	Description string
	DataType    string
	Codec       string
	TTL         string
	Quote       *bool
	Tags        []string
	Meta        *value.Dict
	Config      *value.Dict
	Constraints []Constraint
	DocBlocks   []string
	// Extra holds keys of the entry that are none of the above.
	Extra *value.Dict
	Span  source.Span
}

// Constraint is a model's or a column's constraint.
type Constraint struct {
	Type       string // check, not_null, unique, primary_key, foreign_key, custom
	Name       string
	Expression string
	Columns    []string
	To         string
	ToColumns  []string
	Span       source.Span
}

// Contract is what a model promises about its columns.
type Contract struct {
	Enforced   bool
	AliasTypes bool
	Checksum   string
}

// TestInfo is what makes a node a data test.
type TestInfo struct {
	// Name and Namespace are those of the generic test; both are empty for a
	// singular one.
	Name      string
	Namespace string
	// Kwargs are the arguments, model and column_name among them.
	Kwargs *value.Dict
	// Column is the tested column, or empty.
	Column string
	// Attached is the unique id of the tested node, or empty.
	Attached string
	// FileKey is "models.orders" or the like: where in the YAML it stands.
	FileKey string
}

// Singular reports whether the test is a file of its own.
func (t *TestInfo) Singular() bool { return t.Name == "" }

// HookInfo is what makes a node an on-run-start or on-run-end hook.
type HookInfo struct {
	When  string // on-run-start or on-run-end
	Index int    // from 1, within its package
}

// Materialized is how the node is stored: view, table, ephemeral, seed, test ...
func (n *Node) Materialized() string { return n.Config.String("materialized") }

// Ephemeral reports whether the node is never stored.
func (n *Node) Ephemeral() bool {
	return n.ResourceType == Model && n.Materialized() == "ephemeral"
}

// Column finds a described column by name; nil when there is none.
func (n *Node) Column(name string) *Column {
	for i := range n.Columns {
		if n.Columns[i].Name == name {
			return &n.Columns[i]
		}
	}
	return nil
}
