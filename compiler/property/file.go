// Package property reads the YAML that describes a project's resources: what
// dbt calls property files.
//
// Its main type is File, the typed content of one file. Read never stops at a
// mistake; it reports all of them and leaves out what cannot be used. Templates
// are rendered before by Render, except for what dbt keeps for later:
// descriptions, tests and hooks, which stay as written and know their place.
// The package resolves no names.
package property

import (
	"github.com/chmod-sql/chmod/compiler/config"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// File is one property file.
type File struct {
	Models    []*Patch
	Seeds     []*Patch
	Snapshots []*Patch
	Analyses  []*Patch
	// DataTests describe singular tests.
	DataTests []*Patch
	Sources   []*Source
	Macros    []*Macro
	Exposures []*Exposure
	Groups    []*Group
	UnitTests []*UnitTest
	Carried   []*Carried
}

// Text is a string that is rendered later.
type Text struct {
	Raw string
	// Node is nil when nothing was written.
	Node *yaml.Node
}

// Patch describes a resource that is defined elsewhere; a snapshot with a
// relation is defined by it.
type Patch struct {
	Section     string // models, seeds, snapshots, analyses, data_tests
	Name        string
	NameSpan    source.Span
	Span        source.Span
	Description Text
	// Config is the config mapping and the keys that dbt takes into it from
	// beside it: meta, docs, group, access, contract.
	Config          config.Layer
	Columns         []*Column
	Tests           []*Test
	Constraints     []manifest.Constraint
	Versions        []*Version
	LatestVersion   value.Value
	DeprecationDate string
	Relation        Text // of a snapshot
	Node            *yaml.Node
}

// Column is a column and its tests. The description in Column is empty.
type Column struct {
	Column      manifest.Column
	Description Text
	Tests       []*Test
}

// Version is one version of a model.
type Version struct {
	V         value.Value
	DefinedIn string
	// Description is nil when the model's holds.
	Description *Text
	Config      config.Layer
	// Columns are the version's own. The model's are added as Include says:
	// all of them, or those named, without those in Exclude.
	Columns    []*Column
	IncludeAll bool
	Include    []string
	Exclude    []string
	// TestsSet tells that the version has tests of its own; else the model's
	// hold.
	Tests           []*Test
	TestsSet        bool
	Constraints     []manifest.Constraint
	DeprecationDate string
	Span            source.Span
}

// Macro describes a macro.
type Macro struct {
	Name        string
	NameSpan    source.Span
	Description Text
	Meta        *value.Dict
	Config      *value.Dict
	Arguments   []manifest.Argument
	// Hidden is set when docs: {show: false} is.
	Hidden bool
}

// Group gathers models.
type Group struct {
	Name        string
	Span        source.Span
	Owner       *value.Dict
	Description Text
	Config      *value.Dict
}

// Exposure is a use of the warehouse.
type Exposure struct {
	Name        string
	NameSpan    source.Span
	Span        source.Span
	Type        string
	Owner       *value.Dict
	Label       string
	Maturity    string
	URL         string
	Description Text
	// DependsOn are calls such as ref('x').
	DependsOn []Text
	Tags      []string
	Meta      *value.Dict
	Config    config.Layer
}

// UnitTest is a unit test as written.
type UnitTest struct {
	Name        string
	NameSpan    source.Span
	Span        source.Span
	Model       string
	ModelSpan   source.Span
	Description Text
	Config      config.Layer
	Definition  *value.Dict
	Node        *yaml.Node
}

// Carried is an object that chmod keeps without using it: a metric, a semantic
// model, a saved query, a function.
type Carried struct {
	Section string
	Name    string
	Span    source.Span
	Value   *value.Dict
}

// Read reads a property file. Doc is its root after Render, raw before.
func Read(doc, raw *yaml.Node) (*File, diag.List) {
	r := reader{Reader: yaml.Reader{Code: "property-type"}, file: &File{}}
	r.document(doc, raw)
	return r.file, r.List
}
