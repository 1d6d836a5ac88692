package property

import (
	"github.com/chmod-sql/chmod/compiler/yaml"
)

func (r *reader) versions(what string, n, raw *yaml.Node) []*Version {
	var out []*Version
	r.each("versions", n, raw, func(n, raw *yaml.Node) {
		r.known("a version", n, []string{"v", "defined_in", "description", "access", "config", "constraints", "docs",
			"data_tests", "tests", "columns", "deprecation_date", "meta"})
		v := n.Get("v")
		if v.Null() || v.Kind != yaml.Scalar {
			r.Wrong(n, "a version of "+what+" has no v", "add v: with its number")
			return
		}
		of := "a version of " + what
		version := &Version{
			V: v.Scalar(), Span: n.Span, IncludeAll: true,
			DefinedIn:       r.Str("defined_in of "+of, n.Get("defined_in")),
			Config:          r.config(of, n, raw, "docs", "access", "meta"),
			Constraints:     r.constraints(of, n.Get("constraints")),
			DeprecationDate: r.moment("the deprecation_date of ", of, n.Get("deprecation_date")),
			Tests:           r.tests(of, n),
			TestsSet:        n.Get("tests") != nil || n.Get("data_tests") != nil,
		}
		if d := n.Get("description"); !d.Null() {
			text := r.text("the description of ", of, d)
			version.Description = &text
		}
		r.versionColumns(version, of, n.Get("columns"), raw.Get("columns"))
		out = append(out, version)
	})
	return out
}

// versionColumns reads columns and the entries among them that include the
// model's.
func (r *reader) versionColumns(v *Version, what string, n, raw *yaml.Node) {
	if n.Null() || n.Kind != yaml.Sequence {
		v.Columns = r.columns(what, n, raw)
		return
	}
	var own []*yaml.Node
	for _, item := range n.Items() {
		include, exclude := item.Get("include"), item.Get("exclude")
		if include == nil && exclude == nil {
			own = append(own, item)
			continue
		}
		r.known("include of "+what, item, []string{"include", "exclude"})
		v.Exclude = r.Strs("exclude of "+what, exclude)
		switch word, _ := include.Str(); word {
		case "all", "*":
		default:
			v.IncludeAll = false
			v.Include = r.Strs("include of "+what, include)
		}
	}
	v.Columns = r.columns(what, n.WithItems(own), nil)
}
