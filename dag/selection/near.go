package selection

import (
	"maps"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
)

// Near is a criterion that means something and is close to one that means
// nothing: "stg_cards" for "stg_cardz", "tag:daily" for "tag:dayly". It is
// empty when there is none.
func (s *Selector) Near(criterion string) string {
	c, err := parseCriterion(criterion, Eager)
	if err != nil {
		return ""
	}
	found := diag.Suggest(c.argument, s.arguments(c.method))
	if found == "" {
		return ""
	}
	i := strings.LastIndex(criterion, c.argument)
	return criterion[:i] + found + criterion[i+len(c.argument):]
}

// arguments are what a method can be asked for in this project.
func (s *Selector) arguments(method string) []string {
	known := map[string]bool{}
	for _, id := range s.Graph.IDs() {
		for _, a := range s.resource(id).arguments(method) {
			known[a] = true
		}
	}
	delete(known, "")
	return slices.Sorted(maps.Keys(known))
}

// arguments are those that mean this resource.
func (r resource) arguments(method string) []string {
	switch method {
	case "fqn":
		if r.source != nil || len(r.fqn) == 0 {
			return nil
		}
		// Names, packages and folders.
		return r.fqn
	case "tag":
		return r.tags
	case "package":
		return []string{r.pkg}
	case "group":
		if r.node != nil {
			return []string{r.node.Group}
		}
	case "path":
		return folders(r.path)
	case "source":
		if r.source != nil {
			return []string{r.source.SourceName, r.source.SourceName + "." + r.source.Name}
		}
	case "exposure":
		if r.exposure != nil {
			return []string{r.exposure.Name}
		}
	case "test_name":
		if t := r.test(); t != nil {
			return []string{t.Name}
		}
	}
	return nil
}

// folders are a path and the folders it is in.
func folders(path string) []string {
	all := []string{path}
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '/' {
			all = append(all, path[:i])
		}
	}
	return all
}
