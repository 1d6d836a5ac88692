package project

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

var versionSpec = regexp.MustCompile(`^\s*(>=|<=|>|<|==|=|!=)?\s*v?(\d+)(?:\.(\d+|x|\*))?(?:\.(\d+|x|\*))?(?:[-.]?([a-zA-Z][\w.]*))?(?:\+[\w.]+)?\s*$`)

// version checks require-dbt-version against the dbt that chmod acts as.
func (t *typing) version(name, have string) {
	node := t.node.Get("require-dbt-version")
	if node.Null() {
		return
	}
	have = cmp.Or(have, EmulatedVersion)
	for _, spec := range t.Strs("require-dbt-version", node) {
		for _, one := range strings.Split(spec, ",") {
			if strings.TrimSpace(one) == "" {
				continue
			}
			t.satisfied(node, name, one, have)
		}
	}
}

func (t *typing) satisfied(node *yaml.Node, name, spec, have string) {
	m := versionSpec.FindStringSubmatch(spec)
	if m == nil {
		t.Wrong(node, fmt.Sprintf("%q is no version of dbt", strings.TrimSpace(spec)), `write it as in ">=1.8.0" or [">=1.8.0", "<2.0.0"]`)
		return
	}
	c := compareVersions(have, m)
	ok := false
	switch m[1] {
	case ">=":
		ok = c >= 0
	case "<=":
		ok = c <= 0
	case ">":
		ok = c > 0
	case "<":
		ok = c < 0
	case "!=":
		ok = c != 0
	default:
		ok = c == 0
	}
	if !ok {
		t.List.Add(diag.Diagnostic{
			Code: "dbt-version", Span: node.Span,
			What: fmt.Sprintf("the project %s requires dbt %s", name, strings.TrimSpace(spec)),
			Why:  "chmod works as dbt " + have + " does",
			Fix:  "widen require-dbt-version, or pass --no-version-check",
		})
	}
}

// compareVersions compares a version with a matched spec. Parts the spec
// leaves out are zero; x and * match anything.
func compareVersions(have string, spec []string) int {
	m := versionSpec.FindStringSubmatch(have)
	if m == nil {
		return 0
	}
	for i := 2; i <= 4; i++ {
		if spec[i] == "x" || spec[i] == "*" {
			return 0
		}
		a, _ := strconv.Atoi(m[i]) // an empty part is 0, others are digits
		b, _ := strconv.Atoi(spec[i])
		if c := cmp.Compare(a, b); c != 0 {
			return c
		}
	}
	switch {
	case m[5] == spec[5]:
		return 0
	case m[5] == "":
		return 1
	case spec[5] == "":
		return -1
	}
	return cmp.Compare(m[5], spec[5])
}
