package resolve

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/property"
	"github.com/chmod-sql/chmod/compiler/value"
)

// testTarget is what a generic test looks at.
type testTarget struct {
	pkg     *pack
	file    *properties
	section string // models, seeds, snapshots, sources
	// name is the model's, or the source's with table.
	name, table string
	version     value.Value
	// tags are those that tests of it have as well.
	tags []string
}

// reference is how the tested relation is written in the test's arguments.
func (t *testTarget) reference() string {
	switch {
	case t.section == "sources":
		return "source('" + t.name + "', '" + t.table + "')"
	case t.version != nil:
		return "ref('" + t.name + "', version='" + versionText(t.version) + "')"
	}
	return "ref('" + t.name + "')"
}

// names are the parts of a test's name that the target gives: what stands
// before the test's own name, and the target's.
func (t *testTarget) names() (prefix, target string) {
	if t.section == "sources" {
		return "source_", t.name + "_" + t.table
	}
	return "", versionedName(t.name, t.version)
}

// fileKey is where in the YAML the target stands.
func (t *testTarget) fileKey() string { return t.section + "." + t.name }

// targetTest is a test of a target, of one of its columns or of all of it.
type targetTest struct {
	*property.Test
	target *testTarget
	column *property.Column
}

// genericTests are all tests that YAML asks for, in the order of the files.
func (r *reading) genericTests() []targetTest {
	out := make([]targetTest, 0, r.testCount())
	for _, p := range r.packages {
		for _, f := range p.files {
			for _, patches := range [][]*property.Patch{f.Models, f.Seeds, f.Snapshots} {
				for _, patch := range patches {
					out = r.patchTests(out, p, f, patch)
				}
			}
			for _, s := range f.Sources {
				for _, t := range s.Tables {
					at := &testTarget{pkg: p, file: f, section: "sources", name: s.Name, table: t.Name, tags: slices.Concat(s.Tags, t.Tags)}
					out = testsOf(out, at, t.Columns, t.Tests)
				}
			}
		}
	}
	return out
}

// testCount is about how many they are: those of versions may be more.
func (r *reading) testCount() int {
	n := 0
	for _, p := range r.packages {
		for _, f := range p.files {
			for _, patches := range [][]*property.Patch{f.Models, f.Seeds, f.Snapshots} {
				for _, patch := range patches {
					n += len(patch.Tests)
					for _, c := range patch.Columns {
						n += len(c.Tests)
					}
				}
			}
		}
	}
	return n
}

func (r *reading) patchTests(out []targetTest, p *pack, f *properties, patch *property.Patch) []targetTest {
	if len(patch.Versions) == 0 {
		at := &testTarget{pkg: p, file: f, section: patch.Section, name: patch.Name}
		return testsOf(out, at, patch.Columns, patch.Tests)
	}
	for _, v := range patch.Versions {
		at := &testTarget{pkg: p, file: f, section: patch.Section, name: patch.Name, version: v.V}
		tests := patch.Tests
		if v.TestsSet {
			tests = v.Tests
		}
		out = testsOf(out, at, describedColumns(patch, v), tests)
	}
	return out
}

func testsOf(out []targetTest, at *testTarget, columns []*property.Column, tests []*property.Test) []targetTest {
	for _, c := range columns {
		for _, t := range c.Tests {
			out = append(out, targetTest{Test: t, target: at, column: c})
		}
	}
	for _, t := range tests {
		out = append(out, targetTest{Test: t, target: at})
	}
	return out
}

// attached is the tested node; nil when there is none.
func (r *reading) attached(t *testTarget) *manifest.Node {
	kind := map[string]string{"models": manifest.Model, "seeds": manifest.Seed, "snapshots": manifest.Snapshot}[t.section]
	id := uniqueID(kind, t.pkg.Name, t.name)
	if t.version != nil {
		id += ".v" + versionText(t.version)
	}
	if n := r.m.Nodes[id]; n != nil {
		return n
	}
	if all := r.m.Disabled[id]; len(all) > 0 {
		return all[0]
	}
	return nil
}
