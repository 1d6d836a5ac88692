package selection

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/dag"
)

// method finds the ids that answer to an argument.
type method func(s *Selector, options []string, argument string) (dag.Set, error)

// methodNamed finds a method; nil when there is none of that name.
func methodNamed(name string) method {
	switch name {
	case "fqn":
		return byFQN
	case "tag":
		return each(func(r resource, p pattern) bool { return slices.ContainsFunc(r.tags, p.match) })
	case "path":
		return byPath
	case "file":
		return each(byFile)
	case "package":
		return byPackage
	case "resource_type":
		return byResourceType
	case "source":
		return bySource
	case "exposure":
		return byExposure
	case "config":
		return byConfig
	case "test_type":
		return byTestType
	case "test_name":
		return byTestName
	case "group":
		return each(func(r resource, p pattern) bool { return r.node != nil && r.node.Group != "" && p.match(r.node.Group) })
	case "access":
		return each(func(r resource, p pattern) bool { return r.model() && p.match(r.node.Access) })
	case "version":
		return byVersion
	case "unit_test":
		return each(func(r resource, p pattern) bool { return r.unit != nil && p.match(r.unit.Name) })
	case "state":
		return byState
	case "result":
		return byResult
	case "selector":
		return bySelector
	}
	return nil
}

// methodNames are the methods, for messages.
func methodNames() []string {
	return []string{
		"access", "config", "exposure", "file", "fqn", "group", "package", "path", "resource_type", "result",
		"selector", "source", "state", "tag", "test_name", "test_type", "unit_test", "version",
	}
}

// each makes a method of a test on single resources.
func each(matches func(resource, pattern) bool) method {
	return func(s *Selector, _ []string, argument string) (dag.Set, error) {
		p := compile(argument)
		return s.filter(func(r resource) bool { return matches(r, p) }), nil
	}
}

// byFQN matches the name, or the folders from the package or from below it. A
// table's source is never meant by its name alone: there is source: for it.
func byFQN(s *Selector, _ []string, argument string) (dag.Set, error) {
	q := newFQNQuery(argument)
	return s.filter(func(r resource) bool { return r.source == nil && q.match(r) }), nil
}

// byPath matches the file, one of its folders, or the file that describes it.
func byPath(s *Selector, _ []string, argument string) (dag.Set, error) {
	p := compilePath(argument)
	return s.filter(func(r resource) bool {
		if r.node != nil {
			if _, patch, ok := strings.Cut(r.node.PatchPath, "://"); ok && p.exact(patch) {
				return true
			}
		}
		return p.match(r.path)
	}), nil
}

func byFile(r resource, p pattern) bool {
	file := path.Base(r.path)
	return p.match(file) || p.match(strings.TrimSuffix(file, path.Ext(file)))
}

func byPackage(s *Selector, _ []string, argument string) (dag.Set, error) {
	if argument == "this" {
		argument = s.Manifest.ProjectName
	}
	p := compile(argument)
	return s.filter(func(r resource) bool { return p.match(r.pkg) }), nil
}

var resourceTypes = []string{"model", "seed", "snapshot", "test", "source", "exposure", "analysis", "unit_test", "operation", "metric", "semantic_model", "saved_query", "function"}

func byResourceType(s *Selector, _ []string, argument string) (dag.Set, error) {
	if err := checkResourceType(argument); err != nil {
		return nil, err
	}
	return s.filter(func(r resource) bool { return manifest.ResourceType(r.id) == argument }), nil
}

func checkResourceType(kind string) error {
	if slices.Contains(resourceTypes, kind) {
		return nil
	}
	fix := diag.DidYouMean(kind, resourceTypes)
	if fix == "" {
		fix = "the types are " + strings.Join(resourceTypes, ", ")
	}
	return diag.Diagnostic{Code: "bad-selection", What: `there is no resource type "` + kind + `"`, Fix: fix}
}

// bySource takes source, source.table or package.source.table.
func bySource(s *Selector, _ []string, argument string) (dag.Set, error) {
	parts := strings.Split(argument, ".")
	if len(parts) > 3 {
		return nil, wrong("source:"+argument, "a source has at most a package, a source name and a table name", "")
	}
	pkg, src, table := "*", parts[0], "*"
	switch len(parts) {
	case 2:
		table = parts[1]
	case 3:
		pkg, src, table = parts[0], parts[1], parts[2]
	}
	if pkg == "this" {
		pkg = s.Manifest.ProjectName
	}
	p, q, t := compile(pkg), compile(src), compile(table)
	return s.filter(func(r resource) bool {
		return r.source != nil && p.match(r.source.Package) && q.match(r.source.SourceName) && t.match(r.source.Name)
	}), nil
}

func byExposure(s *Selector, _ []string, argument string) (dag.Set, error) {
	pkg, name, qualified := strings.Cut(argument, ".")
	if !qualified {
		pkg, name = "*", argument
	}
	p, n := compile(pkg), compile(name)
	return s.filter(func(r resource) bool {
		return r.exposure != nil && p.match(r.exposure.Package) && n.match(r.exposure.Name)
	}), nil
}

// byConfig takes config.key:value, with dots into dicts. A list answers to any
// of its items, a dict to any of its keys.
func byConfig(s *Selector, options []string, argument string) (dag.Set, error) {
	if len(options) == 0 {
		return nil, wrong("config:"+argument, "config needs a key", `write for instance "config.materialized:view"`)
	}
	p := compile(argument)
	return s.filter(func(r resource) bool {
		if r.config == nil {
			return false
		}
		var v value.Value = r.config.Values()
		for _, key := range options {
			d, ok := v.(*value.Dict)
			if !ok {
				return false
			}
			if v, ok = d.Get(key); !ok {
				return false
			}
		}
		return configMatches(v, p, argument)
	}), nil
}

func configMatches(v value.Value, p pattern, argument string) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return strings.EqualFold(fmt.Sprint(v), argument)
	case *value.List:
		return slices.ContainsFunc(v.Elems, func(e value.Value) bool { return p.match(fmt.Sprint(e)) })
	case *value.Dict:
		return slices.ContainsFunc(v.Keys(), func(k value.Value) bool { return p.match(fmt.Sprint(k)) })
	}
	return p.match(fmt.Sprint(v))
}

func byTestType(s *Selector, _ []string, argument string) (dag.Set, error) {
	var is func(resource) bool
	switch argument {
	case "generic", "schema":
		is = func(r resource) bool { return r.test() != nil && !r.test().Singular() }
	case "singular":
		is = func(r resource) bool { return r.test() != nil && r.test().Singular() }
	case "data":
		is = func(r resource) bool { return r.test() != nil }
	case "unit":
		is = func(r resource) bool { return r.unit != nil }
	default:
		return nil, wrong("test_type:"+argument, "there is no such type of test", "the types are generic, singular, data and unit")
	}
	return s.filter(is), nil
}

func byTestName(s *Selector, _ []string, argument string) (dag.Set, error) {
	p := compile(argument)
	return s.filter(func(r resource) bool { return r.test() != nil && !r.test().Singular() && p.match(r.test().Name) }), nil
}

func bySelector(s *Selector, _ []string, argument string) (dag.Set, error) {
	e, err := s.named(written{text: argument}, Empty, nil)
	if err != nil {
		return nil, err
	}
	in, _, err := e.evaluate(&search{selector: s})
	return in, err
}
