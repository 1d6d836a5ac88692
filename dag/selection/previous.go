package selection

import (
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/dag"
)

// Previous is an earlier state of a project, read from its artifacts.
type Previous struct {
	// Fingerprints are what state: compares, by unique id, earlier and now.
	Then, Now map[string]Fingerprint
	// Results are the outcomes of the earlier run, by unique id; nil when
	// there is no run_results.json.
	Results map[string]string
}

// Fingerprint is what of a node can change. Two nodes are the same when all
// parts are equal.
type Fingerprint struct {
	Body         string
	Configs      string
	Descriptions string
	Relation     string
	Macros       string
	Contract     string
	FQN          string
}

var aspects = map[string]func(then, now Fingerprint) bool{
	"body":                   func(a, b Fingerprint) bool { return a.Body != b.Body },
	"configs":                func(a, b Fingerprint) bool { return a.Configs != b.Configs },
	"persisted_descriptions": func(a, b Fingerprint) bool { return a.Descriptions != b.Descriptions },
	"relation":               func(a, b Fingerprint) bool { return a.Relation != b.Relation },
	"macros":                 func(a, b Fingerprint) bool { return a.Macros != b.Macros },
	"contract":               func(a, b Fingerprint) bool { return a.Contract != b.Contract },
}

func byState(s *Selector, _ []string, argument string) (dag.Set, error) {
	if s.Previous == nil {
		return nil, diag.Diagnostic{
			Code: "no-state", What: `"state:` + argument + `" needs an earlier state to compare with`,
			Fix: "give the folder that holds its manifest.json with --state",
		}
	}
	kind, aspect, _ := strings.Cut(argument, ".")
	differs := func(a, b Fingerprint) bool { return a != b }
	if aspect != "" {
		if differs = aspects[aspect]; differs == nil || kind != "modified" {
			return nil, wrong("state:"+argument, "there is no such state", "the states are new, old, modified, unmodified and modified.body, .configs, .persisted_descriptions, .relation, .macros, .contract")
		}
	}
	var is func(then, now Fingerprint, existed bool) bool
	switch kind {
	case "new":
		is = func(_, _ Fingerprint, existed bool) bool { return !existed }
	case "old":
		is = func(_, _ Fingerprint, existed bool) bool { return existed }
	case "modified":
		is = func(a, b Fingerprint, existed bool) bool { return !existed && aspect == "" || existed && differs(a, b) }
	case "unmodified":
		is = func(a, b Fingerprint, existed bool) bool { return existed && !differs(a, b) }
	default:
		return nil, wrong("state:"+argument, "there is no such state", "the states are new, old, modified and unmodified")
	}
	return s.filter(func(r resource) bool {
		then, existed := s.Previous.Then[r.id]
		return is(then, s.Previous.Now[r.id], existed)
	}), nil
}

// statuses are what a result can be.
var statuses = []string{"success", "error", "fail", "warn", "pass", "skipped", "runtime error", "partial success", "no-op"}

func byResult(s *Selector, _ []string, argument string) (dag.Set, error) {
	if !slices.Contains(statuses, argument) {
		return nil, wrong("result:"+argument, "there is no such result", "the results are "+strings.Join(statuses, ", "))
	}
	if s.Previous == nil || s.Previous.Results == nil {
		return nil, diag.Diagnostic{
			Code: "no-state", What: `"result:` + argument + `" needs the results of an earlier run`,
			Fix: "give the folder that holds its run_results.json with --state",
		}
	}
	return s.filter(func(r resource) bool { return s.Previous.Results[r.id] == argument }), nil
}
