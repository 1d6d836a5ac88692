package manifest

import (
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Source is a table that the project reads and does not build.
type Source struct {
	UniqueID     string
	Name         string // the table's name in the project
	SourceName   string
	Package      string
	FQN          []string
	Path         string
	OriginalPath string
	Span         source.Span

	Schema       string
	Identifier   string
	RelationName string
	// UnrenderedSchema is the schema as written; empty when none is.
	UnrenderedSchema string
	UnrenderedConfig *value.Dict
	// FreshnessOff is set when freshness was switched off, which is more than
	// not asked for.
	FreshnessOff bool

	Description       string
	SourceDescription string
	Loader            string
	LoadedAtField     string
	LoadedAtQuery     string
	// Freshness is as written, null when switched off; Extra holds quoting and
	// external.
	Freshness  *value.Dict
	Extra      *value.Dict
	Config     *Config
	Tags       []string
	Meta       *value.Dict
	SourceMeta *value.Dict
	Columns    []Column
	DocBlocks  []string
	CreatedAt  float64
}

// Exposure is a use of the warehouse outside of it: a dashboard, an app.
type Exposure struct {
	UniqueID     string
	Name         string
	Package      string
	FQN          []string
	Path         string
	OriginalPath string
	Span         source.Span

	Type        string
	Owner       *value.Dict
	Label       string
	Maturity    string
	URL         string
	Description string
	Config      *Config
	// UnrenderedConfig is what was set, as written.
	UnrenderedConfig *value.Dict
	Tags             []string
	Meta             *value.Dict
	Refs             []Ref
	Sources          [][2]string
	DependsOn        DependsOn
	CreatedAt        float64
}

// Macro is one macro, generic test or materialization.
type Macro struct {
	UniqueID     string
	Name         string // with dbt's prefix: test_x, materialization_x_default
	Package      string
	Path         string
	OriginalPath string
	PatchPath    string
	Span         source.Span
	SQL          string // the block as written
	DependsOn    []string
	Description  string
	Meta         *value.Dict
	Config       *value.Dict
	Arguments    []Argument
	// Hidden is set when its documentation is not to be shown.
	Hidden    bool
	CreatedAt float64
}

// Argument describes an argument of a macro.
type Argument struct {
	Name        string
	Type        string
	Description string
}

// Doc is a docs block.
type Doc struct {
	UniqueID     string
	Name         string
	Package      string
	Path         string
	OriginalPath string
	Span         source.Span
	Contents     string
}

// Group gathers models under an owner.
type Group struct {
	UniqueID     string
	Name         string
	Package      string
	Path         string
	OriginalPath string
	Owner        *value.Dict
	Description  string
	Config       *value.Dict
	Span         source.Span
}

// UnitTest is a unit test as written.
type UnitTest struct {
	UniqueID     string
	Name         string
	Model        string
	Package      string
	FQN          []string
	Path         string
	OriginalPath string
	Description  string
	Config       *Config
	Definition   *value.Dict
	DependsOn    DependsOn
	Span         source.Span
	CreatedAt    float64
}

// Selector is an entry of selectors.yml.
type Selector struct {
	Name        string
	Description string
	Default     bool
	// Definition is as written: a string, a dict or a list.
	Definition value.Value
	// Span is the name, Written the definition.
	Span    source.Span
	Written source.Span
}
