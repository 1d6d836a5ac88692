package config

import (
	"fmt"

	"github.com/chmod-sql/chmod/compiler/diag"
)

// near warns of a key that nobody knows and that is hardly different from one
// that is known. Others are the project's own.
func near(s Setting) (diag.Diagnostic, bool) {
	if _, known := keys[s.Key]; known || len(s.Key) < shortestSlip || unlisted(s.Key) {
		return diag.Diagnostic{}, false
	}
	var alike []string
	for name := range keys {
		if name[0] == s.Key[0] && max(len(name), len(s.Key))-min(len(name), len(s.Key)) <= 1 {
			alike = append(alike, name)
		}
	}
	fix := diag.DidYouMean(s.Key, alike)
	if fix == "" {
		return diag.Diagnostic{}, false
	}
	return diag.Diagnostic{
		Severity: diag.Warning, Code: "unknown-key", Span: s.KeySpan, What: fmt.Sprintf("there is no config %q", s.Key),
		Why: "it is kept for macros that ask for it, and means nothing else", Fix: fix,
	}, true
}

// shortestSlip is how long a key is at least that is taken for a slip.
const shortestSlip = 4

// unlisted are keys that are known elsewhere, of any type or of a type that is
// checked where they are used.
func unlisted(key string) bool {
	switch key {
	case "cluster", "merge_exclude_columns", "merge_method", "merge_update_columns", "reads", "replication", "scope", "version_column":
		return true
	}
	return false
}
