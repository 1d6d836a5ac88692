package invocation

import (
	"fmt"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/dag"
)

// unitTests warns of selected unit tests: nobody should take a run without
// them for one that they passed.
func (i *Invocation) unitTests(ids dag.Set) diag.List {
	var list diag.List
	count := 0
	d := diag.Diagnostic{Severity: diag.Warning, Code: "not-yet-supported", Fix: "leave them out with --exclude test_type:unit"}
	for _, id := range ids.Sorted() {
		if u := i.Manifest().UnitTests[id]; u != nil {
			if count == 0 {
				d.Span = u.Span
			}
			count++
		}
	}
	switch count {
	case 0:
		return list
	case 1:
		d.What = "a unit test is not run: unit tests cannot be run yet"
	default:
		d.What = fmt.Sprintf("%d unit tests are not run: unit tests cannot be run yet", count)
	}
	list.Add(d)
	return list
}
